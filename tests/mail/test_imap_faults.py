"""An IMAP server that dies, stalls, lies or babbles is an error soon, never a hang; over real sockets."""

import asyncio
import base64
import contextlib
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cadence.core.errors import MailboxError
from cadence.mail.endpoint import Credentials, Endpoint
from cadence.mail.imap import ImapInbox
from cadence.mail.imap_text import Folder
from tests.servers.scripted import Act, Script
from tests.servers.scripted_imap import ScriptedImap
from tests.servers.tls import Certificate

REP = Credentials("rep@vendor.test", password="s3cret")
TOKEN = Credentials("rep@vendor.test", token="t0ken")


@contextlib.asynccontextmanager
async def scripted(
    script: Script, credentials: Credentials = REP, patience: float = 5.0, **options: Any
) -> AsyncIterator[tuple[ScriptedImap, ImapInbox]]:
    async with ScriptedImap(script).listening() as server:
        endpoint = Endpoint.parse(f"imap://127.0.0.1:{server.port}", kind="imap")
        client = ImapInbox(endpoint, credentials, timeout=patience, **options)
        yield server, client
        await client.close()


COMMANDS = {
    "LIST": lambda inbox: inbox.folders(),
    "EXAMINE": lambda inbox: inbox.examine("INBOX"),
    "NOOP": lambda inbox: inbox.uids_after(0),
    "SEARCH": lambda inbox: inbox.uids_after(0),
    "FETCH": lambda inbox: inbox.fetch([1]),
    "APPEND": lambda inbox: inbox.append("Sent", b"a: b\r\n\r\n", datetime(2026, 1, 1, tzinfo=UTC)),
    "IDLE": lambda inbox: inbox.idle(30),
}


@pytest.mark.parametrize("act", [Act.DROP, Act.RESET])
@pytest.mark.parametrize("verb", COMMANDS)
async def test_a_server_that_dies_in_the_middle_of_a_command_is_noticed_at_once(verb: str, act: Act) -> None:
    polite = ScriptedImap({})._script[verb]
    first = [polite[0]] if verb == "EXAMINE" else []
    async with scripted({verb: [*first, act, *polite]}) as (server, inbox):
        await inbox.connect()
        await inbox.examine("INBOX")
        started = time.monotonic()
        with pytest.raises(MailboxError) as fault:
            await COMMANDS[verb](inbox)
        assert fault.value.temporary is True
        assert time.monotonic() - started < 15
        assert not inbox.is_connected
        await inbox.connect()
        await inbox.examine("INBOX")
        assert server.connections == 2


@pytest.mark.parametrize("verb", COMMANDS)
async def test_a_server_that_falls_silent_is_given_up(verb: str) -> None:
    first = [ScriptedImap({})._script[verb][0]] if verb == "EXAMINE" else []
    async with scripted({verb: [*first, Act.STALL]}) as (_, inbox):
        await inbox.connect()
        await inbox.examine("INBOX")
        inbox._session.timeout = 0.3
        with pytest.raises(MailboxError) as fault:
            await COMMANDS[verb](inbox)
        assert fault.value.temporary is True
        assert not inbox.is_connected


@pytest.mark.parametrize(
    "greeting", [Act.DROP, Act.RESET, Act.STALL, "* BYE too many connections", "220 SMTP here"]
)
async def test_a_bad_greeting_is_a_passing_fault(greeting: str | Act) -> None:
    async with scripted({"greeting": greeting}, patience=0.3) as (_, inbox):
        with pytest.raises(MailboxError) as fault:
            await inbox.connect()
        assert fault.value.temporary is True
        assert not inbox.is_connected


async def test_a_server_that_is_not_there_is_a_passing_fault() -> None:
    async with scripted({}) as (server, inbox):
        pass
    assert server.connections == 0
    with pytest.raises(MailboxError) as fault:
        await inbox.connect()
    assert fault.value.temporary is True


async def test_a_preauthenticated_connection_needs_no_login() -> None:
    async with scripted({"greeting": "* PREAUTH hello"}) as (server, inbox):
        await inbox.connect()
        await inbox.examine("INBOX")
        assert server.heard("AUTHENTICATE") == []


@pytest.mark.parametrize(
    ("refusal", "temporary"),
    [
        ("NO [AUTHENTICATIONFAILED] no", False),
        ("NO no", False),
        ("BAD what?", False),
        ("NO [UNAVAILABLE] directory is down", True),
        ("NO [LIMIT] too many connections", True),
    ],
)
async def test_a_refused_login_says_whether_a_person_must_act(refusal: str, temporary: bool) -> None:
    async with scripted({"AUTHENTICATE": "{tag} " + refusal}) as (_, inbox):
        with pytest.raises(MailboxError) as fault:
            await inbox.connect()
        assert fault.value.temporary is temporary
        assert not inbox.is_connected


async def test_an_answer_to_nothing_that_was_asked_ends_the_connection_and_tells_no_password() -> None:
    script: Script = {"CAPABILITY": "* CAPABILITY IMAP4rev1\r\n{tag} OK", "LOGIN": "XX99 OK welcome"}
    async with scripted(script) as (_, inbox):
        with pytest.raises(MailboxError) as fault:
            await inbox.connect()
        assert "s3cret" not in str(fault.value)
        assert fault.value.temporary is True


async def test_a_server_that_answers_drop_by_drop_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cadence.mail.imap_session._PATIENCE", 3)
    async with scripted({"SEARCH": "* SEARCH 1\r\n" * 10 + "{drip}"}) as (_, inbox):
        await inbox.connect()
        await inbox.examine("INBOX")
        inbox._session.timeout = 0.3
        started = time.monotonic()
        with pytest.raises(MailboxError):
            await inbox.uids_after(0)
        assert time.monotonic() - started < 15


async def test_a_token_goes_with_the_command_or_after_it() -> None:
    told = base64.b64encode(b"user=rep@vendor.test\x01auth=Bearer t0ken\x01\x01").decode()
    at_once = "* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2\r\n{tag} OK"
    async with scripted({"CAPABILITY": at_once}, TOKEN) as (server, inbox):
        await inbox.connect()
        assert server.heard("AUTHENTICATE")[0].endswith(f"AUTHENTICATE XOAUTH2 {told}")
    later = "* CAPABILITY IMAP4rev1 AUTH=XOAUTH2\r\n{tag} OK"
    script: Script = {"CAPABILITY": later, "AUTHENTICATE": ["+ ", "{tag} OK"]}
    async with scripted(script, TOKEN) as (server, inbox):
        await inbox.connect()
        assert told in server.commands


@pytest.mark.parametrize(("mechanism", "last"), [("XOAUTH2", ""), ("OAUTHBEARER", "AQ==")])
@pytest.mark.parametrize("at_once", ["SASL-IR ", ""])
async def test_a_refused_token_needs_a_person(mechanism: str, last: str, at_once: str) -> None:
    script: Script = {
        "CAPABILITY": f"* CAPABILITY IMAP4rev1 {at_once}AUTH={mechanism}\r\n{{tag}} OK",
        "AUTHENTICATE": [
            *([] if at_once else ["+ "]),
            "+ eyJzdGF0dXMiOiI0MDAifQ==",
            "{tag} NO [AUTHENTICATIONFAILED] expired",
        ],
    }
    async with scripted(script, TOKEN) as (server, inbox):
        with pytest.raises(MailboxError) as fault:
            await inbox.connect()
        assert fault.value.temporary is False
        assert server.commands[-1] == last


@pytest.mark.parametrize(
    ("credentials", "offered"),
    [(TOKEN, "AUTH=PLAIN"), (REP, "LOGINDISABLED"), (REP, "LOGINDISABLED AUTH=GSSAPI")],
)
async def test_a_server_that_takes_no_login_of_ours_needs_a_person(
    credentials: Credentials, offered: str
) -> None:
    script: Script = {"CAPABILITY": "* CAPABILITY IMAP4rev1 " + offered + "\r\n{tag} OK"}
    async with scripted(script, credentials) as (server, inbox):
        with pytest.raises(MailboxError) as fault:
            await inbox.connect()
        assert fault.value.temporary is False
        assert not any("s3cret" in command or "t0ken" in command for command in server.commands)


async def test_login_is_used_where_there_is_nothing_better() -> None:
    odd = Credentials('the rep "x"', password='s3 "cr\\et')
    async with scripted({"CAPABILITY": "* CAPABILITY IMAP4rev1\r\n{tag} OK"}, odd) as (server, inbox):
        await inbox.connect()
        assert server.heard("LOGIN")[0].endswith(r'LOGIN "the rep \"x\"" "s3 \"cr\\et"')


async def test_no_password_leaves_in_plain_text_except_to_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Endpoint, "is_loopback", False)
    async with scripted({}) as (server, inbox):
        with pytest.raises(MailboxError) as fault:
            await inbox.connect()
        assert fault.value.temporary is False
        assert server.heard("AUTHENTICATE") == []


async def test_words_smuggled_in_before_tls_end_the_connection(tmp_path: Path) -> None:
    certificate = Certificate.make(tmp_path)
    script: Script = {
        "CAPABILITY": "* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN SASL-IR\r\n{tag} OK",
        "STARTTLS": "{tag} OK go ahead\r\n* OK [CAPABILITY IMAP4rev1 AUTH=PL",
    }
    async with ScriptedImap(script, upgrade=certificate.for_server()).listening() as server:
        endpoint = Endpoint.parse(f"imap://localhost:{server.port}", kind="imap")
        inbox = ImapInbox(endpoint, REP, ssl_context=certificate.for_client(), timeout=5)
        with pytest.raises(MailboxError):
            await inbox.connect()
        assert server.heard("AUTHENTICATE") == []
        await inbox.close()


async def test_what_is_known_before_tls_is_forgotten(tmp_path: Path) -> None:
    certificate = Certificate.make(tmp_path)
    script: Script = {
        "CAPABILITY": [
            "* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n{tag} OK",
            "* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\r\n{tag} OK",
        ]
    }
    async with ScriptedImap(script, upgrade=certificate.for_server()).listening() as server:
        endpoint = Endpoint.parse(f"imap://localhost:{server.port}", kind="imap")
        inbox = ImapInbox(endpoint, REP, ssl_context=certificate.for_client(), timeout=5)
        await inbox.connect()
        await inbox.examine("INBOX")
        await inbox.close()


async def test_thousands_of_lines_at_once_are_read() -> None:
    folders = "".join(f'* LIST () "/" "folder {n}"\r\n' for n in range(5000))
    async with scripted({"LIST": folders + "{tag} OK done"}) as (_, inbox):
        await inbox.connect()
        assert len(await inbox.folders()) == 5000


async def test_a_flood_of_flag_changes_while_idling_wakes_nobody() -> None:
    flood = (
        "+ idling\r\n" + "".join(f"* {n} FETCH (FLAGS (\\Seen))\r\n" for n in range(5000)) + "* OK still here"
    )
    async with scripted({"IDLE": flood}) as (_, inbox):
        await inbox.connect()
        await inbox.examine("INBOX")
        assert await inbox.idle(0.3) is False
        assert inbox.is_connected


async def test_a_folder_name_is_read_in_every_form_a_server_may_choose() -> None:
    listed = (
        '* LIST (\\HasNoChildren) "/" INBOX\r\n* LIST () "." "a* b"\r\n* LIST () NIL {5}\r\nlit"e\r\n'
        '* LIST (\\Noselect) "/" Top\r\n* LIST () "/" "q\\"uo\\\\te"\r\n'
        '* LIST () "/" Entw&APw-rfe\r\n{tag} OK'
    )
    async with scripted({"LIST": listed}) as (_, inbox):
        await inbox.connect()
        names = [folder.name for folder in await inbox.folders()]
        assert names == ["INBOX", "a* b", 'lit"e', 'q"uo\\te', "Entwürfe"]
        assert Folder("Entwürfe", None) not in await inbox.folders()  # known by its usual name


async def test_a_fetch_is_read_in_every_form_a_server_may_choose() -> None:
    head = "Subject: ((( * {3}\r\n\r\n"
    fetched = (
        (
            "* 9 EXISTS\r\n* 1 FETCH (FLAGS (\\Seen))\r\n"
            f"* 1 FETCH (BODY[HEADER]<0> {{{len(head)}}}\r\n{head} UID 11 RFC822.SIZE 500)\r\n"
            '* 2 FETCH (UID 12 RFC822.SIZE 600 FLAGS (\\Seen) BODY[HEADER]<0> "Subject: \\"x\\"")\r\n'
            "* 3 FETCH (UID 13 RFC822.SIZE 0 BODY[HEADER]<0> {0}\r\n)\r\n"
            "* 4 FETCH (UID 14 RFC822.SIZE 0 BODY[HEADER]<0> NIL)\r\n"
            "* 5 EXPUNGE\r\n{tag} OK done"
        )
        .replace("{tag}", "\0tag\0")
        .replace("{3}", "{3}")
    )
    async with scripted({"FETCH": fetched.replace("\0tag\0", "{tag}")}) as (_, inbox):
        await inbox.connect()
        await inbox.examine("INBOX")
        heads = await inbox.headers([11, 12, 13, 14])
        assert [(one.uid, one.size, one.raw) for one in heads] == [
            (11, 500, head.encode()),
            (12, 600, b'Subject: "x"'),
            (13, 0, b""),
        ]
        assert await inbox.idle(5) is True, "the folder grew meanwhile"


async def test_no_more_than_a_hundred_heads_are_asked_for_at_once() -> None:
    async with scripted({}) as (server, inbox):
        await inbox.connect()
        await inbox.examine("INBOX")
        await inbox.headers(list(range(1, 251)))
        sets = [command.split()[3] for command in server.heard("FETCH")]
        assert sets == ["1:100", "101:200", "201:250"]


@pytest.mark.parametrize(
    "babble",
    [
        "* 1 FETCH (UID 1 BODY[] {4000000000}",
        "nonsense OK what",
        "a" * 17_000_000,
        "* SEARCH 1 2 three\r\n{tag} OK",
    ],
)
async def test_babble_never_hangs_or_fills_the_memory(babble: str) -> None:
    async with scripted({"SEARCH": babble}, patience=1.0) as (_, inbox):
        await inbox.connect()
        await inbox.examine("INBOX")
        if "three" in babble:
            assert await inbox.uids_after(0) == [1, 2]
        else:
            with pytest.raises(MailboxError):
                await inbox.uids_after(0)


async def test_idle_is_renewed_before_the_server_loses_patience() -> None:
    async with scripted({}, renew=0.1) as (server, inbox):
        await inbox.connect()
        await inbox.examine("INBOX")
        assert await inbox.idle(0.5) is False
        assert len(server.heard("IDLE")) >= 2
        assert len(server.heard("DONE")) == len(server.heard("IDLE"))


async def test_closing_ends_an_idle_of_another_task() -> None:
    async with scripted({}) as (_, inbox):
        await inbox.connect()
        await inbox.examine("INBOX")
        waiting = asyncio.create_task(inbox.idle(60))
        await asyncio.sleep(0.05)
        await inbox.close()
        with pytest.raises(MailboxError):
            await asyncio.wait_for(waiting, 20)


def test_a_single_idle_lasts_nine_minutes_at_most() -> None:
    inbox = ImapInbox(Endpoint.parse("imaps://a.example", kind="imap"), REP)
    assert inbox._renew <= 9 * 60


async def test_without_idle_the_server_is_asked_now_and_then() -> None:
    script: Script = {
        "CAPABILITY": "* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\r\n{tag} OK",
        "NOOP": ["{tag} OK", "* 4 EXISTS\r\n{tag} OK"],
    }
    async with scripted(script) as (server, inbox):
        await inbox.connect()
        await inbox.examine("INBOX")
        inbox._session.timeout = 0.5
        assert await inbox.idle(5) is True
        assert server.heard("IDLE") == []


async def test_a_refused_copy_says_why_and_keeps_the_connection() -> None:
    async with scripted({"APPEND": "{tag} NO [OVERQUOTA] full"}) as (_, inbox):
        await inbox.connect()
        with pytest.raises(MailboxError, match="OVERQUOTA") as fault:
            await COMMANDS["APPEND"](inbox)
        assert fault.value.temporary is False
        assert inbox.is_connected


async def test_commands_given_at_the_same_time_take_turns() -> None:
    async with scripted({}) as (_, inbox):
        await inbox.connect()
        await inbox.examine("INBOX")
        results = await asyncio.gather(*(inbox.uids_after(0) for _ in range(5)))
        assert results == [[1, 2, 3]] * 5

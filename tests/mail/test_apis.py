"""What is said of SMTP and IMAP, said of the APIs for mail: the same rules for both, over real HTTP."""

import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cadence.core.delivery import Outcome, OutcomeKind
from cadence.core.errors import InvalidInput, MailboxError
from cadence.mail import web_api
from cadence.mail.api_inbox import ApiInbox
from cadence.mail.api_sender import ApiSender
from cadence.mail.endpoint import ApiEndpoint, checked_servers
from cadence.mail.gmail import Gmail
from cadence.mail.graph import Graph
from cadence.mail.numbering import Passing
from cadence.mail.originals import ids_of
from cadence.mail.parse import parse
from cadence.mail.web_api import WebApi
from tests.servers.gmail_api import GmailApi
from tests.servers.graph_api import GraphApi
from tests.servers.mail_api import DROP, HANG_UP, MailApi
from tests.servers.tls import Certificate
from tests.servers.web import Reply

REP = "rep@vendor.test"
DANA = "dana@buyer.test"
BEGIN = date(2026, 3, 1)
RAW = (
    f"From: Rep <{REP}>\r\nTo: <{DANA}>\r\nSubject: Thank you\r\nDate: Tue, 03 Mar 2026 10:00:00 +0000\r\n"
    "Message-ID: <ours@vendor.test>\r\n\r\nHello\r\n"
).encode()


def mail(number: int, day: str = "03 Mar") -> bytes:
    return (
        f"From: <{DANA}>\r\nTo: <{REP}>\r\nSubject: number {number}\r\n"
        f"Date: Tue, {day} 2026 10:00:00 +0000\r\nMessage-ID: <{number}@buyer.test>\r\n\r\nWords {number}\r\n"
    ).encode()


def way(server: MailApi, token: str = "token", user: str = REP, timeout: float = 5.0) -> Gmail | Graph:
    api = WebApi(ApiEndpoint.parse(server.url), token, timeout=timeout)
    return Gmail(api, user) if server.kind == "gmail" else Graph(api, user)


@pytest.fixture(params=[GmailApi, GraphApi], ids=["Gmail", "Graph"])
async def server(request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    async with request.param(REP).listening() as server:
        yield server


@asynccontextmanager
async def sender(server: MailApi, **options: Any) -> AsyncIterator[ApiSender]:
    sender = ApiSender(way(server, **options))
    try:
        yield sender
    finally:
        await sender.close()


@asynccontextmanager
async def inbox(server: MailApi, numbering: Passing | None = None, **options: Any) -> AsyncIterator[ApiInbox]:
    inbox = ApiInbox(way(server, **options), numbering or Passing())
    try:
        await inbox.connect()
        yield inbox
    finally:
        await inbox.close()


async def outcome_of(server: MailApi, *moods: "str | Reply", raw: bytes = RAW, **options: Any) -> Outcome:
    server.moods.extend(moods)
    async with sender(server, **options) as out:
        return await out.send(raw, REP, DANA)


# --- sending ---


async def test_a_mail_leaves_as_it_is_and_repeats_its_message_id(server: MailApi) -> None:
    assert (await outcome_of(server)).kind is OutcomeKind.ACCEPTED
    assert server.taken == [b"X-Original-Message-ID: <ours@vendor.test>\r\n" + RAW]


async def test_what_the_api_cannot_have_sent_is_tried_again_and_what_it_may_have_sent_never_is(
    server: MailApi,
) -> None:
    cases = {
        DROP: OutcomeKind.IN_DOUBT,
        500: OutcomeKind.IN_DOUBT,
        503: OutcomeKind.IN_DOUBT,
        302: OutcomeKind.IN_DOUBT,
        429: OutcomeKind.DEFERRED,
        401: OutcomeKind.MAILBOX_FAULT,
        403: OutcomeKind.MAILBOX_FAULT,
        413: OutcomeKind.REFUSED,
    }
    for mood, kind in cases.items():
        said = mood if isinstance(mood, str) else server.refusal(mood, "because", "in words")
        assert (await outcome_of(server, said)).kind is kind, mood


async def test_a_connection_that_is_refused_is_deferred(server: MailApi) -> None:
    with socket.socket() as nobody:
        nobody.bind(("localhost", 0))
        server.port = nobody.getsockname()[1]
        assert (await outcome_of(server)).kind is OutcomeKind.DEFERRED


async def test_a_drop_in_the_middle_of_a_mail_is_deferred(server: MailApi) -> None:
    big = RAW + b"x" * 20_000_000
    assert (await outcome_of(server, HANG_UP, raw=big)).kind is OutcomeKind.DEFERRED
    assert server.taken == []


async def test_a_server_that_is_silent_after_the_whole_mail_leaves_it_in_doubt() -> None:
    async with GmailApi(REP, delay=0.5).listening() as server:
        assert (await outcome_of(server, timeout=0.1)).kind is OutcomeKind.IN_DOUBT
    assert len(server.taken) == 1


async def test_a_bad_recipient_and_a_bad_mail_are_told_apart() -> None:
    async with GmailApi(REP).listening() as gmail:
        said = gmail.refusal(400, "invalidArgument", "Invalid To header")
        assert str(await outcome_of(gmail, said)).startswith("refused 5.1.3 HTTP 400")
        assert (await outcome_of(gmail, gmail.refusal(400, "invalidArgument", "odd"))).enhanced == "5.6.0"
        said = gmail.refusal(400, "failedPrecondition", "Mail service not enabled")
        assert (await outcome_of(gmail, said)).kind is OutcomeKind.MAILBOX_FAULT
        said = gmail.refusal(403, "rateLimitExceeded", "slower")
        assert (await outcome_of(gmail, said)).kind is OutcomeKind.DEFERRED
    async with GraphApi(REP).listening() as graph:
        said = graph.refusal(400, "ErrorInvalidRecipients", "At least one recipient is not valid.")
        assert (await outcome_of(graph, said)).enhanced == "5.1.3"
        said = graph.refusal(403, "ErrorSendAsDenied", "not from there")
        assert (await outcome_of(graph, said)).kind is OutcomeKind.MAILBOX_FAULT


async def test_who_asks_for_patience_hears_nothing_until_it_is_over(server: MailApi) -> None:
    server.moods.append(server.refusal(429, "tooManyRequests", "slower", Retry_After="1000"))
    async with sender(server) as out:
        assert (await out.send(RAW, REP, DANA)).kind is OutcomeKind.DEFERRED
        again = await out.send(RAW, REP, DANA)
    assert (again.kind, "wants no mail" in again.text) == (OutcomeKind.DEFERRED, True)
    assert len(server.asked) == 1


async def test_a_token_that_is_worth_nothing_and_the_mailbox_of_another_are_faults(server: MailApi) -> None:
    for options in ({"token": "stale"}, {"user": "boss@vendor.test"}):
        async with sender(server, **options) as out:
            against = await out.check()
            assert against
            assert against.kind is OutcomeKind.MAILBOX_FAULT
        with pytest.raises(MailboxError) as fault:
            async with inbox(server, **options):
                pass
        assert not fault.value.temporary


async def test_what_cannot_be_an_address_is_refused_before_anybody_is_asked(server: MailApi) -> None:
    async with sender(server) as out:
        outcome = await out.send(RAW, REP, "no address")
    assert (outcome.kind, outcome.enhanced, server.asked) == (OutcomeKind.REFUSED, "5.1.3", [])


async def test_a_certificate_that_does_not_verify_is_a_fault_and_nothing_is_said(tmp_path: Path) -> None:
    ours = Certificate.make(tmp_path)
    async with GmailApi(REP).listening(ours.for_server()) as server:
        for trusted, kind in (
            (ssl.create_default_context(), OutcomeKind.MAILBOX_FAULT),
            (ours.for_client(), OutcomeKind.ACCEPTED),
        ):
            api = WebApi(ApiEndpoint.parse(server.url), "token", ssl_context=trusted, timeout=5.0)
            out, box = ApiSender(Gmail(api, REP)), ApiInbox(Gmail(api, REP), Passing())
            outcome = await out.send(RAW, REP, DANA)
            assert (outcome.kind, len(server.asked)) == (kind, int(kind is OutcomeKind.ACCEPTED))
            if kind is OutcomeKind.MAILBOX_FAULT:
                assert "does not verify" in outcome.text
                with pytest.raises(MailboxError, match="does not verify") as fault:
                    await box.connect()
                assert not fault.value.temporary
            await out.close()


# --- reading ---


async def news(inbox: ApiInbox, after: int = 0, since: date | None = None) -> list[int]:
    await inbox.examine("INBOX")
    return await inbox.uids_after(after, since)


async def test_mails_are_numbered_once_in_the_order_in_which_they_came(server: Any) -> None:
    server.deliver(mail(0, day="01 Feb"))
    for number in range(1, 8):  # more than a page
        server.deliver(mail(number))
    numbering = Passing()
    async with inbox(server, numbering) as box:
        assert await news(box, since=BEGIN) == [1, 2, 3, 4, 5, 6, 7]
        assert await news(box, 7) == []
        for number in range(8, 13):
            server.deliver(mail(number))
        assert await news(box, 7) == [8, 9, 10, 11, 12]
        heads = await box.headers([8, 12])
        assert [(block.uid, b"number 8" in block.raw) for block in heads] == [(8, True), (12, False)]
        assert heads[0].size == len(mail(8))
    async with inbox(server, numbering) as later:
        assert await news(later, 11) == [12]
        assert await later.fetch([12], 1_000_000) == {12: mail(12)}
        assert await later.fetch([12], 60) == {12: mail(12)[:60]}


async def test_a_forgotten_position_voids_the_numbers_and_the_folder_is_read_afresh(server: Any) -> None:
    server.deliver(mail(1))
    async with inbox(server) as box:
        await news(box, since=BEGIN)
        before = await box.examine("INBOX")
        server.deliver(mail(2))
        server.forgets = 10_000
        after = await box.examine("INBOX")
        assert after.uidvalidity > before.uidvalidity > 2**32 - 1
        assert await box.uids_after(0, BEGIN) == [1, 2]


async def test_whoever_names_no_day_hears_of_new_mail_only(server: Any) -> None:
    server.deliver(mail(1))
    async with inbox(server) as box:
        assert await news(box) == []
        server.deliver(mail(2))
        assert await news(box) == [1]
        assert b"number 2" in (await box.headers([1]))[0].raw


async def test_a_mail_that_vanished_is_left_out(server: Any) -> None:
    server.deliver(mail(1))
    server.deliver(mail(2))
    async with inbox(server) as box:
        await news(box, since=BEGIN)
        del server.mails[0]
        assert [block.uid for block in await box.headers([1, 2])] == [2]
        assert list(await box.fetch([1, 2], 1_000)) == [2]


async def test_nothing_but_questions_is_ever_asked_in_reading(server: Any) -> None:
    server.deliver(mail(1))
    async with inbox(server) as box:
        await news(box, since=BEGIN)
        await box.headers([1])
        await box.fetch([1], 1_000)
        await box.find(box.folders and (await box.folders())[0].name, "<ours@vendor.test>")
    assert {request.method for request in server.asked} == {"GET"}


@pytest.mark.parametrize("renames", [False, True])
async def test_a_copy_of_our_mail_is_found_whatever_id_it_got(server: Any, renames: bool) -> None:
    server.renames = renames
    async with inbox(server) as box:
        sent = (await box.folders())[0].name
        assert await box.find(sent, "<ours@vendor.test>") == []
        await outcome_of(server)
        assert await box.find(sent, "<ours@vendor.test>") == [1]
        await box.examine(sent)
        (uid,) = await box.uids_after(0, BEGIN)
        (head,) = await box.headers([uid])
        ids = ids_of(parse(head.raw))
        assert ("<ours@vendor.test>" in ids, len(ids)) == (True, 1 + renames)


async def test_a_reader_waits_as_long_as_it_is_asked_to(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answers += [server.refusal(429, "tooManyRequests", "slower", Retry_After="0")] * 2
    async with inbox(server):
        pass
    server.answers.append(server.refusal(429, "tooManyRequests", "slower", Retry_After="1000"))
    with pytest.raises(MailboxError) as fault:
        async with inbox(server):
            pass
    assert fault.value.temporary


async def test_nobody_is_led_to_another_server(server: Any) -> None:
    api = WebApi(ApiEndpoint.parse(server.url), "token")
    for elsewhere in ("https://thief.example/", f"http://thief.example:{server.port}/", "//thief.example/"):
        with pytest.raises(MailboxError, match="another server"):
            await api.get(elsewhere)
    server.answers.append(Reply(302, headers={"Location": "https://thief.example/"}))
    with pytest.raises(MailboxError, match="HTTP 302"):
        await api.get(f"/v1.0/users/{REP}/mailFolders/inbox")
    await api.close()


async def test_an_answer_without_end_is_cut_off(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    api = WebApi(ApiEndpoint.parse(server.url), "token")
    server.answers.append(Reply(200, b"x" * 1_000_000))
    answer = await api.get(f"/x/users/{REP}/y", limit=1_000)
    assert (len(answer.body), answer.cut, answer.data) == (1_000, True, {})
    await api.close()


async def test_whatever_a_server_in_between_answers_no_mail_is_lost(server: Any) -> None:
    for number in range(1, 5):
        server.deliver(mail(number))
    for nth in (1, 2, 3, 5, 8, 10):
        numbering, found, spoilt = Passing(), {}, 0
        server.spoils = nth
        while len(found) < 4:
            try:
                async with inbox(server, numbering) as box:
                    uids = await news(box, len(found), BEGIN)
                    assert len(await box.headers(uids)) == len(uids)
                    found |= await box.fetch(uids, 1_000)
            except MailboxError as fault:
                assert fault.temporary
                spoilt += 1
        assert [raw for _, raw in sorted(found.items())] == [mail(number) for number in range(1, 5)]
        assert spoilt <= 1


async def test_retry_after_may_be_a_date() -> None:
    said = web_api.Answer(
        429,
        web_api.httpx.Headers(
            {"Date": "Tue, 03 Mar 2026 10:00:00 GMT", "Retry-After": "Tue, 03 Mar 2026 10:00:30 GMT"}
        ),
        b"",
    )
    assert said.wait == 30.0


def test_a_mailbox_is_at_two_servers_or_at_one_api() -> None:
    api = "gmail://gmail.googleapis.com"
    assert checked_servers(api, api + "/") == (api, api)
    assert checked_servers("smtp://mail.test", "imap://mail.test")[0] == "smtp://mail.test:587"
    for smtp, imap in ((api, "imaps://mail.test"), (api, "graph://graph.microsoft.com")):
        with pytest.raises(InvalidInput):
            checked_servers(smtp, imap)
    for wrong in (
        "gmail://",
        "gmail://me:secret@host",
        "gmail://host/v1",
        "graph://host:0",
        "gmail://host:x",
    ):
        with pytest.raises(InvalidInput):
            ApiEndpoint.parse(wrong)

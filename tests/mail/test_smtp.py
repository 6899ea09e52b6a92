"""Every way an SMTP dialogue can end has its right outcome; over real sockets."""

import asyncio
import base64
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cadence.core.delivery import Outcome, OutcomeKind
from cadence.mail.endpoint import Credentials, Endpoint
from cadence.mail.smtp import SmtpSender
from tests.servers.scripted import Act, Script
from tests.servers.scripted_smtp import EHLO, ScriptedSmtp
from tests.servers.tls import Certificate

RAW = b"From: rep@vendor.example\r\nTo: pat@buyer.example\r\nSubject: Hi\r\n\r\nHello.\r\n"
BIG = RAW + (b"x" * 76 + b"\r\n") * 300_000
"""More than the sockets' buffers hold: the dot cannot have left while the server reads the first line."""
REP = Credentials("rep@vendor.example", password="s3cret")
ACCEPTED, REFUSED = OutcomeKind.ACCEPTED, OutcomeKind.REFUSED
DEFERRED, IN_DOUBT, FAULT = OutcomeKind.DEFERRED, OutcomeKind.IN_DOUBT, OutcomeKind.MAILBOX_FAULT


@pytest.fixture(params=[True, False], ids=["together", "one by one"], autouse=True)
def pipelining(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the servers offer that commands come together (RFC 2920)."""
    monkeypatch.setattr(ScriptedSmtp, "pipelining", request.param)
    return bool(request.param)


@contextlib.asynccontextmanager
async def scripted(
    script: Script, credentials: Credentials | None = REP, patience: float = 5.0
) -> AsyncIterator[tuple[ScriptedSmtp, SmtpSender]]:
    async with ScriptedSmtp(script).listening() as server:
        endpoint = Endpoint.parse(f"smtp://127.0.0.1:{server.port}", kind="smtp")
        sender = SmtpSender(endpoint, credentials, timeout=patience, dot_timeout=patience)
        yield server, sender
        await sender.close()


async def send(sender: SmtpSender, raw: bytes = RAW, to: str = "pat@buyer.example") -> Outcome:
    return await sender.send(raw, "rep@vendor.example", to)


async def outcome_of(script: Script, patience: float = 5.0, raw: bytes = RAW) -> Outcome:
    async with scripted(script, patience=patience) as (_, sender):
        return await send(sender, raw)


async def test_a_mail_that_is_taken_is_accepted_with_the_servers_words() -> None:
    async with scripted({}) as (server, sender):
        assert await send(sender) == Outcome(ACCEPTED, 250, "2.0.0", "queued")
        assert server.mails == [RAW]
        assert server.heard("MAIL") == [f"MAIL FROM:<rep@vendor.example> SIZE={len(RAW)}"]
        assert server.heard("RCPT") == ["RCPT TO:<pat@buyer.example>"]


async def test_one_connection_carries_many_mails() -> None:
    async with scripted({}) as (server, sender):
        for _ in range(5):
            assert (await send(sender)).kind is ACCEPTED
        assert (server.connections, len(server.mails), len(server.heard("AUTH"))) == (1, 5, 1)


async def test_mails_sent_at_the_same_time_take_turns() -> None:
    async with scripted({}) as (server, sender):
        outcomes = await asyncio.gather(*(send(sender) for _ in range(5)))
        assert {outcome.kind for outcome in outcomes} == {ACCEPTED}
        assert (server.connections, len(server.mails)) == (1, 5)


async def test_a_line_that_begins_with_a_dot_arrives_whole() -> None:
    raw = RAW + b".\r\n..two\r\n.\r\nend\nbare\rends"
    async with scripted({}) as (server, sender):
        await send(sender, raw)
        assert server.mails == [RAW + b"..\r\n...two\r\n..\r\nend\r\nbare\r\nends\r\n"]


@pytest.mark.parametrize("act", [Act.DROP, Act.RESET])
@pytest.mark.parametrize("moment", ["greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "content"])
async def test_a_drop_before_the_final_dot_is_deferred(moment: str, act: Act) -> None:
    assert (await outcome_of({moment: act}, raw=BIG)).kind is DEFERRED


@pytest.mark.parametrize("act", [Act.DROP, Act.RESET])
async def test_a_drop_after_the_final_dot_is_in_doubt(act: Act) -> None:
    assert (await outcome_of({"dot": act})).kind is IN_DOUBT


@pytest.mark.parametrize("moment", ["greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA"])
async def test_a_stall_before_the_final_dot_is_deferred(moment: str) -> None:
    assert (await outcome_of({moment: Act.STALL}, patience=0.2)).kind is DEFERRED


async def test_a_server_that_stops_reading_is_deferred() -> None:
    async with scripted({"content": Act.STALL}, patience=0.5) as (_, sender):
        assert (await send(sender, BIG)).kind is DEFERRED


async def test_a_stall_after_the_final_dot_is_in_doubt() -> None:
    assert (await outcome_of({"dot": Act.STALL}, patience=1.0)).kind is IN_DOUBT


async def test_a_mail_that_was_cut_short_is_never_ended_by_us() -> None:
    async with scripted({"content": Act.DROP}) as (server, sender):
        await send(sender, BIG)
        assert server.mails == []


@pytest.mark.parametrize("moment", ["MAIL", "RCPT", "DATA", "dot"])
async def test_421_is_deferred_and_the_next_mail_gets_a_new_connection(moment: str) -> None:
    async with scripted({moment: ["421 4.3.2 shutting down", "250 ok"]}) as (server, sender):
        assert (await send(sender)).kind is DEFERRED
        assert server.connections == 1
        await send(sender)
        assert server.connections == 2


@pytest.mark.parametrize("moment", ["greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "dot"])
async def test_a_temporary_refusal_is_deferred(moment: str) -> None:
    outcome = await outcome_of({moment: "451 4.3.0 not now"})
    assert (outcome.kind, outcome.code, outcome.enhanced) == (DEFERRED, 451, "4.3.0")


@pytest.mark.parametrize("moment", ["greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA"])
async def test_garbage_before_the_final_dot_is_deferred(moment: str) -> None:
    assert (await outcome_of({moment: "what do you mean?"})).kind is DEFERRED


async def test_garbage_after_the_final_dot_is_in_doubt() -> None:
    assert (await outcome_of({"dot": "what do you mean?"})).kind is IN_DOUBT
    assert (await outcome_of({"dot": "354 more please"})).kind is IN_DOUBT


async def test_endless_babble_is_cut_off() -> None:
    assert (await outcome_of({"MAIL": "250-and\r\n" * 10_000 + "250 ok"})).kind is DEFERRED


async def test_a_refused_recipient_leaves_the_connection_usable() -> None:
    async with scripted({"RCPT": ["550 5.1.1 no such user", "250 ok"]}) as (server, sender):
        assert await send(sender) == Outcome(REFUSED, 550, "5.1.1", "no such user")
        assert (await send(sender)).kind is ACCEPTED
        assert (server.connections, len(server.heard("RSET"))) == (1, 1)


async def test_the_content_of_a_refused_mail_is_not_sent_whoever_asks_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ScriptedSmtp, "gullible", True)
    async with scripted({"RCPT": ["550 5.1.1 nobody", "250 ok"]}) as (server, sender):
        assert (await send(sender)).kind is REFUSED
        assert (await send(sender)).kind is ACCEPTED
        assert len(server.mails) == 1


async def test_commands_come_together_where_the_server_offers_it(pipelining: bool) -> None:
    async with scripted({"MAIL": "550 5.7.1 no"}) as (server, sender):
        await send(sender)
        assert bool(server.heard("DATA")) is pipelining


async def test_what_a_server_says_unasked_ends_the_connection_not_the_mail() -> None:
    async with scripted({"dot": "250 2.0.0 queued\r\n421 4.4.2 bye"}) as (server, sender):
        assert (await send(sender)).kind is ACCEPTED
        await asyncio.sleep(0.05)
        assert (await send(sender)).kind is ACCEPTED
        assert (server.connections, len(server.mails)) == (2, 2)


async def test_of_two_recipients_only_the_refused_one_is_refused() -> None:
    async with scripted({"RCPT": ["250 ok", "550 5.1.1 no such user", "250 ok"]}) as (server, sender):
        kinds = [(await send(sender, to=f"{name}@buyer.example")).kind for name in ("a", "b", "c")]
        assert kinds == [ACCEPTED, REFUSED, ACCEPTED]
        assert len(server.mails) == 2


async def test_a_refusal_of_several_lines_is_read_whole() -> None:
    outcome = await outcome_of({"RCPT": "550-5.1.1 The account does\r\n550 5.1.1 not exist"})
    assert outcome == Outcome(REFUSED, 550, "5.1.1", "The account does not exist")


async def test_a_refused_login_is_a_fault_of_the_mailbox_and_is_tried_once() -> None:
    async with scripted({"AUTH": "535 5.7.8 bad credentials"}) as (server, sender):
        outcome = await send(sender)
        assert (outcome.kind, outcome.code, outcome.enhanced) == (FAULT, 535, "5.7.8")
        assert len(server.heard("AUTH")) == 1
        assert "s3cret" not in str(outcome)


async def test_a_sending_quota_is_a_fault_of_the_mailbox() -> None:
    quota = "550 5.4.5 Daily user sending limit exceeded"
    assert (await outcome_of({"RCPT": quota})).kind is FAULT
    assert (await outcome_of({"dot": quota})).kind is FAULT


async def test_a_connection_that_went_stale_is_opened_anew() -> None:
    async with scripted({"MAIL": ["250 ok", Act.DROP, "250 ok"]}) as (server, sender):
        assert (await send(sender)).kind is ACCEPTED
        assert (await send(sender)).kind is ACCEPTED
        assert (server.connections, len(server.mails)) == (2, 2)


async def test_a_server_that_is_not_there_is_deferred() -> None:
    async with ScriptedSmtp({}).listening() as server:
        port = server.port
    sender = SmtpSender(Endpoint.parse(f"smtp://127.0.0.1:{port}", kind="smtp"), REP)
    assert (await send(sender)).kind is DEFERRED


async def test_checking_says_what_stands_against_sending() -> None:
    async with scripted({}) as (server, sender):
        assert await sender.check() is None
        assert server.heard("MAIL") == []
    async with scripted({"AUTH": "535 5.7.8 bad credentials"}) as (_, sender):
        fault = await sender.check()
        assert fault is not None
        assert fault.kind is FAULT


async def test_a_cancelled_mail_takes_its_connection_along() -> None:
    async with scripted({"dot": [Act.STALL, "250 ok"]}) as (server, sender):
        task = asyncio.create_task(send(sender))
        await server.read_a_mail.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await send(sender)).kind is ACCEPTED
        assert server.connections == 2


async def test_an_oauth_token_is_used_where_it_is_taken() -> None:
    async with scripted(
        {"EHLO": "250-x\r\n250 AUTH XOAUTH2 PLAIN"}, Credentials("rep@vendor.example", token="t0ken")
    ) as (server, sender):
        assert (await send(sender)).kind is ACCEPTED
        told = base64.b64decode(server.heard("AUTH")[0].split()[-1])
        assert told == b"user=rep@vendor.example\x01auth=Bearer t0ken\x01\x01"


@pytest.mark.parametrize(("mechanism", "last"), [("XOAUTH2", ""), ("OAUTHBEARER", "AQ==")])
async def test_a_refused_token_is_a_fault_of_the_mailbox(mechanism: str, last: str) -> None:
    challenge = "334 " + base64.b64encode(b'{"status":"401"}').decode()
    script: Script = {"EHLO": f"250-x\r\n250 AUTH {mechanism}", "AUTH": [challenge, "535 5.7.8 expired"]}
    async with scripted(script, Credentials("rep@vendor.example", token="t0ken")) as (server, sender):
        assert (await send(sender)).kind is FAULT
        assert server.commands[2] == last


@pytest.mark.parametrize("offered", ["250 HELP", "250-x\r\n250 AUTH GSSAPI"])
@pytest.mark.parametrize("credentials", [REP, Credentials("rep@vendor.example", token="t0ken")])
async def test_a_server_that_takes_no_login_of_ours_is_a_fault(
    offered: str, credentials: Credentials
) -> None:
    async with scripted({"EHLO": offered}, credentials) as (server, sender):
        assert (await send(sender)).kind is FAULT
        assert server.heard("MAIL") == []


async def test_login_is_used_where_plain_is_missing() -> None:
    script: Script = {"EHLO": "250-x\r\n250 AUTH LOGIN", "AUTH": ["334 UGFzc3dvcmQ6", "235 ok"]}
    async with scripted(script) as (server, sender):
        assert (await send(sender)).kind is ACCEPTED
        assert base64.b64encode(b"s3cret").decode() in server.commands


async def test_a_mail_too_big_for_the_server_is_refused_unsent() -> None:
    async with scripted({"EHLO": "250-x\r\n250-AUTH PLAIN\r\n250 SIZE 20"}) as (server, sender):
        outcome = await send(sender)
        assert (outcome.kind, outcome.enhanced) == (REFUSED, "5.3.4")
        assert server.heard("MAIL") == []
        assert (await send(sender, b"a: b\r\n\r\n")).kind is ACCEPTED


async def test_an_international_domain_needs_nothing_of_the_server() -> None:
    async with scripted({}) as (server, sender):
        assert (await send(sender, to="pat@bücher.example")).kind is ACCEPTED
        assert server.heard("RCPT") == ["RCPT TO:<pat@xn--bcher-kva.example>"]


async def test_an_international_local_part_needs_smtputf8() -> None:
    async with scripted({"EHLO": EHLO + "250 SMTPUTF8"}) as (server, sender):
        assert (await send(sender, to="jürgen@buyer.example")).kind is ACCEPTED
        assert "SMTPUTF8" in server.heard("MAIL")[0].split()
    async with scripted({}) as (server, sender):
        outcome = await send(sender, to="jürgen@buyer.example")
        assert (outcome.kind, outcome.enhanced) == (REFUSED, "5.6.7")
        assert server.heard("MAIL") == []


@pytest.mark.parametrize("to", ["", "pat", "pat@", "a b@c.example", "a@b.example> SIZE=1", "a@b\r\nDATA"])
async def test_what_is_no_address_is_refused_unsent(to: str) -> None:
    async with scripted({}) as (server, sender):
        assert (await send(sender, to=to)).kind is REFUSED
        assert server.connections == 0


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate.make(tmp_path_factory.mktemp("tls"))


UPGRADABLE: Script = {"EHLO": EHLO + "250 STARTTLS"}


async def test_starttls_is_used_where_offered_and_ehlo_is_said_again(certificate: Certificate) -> None:
    async with ScriptedSmtp(UPGRADABLE, upgrade=certificate.for_server()).listening() as server:
        endpoint = Endpoint.parse(f"smtp://localhost:{server.port}", kind="smtp")
        sender = SmtpSender(endpoint, REP, ssl_context=certificate.for_client(), timeout=5)
        assert (await send(sender)).kind is ACCEPTED
        verbs = [command.split()[0] for command in server.commands]
        assert verbs[:4] == ["EHLO", "STARTTLS", "EHLO", "AUTH"]
        await sender.close()


async def test_tls_from_the_first_byte(certificate: Certificate) -> None:
    async with ScriptedSmtp({}, tls=certificate.for_server()).listening() as server:
        endpoint = Endpoint.parse(f"smtps://localhost:{server.port}", kind="smtp")
        sender = SmtpSender(endpoint, REP, ssl_context=certificate.for_client(), timeout=5)
        assert (await send(sender)).kind is ACCEPTED
        await sender.close()


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
@pytest.mark.parametrize("fault", ["unknown issuer", "other name", "expired"])
async def test_a_certificate_that_does_not_verify_is_a_fault(scheme: str, fault: str, tmp_path: Path) -> None:
    names = ("elsewhere.example",) if fault == "other name" else ("localhost",)
    made = Certificate.make(tmp_path, names=names, days=1 if fault == "expired" else 3650)
    trusted = None if fault == "unknown issuer" else made.for_client()
    tls = made.for_server() if scheme == "smtps" else None
    async with ScriptedSmtp(UPGRADABLE, tls=tls, upgrade=made.for_server()).listening() as server:
        endpoint = Endpoint.parse(f"{scheme}://localhost:{server.port}", kind="smtp")
        sender = SmtpSender(endpoint, REP, ssl_context=trusted, timeout=5)
        outcome = await send(sender)
        assert outcome.kind is FAULT
        assert "the certificate does not verify" in outcome.text
        assert server.heard("AUTH") == []


async def test_a_server_without_tls_behind_a_tls_address_is_a_fault() -> None:
    async with ScriptedSmtp({}).listening() as server:
        endpoint = Endpoint.parse(f"smtps://localhost:{server.port}", kind="smtp")
        outcome = await send(SmtpSender(endpoint, REP, timeout=5))
        assert outcome.kind is FAULT
        assert "does not speak TLS" in outcome.text


async def test_no_password_leaves_in_plain_text_except_to_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Endpoint, "is_loopback", False)
    async with scripted({}) as (server, sender):
        outcome = await send(sender)
        assert outcome.kind is FAULT
        assert "STARTTLS" in outcome.text
        assert server.heard("AUTH") == []

"""Sending through a real mail server, where one is installed: what arrives, what is refused, what bounces."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cadence.core.delivery import OutcomeKind
from cadence.mail.address import Address
from cadence.mail.compose import Letter, compose
from cadence.mail.imap import ImapInbox
from tests.servers.dovecot import Dovecot
from tests.servers.fixtures import Account, MailServer

LETTER = Letter(
    sender=Address("Rita Größe", "rita@vendor.test"),
    to=Address("Pat", "pat@buyer.test"),
    subject="Danke, Pat – und bis bald",
    text="Hello,\n.\n..\nFrom the vendor\nüml\n",
    html="<p>Hello</p>",
    message_id="<real.1@vendor.test>",
    date=datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
    unsubscribe_url="https://vendor.test/u/1",
)


async def first_mail(inbox: ImapInbox) -> bytes:
    """The first mail of INBOX, once it is there."""
    await inbox.connect()
    await inbox.examine("INBOX")
    async with asyncio.timeout(30):
        while not (uids := await inbox.uids_after(0)):
            await inbox.idle(5)
    raw = (await inbox.fetch(uids))[uids[0]]
    await inbox.close()
    return raw


async def test_a_letter_arrives_byte_for_byte(mail_server: MailServer) -> None:
    rep, pat = await mail_server.account("rep"), await mail_server.account("pat", "buyer.test")
    raw = compose(replace(LETTER, sender=Address("Rita", rep.address), to=Address("Pat", pat.address)))
    sender = mail_server.sender(rep)
    outcome = await sender.send(raw, rep.address, pat.address)
    await sender.close()
    assert outcome.kind is OutcomeKind.ACCEPTED
    assert (await first_mail(mail_server.inbox(pat))).endswith(raw)


async def test_fifty_letters_over_one_connection(mail_server: MailServer) -> None:
    rep, pat = await mail_server.account("rep"), await mail_server.account("pat", "buyer.test")
    sender = mail_server.sender(rep)
    for number in range(50):
        raw = compose(replace(LETTER, message_id=f"<{number}@vendor.test>"))
        assert (await sender.send(raw, rep.address, pat.address)).kind is OutcomeKind.ACCEPTED
    await sender.close()


@pytest.mark.parametrize(
    ("to", "kind", "code", "enhanced"),
    [
        ("gone@buyer.test", OutcomeKind.REFUSED, 550, "5.1.1"),
        ("busy@buyer.test", OutcomeKind.DEFERRED, 450, "4.2.0"),
        ("full@buyer.test", OutcomeKind.DEFERRED, 552, "5.2.2"),
    ],
)
async def test_a_refused_recipient_does_not_spoil_the_connection(
    mail_server: MailServer, to: str, kind: OutcomeKind, code: int, enhanced: str
) -> None:
    rep, pat = await mail_server.account("rep"), await mail_server.account("pat", "buyer.test")
    sender = mail_server.sender(rep)
    outcome = await sender.send(compose(LETTER), rep.address, to)
    assert (outcome.kind, outcome.code, outcome.enhanced) == (kind, code, enhanced)
    assert (await sender.send(compose(LETTER), rep.address, pat.address)).kind is OutcomeKind.ACCEPTED
    await sender.close()


async def test_a_wrong_password_is_a_fault_of_the_mailbox(mail_server: MailServer) -> None:
    rep = await mail_server.account("rep")
    sender = mail_server.sender(Account(rep.address, "guess"))
    outcome = await sender.send(compose(LETTER), rep.address, "pat@buyer.test")
    assert (outcome.kind, outcome.code) == (OutcomeKind.MAILBOX_FAULT, 535)
    fault = await sender.check()
    assert fault is not None
    assert "guess" not in str(fault)
    await sender.close()


async def test_writing_as_somebody_else_is_a_fault_of_the_mailbox(
    real_dovecot: Dovecot, mail_server: MailServer
) -> None:
    if mail_server.kind == "sandbox":
        pytest.skip("the sandbox does not mind")
    rep = await mail_server.account("rep")
    sender = mail_server.sender(rep)
    outcome = await sender.send(compose(LETTER), "boss@vendor.test", "pat@buyer.test")
    assert outcome.kind is OutcomeKind.MAILBOX_FAULT
    assert (await sender.send(compose(LETTER), rep.address, rep.address)).kind is OutcomeKind.ACCEPTED
    await sender.close()


async def test_an_unknown_user_comes_back_as_a_report(real_dovecot: Dovecot, mail_server: MailServer) -> None:
    if mail_server.kind == "sandbox":
        pytest.skip("the sandbox writes no reports")
    rep = await mail_server.account("rep")
    sender = mail_server.sender(rep)
    outcome = await sender.send(compose(LETTER), rep.address, "nobody@buyer.test")
    assert outcome.kind is OutcomeKind.ACCEPTED
    report = await first_mail(mail_server.inbox(rep))
    await sender.close()
    assert b"Content-Type: multipart/report; report-type=delivery-status;" in report
    assert b"<real.1@vendor.test>" in report


async def test_an_absent_person_answers_by_machine(real_dovecot: Dovecot, mail_server: MailServer) -> None:
    if mail_server.kind == "sandbox":
        pytest.skip("nobody is away in the sandbox")
    rep, pat = await mail_server.account("rep"), await mail_server.account("pat", "buyer.test")
    real_dovecot.set_vacation(pat.address, "I am away until Monday.")
    letter = replace(LETTER, sender=Address("Rita", rep.address), to=Address("Pat", pat.address))
    sender = mail_server.sender(rep)
    await sender.send(compose(letter), rep.address, pat.address)
    answer = await first_mail(mail_server.inbox(rep))
    await sender.close()
    assert b"Auto-Submitted: auto-replied" in answer
    assert b"In-Reply-To: <real.1@vendor.test>" in answer

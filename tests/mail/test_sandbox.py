"""The sandbox is a mail server that ordinary clients can use, and quick enough for the demo."""

import asyncio
import imaplib
import smtplib
import time
from datetime import UTC, datetime

import pytest

from cadence.core.delivery import OutcomeKind
from cadence.core.errors import NotFound
from cadence.mail.endpoint import Credentials, Endpoint
from cadence.mail.imap import ImapInbox
from cadence.mail.imap_text import SpecialUse
from cadence.mail.sandbox import AcceptedMail, Sandbox
from cadence.mail.smtp import SmtpSender

RAW = b"From: rep@vendor.test\r\nTo: pat@buyer.test\r\nMessage-ID: <%d@vendor.test>\r\n\r\nHello.\r\n"
USERS = {"rep@vendor.test": "pw", "Exec@vendor.test": "pw2"}


def sender(box: Sandbox, user: str = "rep@vendor.test", password: str = "pw") -> SmtpSender:
    return SmtpSender(
        Endpoint.parse(box.smtp_url, kind="smtp"), Credentials(user, password=password), timeout=10
    )


def inbox(box: Sandbox, user: str = "rep@vendor.test", password: str = "pw") -> ImapInbox:
    return ImapInbox(
        Endpoint.parse(box.imap_url, kind="imap"), Credentials(user, password=password), timeout=10
    )


async def test_what_is_sent_is_kept_in_order_with_its_envelope() -> None:
    at = datetime(2027, 1, 1, tzinfo=UTC)
    async with Sandbox(USERS, clock=lambda: at) as box:
        client = sender(box)
        for number in range(3):
            outcome = await client.send(RAW % number, "rep@vendor.test", f"p{number}@buyer.test")
            assert outcome.kind is OutcomeKind.ACCEPTED
        await client.close()
        assert box.accepted == [
            AcceptedMail(n, "rep@vendor.test", "rep@vendor.test", (f"p{n}@buyer.test",), RAW % n, at)
            for n in range(3)
        ]


@pytest.mark.parametrize("to", ["exec@vendor.test", "EXEC@vendor.test", "Exec+token.123@vendor.test"])
async def test_mail_to_a_user_lands_in_the_inbox(to: str) -> None:
    async with Sandbox(USERS) as box:
        client = sender(box)
        await client.send(RAW % 1, "rep@vendor.test", to)
        await client.close()
        (raw,) = await box.mails("exec@vendor.test")
        assert raw.endswith(RAW % 1)
        assert f"Delivered-To: {to}\r\n".encode() in raw
        assert await box.mails("rep@vendor.test") == []


async def test_the_hook_sees_every_mail_and_may_answer() -> None:
    async def answer(mail: AcceptedMail) -> None:
        await box.deliver(mail.sender, b"Subject: Re: Hi\r\n\r\nThanks.\r\n")

    async with Sandbox(USERS, on_mail=answer) as box:
        reader, writer = inbox(box), sender(box)
        await reader.connect()
        await reader.examine("INBOX")
        waiting = asyncio.create_task(reader.idle(10))
        await asyncio.sleep(0.05)
        await writer.send(RAW % 1, "rep@vendor.test", "pat@buyer.test")
        assert await waiting is True
        (uid,) = await reader.uids_after(0)
        assert (await reader.fetch([uid]))[uid].endswith(b"Thanks.\r\n")
        await reader.close()
        await writer.close()


async def test_a_fault_of_the_hook_is_raised_in_the_end_and_the_mail_is_kept() -> None:
    async def stumble(mail: AcceptedMail) -> None:
        raise LookupError(mail.recipients[0])

    with pytest.raises(LookupError, match="pat@buyer"):
        async with Sandbox(USERS, on_mail=stumble) as box:
            client = sender(box)
            outcome = await client.send(RAW % 1, "rep@vendor.test", "pat@buyer.test")
            assert (outcome.kind, len(box.accepted)) == (OutcomeKind.ACCEPTED, 1)
            await client.close()


async def test_a_refused_recipient_is_answered_as_told() -> None:
    async with Sandbox(USERS) as box:
        box.refuse["gone@buyer.test"] = (550, "5.1.1 no such user")
        client = sender(box)
        outcome = await client.send(RAW % 1, "rep@vendor.test", "gone@buyer.test")
        assert (outcome.kind, outcome.code, outcome.enhanced) == (OutcomeKind.REFUSED, 550, "5.1.1")
        assert box.accepted == []
        await client.close()


async def test_only_users_may_send_and_read() -> None:
    async with Sandbox(USERS) as box:
        for client in (sender(box, password="no"), sender(box, user="x@vendor.test")):
            assert (await client.send(RAW, "a@b.test", "c@d.test")).kind is OutcomeKind.MAILBOX_FAULT
            await client.close()
        anonymous = SmtpSender(Endpoint.parse(box.smtp_url, kind="smtp"), None)
        assert (await anonymous.send(RAW, "a@b.test", "c@d.test")).kind is OutcomeKind.MAILBOX_FAULT
        await anonymous.close()
        assert box.accepted == []
        with pytest.raises(NotFound):
            await box.deliver("x@vendor.test", RAW)


async def test_users_do_not_see_each_others_mail() -> None:
    async with Sandbox(USERS) as box:
        await box.deliver("rep@vendor.test", RAW % 1)
        reader = inbox(box, "exec@vendor.test", "pw2")
        await reader.connect()
        assert (await reader.examine("INBOX")).exists == 0
        await reader.close()


async def test_every_user_has_the_usual_folders() -> None:
    async with Sandbox(USERS) as box:
        reader = inbox(box)
        await reader.connect()
        uses = {folder.special_use for folder in await reader.folders()}
        assert {SpecialUse.SENT, SpecialUse.JUNK, SpecialUse.TRASH, SpecialUse.DRAFTS} <= uses
        await reader.close()


async def test_the_demos_load_takes_a_few_seconds_at_most() -> None:
    async with Sandbox(USERS) as box:
        reader, writer = inbox(box, "exec@vendor.test", "pw2"), sender(box)
        await reader.connect()
        await reader.examine("INBOX")
        started, last = time.monotonic(), 0
        for number in range(500):
            await writer.send(RAW % number, "rep@vendor.test", "exec@vendor.test")
            for last in await reader.uids_after(last):  # noqa: B020 - the cursor moves on
                await reader.fetch([last])
        assert time.monotonic() - started < 60
        await reader.close()
        await writer.close()


async def test_clients_of_the_standard_library_get_along_with_it() -> None:
    async with Sandbox(USERS) as box:
        await asyncio.to_thread(_use_as_others_do, box.smtp_url, box.imap_url)
        assert len(box.accepted) == 1
        assert r"\Seen" in (await box.flags("exec@vendor.test"))[0]


def _use_as_others_do(smtp_url: str, imap_url: str) -> None:
    with smtplib.SMTP("127.0.0.1", int(smtp_url.rpartition(":")[2])) as smtp:
        smtp.login("rep@vendor.test", "pw")
        smtp.sendmail("rep@vendor.test", ["exec@vendor.test"], RAW % 1)
    with imaplib.IMAP4("127.0.0.1", int(imap_url.rpartition(":")[2])) as imap:
        imap.login("exec@vendor.test", "pw2")
        assert imap.select("INBOX")[1] == [b"1"]
        kind, parts = imap.fetch("1", "(BODY[])")
        assert kind == "OK"
        assert parts[0][1].endswith(RAW % 1)


async def test_leaving_ends_every_connection() -> None:
    async with Sandbox(USERS) as box:
        reader, writer = inbox(box), sender(box)
        await reader.connect()
        await writer.check()
    await asyncio.sleep(0.05)
    assert not reader.is_connected
    assert (await writer.send(RAW, "a@b.test", "c@d.test")).kind is OutcomeKind.DEFERRED
    await reader.close()
    await writer.close()


@pytest.mark.parametrize(
    ("sender", "first"),
    [
        ("pat@buyer.test", b"Return-Path: <pat@buyer.test>"),
        ("", b"Return-Path: <>"),
        (None, b"Delivered-To:"),
    ],
)
async def test_what_arrives_bears_the_sender_of_its_envelope(sender: str | None, first: bytes) -> None:
    async with Sandbox(USERS) as box:
        await box.deliver("rep@vendor.test", b"Subject: Hi\r\n\r\nHello.\r\n", sender=sender)
        assert (await box.mails("rep@vendor.test"))[0].startswith(first)

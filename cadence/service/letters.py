"""A mail that a person writes from here in answer to a reply: sent at once, by the rep's own mailbox, once.

The row that stands for it is there before the server hears of it, and the key of the form makes it one row
however often the form is sent. Whatever dies meanwhile leaves a letter whose fate nobody knows; it is shown
as such, never sent again by itself, and a copy in Sent proves that it left. It means what a mail from the
rep's mail program means: the sequence waits until they say that it may go on.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.address import domain_of
from cadence.core.delivery import Outcome, OutcomeKind
from cadence.core.errors import CadenceError, Conflict, Forbidden, InvalidInput
from cadence.core.lifecycle import Fact
from cadence.core.model import EnrollmentState, Mailbox, MailboxState, TaskKind
from cadence.core.rights import Visitor, reaches
from cadence.mail.address import Address
from cadence.mail.compose import Letter, compose
from cadence.mail.parse import Received, parse
from cadence.service import transitions
from cadence.service.app import App
from cadence.service.departing import insist
from cadence.service.tracing import key_of
from cadence.store import (
    audit,
    bulk,
    enrollments,
    events,
    inbound,
    letters,
    locks,
    mailboxes,
    tasks,
    users,
)
from cadence.store.letters import LetterState

log = structlog.get_logger()

PATIENCE = 30
"""Seconds for a mail server that answers slowly: somebody waits before the page."""
ABANDONED_AFTER = timedelta(minutes=5)
"""No letter takes as long, so nobody is at work on it any more."""
LONGEST_TEXT = 20_000
LONGEST_QUOTE = 4_000
SETTLED = (
    TaskKind.DECISION_OPEN,
    TaskKind.INTERESTED,
    TaskKind.EVENT_GUEST,
    TaskKind.REFERRAL,
    TaskKind.SUCCESSOR,
    TaskKind.THANK_REFERRER,
)
"""Tasks that are done with an answer; what else waits because of a reply still asks how it goes on."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """To whom, from where and under which subject an answer to a reply would leave."""

    mailbox: Mailbox
    recipient: Address
    subject: str
    received: Received
    row: Any


async def prepare(app: App, visitor: Visitor, inbound_id: int) -> Envelope:
    """Address an answer to a reply; raises Conflict where it cannot be answered, or Forbidden."""
    async with app.db.read() as tx:
        row = await inbound.get(tx, inbound_id)
        if row.enrollment_id is None or row.unreadable:
            raise Conflict("This mail cannot be answered from here: answer it in your mail program.")
        case = await enrollments.case(tx, row.enrollment_id)
        mailbox = await _mailbox(tx, visitor, [await mailboxes.get(tx, row.mailbox_id), case.mailbox])
        raw = await inbound.raw(tx, inbound_id)
        received = await asyncio.to_thread(parse, raw)
        recipient = next(iter(received.reply_to), received.sender)
        if recipient is None or (key := key_of(recipient.email)) is None:
            raise Conflict("This mail does not say to whom an answer goes.")
        refused = await bulk.suppressed(tx, [key])
    if refused or case.enrollment.state is EnrollmentState.OPTED_OUT:
        raise Conflict(f"{recipient.email} asked never to be written to.")
    subject = " ".join(received.subject.split())
    if not subject.lower().startswith("re:"):
        subject = f"Re: {subject}"
    return Envelope(mailbox, recipient, subject.strip(), received, row)


async def _mailbox(tx: AsyncConnection, visitor: Visitor, wanted: list[Mailbox]) -> Mailbox:
    """The mailbox that got the reply, else the rep's, as far as it is the visitor's to use."""
    for mailbox in wanted:
        if reaches(visitor.user, await users.owner_of(tx, mailbox.id)):
            if mailbox.state is MailboxState.FAULT:
                raise Conflict(f"{mailbox.address} does not work: {mailbox.state_reason}")
            return mailbox
    raise Forbidden("That belongs to somebody else.")


async def send(app: App, visitor: Visitor, inbound_id: int, text: str, key: str) -> str:
    """Send an answer to a reply, and say what became of it. key: names this one answer, from the form.

    Raises InvalidInput or Conflict, and then nothing left.
    """
    text = text.replace("\r\n", "\n").strip()
    if not text or len(text) > LONGEST_TEXT:
        raise InvalidInput(f"An answer has 1 to {LONGEST_TEXT} characters.")
    if not 16 <= len(key) <= 64:
        raise InvalidInput("The form is damaged: reload the page.")
    envelope = await prepare(app, visitor, inbound_id)
    mailbox, recipient = envelope.mailbox, envelope.recipient
    message_id = f"<{uuid4()}@{domain_of(mailbox.address)}>"
    raw = compose(_letter(envelope, text, message_id, app.clock()))
    password = await app.connections.password(mailbox)  # may fail, so before the letter is on its way
    letter_id = await _begin(app, visitor, envelope, text, key, message_id)
    outcome = await _hand_over(app, mailbox, password, raw, recipient.email)
    await insist(app, lambda tx: settle(app, tx, letter_id, envelope.row, mailbox.address, outcome))
    if outcome.kind is OutcomeKind.ACCEPTED:
        await _file_copy(app, mailbox, raw)
    return _told(outcome, recipient.email)


async def _hand_over(app: App, mailbox: Mailbox, password: str, raw: bytes, recipient: str) -> Outcome:
    """Speak to the mail server, over a connection of its own: the workers' one may be busy for long."""
    sender, inbox = await app.connections.trial(mailbox, password)
    try:
        async with asyncio.timeout(PATIENCE):
            return await sender.send(raw, mailbox.address, recipient)
    except TimeoutError:
        return Outcome(OutcomeKind.IN_DOUBT, text="the mail server did not answer in time")
    except Exception:
        log.exception("the sending of a letter broke", mailbox_id=mailbox.id)
        return Outcome(OutcomeKind.IN_DOUBT, text="the sending broke")
    finally:
        await sender.close()
        await inbox.close()


def _told(outcome: Outcome, to: str) -> str:
    if outcome.kind is OutcomeKind.ACCEPTED:
        return f"Sent to {to}."
    if outcome.kind is OutcomeKind.IN_DOUBT:
        return (
            f"Nobody knows whether it left ({outcome.text}): look into your Sent folder before you try again."
        )
    raise Conflict(f"It did not leave: {outcome.text or outcome}")


async def _begin(app: App, visitor: Visitor, envelope: Envelope, text: str, key: str, message_id: str) -> int:
    """Keep the letter before anything leaves; raises Conflict where this form was sent before."""
    row = envelope.row
    async with app.db.write() as tx:
        await locks.company_of(tx, row.prospect_id)
        if await letters.of_key(tx, key) is not None:
            raise Conflict("This answer was sent before.")
        await audit.record(
            tx, visitor.actor, "letter.sent", f"reply {row.id}, to {envelope.recipient.email}", at=app.clock()
        )
        return await letters.add(
            tx,
            inbound_id=row.id,
            enrollment_id=row.enrollment_id,
            mailbox_id=envelope.mailbox.id,
            key=key,
            message_id=message_id,
            actor=visitor.actor.name,
            recipient=envelope.recipient.email,
            subject=envelope.subject,
            text=text,
            at=app.clock(),
        )


async def settle(
    app: App, tx: AsyncConnection, letter_id: int, row: Any, address: str, outcome: Outcome
) -> None:
    """Record what became of a letter; where it left, or may have, the sequence waits for the rep.

    row: of the reply that it answers; address: of the mailbox that wrote it.
    """
    now = app.clock()
    state = {OutcomeKind.ACCEPTED: LetterState.SENT, OutcomeKind.IN_DOUBT: LetterState.IN_DOUBT}.get(
        outcome.kind, LetterState.REFUSED
    )
    await letters.settle(tx, letter_id, state, str(outcome), now if state is LetterState.SENT else None)
    about = {"prospect_id": row.prospect_id, "enrollment_id": row.enrollment_id}
    why = f"{address} answered from here: {outcome.kind}"
    await events.add(tx, f"letter.{state}", why, at=now, inbound_id=row.id, **about)
    if state is LetterState.REFUSED:
        return
    if state is LetterState.IN_DOUBT:
        text = f"your answer from {address}: {outcome.text or 'nobody knows whether it left'}"
        await tasks.add(tx, TaskKind.IN_DOUBT, text, now=now, inbound_id=row.id, **about)
    for kind in SETTLED:
        await tasks.close_about(tx, kind, "answered", now=now, inbound_id=row.id)
    why = f"{address} wrote to them in person"
    if await transitions.apply(app, tx, row.enrollment_id, Fact.PAUSE, why):
        text = f"{why}: resume the sequence when you are done"
        await tasks.add(tx, TaskKind.TOOK_OVER, text, now=now, **about)


async def doubt_abandoned(app: App) -> int:
    """Ask about the letters whose process died before it knew; counts them."""
    before = app.clock() - ABANDONED_AFTER
    async with app.db.read() as tx:
        forgotten = await letters.abandoned(tx, before)
    for letter in forgotten:
        async with app.db.write() as tx:
            row = await inbound.get(tx, letter.inbound_id)
            await locks.company_of(tx, row.prospect_id)
            address = (await mailboxes.get(tx, letter.mailbox_id)).address
            died = Outcome(OutcomeKind.IN_DOUBT, text="the process that sent it died before it knew")
            await settle(app, tx, letter.id, row, address, died)
    return len(forgotten)


async def _file_copy(app: App, mailbox: Mailbox, raw: bytes) -> None:
    """Put a copy into Sent, where the provider is not known to do that by itself."""
    if mailbox.sent_folder is None or mailbox.files_sent is not False:
        return
    try:
        async with asyncio.timeout(PATIENCE), app.connections.inbox(mailbox) as inbox:
            await inbox.append(mailbox.sent_folder, raw, app.clock())
    except (CadenceError, TimeoutError) as fault:
        log.warning("no copy of a letter in Sent", mailbox_id=mailbox.id, fault=str(fault))


def _letter(envelope: Envelope, text: str, message_id: str, now: datetime) -> Letter:
    received, mailbox = envelope.received, envelope.mailbox
    quoted = "\n".join(f"> {line}".rstrip() for line in _quoted(envelope))
    who = received.sender.name or received.sender.email if received.sender else envelope.recipient.email
    when = f"On {received.date:%d %b %Y, %H:%M}, " if received.date else ""
    return Letter(
        sender=Address(mailbox.name, mailbox.address),
        to=envelope.recipient,
        subject=envelope.subject,
        text=f"{text}\n\n{when}{who} wrote:\n{quoted}\n" if quoted else f"{text}\n",
        message_id=message_id,
        date=now,
        in_reply_to=received.message_id,
        references=(*received.references, *received.in_reply_to),
    )


def _quoted(envelope: Envelope) -> list[str]:
    verdict = envelope.row.verdict
    return str(verdict["text"])[:LONGEST_QUOTE].splitlines() if verdict else []

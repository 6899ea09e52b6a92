"""A mail of a draft to oneself: from one's own mailbox to one's own address, marked, once per click."""

import asyncio
from datetime import timedelta
from uuid import uuid4

from cadence.content.catalogue import Snapshot
from cadence.core.address import domain_of
from cadence.core.delivery import OutcomeKind
from cadence.core.errors import CadenceError, Conflict, InvalidInput, TooManyTries
from cadence.core.model import Mailbox, MailboxState
from cadence.core.rights import Visitor
from cadence.mail.address import Address
from cadence.mail.compose import Letter, compose
from cadence.service import auditing, previewing
from cadence.service.app import App
from cadence.service.confined import confined
from cadence.service.previewing import Preview
from cadence.store import mailboxes, sessions, users

PATIENCE = 20
"""Seconds; somebody waits before the page."""
REMEMBERED = timedelta(days=1)
"""For how long a click is known again."""
MOST, WINDOW = 10, timedelta(minutes=15)
"""Trial mails of one person in a while."""
MARK = "[Trial] "


async def own_mailboxes(app: App, visitor: Visitor) -> list[Mailbox]:
    """The mailboxes from which somebody can send themselves a mail."""
    async with app.db.read() as tx:
        owners = await users.owners(tx)
        working = [each for each in await mailboxes.all_of(tx) if each.state is MailboxState.ACTIVE]
    return [each for each in working if owners.get(each.id) == visitor.user.id]


async def send(
    app: App, visitor: Visitor, name: str, snapshot: Snapshot, *, step: str, who: str, address: str, key: str
) -> str:
    """Render a step for a sample and send it; says what became of it.

    address: of one's own mailbox; key: of the click, from the form. Raises InvalidInput, Conflict where this
    click was carried out before or nothing left, TooManyTries.
    """
    mailbox = next((each for each in await own_mailboxes(app, visitor) if each.address == address), None)
    if mailbox is None:
        raise InvalidInput("A trial mail leaves from one of your own mailboxes: choose one.")
    if not 16 <= len(key) <= 64:
        raise InvalidInput("The form is damaged: reload the page.")
    made = await confined(previewing.of_files, snapshot, name, who or None, app.clock().date(), step)
    raw = compose(_letter(app, visitor, mailbox, made[0]))
    password = await app.connections.password(mailbox)
    await _once(app, visitor, key)
    await auditing.note(app, visitor.actor, "sequence.tried", f"{name}, {step}")
    await _hand_over(app, mailbox, password, raw, visitor.user.email)
    return f"A trial mail of {step} left for {visitor.user.email}."


async def _once(app: App, visitor: Visitor, key: str) -> None:
    """Count the click before anything leaves: if this process dies now, the mail is lost, not doubled."""
    now, user_id = app.clock(), visitor.user.id
    async with app.db.write() as tx:
        forgotten_at = now + REMEMBERED  # tries are forgotten some time after they are dated
        count, _ = await sessions.count_try(tx, f"trial:{user_id}:{key}", forgotten_at, REMEMBERED)
        lately, since = await sessions.count_try(tx, f"trials:{user_id}", now, WINDOW)
    if count > 1:
        raise Conflict("This trial mail was sent already; reload the page for another one.")
    if lately > MOST:
        raise TooManyTries("These are many trial mails.", wait=since + WINDOW - now)


def _letter(app: App, visitor: Visitor, mailbox: Mailbox, mail: Preview) -> Letter:
    notice = f"A trial of the step {mail.step}, sent to yourself. No reader got it."
    return Letter(
        sender=Address(mailbox.name, mailbox.address),
        to=Address(visitor.user.name, visitor.user.email),
        subject=f"{MARK}{mail.subject}",
        text=f"*** {notice} ***\n\n{mail.text}",
        html=_marked(mail.html, notice),
        message_id=f"<trial-{uuid4()}@{domain_of(mailbox.address)}>",
        date=app.clock(),
    )


def _marked(html: str, notice: str) -> str:
    """The notice at the top of the body, or of everything where the layout has none."""
    head, tag, rest = html.partition("<body")
    if not tag:
        return f"<p><strong>{notice}</strong></p>{html}"
    attributes, end, body = rest.partition(">")
    return f"{head}{tag}{attributes}{end}<p><strong>{notice}</strong></p>{body}"


async def _hand_over(app: App, mailbox: Mailbox, password: str, raw: bytes, recipient: str) -> None:
    out, inbox = await app.connections.trial(mailbox, password)
    try:
        async with asyncio.timeout(PATIENCE):
            outcome = await out.send(raw, mailbox.address, recipient)
    except TimeoutError:
        raise Conflict(f"The mail server of {mailbox.address} does not answer.") from None
    except CadenceError as fault:
        raise Conflict(f"It could not be sent from {mailbox.address}: {fault}") from fault
    finally:
        await out.close()
        await inbox.close()
    if outcome.kind is not OutcomeKind.ACCEPTED:
        raise Conflict(f"The mail server of {mailbox.address} did not take it: {outcome.text or outcome}")

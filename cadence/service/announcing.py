"""Mails from Cadence itself to the people who work with it, from one of their own mailboxes."""

import asyncio
from secrets import token_hex

from cadence.core.address import domain_of
from cadence.core.delivery import OutcomeKind
from cadence.core.errors import CadenceError
from cadence.core.model import Mailbox, MailboxState
from cadence.core.people import User
from cadence.mail.address import Address
from cadence.mail.compose import Letter, compose
from cadence.service.app import App
from cadence.store import mailboxes, users

PATIENCE = 20
"""Seconds; then the link is shown instead, because somebody waits before the page."""


async def mail_link(app: App, sender: User, user: User, link: str) -> str | None:
    """Mail somebody their one-time link; None: it left, else why not, for who must pass it on."""
    subject, text = _invitation(sender, user, link)
    return await post(app, Address(user.name, user.email), subject, text, by=sender.id)


async def post(app: App, to: Address, subject: str, text: str, *, by: int | None) -> str | None:
    """Mail somebody who works with Cadence; None: it left, else why not.

    by: the user in whose name; their own mailbox is used, else any that works.
    """
    mailbox = await _mailbox_of(app, by)
    if mailbox is None:
        return "No mailbox is connected from which it could be mailed."
    out, inbox = await app.connections.trial(mailbox, await app.connections.password(mailbox))
    try:
        async with asyncio.timeout(PATIENCE):
            outcome = await out.send(_raw(app, mailbox, to, subject, text), mailbox.address, to.email)
    except TimeoutError:
        return f"The mail server of {mailbox.address} does not answer."
    except CadenceError as fault:
        return f"It could not be mailed from {mailbox.address}: {fault}"
    finally:
        await out.close()
        await inbox.close()
    if outcome.kind is not OutcomeKind.ACCEPTED:
        return f"The mail server of {mailbox.address} did not take it: {outcome.text or outcome}"
    return None


async def _mailbox_of(app: App, user_id: int | None) -> Mailbox | None:
    async with app.db.read() as tx:
        working = [one for one in await mailboxes.all_of(tx) if one.state is MailboxState.ACTIVE]
        owners = await users.owners(tx)
    return min(working, key=lambda one: (owners.get(one.id) != user_id, one.id), default=None)


def _invitation(sender: User, user: User, link: str) -> tuple[str, str]:
    if user.is_invited:
        subject = "Your invitation to Cadence"
        text = f"{sender.name} invites you to Cadence as {user.role.with_article}. Set your password here:"
    else:
        subject = "A new password for Cadence"
        text = f"{sender.name} lets you set a new password for Cadence. It also ends the second factor:"
    return subject, f"{text}\n\n{link}\n\nThe link works once, and not for long.\n"


def _raw(app: App, mailbox: Mailbox, to: Address, subject: str, text: str) -> bytes:
    letter = Letter(
        sender=Address(mailbox.name, mailbox.address),
        to=to,
        subject=subject,
        text=text,
        message_id=f"<cadence-{token_hex(12)}@{domain_of(mailbox.address)}>",
        date=app.clock(),
    )
    return b"Auto-Submitted: auto-generated\r\n" + compose(letter)  # no autoresponder answers (RFC 3834)

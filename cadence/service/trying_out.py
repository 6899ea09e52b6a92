"""Whether a mailbox lets us in: trying it, what a fault of it does, and its way back to work."""

from cadence.core.delivery import OutcomeKind
from cadence.core.errors import MailboxError
from cadence.core.model import Mailbox, MailboxState, TaskKind
from cadence.service import outcomes
from cadence.service.app import App, Inbox, Sender
from cadence.store import events, mailboxes, tasks


async def log_in(sender: Sender, inbox: Inbox) -> None:
    """Log in to both servers as for a mail; raises MailboxError with what stands against it."""
    against = await sender.check()
    if against is not None:
        temporary = against.kind is OutcomeKind.DEFERRED
        raise MailboxError(f"mail cannot leave: {against.said or against}", temporary=temporary)
    await inbox.connect()
    await inbox.examine("INBOX")


async def try_out(app: App, mailbox: Mailbox, secret: str) -> None:
    """Log in to both servers with a password or token; raises MailboxError with what stands against it."""
    sender, inbox = await app.connections.trial(mailbox, secret)
    try:
        await log_in(sender, inbox)
    finally:
        await sender.close()
        await inbox.close()


async def report_fault(app: App, mailbox_id: int, words: str) -> None:
    """A server refused us in earnest: an active mailbox stops, and a person is told, once."""
    async with app.db.write() as tx:
        mailbox = await mailboxes.get(tx, mailbox_id)
        if mailbox.state is MailboxState.ACTIVE:
            await outcomes.fault(app, tx, mailbox, words)


async def probe(app: App, mailbox: Mailbox) -> bool:
    """Try a mailbox that is at fault, and put it back to work where both servers let us in."""
    try:
        access = await app.connections.renewed(mailbox)  # a token may have been withdrawn before its time
        await try_out(app, access.mailbox, app.vault.open(access.secret))
    except MailboxError:
        return False
    async with app.db.write() as tx:
        if (await mailboxes.get(tx, mailbox.id)).state is not MailboxState.FAULT:
            return False
        await mailboxes.change(tx, mailbox.id, state=MailboxState.ACTIVE, state_reason=None)
        why = f"{mailbox.address}: both servers let us in again"
        await events.add(tx, "mailbox.active", why, at=app.clock(), mailbox_id=mailbox.id)
        await tasks.close_about(tx, TaskKind.MAILBOX_FAULT, "mended", now=app.clock(), mailbox_id=mailbox.id)
    return True

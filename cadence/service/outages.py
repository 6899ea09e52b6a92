"""Mailboxes that cannot be read for long: mails wait behind them, so that a person must know.

A server that is down for an hour is nobody's task. After a day it is, if a mail waits: no mail leaves
before every mailbox in which its reader's answer may be was read.
"""

from datetime import timedelta

from cadence.core.model import Mailbox, MailboxState, TaskKind
from cadence.service.app import App
from cadence.store import mailboxes, tasks

LONG = timedelta(days=1)
SOON = timedelta(hours=1)
"""A mail that waits is looked at again and again, so it is never due for long."""


async def report(app: App, mailbox_id: int, words: str) -> bool:
    """A mailbox could not be read just now; tells a person, once, where that lasts and holds up mails."""
    now = app.clock()
    async with app.db.read() as tx:
        mailbox = await mailboxes.get(tx, mailbox_id)
        _, read_at = await mailboxes.use_of(tx, mailbox_id)
        is_long = now - (read_at or mailbox.created_at) > LONG
        if (
            not is_long
            or mailbox.state is MailboxState.FAULT
            or not await mailboxes.holds_up(tx, mailbox_id, now + SOON)
        ):
            return False
    since = f"since {read_at:%Y-%m-%d %H:%M} UTC" if read_at else "yet"
    text = f"{mailbox.address} not read {since}, and mails wait for that: {words}. See `cadence doctor`."
    async with app.db.write() as tx:
        await tasks.add(tx, TaskKind.NOT_READ, text, now=now, mailbox_id=mailbox_id)
    return True


async def end(app: App, mailbox: Mailbox) -> None:
    """A mailbox was read just now; what was asked of a person because it was not is settled."""
    async with app.db.read() as tx:
        if not await tasks.is_open(tx, TaskKind.NOT_READ, mailbox.id):
            return
    async with app.db.write() as tx:
        await tasks.close_about(tx, TaskKind.NOT_READ, "read again", now=app.clock(), mailbox_id=mailbox.id)

"""The figures of an overview: how long the queue is and waits, how much left a mailbox, when it was read."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.model import MessageState
from cadence.store.tables import mailboxes, messages


@dataclass(frozen=True, slots=True)
class Waiting:
    """all: mails in the queue; due: those that should have been looked at; oldest: since when the first of
    these is due; next: when the next of the others is.
    """

    all: int
    due: int
    oldest: datetime | None
    next: datetime | None


async def waiting(tx: AsyncConnection, now: datetime) -> Waiting:
    """Look at the queue; mails in flight, which a worker holds, do not count."""
    query = sa.select(sa.func.count(), sa.func.min(messages.c.due_at)).where(
        messages.c.wake_at.is_not(None),
        messages.c.state.in_((MessageState.PLANNED, MessageState.DEFERRED)),
    )
    due = (await tx.execute(query.where(messages.c.due_at <= now))).one()
    later = (await tx.execute(query.where(messages.c.due_at > now))).one()
    return Waiting(due[0] + later[0], due[0], due[1], later[1])


@dataclass(frozen=True, slots=True)
class Use:
    """How a mailbox is used. read_at: since when all of it is known to have been read."""

    sent_today: int
    last_sent_at: datetime | None
    read_at: datetime | None


async def use_of(tx: AsyncConnection, mailbox_id: int, midnight: datetime) -> Use:
    """Look at the use of a mailbox; midnight: the start of its day."""
    sent = sa.select(sa.func.count()).where(
        messages.c.mailbox_id == mailbox_id, messages.c.sent_at >= midnight
    )
    query = sa.select(mailboxes.c.last_sent_at, mailboxes.c.synced_at).where(mailboxes.c.id == mailbox_id)
    row = (await tx.execute(query)).one()
    return Use(int((await tx.execute(sent)).scalar_one()), row.last_sent_at, row.synced_at)

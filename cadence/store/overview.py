"""The figures of an overview: how long the queue is and waits, how much left a mailbox, when it was read."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.model import MessageState
from cadence.store.enrollments import LIVE
from cadence.store.tables import enrollments, mailboxes, messages


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
    queued, sending = (await tx.execute(_QUEUED)).one()
    due, oldest = (await tx.execute(_DUE, {"now": now})).one()
    following: datetime | None = (await tx.execute(_NEXT, {"now": now})).scalar_one()
    return Waiting(queued - sending, due, oldest, following)


# As in the queue's other queries, each mailbox's part of the index is asked for, and what is claimed has an
# index of its own: so this costs what is due. Only the length of the queue is counted, within the index.

_IS_SENDING = messages.c.state == sa.literal_column(f"'{MessageState.SENDING}'")
_IS_CLAIMED = messages.c.wake_at != messages.c.due_at
_NOW: sa.BindParameter[datetime] = sa.bindparam("now")
_QUEUED = sa.select(
    sa.select(sa.func.count()).where(messages.c.wake_at.is_not(None)).scalar_subquery(),
    sa.select(sa.func.count()).where(_IS_SENDING).scalar_subquery(),
)
_OPEN = messages.c.state.in_((MessageState.PLANNED, MessageState.DEFERRED))
_SINCE = sa.select(messages.c.due_at).where(_OPEN)
_LOOKED_FOR = _SINCE.where(messages.c.wake_at <= _NOW)
_ALL_DUE = sa.union_all(
    _LOOKED_FOR.where(messages.c.mailbox_id.in_(sa.select(mailboxes.c.id))),
    _LOOKED_FOR.where(messages.c.mailbox_id.is_(None)),
    _SINCE.where(_IS_CLAIMED, messages.c.wake_at > _NOW, messages.c.due_at <= _NOW),
).subquery()
_DUE = sa.select(sa.func.count(), sa.func.min(_ALL_DUE.c.due_at))
_FIRST = (
    sa.select(messages.c.wake_at)
    .where(messages.c.wake_at > _NOW, messages.c.wake_at == messages.c.due_at)
    .order_by(messages.c.wake_at)
    .limit(1)
)
_FIRSTS = sa.union_all(
    sa.select(
        _FIRST.where(messages.c.mailbox_id == mailboxes.c.id)
        .correlate(mailboxes)
        .scalar_subquery()
        .label("first")
    ).select_from(mailboxes),
    sa.select(_FIRST.where(messages.c.mailbox_id.is_(None)).scalar_subquery().label("first")),
).subquery()
_NEXT = sa.select(sa.func.min(_FIRSTS.c.first))


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


async def writing_from(tx: AsyncConnection) -> dict[int, int]:
    """How many live enrollments write from each mailbox, the rep's or the executive's; without zeros."""
    rep, executive = enrollments.c.mailbox_id, enrollments.c.executive_mailbox_id
    live = enrollments.c.state.in_(LIVE)
    uses = sa.union_all(
        sa.select(rep.label("mailbox_id")).where(live),
        sa.select(executive).where(live, executive.is_not(None), executive != rep),
    ).subquery()
    query = sa.select(uses.c.mailbox_id, sa.func.count()).group_by(uses.c.mailbox_id)
    return {row[0]: row[1] for row in await tx.execute(query)}

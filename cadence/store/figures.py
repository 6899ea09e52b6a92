"""The figures that metrics are made of; each query costs what is open or due, not what ever was."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.model import MailboxState, MessageState
from cadence.store import overview, schema, totals
from cadence.store.overview import Waiting
from cadence.store.tables import mailboxes, messages, processes, tasks


@dataclass(frozen=True, slots=True)
class Reading:
    """One mailbox, and since when all of it is known to have been read: at first, since it was connected."""

    mailbox_id: int
    state: MailboxState
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Open:
    """Open tasks of one kind: how many, and since when the first of them waits."""

    count: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that is measured, as it was at one instant.

    events: how many there ever were of each kind; unfinished: mails by state; processes: those alive, by
    what they do; revision: of the database.
    """

    at: datetime
    revision: str
    events: dict[str, int]
    waiting: Waiting
    unfinished: dict[MessageState, int]
    mailboxes: tuple[Reading, ...]
    tasks: dict[str, Open]
    processes: dict[str, int]


async def gather(tx: AsyncConnection, now: datetime) -> Figures:
    """Look all of it up."""
    waiting = await overview.waiting(tx, now)
    return Figures(
        at=now,
        revision=await schema.revision(tx),
        events=await totals.of_events(tx),
        waiting=waiting,
        unfinished=await _unfinished(tx, waiting.all),
        mailboxes=await _mailboxes(tx),
        tasks=await _tasks(tx),
        processes=await _processes(tx, now),
    )


_TROUBLED = messages.c.state.in_(
    [
        sa.literal_column(f"'{state}'")
        for state in (MessageState.DEFERRED, MessageState.HELD, MessageState.IN_DOUBT)
    ]
)
"""As the index says it: with parameters instead, databases cannot tell that the index is enough."""
_IS_SENDING = messages.c.state == sa.literal_column(f"'{MessageState.SENDING}'")


async def _unfinished(tx: AsyncConnection, queued: int) -> dict[MessageState, int]:
    """How many mails there are in each state that is not final; of planned ones, those in the queue."""
    troubled = sa.select(messages.c.state, sa.func.count(), sa.func.count(messages.c.wake_at))
    rows = (await tx.execute(troubled.where(_TROUBLED).group_by(messages.c.state))).all()
    sending = sa.select(sa.func.count()).select_from(messages).where(_IS_SENDING)
    found = {MessageState(state): count for state, count, _ in rows}
    found[MessageState.SENDING] = int((await tx.execute(sending)).scalar_one())
    found[MessageState.PLANNED] = max(queued - sum(in_queue for _, _, in_queue in rows), 0)
    return found


async def _mailboxes(tx: AsyncConnection) -> tuple[Reading, ...]:
    read_at = sa.func.coalesce(mailboxes.c.synced_at, mailboxes.c.created_at)
    query = sa.select(mailboxes.c.id, mailboxes.c.state, read_at).where(mailboxes.c.removed_at.is_(None))
    rows = await tx.execute(query.order_by(mailboxes.c.id))
    return tuple(Reading(row[0], MailboxState(row[1]), row[2]) for row in rows)


async def _tasks(tx: AsyncConnection) -> dict[str, Open]:
    query = sa.select(tasks.c.kind, sa.func.count(), sa.func.min(tasks.c.created_at))
    rows = await tx.execute(query.where(tasks.c.done_at.is_(None)).group_by(tasks.c.kind))
    return {row[0]: Open(row[1], row[2]) for row in rows}


async def _processes(tx: AsyncConnection, now: datetime) -> dict[str, int]:
    query = sa.select(processes.c.kind, sa.func.count()).where(processes.c.alive_until > now)
    return {row[0]: row[1] for row in await tx.execute(query.group_by(processes.c.kind))}

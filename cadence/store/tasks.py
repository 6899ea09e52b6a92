"""What a person must do."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.model import TaskKind
from cadence.store.database import insert
from cadence.store.tables import prospects, tasks

URGENCY = sa.case({kind.value: rank for rank, kind in enumerate(TaskKind)}, value=tasks.c.kind)


async def add(tx: AsyncConnection, kind: TaskKind, text: str, *, now: datetime, **about: int | None) -> int:
    """Ask a person for something; the same open request about the same thing is not made twice.

    about: the ids it concerns, of prospect_id, enrollment_id, message_id, inbound_id, mailbox_id.
    """
    same = [tasks.c[column].is_not_distinct_from(value) for column, value in about.items()]
    query = sa.select(tasks.c.id).where(tasks.c.kind == kind, tasks.c.done_at.is_(None), *same)
    known = (await tx.execute(query.limit(1))).scalar_one_or_none()
    if known is not None:
        return int(known)
    return await insert(tx, tasks, kind=kind, text=text, created_at=now, **about)


async def get(tx: AsyncConnection, task_id: int) -> Any | None:
    """The task of this id, or None."""
    return (await tx.execute(sa.select(tasks).where(tasks.c.id == task_id))).one_or_none()


async def opened(tx: AsyncConnection) -> list[Any]:
    """All open tasks with the prospect's address, most urgent first."""
    query = (
        sa.select(tasks, prospects.c.email)
        .select_from(tasks.outerjoin(prospects, prospects.c.id == tasks.c.prospect_id))
        .where(tasks.c.done_at.is_(None))
        .order_by(URGENCY, tasks.c.created_at, tasks.c.id)
    )
    return list(await tx.execute(query))


async def is_open(tx: AsyncConnection, kind: TaskKind, mailbox_id: int) -> bool:
    """Whether a person was asked for something about a mailbox, and has not done it."""
    query = sa.select(tasks.c.id).where(
        tasks.c.done_at.is_(None), tasks.c.kind == kind, tasks.c.mailbox_id == mailbox_id
    )
    return (await tx.execute(query.limit(1))).first() is not None


async def snooze(tx: AsyncConnection, task_id: int, until: datetime | None) -> None:
    """Ask nobody before an instant; None: ask now."""
    await tx.execute(tasks.update().where(tasks.c.id == task_id).values(snoozed_until=until))


async def close(tx: AsyncConnection, task_id: int, answer: str, *, now: datetime) -> bool:
    """Record how a task was answered; False where somebody else was faster."""
    changed = tasks.update().where(tasks.c.id == task_id, tasks.c.done_at.is_(None))
    return bool((await tx.execute(changed.values(done_at=now, answer=answer))).rowcount)


async def close_about(
    tx: AsyncConnection, kind: TaskKind, answer: str, *, now: datetime, **about: int
) -> None:
    """Close the open tasks of a kind about a thing that took care of itself."""
    same = [tasks.c[column] == value for column, value in about.items()]
    changed = tasks.update().where(tasks.c.kind == kind, tasks.c.done_at.is_(None), *same)
    await tx.execute(changed.values(done_at=now, answer=answer))


async def close_about_reply(tx: AsyncConnection, inbound_id: int, answer: str, *, now: datetime) -> None:
    """Close whatever a reply made us ask for: it means something else."""
    changed = tasks.update().where(tasks.c.inbound_id == inbound_id, tasks.c.done_at.is_(None))
    await tx.execute(changed.values(done_at=now, answer=answer))

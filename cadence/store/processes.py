"""Which processes are alive, and which of them waits on which mailbox."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.store.tables import mailboxes, processes


async def beat(tx: AsyncConnection, process: str, kind: str, *, now: datetime, until: datetime) -> None:
    """Say that a process is alive until then, and forget those that no longer are."""
    changed = await tx.execute(processes.update().where(processes.c.id == process).values(alive_until=until))
    if not changed.rowcount:
        await tx.execute(processes.insert().values(id=process, kind=kind, alive_until=until))
    await tx.execute(processes.delete().where(processes.c.alive_until <= now))


async def leave(tx: AsyncConnection, process: str) -> None:
    """A process ends in good order; its mailboxes are free at once."""
    await tx.execute(processes.delete().where(processes.c.id == process))
    await tx.execute(mailboxes.update().where(mailboxes.c.watched_by == process).values(watched_by=None))


async def alive(tx: AsyncConnection, kind: str, now: datetime) -> list[str]:
    """The processes of a kind that are alive, in a fixed order."""
    query = sa.select(processes.c.id).where(processes.c.kind == kind, processes.c.alive_until > now)
    return list((await tx.execute(query.order_by(processes.c.id))).scalars())


async def watched(tx: AsyncConnection) -> dict[int, str | None]:
    """Who waits, or last waited, on each mailbox."""
    query = sa.select(mailboxes.c.id, mailboxes.c.watched_by).where(mailboxes.c.removed_at.is_(None))
    return {row.id: row.watched_by for row in await tx.execute(query.order_by(mailboxes.c.id))}


async def take(tx: AsyncConnection, process: str, wanted: Iterable[int], alive: Iterable[str]) -> set[int]:
    """Take mailboxes on which nobody alive waits; gives those that nobody else took first."""
    free = sa.or_(mailboxes.c.watched_by.is_(None), mailboxes.c.watched_by.not_in(list(alive)))
    changed = mailboxes.update().where(mailboxes.c.id.in_(list(wanted)), free).values(watched_by=process)
    return set((await tx.execute(changed.returning(mailboxes.c.id))).scalars())


async def give(tx: AsyncConnection, process: str, mailbox_ids: Iterable[int]) -> None:
    """Give mailboxes back to whoever takes them next."""
    mine = sa.and_(mailboxes.c.watched_by == process, mailboxes.c.id.in_(list(mailbox_ids)))
    await tx.execute(mailboxes.update().where(mine).values(watched_by=None))

"""How many events of each kind there ever were, without walking through all of them.

Events are numbered in the order in which they were written, but become visible when their transaction
commits. So only what is older than the longest transaction is added to the totals, now and then; the
events since are few, and counted whenever somebody asks. Where they are not, as after millions were moved
here, totals lag behind for minutes rather than that whoever asks waits: they only ever grow.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.store import locks
from cadence.store.tables import event_totals, events

SETTLED = timedelta(minutes=10)
"""No transaction of ours lasts this long: none of them waits for a network or a person."""
AT_ONCE = 50_000
LOOKED_AT = 100_000
"""Events since the totals that are counted when somebody asks."""


async def of_events(tx: AsyncConnection) -> dict[str, int]:
    """How many events there are of each kind."""
    rows = (await tx.execute(sa.select(event_totals))).all()
    found = {row.kind: int(row.total) for row in rows}
    counted = await _counted(tx)
    for kind, more in await _since(tx, counted, counted + LOOKED_AT):
        found[kind] = found.get(kind, 0) + more
    return found


async def _counted(tx: AsyncConnection) -> int:
    """The event up to which the totals go; where there are none yet, the one before the first."""
    up_to = (await tx.execute(sa.select(sa.func.max(event_totals.c.up_to)))).scalar_one()
    if up_to is None:
        up_to = (await tx.execute(sa.select(sa.func.min(events.c.id) - 1))).scalar_one()
    return int(up_to or 0)


async def _since(tx: AsyncConnection, counted: int, up_to: int) -> list[tuple[str, int]]:
    kind = events.c.kind.concat("")  # not the bare column: SQLite would walk all of its index to group by it
    within = events.c.id > counted, events.c.id <= up_to
    query = sa.select(kind, sa.func.count()).where(*within).group_by(kind)
    return [(row[0], row[1]) for row in await tx.execute(query)]


async def count(tx: AsyncConnection, now: datetime) -> None:
    """Add what has settled to the totals; unless another process is at it."""
    if not await locks.totals(tx):
        return
    counted = await _counted(tx)
    uncounted = sa.select(events.c.id, events.c.at).where(events.c.id > counted)
    window = uncounted.order_by(events.c.id).limit(AT_ONCE).subquery()
    newest = sa.select(sa.func.max(window.c.id)).where(window.c.at <= now - SETTLED)
    up_to: int | None = (await tx.execute(newest)).scalar_one()
    if up_to is None:
        return
    for kind, more in await _since(tx, counted, up_to):
        total = event_totals.c.total + more
        changed = event_totals.update().where(event_totals.c.kind == kind).values(total=total, up_to=up_to)
        if not (await tx.execute(changed)).rowcount:
            await tx.execute(event_totals.insert().values(kind=kind, total=more, up_to=up_to))

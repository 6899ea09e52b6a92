"""Reports that were counted, kept with their time, since counting takes long."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.store.tables import reports

GIVEN_UP = timedelta(minutes=10)
"""After this, whoever counted is taken for dead."""
KEPT = timedelta(days=7)
"""A report that nobody looked at for so long is forgotten."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A report. took: seconds that it took to count."""

    made_at: datetime
    took: float
    body: dict[str, Any]


async def find(tx: AsyncConnection, key: str) -> Kept | None:
    """The report of this key, if it was ever counted."""
    query = sa.select(reports).where(reports.c.key == key, reports.c.made_at.is_not(None))
    row = (await tx.execute(query)).one_or_none()
    return Kept(row.made_at, row.took, row.body) if row else None


async def begin(tx: AsyncConnection, key: str, now: datetime) -> bool:
    """Claim the counting of a report; False where somebody is at it."""
    done = sa.or_(reports.c.made_at >= reports.c.begun_at, reports.c.begun_at < now - GIVEN_UP)
    begun = reports.update().where(reports.c.key == key, done).values(begun_at=now)
    if (await tx.execute(begun)).rowcount:
        return True
    if (await tx.execute(sa.select(reports.c.key).where(reports.c.key == key))).first():
        return False
    try:
        async with tx.begin_nested():
            await tx.execute(reports.insert().values(key=key, begun_at=now))
    except IntegrityError:
        return False
    return True


async def keep(tx: AsyncConnection, key: str, kept: Kept, begun_at: datetime) -> None:
    """Keep what was counted, and forget what nobody looks at any more."""
    values = {"made_at": kept.made_at, "took": kept.took, "body": kept.body}
    await tx.execute(reports.update().where(reports.c.key == key).values(begun_at=begun_at, **values))
    await tx.execute(reports.delete().where(reports.c.begun_at < begun_at - KEPT))


async def note(tx: AsyncConnection, key: str, body: dict[str, Any], now: datetime) -> None:
    """Keep something under a key at once, such as how far a count is."""
    await begin(tx, key, now)
    await keep(tx, key, Kept(now, 0.0, body), now)


async def forget(tx: AsyncConnection, key: str) -> None:
    """Forget one."""
    await tx.execute(reports.delete().where(reports.c.key == key, reports.c.made_at.is_not(None)))


async def give_up(tx: AsyncConnection, key: str) -> None:
    """Let others count it: whoever was at it failed."""
    await tx.execute(reports.update().where(reports.c.key == key).values(begun_at=_LONG_AGO))


async def outdate(tx: AsyncConnection, key: str) -> None:
    """Let it be counted anew at the next look; until then what was counted stands."""
    await tx.execute(
        reports.update().where(reports.c.key == key).values(made_at=_LONG_AGO, begun_at=_LONG_AGO)
    )


_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

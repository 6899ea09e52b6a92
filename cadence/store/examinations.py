"""The last look of the doctor at each mailbox: what was found so far, and whether it is over."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.store.tables import examinations

LONGEST = timedelta(minutes=5)
"""After this, an examination that did not end is taken for one whose process died."""


@dataclass(frozen=True, slots=True)
class Examination:
    """One look. checks: plain data, in the order in which they were made."""

    begun_at: datetime
    ended_at: datetime | None
    checks: list[dict[str, Any]]

    def is_running(self, now: datetime) -> bool:
        """Whether more is to come."""
        return self.ended_at is None and now - self.begun_at < LONGEST


async def find(tx: AsyncConnection, mailbox_id: int) -> Examination | None:
    """The last one of a mailbox."""
    query = sa.select(examinations).where(examinations.c.mailbox_id == mailbox_id)
    row = (await tx.execute(query)).one_or_none()
    return Examination(row.begun_at, row.ended_at, row.checks) if row else None


async def begin(tx: AsyncConnection, mailbox_id: int, now: datetime) -> bool:
    """Begin one; False where one is running."""
    last = await find(tx, mailbox_id)
    if last is not None and last.is_running(now):
        return False
    await tx.execute(examinations.delete().where(examinations.c.mailbox_id == mailbox_id))
    await tx.execute(examinations.insert().values(mailbox_id=mailbox_id, begun_at=now, checks=[]))
    return True


async def keep(
    tx: AsyncConnection, mailbox_id: int, checks: list[dict[str, Any]], ended_at: datetime | None = None
) -> None:
    """Keep what was found so far."""
    mine = examinations.c.mailbox_id == mailbox_id
    await tx.execute(examinations.update().where(mine).values(checks=checks, ended_at=ended_at))

"""The audit trail: who did what, when and from where; the database itself refuses to change a row."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.people import Actor
from cadence.store.tables import audit


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that somebody did. actor: their address at that time, or "console"."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    address: str | None


async def record(tx: AsyncConnection, actor: Actor, action: str, subject: str, *, at: datetime) -> None:
    """Record what somebody did. action: such as user.invited; subject: to whom or what."""
    await tx.execute(
        audit.insert().values(
            at=at,
            user_id=actor.user_id,
            actor=actor.name,
            action=action,
            subject=subject,
            address=actor.address,
        )
    )


async def page(
    tx: AsyncConnection, *, before: int | None = None, user_id: int | None = None, limit: int = 50
) -> list[Entry]:
    """What was done, newest first. before: only entries older than the one of this id."""
    query = sa.select(audit).order_by(audit.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(audit.c.id < before)
    if user_id is not None:
        query = query.where(audit.c.user_id == user_id)
    return [
        Entry(row.id, row.at, row.actor, row.action, row.subject, row.address)
        for row in await tx.execute(query)
    ]

"""The record of what happened and why; rows are added, never changed."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.store.tables import events


async def add(
    tx: AsyncConnection,
    kind: str,
    why: str,
    *,
    at: datetime,
    data: dict[str, Any] | None = None,
    **about: int | None,
) -> None:
    """Record one transition or decision.

    about: the ids it concerns, of prospect_id, enrollment_id, message_id, inbound_id, mailbox_id.
    """
    await tx.execute(events.insert().values(at=at, kind=kind, why=why, data=data, **about))


async def add_many(tx: AsyncConnection, rows: list[dict[str, Any]]) -> None:
    """Record many of a kind; rows: kind, why, at and the same ids as in `add`."""
    if rows:
        await tx.execute(events.insert(), rows)


async def of_prospect(tx: AsyncConnection, prospect_id: int) -> list[Any]:
    """Everything that concerns a person, oldest first."""
    query = sa.select(events).where(events.c.prospect_id == prospect_id).order_by(events.c.id)
    return list(await tx.execute(query))

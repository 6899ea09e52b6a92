"""What people said that replies mean: a row each time, never changed; the newest of a reply counts."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.people import Actor
from cadence.core.replies import Category
from cadence.store.tables import corrections


async def add(
    tx: AsyncConnection,
    inbound_id: int,
    category: Category,
    *,
    verdict: dict[str, Any],
    actor: Actor,
    at: datetime,
) -> None:
    """Record a correction, with the product's own verdict as it was."""
    await tx.execute(
        corrections.insert().values(
            inbound_id=inbound_id,
            category=category,
            verdict=verdict,
            model=verdict.get("model"),
            actor=actor.name,
            at=at,
        )
    )


async def of_replies(tx: AsyncConnection, inbound_ids: Iterable[int]) -> dict[int, list[Any]]:
    """The corrections of these replies, oldest first: inbound id → rows."""
    wanted = corrections.c.inbound_id.in_(list(inbound_ids))
    found: dict[int, list[Any]] = {}
    for row in await tx.execute(sa.select(corrections).where(wanted).order_by(corrections.c.id)):
        found.setdefault(row.inbound_id, []).append(row)
    return found


async def newest(tx: AsyncConnection) -> list[Any]:
    """The correction that counts of every corrected reply, in the order in which the replies came."""
    last = sa.select(sa.func.max(corrections.c.id)).group_by(corrections.c.inbound_id)
    query = sa.select(corrections).where(corrections.c.id.in_(last)).order_by(corrections.c.inbound_id)
    return list(await tx.execute(query))

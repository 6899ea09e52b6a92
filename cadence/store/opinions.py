"""What an endpoint was asked about replies, and what it said: each reply once."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.model import TaskKind
from cadence.core.replies import Action
from cadence.core.second_opinion import Opinion
from cadence.store.tables import events, inbound, opinions, tasks


async def open_replies(tx: AsyncConnection, mailbox_id: int, since: datetime) -> list[Any]:
    """Replies to a mailbox since then that a person is asked about and no endpoint was, oldest first."""
    query = (
        sa.select(inbound)
        .join(tasks, tasks.c.inbound_id == inbound.c.id)
        .where(
            tasks.c.kind == TaskKind.REVIEW_REPLY,
            tasks.c.done_at.is_(None),
            inbound.c.mailbox_id == mailbox_id,
            inbound.c.received_at >= since,
            inbound.c.action == Action.ASK,
            inbound.c.enrollment_id.is_not(None),
            ~sa.exists().where(opinions.c.inbound_id == inbound.c.id),
        )
        .order_by(inbound.c.id)
    )
    return list(await tx.execute(query))


async def is_open(tx: AsyncConnection, inbound_id: int) -> bool:
    """Whether a person is still asked what a reply means."""
    query = sa.select(tasks.c.id).where(
        tasks.c.kind == TaskKind.REVIEW_REPLY, tasks.c.inbound_id == inbound_id, tasks.c.done_at.is_(None)
    )
    return (await tx.execute(query.limit(1))).first() is not None


async def last_changed_by(tx: AsyncConnection, enrollment_id: int) -> int | None:
    """The reply that brought an enrollment into its state, None where something else did."""
    query = (
        sa.select(events.c.inbound_id)
        .where(events.c.enrollment_id == enrollment_id, events.c.kind.startswith("enrollment."))
        .order_by(events.c.id.desc())
        .limit(1)
    )
    found: int | None = (await tx.execute(query)).scalar_one_or_none()
    return found


async def count_since(tx: AsyncConnection, since: datetime) -> int:
    """How often an endpoint was asked since then."""
    query = sa.select(sa.func.count()).select_from(opinions).where(opinions.c.at >= since)
    return int((await tx.execute(query)).scalar_one())


async def add(
    tx: AsyncConnection,
    inbound_id: int,
    opinion: Opinion | None,
    *,
    model: str,
    outcome: str,
    at: datetime,
) -> None:
    """Record what was said of a reply, and what came of it."""
    await tx.execute(
        opinions.insert().values(
            inbound_id=inbound_id,
            model=model,
            category=opinion.category if opinion else None,
            confidence=opinion.confidence if opinion else None,
            outcome=outcome,
            at=at,
        )
    )

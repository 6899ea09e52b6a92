"""Something new to tell, what was decided about people, and what became of those who were told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.people import User
from cadence.core.replies import AUTOMATIC
from cadence.store.database import insert
from cadence.store.tables import (
    accounts,
    enrollments,
    events,
    inbound,
    messages,
    news,
    prospects,
)
from cadence.store.users import in_reach

DECLINED = "news.declined"
"""The event that somebody is not to be told of something new; its data say of which."""


@dataclass(frozen=True, slots=True)
class News:
    """Something new. answers: as written; approved_at: of the first yes; told: how many get it."""

    id: int
    answers: str
    story: str
    actor: str
    created_at: datetime
    approved_at: datetime | None
    told: int | None


async def add(tx: AsyncConnection, *, answers: str, story: str, actor: str, now: datetime) -> int:
    """Keep something new until somebody says yes, and give its number."""
    return await insert(tx, news, answers=answers, story=story, actor=actor, created_at=now)


async def get(tx: AsyncConnection, news_id: int) -> News | None:
    """The one of this number."""
    row = (await tx.execute(sa.select(news).where(news.c.id == news_id))).one_or_none()
    return News(*row) if row else None


async def every(tx: AsyncConnection) -> list[News]:
    """All, the newest first."""
    return [News(*row) for row in await tx.execute(sa.select(news).order_by(news.c.id.desc()))]


async def approve(tx: AsyncConnection, news_id: int, count: int, now: datetime) -> None:
    """Record that so many more get it."""
    before = sa.func.coalesce(news.c.told, 0), sa.func.coalesce(news.c.approved_at, now)
    values = {"told": before[0] + count, "approved_at": before[1]}
    await tx.execute(news.update().where(news.c.id == news_id).values(values))


# --- what was decided, and what became of it ---


async def told(
    tx: AsyncConnection, sequence: str, user: User | None, *, before: int | None, limit: int
) -> list[Any]:
    """People within reach who were let into the sequence that tells it, the latest first.

    user: whose reach counts, None for all; before: only older enrollments. Columns: enrollment_id,
    prospect_id, account_id, email, company, state, state_reason (of the enrollment), mail_id, mail, due_at,
    sent_at, outcome (of its mail), reply_id, category (of a person's newest reply).
    """
    newest = sa.select(sa.func.max(inbound.c.id)).where(
        inbound.c.enrollment_id == enrollments.c.id, inbound.c.category.not_in(sorted(AUTOMATIC))
    )
    query = (
        sa.select(
            enrollments.c.id.label("enrollment_id"),
            enrollments.c.prospect_id,
            prospects.c.account_id,
            prospects.c.email,
            accounts.c.name.label("company"),
            enrollments.c.state,
            enrollments.c.state_reason,
            messages.c.id.label("mail_id"),
            messages.c.state.label("mail"),
            messages.c.due_at,
            messages.c.sent_at,
            messages.c.outcome,
            inbound.c.id.label("reply_id"),
            sa.func.coalesce(inbound.c.corrected, inbound.c.category).label("category"),
        )
        .join(prospects, prospects.c.id == enrollments.c.prospect_id)
        .join(accounts, accounts.c.id == prospects.c.account_id)
        .outerjoin(messages, messages.c.enrollment_id == enrollments.c.id)
        .outerjoin(inbound, inbound.c.id == newest.correlate(enrollments).scalar_subquery())
        .where(enrollments.c.sequence == sequence, _reached(user))
        .order_by(enrollments.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(enrollments.c.id < before)
    return list(await tx.execute(query))


async def count_told(tx: AsyncConnection, sequence: str, user: User | None) -> int:
    """How many within reach were let into the sequence that tells it."""
    query = sa.select(sa.func.count()).where(enrollments.c.sequence == sequence, _reached(user))
    return int((await tx.execute(query)).scalar_one())


async def told_at(tx: AsyncConnection, sequence: str, account_ids: Sequence[int]) -> list[Any]:
    """Who of these companies was let into the sequence that tells it, in anybody's reach.

    Columns: prospect_id, account_id.
    """
    query = (
        sa.select(prospects.c.id.label("prospect_id"), prospects.c.account_id)
        .join(enrollments, enrollments.c.prospect_id == prospects.c.id)
        .where(enrollments.c.sequence == sequence, prospects.c.account_id.in_(account_ids))
    )
    return list(await tx.execute(query.distinct()))


def _reached(user: User | None) -> sa.ColumnElement[bool]:
    return sa.true() if user is None else in_reach(enrollments.c.mailbox_id, user)


async def declined(tx: AsyncConnection, news_id: int, account_ids: Sequence[int]) -> dict[int, str]:
    """Who of these companies is not to be told of it, and who said so."""
    query = (
        sa.select(events.c.prospect_id, events.c.why, events.c.data)
        .join(prospects, prospects.c.id == events.c.prospect_id)
        .where(prospects.c.account_id.in_(account_ids), events.c.kind == DECLINED)
    )
    rows = await tx.execute(query.order_by(events.c.id))
    return {row.prospect_id: row.why for row in rows if row.data and row.data["news"] == news_id}

"""Something new to tell, and the lost deals that it may answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.model import EnrollmentState
from cadence.core.replies import AUTOMATIC
from cadence.store.database import insert
from cadence.store.tables import (
    deals,
    enrollments,
    inbound,
    mailboxes,
    messages,
    news,
    prospects,
    suppressions,
)


@dataclass(frozen=True, slots=True)
class News:
    """Something new. answers: as written; told: how many get it, None until somebody said yes."""

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


async def approve(tx: AsyncConnection, news_id: int, now: datetime) -> bool:
    """Record that somebody said yes; False where somebody did before."""
    waiting = news.update().where(news.c.id == news_id, news.c.approved_at.is_(None))
    return bool((await tx.execute(waiting.values(approved_at=now))).rowcount)


async def told(tx: AsyncConnection, news_id: int, count: int) -> None:
    """Record how many get it."""
    await tx.execute(news.update().where(news.c.id == news_id).values(told=count))


# --- whom it may be for ---


async def lost(tx: AsyncConnection, reason: str) -> list[Any]:
    """Deals that may have been lost for a reason, by the rep's words or by a reply."""
    heard = (
        sa.select(enrollments.c.deal_id)
        .join(inbound, inbound.c.enrollment_id == enrollments.c.id)
        .where(sa.cast(inbound.c.verdict, sa.Text).contains(f'"{reason}"', autoescape=True))
    )
    may_be = sa.or_(deals.c.reason.is_not(None), deals.c.missing.is_not(None), deals.c.id.in_(heard))
    return list(await tx.execute(sa.select(deals).where(may_be).order_by(deals.c.id)))


async def said(tx: AsyncConnection, deal_ids: Iterable[int]) -> dict[int, list[Any]]:
    """What people wrote about each of these deals: rows of deal_id and verdict, the newest first."""
    found: dict[int, list[Any]] = {}
    query = (
        sa.select(enrollments.c.deal_id, inbound.c.verdict)
        .join(inbound, inbound.c.enrollment_id == enrollments.c.id)
        .where(enrollments.c.deal_id.in_(list(deal_ids)), inbound.c.category.not_in(sorted(AUTOMATIC)))
        .order_by(inbound.c.id.desc())
    )
    for row in await tx.execute(query):
        found.setdefault(row.deal_id, []).append(row.verdict)
    return found


async def people_of(tx: AsyncConnection, deal_ids: Iterable[int]) -> list[Any]:
    """Everybody ever enrolled for these deals, by their latest enrollment; who answered last first.

    Columns: enrollment_id, prospect_id, account_id, deal_id, email, status, unreachable, mailbox, suppressed,
    paused, last_mail, last_reply.
    """
    latest = (
        sa.select(sa.func.max(enrollments.c.id))
        .where(enrollments.c.deal_id.in_(list(deal_ids)))
        .group_by(enrollments.c.prospect_id)
    )
    live = enrollments.alias("live")
    paused = sa.select(sa.func.coalesce(sa.func.max(live.c.state_reason), "")).where(
        live.c.prospect_id == prospects.c.id, live.c.state == EnrollmentState.PAUSED
    )
    resting = paused.having(sa.func.count() > 0).scalar_subquery()
    written = sa.select(sa.func.max(messages.c.sent_at)).where(
        messages.c.account_id == prospects.c.account_id
    )
    replied = sa.select(sa.func.max(inbound.c.received_at)).where(
        inbound.c.prospect_id == prospects.c.id, inbound.c.category.not_in(sorted(AUTOMATIC))
    )
    query = (
        sa.select(
            enrollments.c.id.label("enrollment_id"),
            prospects.c.id.label("prospect_id"),
            prospects.c.account_id,
            enrollments.c.deal_id,
            prospects.c.email,
            prospects.c.status,
            prospects.c.unreachable,
            mailboxes.c.address.label("mailbox"),
            suppressions.c.reason.label("suppressed"),
            resting.label("paused"),
            written.scalar_subquery().label("last_mail"),
            replied.scalar_subquery().label("last_reply"),
        )
        .join(prospects, prospects.c.id == enrollments.c.prospect_id)
        .join(mailboxes, mailboxes.c.id == enrollments.c.mailbox_id)
        .outerjoin(suppressions, suppressions.c.email_key == prospects.c.email_key)
        .where(enrollments.c.id.in_(latest))
    )
    rows = list(await tx.execute(query))
    answered = sorted((row for row in rows if row.last_reply), key=lambda row: row.last_reply, reverse=True)
    return answered + sorted((row for row in rows if not row.last_reply), key=lambda row: row.enrollment_id)

"""Something new to tell, and the lost deals that it may answer."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.model import EnrollmentState
from cadence.core.people import User
from cadence.core.replies import AUTOMATIC, LossReason
from cadence.store.database import insert
from cadence.store.tables import (
    accounts,
    deals,
    enrollments,
    events,
    inbound,
    mailboxes,
    messages,
    news,
    prospects,
    suppressions,
)
from cadence.store.users import in_reach

DECLINED = "news.declined"
"""The event that somebody is not to be told of something new; its data say of which."""
_AT_ONCE = 1000
"""Ids in one statement."""


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


# --- whom it may be for ---


async def lost(tx: AsyncConnection, reason: str, user: User | None, *, by_words: bool) -> list[Any]:
    """Deals within reach that may have been lost for a reason, by the rep's words or by a reply.

    user: whose reach counts, None for all; by_words: also those of no known reason, whose words may tell.
    """
    heard = (
        sa.select(enrollments.c.deal_id)
        .join(inbound, inbound.c.enrollment_id == enrollments.c.id)
        .where(sa.cast(inbound.c.verdict, sa.Text).contains(f'"{reason}"', autoescape=True))
    )
    may_be = [deals.c.reason == reason, deals.c.id.in_(heard)]
    if by_words:
        own_words = sa.and_(deals.c.reason.is_not(None), deals.c.reason.not_in(list(LossReason)))
        may_be.append(sa.or_(own_words, sa.and_(deals.c.reason.is_(None), deals.c.missing.is_not(None))))
    query = sa.select(deals).where(sa.or_(*may_be))
    if user is not None:
        mine = sa.select(enrollments.c.deal_id).where(in_reach(enrollments.c.mailbox_id, user))
        query = query.where(deals.c.id.in_(mine))
    return list(await tx.execute(query.order_by(deals.c.id)))


async def said(tx: AsyncConnection, deal_ids: Iterable[int]) -> dict[int, list[Any]]:
    """What people wrote about each of these deals: verdicts, the newest first."""
    found: dict[int, list[Any]] = {}
    for ids in _parts(deal_ids):
        query = (
            sa.select(enrollments.c.deal_id, inbound.c.verdict)
            .join(inbound, inbound.c.enrollment_id == enrollments.c.id)
            .where(enrollments.c.deal_id.in_(ids), inbound.c.category.not_in(sorted(AUTOMATIC)))
            .order_by(inbound.c.id.desc())
        )
        for row in await tx.execute(query):
            found.setdefault(row.deal_id, []).append(row.verdict)
    return found


async def people_of(tx: AsyncConnection, deal_ids: Iterable[int], user: User | None) -> list[Any]:
    """Everybody within reach who was ever enrolled for these deals, by their latest enrollment; who answered
    last first.

    Columns: enrollment_id, prospect_id, account_id, deal_id, email, status, unreachable, mailbox, suppressed,
    paused, last_mail, last_reply.
    """
    found: dict[int, Any] = {}
    for ids in _parts(deal_ids):
        for row in await tx.execute(_people(ids, user)):
            if row.prospect_id not in found or found[row.prospect_id].enrollment_id < row.enrollment_id:
                found[row.prospect_id] = row
    rows = found.values()
    answered = sorted((row for row in rows if row.last_reply), key=lambda row: row.last_reply, reverse=True)
    return answered + sorted((row for row in rows if not row.last_reply), key=lambda row: row.enrollment_id)


def _people(deal_ids: Sequence[int], user: User | None) -> sa.Select[Any]:
    latest = (
        sa.select(sa.func.max(enrollments.c.id))
        .where(enrollments.c.deal_id.in_(deal_ids))
        .group_by(enrollments.c.prospect_id)
    )
    live = enrollments.alias("live")
    paused = sa.select(sa.func.coalesce(sa.func.max(live.c.state_reason), "")).where(
        live.c.prospect_id == prospects.c.id, live.c.state == EnrollmentState.PAUSED
    )
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
            paused.having(sa.func.count() > 0).scalar_subquery().label("paused"),
            written.scalar_subquery().label("last_mail"),
            replied.scalar_subquery().label("last_reply"),
        )
        .join(prospects, prospects.c.id == enrollments.c.prospect_id)
        .join(mailboxes, mailboxes.c.id == enrollments.c.mailbox_id)
        .outerjoin(suppressions, suppressions.c.email_key == prospects.c.email_key)
        .where(enrollments.c.id.in_(latest))
    )
    return query if user is None else query.where(in_reach(enrollments.c.mailbox_id, user))


async def stories_of(tx: AsyncConnection, account_ids: Iterable[int]) -> dict[int, set[str]]:
    """The stories that anybody at each of these companies got, or may have got."""
    found: dict[int, set[str]] = {}
    for ids in _parts(account_ids):
        query = sa.select(messages.c.account_id, messages.c.story).where(
            messages.c.account_id.in_(ids), messages.c.story.is_not(None), messages.c.sent_at.is_not(None)
        )
        for account_id, story in await tx.execute(query.distinct()):
            found.setdefault(account_id, set()).add(story)
    return found


async def reasons_of(tx: AsyncConnection, prospect_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Why we lost in each person's own words, each reason once, the first named first."""
    found: dict[int, dict[str, None]] = {}
    for ids in _parts(prospect_ids):
        query = sa.select(inbound.c.prospect_id, inbound.c.verdict).where(
            inbound.c.prospect_id.in_(ids), inbound.c.verdict.is_not(None)
        )
        for row in await tx.execute(query.order_by(inbound.c.id)):
            found.setdefault(row.prospect_id, {}).update(dict.fromkeys(row.verdict["loss_reasons"]))
    return {prospect_id: tuple(reasons) for prospect_id, reasons in found.items()}


# --- what was decided, and what became of it ---


async def told(tx: AsyncConnection, sequence: str) -> list[Any]:
    """Everybody who was let into the sequence that tells it, the latest first.

    Columns: prospect_id, account_id, mailbox_id, email, company, state, state_reason (of the enrollment),
    mail_id, mail, due_at, sent_at, outcome (of its mail), reply_id, category (of a person's newest reply).
    """
    newest = sa.select(sa.func.max(inbound.c.id)).where(
        inbound.c.enrollment_id == enrollments.c.id, inbound.c.category.not_in(sorted(AUTOMATIC))
    )
    query = (
        sa.select(
            enrollments.c.prospect_id,
            enrollments.c.mailbox_id,
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
        .where(enrollments.c.sequence == sequence)
        .order_by(enrollments.c.id.desc())
    )
    return list(await tx.execute(query))


async def declined(tx: AsyncConnection, news_id: int, prospect_ids: Iterable[int]) -> dict[int, str]:
    """Which of these people are not to be told of it, and who said so."""
    found: dict[int, str] = {}
    for ids in _parts(prospect_ids):
        query = sa.select(events.c.prospect_id, events.c.why, events.c.data).where(
            events.c.prospect_id.in_(ids), events.c.kind == DECLINED
        )
        for row in await tx.execute(query.order_by(events.c.id)):
            if row.data and row.data["news"] == news_id:
                found[row.prospect_id] = row.why
    return found


def _parts(ids: Iterable[int]) -> Iterator[list[int]]:
    every = sorted(set(ids))
    for start in range(0, len(every), _AT_ONCE):
        yield every[start : start + _AT_ONCE]

"""People of deals that were lost: why, in whose words, and where they stand now, company by company.

Every statement is about companies that are named, so what it costs follows from how many they are.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.model import EnrollmentState
from cadence.core.people import User
from cadence.core.replies import AUTOMATIC, LossReason
from cadence.store.tables import (
    accounts,
    deals,
    enrollments,
    inbound,
    mailboxes,
    messages,
    prospects,
    suppressions,
)
from cadence.store.users import in_reach

_AT_ONCE = 1000
"""Ids in one statement."""


async def companies(tx: AsyncConnection, *, after: int, limit: int) -> list[int]:
    """The ids of the next companies behind this one."""
    query = sa.select(accounts.c.id).where(accounts.c.id > after).order_by(accounts.c.id).limit(limit)
    return list((await tx.execute(query)).scalars())


async def count_companies(tx: AsyncConnection) -> int:
    """How many there are."""
    return int((await tx.execute(sa.select(sa.func.count()).select_from(accounts))).scalar_one())


async def companies_of(tx: AsyncConnection, prospect_ids: Iterable[int]) -> list[int]:
    """The ids of the companies of these people."""
    found: set[int] = set()
    for ids in _parts(prospect_ids):
        query = sa.select(prospects.c.account_id).where(prospects.c.id.in_(ids))
        found.update((await tx.execute(query)).scalars())
    return sorted(found)


async def lost(
    tx: AsyncConnection, account_ids: Sequence[int], reason: str, user: User | None, *, by_words: bool
) -> list[Any]:
    """Deals of people at these companies that may have been lost for a reason, by the rep's words or a reply.

    user: whose reach counts, None for all; by_words: also those of no known reason, whose words may tell.
    """
    theirs = (
        sa.select(enrollments.c.deal_id)
        .join(prospects, prospects.c.id == enrollments.c.prospect_id)
        .where(prospects.c.account_id.in_(account_ids))
        .distinct()
    )
    mine = theirs if user is None else theirs.where(in_reach(enrollments.c.mailbox_id, user))
    ids = list((await tx.execute(mine)).scalars())
    heard = theirs.join(inbound, inbound.c.enrollment_id == enrollments.c.id).where(
        sa.cast(inbound.c.verdict, sa.Text).contains(f'"{reason}"', autoescape=True)
    )
    may_be = [deals.c.reason == reason, deals.c.id.in_(list((await tx.execute(heard)).scalars()))]
    if by_words:
        own_words = sa.and_(deals.c.reason.is_not(None), deals.c.reason.not_in(list(LossReason)))
        may_be.append(sa.or_(own_words, sa.and_(deals.c.reason.is_(None), deals.c.missing.is_not(None))))
    return [
        row
        for some in _parts(ids)
        for row in await tx.execute(sa.select(deals).where(deals.c.id.in_(some), sa.or_(*may_be)))
    ]


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


async def people_of(
    tx: AsyncConnection, account_ids: Sequence[int], deal_ids: Iterable[int], user: User | None
) -> list[Any]:
    """Everybody within reach at these companies who was ever enrolled for these deals, by their latest
    enrollment; who answered last first.

    Columns: enrollment_id, prospect_id, account_id, deal_id, email, status, unreachable, mailbox, suppressed,
    paused, last_mail, last_reply.
    """
    found: dict[int, Any] = {}
    for ids in _parts(deal_ids):
        for row in await tx.execute(_people(account_ids, ids, user)):
            if row.prospect_id not in found or found[row.prospect_id].enrollment_id < row.enrollment_id:
                found[row.prospect_id] = row
    rows = found.values()
    answered = sorted((row for row in rows if row.last_reply), key=lambda row: row.last_reply, reverse=True)
    return answered + sorted((row for row in rows if not row.last_reply), key=lambda row: row.enrollment_id)


def _people(account_ids: Sequence[int], deal_ids: Sequence[int], user: User | None) -> sa.Select[Any]:
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
        .where(enrollments.c.id.in_(latest), prospects.c.account_id.in_(account_ids))
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


def _parts(ids: Iterable[int]) -> Iterator[list[int]]:
    every = sorted(set(ids))
    for start in range(0, len(every), _AT_ONCE):
        yield every[start : start + _AT_ONCE]

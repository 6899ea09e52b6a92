"""Companies as wholes: the next mail to anybody there, why deals were lost, and what of it is covered."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.model import ProspectStatus
from cadence.core.people import User
from cadence.core.replies import AUTOMATIC
from cadence.store.enrollments import LIVE
from cadence.store.messages import OPEN
from cadence.store.tables import accounts, covered, deals, enrollments, inbound, messages, prospects
from cadence.store.users import in_reach

_DUE = (
    sa.select(
        sa.func.min(
            sa.case((messages.c.wake_at.is_not(None), messages.c.due_at), else_=enrollments.c.resume_at)
        )
    )
    .join(enrollments, enrollments.c.id == messages.c.enrollment_id)
    .where(
        messages.c.account_id == accounts.c.id,
        messages.c.state.in_(OPEN),
        enrollments.c.state.in_(LIVE),
    )
    .correlate(accounts)
    .scalar_subquery()
)
_LAST = (
    sa.select(sa.func.max(messages.c.sent_at))
    .where(messages.c.account_id == accounts.c.id)
    .correlate(accounts)
    .scalar_subquery()
)
_COMPANIES = sa.select(accounts, _DUE.label("next_at"), _LAST.label("last_at"))


async def named(tx: AsyncConnection, name: str) -> list[Any]:
    """Companies of this name or domain, in whatever case; with next_at and last_at."""
    key = " ".join(name.casefold().split())
    same = sa.or_(accounts.c.key == key, sa.func.lower(accounts.c.name) == key, accounts.c.domain == key)
    return list(await tx.execute(_COMPANIES.where(same).order_by(accounts.c.id)))


async def get(tx: AsyncConnection, account_id: int) -> Any | None:
    """The company of this id, with next_at and last_at."""
    return (await tx.execute(_COMPANIES.where(accounts.c.id == account_id))).one_or_none()


async def silent(
    tx: AsyncConnection,
    until: datetime,
    user: User | None = None,
    *,
    after: tuple[datetime | None, int] | None = None,
    limit: int | None = None,
) -> list[Any]:
    """Companies with an open deal and no mail due before then, those silent for longest first.

    user: whose reach counts, None for all; after: last_at and id of the one before, None for the first.
    """
    is_open = sa.select(deals.c.account_id).where(deals.c.outcome.is_(None))
    if user is not None:
        is_open = is_open.where(_within(deals.c.id, enrollments.c.deal_id, user))
    found = _COMPANIES.where(accounts.c.id.in_(is_open)).subquery()
    query = sa.select(found).where(sa.or_(found.c.next_at.is_(None), found.c.next_at > until))
    if after is not None:
        query = query.where(_behind(found.c.last_at, found.c.id, *after))
    return list(
        await tx.execute(query.order_by(found.c.last_at.asc().nulls_first(), found.c.id).limit(limit))
    )


def _behind(
    last_at: sa.ColumnElement[datetime], id_: sa.ColumnElement[int], at: datetime | None, before: int
) -> sa.ColumnElement[bool]:
    if at is None:
        return sa.or_(last_at.is_not(None), id_ > before)
    return sa.or_(last_at > at, sa.and_(last_at == at, id_ > before))


async def deals_of(tx: AsyncConnection, account_id: int, user: User | None = None) -> list[Any]:
    """The deals of a company within reach, the newest first."""
    query = sa.select(deals).where(deals.c.account_id == account_id)
    if user is not None:
        query = query.where(_within(deals.c.id, enrollments.c.deal_id, user))
    return list(await tx.execute(query.order_by(deals.c.lost_at.desc(), deals.c.id.desc())))


async def people_of(tx: AsyncConnection, account_id: int, user: User | None = None) -> list[Any]:
    """The people of a company within reach who were not erased."""
    query = sa.select(prospects).where(
        prospects.c.account_id == account_id, prospects.c.status != ProspectStatus.FORGOTTEN
    )
    if user is not None:
        query = query.where(_within(prospects.c.id, enrollments.c.prospect_id, user))
    return list(await tx.execute(query.order_by(prospects.c.id)))


def _within(column: sa.ColumnElement[int], of: sa.ColumnElement[int], user: User) -> sa.ColumnElement[bool]:
    """Whether an enrollment within reach is about what a column names."""
    return sa.exists().where(of == column, in_reach(enrollments.c.mailbox_id, user))


async def said_of(tx: AsyncConnection, deal_ids: Iterable[int], user: User | None = None) -> list[Any]:
    """Replies about deals that people wrote, oldest first: deal_id, id, sender, received_at, verdict."""
    query = (
        sa.select(
            enrollments.c.deal_id, inbound.c.id, inbound.c.sender, inbound.c.received_at, inbound.c.verdict
        )
        .join(inbound, inbound.c.enrollment_id == enrollments.c.id)
        .where(enrollments.c.deal_id.in_(list(deal_ids)), inbound.c.category.not_in(sorted(AUTOMATIC)))
    )
    if user is not None:
        query = query.where(in_reach(enrollments.c.mailbox_id, user))
    return list(await tx.execute(query.order_by(inbound.c.id)))


async def covered_of(tx: AsyncConnection, account_id: int) -> dict[str, Any]:
    """Reason → what somebody said of it: note, covered_on, actor."""
    query = sa.select(covered).where(covered.c.account_id == account_id).order_by(covered.c.id)
    return {row.reason: row for row in await tx.execute(query)}


async def cover(tx: AsyncConnection, account_id: int, reason: str, **said: Any) -> None:
    """Keep that a reason is covered, in place of what was said before. said: see `covered_of`, and at."""
    await uncover(tx, account_id, reason)
    await tx.execute(covered.insert().values(account_id=account_id, reason=reason, **said))


async def uncover(tx: AsyncConnection, account_id: int, reason: str) -> bool:
    """A reason is not covered; False where nobody had said that it is."""
    same = (covered.c.account_id == account_id, covered.c.reason == reason)
    return bool((await tx.execute(covered.delete().where(*same))).rowcount)

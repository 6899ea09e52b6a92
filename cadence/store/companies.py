"""Companies as wholes: the next mail to anybody there, why deals were lost, and what of it is covered."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.model import ProspectStatus
from cadence.core.people import User
from cadence.core.replies import AUTOMATIC
from cadence.core.rights import REACH, Reach
from cadence.store.deal_lists import walked
from cadence.store.enrollments import LIVE
from cadence.store.messages import OPEN
from cadence.store.tables import accounts, covered, deals, enrollments, inbound, messages, prospects
from cadence.store.users import in_reach, reached_mailboxes

LOOKED = 1000
"""Deals that are looked at for one part of the list of silent companies."""

_DUE_AT = sa.case((messages.c.wake_at.is_not(None), messages.c.due_at), else_=enrollments.c.resume_at)
_WAITING = (
    sa.select(messages.c.id)
    .join(enrollments, enrollments.c.id == messages.c.enrollment_id)
    .where(
        messages.c.account_id == accounts.c.id,
        messages.c.state.in_(OPEN),
        enrollments.c.state.in_(LIVE),
    )
    .correlate(accounts)
)
_DUE = _WAITING.with_only_columns(sa.func.min(_DUE_AT))
_LAST = (
    sa.select(sa.func.max(messages.c.sent_at))
    .where(messages.c.account_id == accounts.c.id)
    .correlate(accounts)
    .scalar_subquery()
)
_COMPANIES = sa.select(accounts, _DUE.scalar_subquery().label("next_at"), _LAST.label("last_at"))


async def named(tx: AsyncConnection, name: str) -> list[Any]:
    """Companies of this name or domain, in whatever case; with next_at and last_at."""
    key = " ".join(name.casefold().split())
    same = sa.or_(accounts.c.key == key, sa.func.lower(accounts.c.name) == key, accounts.c.domain == key)
    return list(await tx.execute(_COMPANIES.where(same).order_by(accounts.c.id)))


async def get(tx: AsyncConnection, account_id: int) -> Any | None:
    """The company of this id, with next_at and last_at."""
    return (await tx.execute(_COMPANIES.where(accounts.c.id == account_id))).one_or_none()


async def silent(
    tx: AsyncConnection, until: datetime, user: User | None, *, before: int | None, limit: int
) -> tuple[list[Any], int | None]:
    """Companies with an open deal and no mail due until then, the newest deal first; where to look on.

    user: whose reach counts, None for all; before: only older deals than this id. At most LOOKED deals are
    looked at, so that it costs the same where silence is rare: there may be more behind a part that is short.
    Columns: as of `get`, and deal_id. The second value is None at the end, else `before` of the next part.
    """
    boxes = None if user is None or REACH[user.role] is Reach.ALL else await reached_mailboxes(tx, user)
    if boxes == ():
        return [], None
    window = walked(boxes, before=before, limit=LOOKED).subquery()
    found = list(await tx.execute(_silent_among(window, boxes, until).limit(limit + 1)))
    if len(found) > limit:
        return found[:limit], found[limit - 1].deal_id
    edge = sa.select(sa.func.min(window.c.id), sa.func.count())
    last, looked = (await tx.execute(edge)).one()
    return found, last if looked == LOOKED else None


def _silent_among(window: sa.Subquery, boxes: Iterable[int] | None, until: datetime) -> sa.Select[Any]:
    """The silent companies of some deals, each by the newest of its open deals."""
    newer = deals.alias("newer")
    same = [newer.c.account_id == accounts.c.id, newer.c.outcome.is_(None), newer.c.id > window.c.id]
    if boxes is not None:
        theirs = enrollments.c.deal_id == newer.c.id, enrollments.c.mailbox_id.in_(boxes)
        same.append(sa.exists().where(*theirs))
    return (
        _COMPANIES.add_columns(window.c.id.label("deal_id"))
        .join(deals, deals.c.account_id == accounts.c.id)
        .join(window, window.c.id == deals.c.id)
        .where(deals.c.outcome.is_(None))
        .where(~sa.exists().where(*same), ~_WAITING.where(until >= _DUE_AT).exists())
        .order_by(window.c.id.desc())
    )


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

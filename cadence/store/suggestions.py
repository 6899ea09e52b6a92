"""People who were named in replies: by whom, in which words, and for which deal they were enrolled."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.address import normalize
from cadence.core.errors import InvalidInput
from cadence.core.model import TaskKind
from cadence.core.people import User
from cadence.store.tables import (
    accounts,
    deals,
    enrollments,
    events,
    inbound,
    mailboxes,
    prospects,
    suggestions,
    tasks,
)
from cadence.store.users import in_reach

DISMISSED = "suggestion.dismissed"
"""The event that somebody is left alone; its data say who."""
_ASKED = (TaskKind.REFERRAL, TaskKind.SUCCESSOR)


@dataclass(frozen=True, slots=True)
class Source:
    """Who named somebody, in a reply about which deal. email: as the reply was sent; name: where it is known;
    words: what the reply newly says; mailbox: of the rep who wrote to them.
    """

    prospect_id: int
    enrollment_id: int
    inbound_id: int
    email: str
    name: str | None
    status: str
    company: str
    deal: str
    product: str | None
    mailbox: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody named in a reply. kind: referral or successor; deal_id: for which they were enrolled;
    dismissed: who said that they are left alone.
    """

    id: int
    kind: str
    name: str | None
    email: str | None
    company: str | None
    deal_id: int | None
    source: Source
    dismissed: str | None = None


_FOUND = (
    sa.select(
        suggestions,
        inbound.c.sender,
        inbound.c.verdict,
        inbound.c.received_at,
        enrollments.c.id.label("enrollment_id"),
        prospects.c.id.label("prospect_id"),
        prospects.c.email_key,
        prospects.c.first_name,
        prospects.c.last_name,
        prospects.c.status,
        accounts.c.name.label("account"),
        deals.c.name.label("deal"),
        deals.c.product,
        mailboxes.c.address.label("mailbox"),
    )
    .join(inbound, inbound.c.id == suggestions.c.inbound_id)
    .join(enrollments, enrollments.c.id == inbound.c.enrollment_id)
    .join(prospects, prospects.c.id == enrollments.c.prospect_id)
    .join(accounts, accounts.c.id == prospects.c.account_id)
    .join(deals, deals.c.id == enrollments.c.deal_id)
    .join(mailboxes, mailboxes.c.id == enrollments.c.mailbox_id)
    .order_by(suggestions.c.id)
)


async def waiting(tx: AsyncConnection, user: User | None = None) -> list[Suggestion]:
    """Those who were neither enrolled nor left alone, and about whom a person still is asked.

    user: whose reach counts, None for all.
    """
    asked = sa.select(tasks.c.inbound_id).where(tasks.c.done_at.is_(None), tasks.c.kind.in_(_ASKED))
    found = await _all(
        tx, suggestions.c.deal_id.is_(None), suggestions.c.inbound_id.in_(asked), *_within(user)
    )
    return [one for one in found if one.dismissed is None]


async def every(
    tx: AsyncConnection, user: User | None = None, *, before: int | None = None, limit: int | None = None
) -> list[Suggestion]:
    """Everybody who was ever named. before: only older ones than this id; limit: the newest so many."""
    where = [] if before is None else [suggestions.c.id < before]
    if limit is not None:
        theirs = _FOUND.with_only_columns(suggestions.c.id).where(*where, *_within(user))
        newest = theirs.order_by(None).order_by(suggestions.c.id.desc()).limit(limit)
        where = [suggestions.c.id.in_(newest)]
    return await _all(tx, *where, *_within(user))


async def find(tx: AsyncConnection, suggestion_id: int, user: User | None = None) -> Suggestion | None:
    """The one of this id, where it is within reach."""
    return next(iter(await _all(tx, suggestions.c.id == suggestion_id, *_within(user))), None)


def _within(user: User | None) -> tuple[sa.ColumnElement[bool], ...]:
    return () if user is None else (in_reach(enrollments.c.mailbox_id, user),)


async def of_reply(tx: AsyncConnection, inbound_id: int) -> list[Suggestion]:
    """Everybody whom a reply named."""
    return await _all(tx, suggestions.c.inbound_id == inbound_id)


async def that_brought(tx: AsyncConnection, deal_id: int) -> list[Suggestion]:
    """Those by which a deal began."""
    return await _all(tx, suggestions.c.deal_id == deal_id)


async def enrolled(tx: AsyncConnection, suggestion_id: int, deal_id: int) -> None:
    """Keep for which deal somebody was enrolled."""
    await tx.execute(suggestions.update().where(suggestions.c.id == suggestion_id).values(deal_id=deal_id))


async def _all(tx: AsyncConnection, *where: sa.ColumnElement[bool]) -> list[Suggestion]:
    rows = list(await tx.execute(_FOUND.where(*where)))
    people = {row.prospect_id for row in rows}
    query = sa.select(events.c.why, events.c.data).where(
        events.c.prospect_id.in_(people), events.c.kind == DISMISSED
    )
    dismissed = {row.data["suggestion"]: row.why for row in await tx.execute(query) if row.data}
    return [_read(row, dismissed.get(row.id)) for row in rows]


def _read(row: Any, dismissed: str | None) -> Suggestion:
    source = Source(
        prospect_id=row.prospect_id,
        enrollment_id=row.enrollment_id,
        inbound_id=row.inbound_id,
        email=row.sender or row.email_key,
        name=_name(row),
        status=row.status,
        company=row.account,
        deal=row.deal,
        product=row.product,
        mailbox=row.mailbox,
        at=row.received_at,
        words=row.verdict["text"] if row.verdict else "",
    )
    return Suggestion(row.id, row.kind, row.name, row.email, row.company, row.deal_id, source, dismissed)


def _name(row: Any) -> str | None:
    """The prospect's, unless somebody else answered in their thread."""
    try:
        is_theirs = row.sender is None or normalize(row.sender) == row.email_key
    except InvalidInput:
        is_theirs = False
    name = " ".join(part for part in (row.first_name, row.last_name) if part)
    return name if is_theirs and name else None

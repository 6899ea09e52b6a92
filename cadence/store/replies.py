"""Received mails as pages show them: filtered, newest first, in somebody's reach.

Whose a reply is follows from its enrollment, or else from the mailbox that got it. However many there are,
one look goes through a bounded number of them, so that no filter makes it slow.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.people import User
from cadence.core.replies import Category
from cadence.core.rights import REACH, Reach
from cadence.store.tables import accounts, enrollments, events, inbound, mailboxes, prospects, tasks
from cadence.store.users import in_reach

LOOKED_THROUGH = 3_000
"""Replies at a time that are compared with the filters; older ones are looked through on demand."""
SHORT = 64_000
"""Bytes of a compressed mail."""

_meant = sa.func.coalesce(inbound.c.corrected, inbound.c.category)
_needs = sa.exists().where(tasks.c.inbound_id == inbound.c.id, tasks.c.done_at.is_(None))
_COLUMNS = [column for column in inbound.c if column.name != "raw"]
_JOINED = (
    inbound.outerjoin(enrollments, enrollments.c.id == inbound.c.enrollment_id)
    .outerjoin(prospects, prospects.c.id == inbound.c.prospect_id)
    .outerjoin(accounts, accounts.c.id == prospects.c.account_id)
    .join(mailboxes, mailboxes.c.id == inbound.c.mailbox_id)
)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which replies are wanted. category: as it counts now; words: in sender, subject or text."""

    category: Category | None = None
    needs_person: bool = False
    mailbox_id: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Some replies, and the id of the last one looked at, None at the end."""

    rows: Sequence[Any]
    looked_until: int | None


async def page(
    tx: AsyncConnection, user: User, wanted: Filter, *, before: int | None = None, limit: int
) -> Found:
    """Some replies in somebody's reach, newest first; before: only older ones than the one of this id."""
    within = await _within(tx, user, wanted)
    looked = _asked_about(within) if wanted.needs_person else sa.select(inbound.c.id).where(*within)
    (number,) = looked.selected_columns
    if before is not None:
        looked = looked.where(number < before)
    window = looked.order_by(number.desc()).limit(LOOKED_THROUGH).subquery()
    query = (
        sa.select(*_COLUMNS, *_beside())
        .select_from(_JOINED.join(window, window.c.id == inbound.c.id))
        .where(*_matching(wanted))
        .order_by(inbound.c.id.desc())
        .limit(limit)
    )
    rows = list(await tx.execute(query))
    if len(rows) == limit:
        return Found(rows, rows[-1].id)
    last = (await tx.execute(sa.select(sa.func.min(window.c.id), sa.func.count()))).one()
    return Found(rows, last[0] if last[1] == LOOKED_THROUGH else None)


async def find(tx: AsyncConnection, user: User, inbound_id: int) -> Any | None:
    """One reply in somebody's reach, without the mail itself."""
    query = sa.select(*_COLUMNS, *_beside()).select_from(_JOINED)
    return (await tx.execute(query.where(inbound.c.id == inbound_id, _reach(user)))).one_or_none()


async def packed(tx: AsyncConnection, inbound_ids: Iterable[int]) -> list[Any]:
    """Short mails of these, as they are kept: id, raw, verdict; a long one is not worth the time."""
    query = sa.select(inbound.c.id, inbound.c.raw, inbound.c.verdict).where(
        inbound.c.id.in_(list(inbound_ids)), sa.func.length(inbound.c.raw) <= SHORT
    )
    return list(await tx.execute(query))


async def events_of(tx: AsyncConnection, prospect_id: int, inbound_id: int) -> list[Any]:
    """What a reply did, oldest first."""
    query = sa.select(events.c.at, events.c.kind, events.c.why).where(
        events.c.prospect_id == prospect_id, events.c.inbound_id == inbound_id
    )
    return list(await tx.execute(query.order_by(events.c.id)))


async def mailboxes_of(tx: AsyncConnection, user: User) -> list[Any]:
    """The mailboxes in somebody's reach that may hold replies: id, address."""
    query = sa.select(mailboxes.c.id, mailboxes.c.address).where(in_reach(mailboxes.c.id, user))
    return list(await tx.execute(query.order_by(mailboxes.c.address)))


def _beside() -> list[sa.ColumnElement[Any]]:
    return [
        _meant.label("meant"),
        _needs.label("needs_person"),
        prospects.c.email,
        prospects.c.first_name,
        prospects.c.last_name,
        prospects.c.title,
        prospects.c.status,
        accounts.c.name.label("account"),
        enrollments.c.state,
        enrollments.c.state_reason,
        enrollments.c.sequence,
        mailboxes.c.address.label("mailbox"),
    ]


def _reach(user: User) -> sa.ColumnElement[bool]:
    return sa.or_(in_reach(inbound.c.mailbox_id, user), in_reach(enrollments.c.mailbox_id, user))


def _asked_about(within: list[sa.ColumnElement[bool]]) -> sa.Select[tuple[int]]:
    """The replies because of which somebody is asked: few of all, in the order of ix_tasks_waiting.

    within: conditions of replies; without any, no reply is looked at: the planner would walk along all.
    """
    number = tasks.c.inbound_id.label("id")
    asked = sa.select(number).distinct().where(tasks.c.done_at.is_(None), number.is_not(None))
    return asked.join(inbound, inbound.c.id == tasks.c.inbound_id).where(*within) if within else asked


async def _within(tx: AsyncConnection, user: User, wanted: Filter) -> list[sa.ColumnElement[bool]]:
    """Conditions that an index answers: what is looked through."""
    where: list[sa.ColumnElement[bool]] = []
    if wanted.mailbox_id is not None:
        where.append(inbound.c.mailbox_id == wanted.mailbox_id)
    if REACH[user.role] is Reach.ALL:
        return where
    ours = sa.select(mailboxes.c.id).where(in_reach(mailboxes.c.id, user))
    own = set((await tx.execute(ours)).scalars())
    through = sa.select(enrollments.c.executive_mailbox_id).where(
        enrollments.c.mailbox_id.in_(own), enrollments.c.executive_mailbox_id.is_not(None)
    )
    others = set((await tx.execute(through.distinct())).scalars()) - own
    theirs = sa.and_(
        inbound.c.mailbox_id.in_(others),
        inbound.c.enrollment_id.in_(sa.select(enrollments.c.id).where(enrollments.c.mailbox_id.in_(own))),
    )
    mine = inbound.c.mailbox_id.in_(own)
    return [*where, sa.or_(mine, theirs) if others else mine]


def _matching(wanted: Filter) -> list[sa.ColumnElement[bool]]:
    """Conditions that are looked up in each reply."""
    where: list[sa.ColumnElement[bool]] = []
    if wanted.category is not None:
        where.append(_meant == wanted.category)
    for word in wanted.words.split():
        places = (inbound.c.sender, inbound.c.subject, prospects.c.email, accounts.c.name)
        said = inbound.c.verdict["text"].as_string()
        where.append(sa.or_(*(place.icontains(word, autoescape=True) for place in (*places, said))))
    return where

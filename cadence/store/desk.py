"""What waits for people, as pages show it: open tasks with whom and what they are about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.jobs import TOLD
from cadence.core.model import EnrollmentState, TaskKind
from cadence.core.people import User
from cadence.core.replies import Category
from cadence.store.tables import (
    accounts,
    deals,
    enrollments,
    inbound,
    jobs,
    letters,
    mailboxes,
    messages,
    prospects,
    tasks,
)
from cadence.store.tasks import URGENCY
from cadence.store.users import in_reach

OF_MAILBOX = sa.func.coalesce(
    tasks.c.mailbox_id, enrollments.c.mailbox_id, inbound.c.mailbox_id, messages.c.mailbox_id
)
"""Whose a task is follows from a mailbox: its own, or that of what it is about."""

ABOUT = (
    tasks.outerjoin(enrollments, enrollments.c.id == tasks.c.enrollment_id)
    .outerjoin(inbound, inbound.c.id == tasks.c.inbound_id)
    .outerjoin(messages, messages.c.id == tasks.c.message_id)
)
_IN_FULL = (
    ABOUT.outerjoin(prospects, prospects.c.id == tasks.c.prospect_id)
    .outerjoin(accounts, accounts.c.id == prospects.c.account_id)
    .outerjoin(deals, deals.c.id == enrollments.c.deal_id)
    .outerjoin(mailboxes, mailboxes.c.id == OF_MAILBOX)
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One task. words: what the reply newly says; category: as it counts now; written_at: when a person
    answered the reply from here; mailbox_fault: why the mailbox does not work.
    """

    id: int
    kind: TaskKind
    text: str
    created_at: datetime
    done_at: datetime | None
    snoozed_until: datetime | None
    mailbox_id: int | None
    mailbox: str | None
    mailbox_fault: str | None
    prospect_id: int | None
    email: str | None
    name: str | None
    title: str | None
    account: str | None
    deal: str | None
    amount: str | None
    enrollment_id: int | None
    state: EnrollmentState | None
    sequence: str | None
    message_id: int | None
    step: str | None
    sent_at: datetime | None
    outcome: str | None
    inbound_id: int | None
    sender: str | None
    subject: str | None
    received_at: datetime | None
    category: Category | None
    confidence: float | None
    words: str
    written_at: datetime | None


def _open(user: User, now: datetime, *, put_off: bool) -> list[sa.ColumnElement[bool]]:
    later = tasks.c.snoozed_until > now
    shown = later if put_off else sa.or_(tasks.c.snoozed_until.is_(None), ~later)
    return [tasks.c.done_at.is_(None), in_reach(OF_MAILBOX, user), shown]


async def page(
    tx: AsyncConnection,
    user: User,
    *,
    now: datetime,
    kind: TaskKind | None = None,
    put_off: bool = False,
    after: tuple[int, int] | None = None,
    limit: int,
) -> list[tuple[int, int]]:
    """The urgency and id of open tasks in somebody's reach, most urgent first, then the oldest.

    put_off: those that nobody is asked before a date; after: the last of the part before.
    """
    query = sa.select(URGENCY, tasks.c.id).select_from(ABOUT).where(*_open(user, now, put_off=put_off))
    if kind is not None:
        query = query.where(tasks.c.kind == kind)
    if after is not None:
        rank = sa.literal(after[0])
        query = query.where(sa.or_(rank < URGENCY, sa.and_(rank == URGENCY, tasks.c.id > after[1])))
    rows = await tx.execute(query.order_by(URGENCY, tasks.c.id).limit(limit))
    return [(row[0], row[1]) for row in rows]


async def counts(tx: AsyncConnection, user: User, *, now: datetime) -> tuple[dict[TaskKind, int], int]:
    """How many tasks of each kind wait for somebody, most urgent first; and how many are put off."""
    later = sa.func.coalesce(tasks.c.snoozed_until > now, sa.false())
    query = (
        sa.select(tasks.c.kind, later, sa.func.count())
        .select_from(ABOUT)
        .where(tasks.c.done_at.is_(None), in_reach(OF_MAILBOX, user))
        .group_by(tasks.c.kind, later)
    )
    found = [(TaskKind(kind), bool(is_later), count) for kind, is_later, count in await tx.execute(query)]
    now_open = {kind: count for kind, is_later, count in found if not is_later}
    put_off = sum(count for _, is_later, count in found if is_later)
    return {kind: now_open[kind] for kind in TaskKind if kind in now_open}, put_off


async def in_full(tx: AsyncConnection, task_ids: Iterable[int], user: User) -> dict[int, Waiting]:
    """These tasks with what they are about, those in somebody's reach, answered or not."""
    written_at = (
        sa.select(sa.func.max(letters.c.at))
        .where(letters.c.inbound_id == tasks.c.inbound_id, letters.c.state != "refused")
        .scalar_subquery()
    )
    query = (
        sa.select(
            *(tasks.c[name] for name in _OF_TASK),
            OF_MAILBOX.label("of_mailbox"),
            sa.case((mailboxes.c.state != "active", mailboxes.c.state_reason)).label("mailbox_fault"),
            mailboxes.c.address.label("mailbox"),
            prospects.c.email,
            prospects.c.first_name,
            prospects.c.last_name,
            prospects.c.title,
            accounts.c.name.label("account"),
            deals.c.name.label("deal"),
            deals.c.amount,
            enrollments.c.state,
            enrollments.c.sequence,
            messages.c.step,
            messages.c.sent_at,
            messages.c.outcome,
            inbound.c.sender,
            inbound.c.subject,
            inbound.c.received_at,
            sa.func.coalesce(inbound.c.corrected, inbound.c.category).label("category"),
            inbound.c.confidence,
            inbound.c.verdict,
            sa.type_coerce(written_at, letters.c.at.type).label("written_at"),
        )
        .select_from(_IN_FULL)
        .where(tasks.c.id.in_(list(task_ids)), in_reach(OF_MAILBOX, user))
    )
    return {row.id: _waiting(row) for row in await tx.execute(query)}


_OF_TASK = (
    *("id", "kind", "text", "created_at", "done_at", "snoozed_until"),
    *("prospect_id", "enrollment_id", "message_id", "inbound_id"),
)


def _waiting(row: Any) -> Waiting:
    about = row._mapping
    plain = {name: about[name] for name in Waiting.__slots__ if name in about}
    return Waiting(
        **plain
        | {
            "kind": TaskKind(row.kind),
            "mailbox_id": row.of_mailbox,
            "name": " ".join(part for part in (row.first_name, row.last_name) if part) or None,
            "state": EnrollmentState(row.state) if row.state else None,
            "category": Category(row.category) if row.category else None,
            "words": row.verdict["text"] if row.verdict else "",
        }
    )


# --- whether anything changed ---


async def stamp(tx: AsyncConnection, now: datetime) -> str:
    """Another text whenever what waits for anybody may be something else; cheap, for asking every second."""
    waits = tasks.c.done_at.is_(None), sa.or_(tasks.c.snoozed_until.is_(None), tasks.c.snoozed_until <= now)
    parts = (
        sa.select(sa.func.max(tasks.c.id)),
        sa.select(sa.func.max(tasks.c.done_at)),
        sa.select(sa.func.count()).select_from(tasks).where(*waits),
        sa.select(sa.func.max(jobs.c.changed_at)).where(jobs.c.state.in_(TOLD)),
    )
    row = (await tx.execute(sa.select(*(part.scalar_subquery() for part in parts)))).one()
    return "/".join(str(value) for value in row)


async def standing(tx: AsyncConnection, now: datetime) -> dict[int | None, tuple[int, ...]]:
    """What waits in each mailbox, as numbers that change with it."""
    waits = tasks.c.done_at.is_(None), sa.or_(tasks.c.snoozed_until.is_(None), tasks.c.snoozed_until <= now)
    numbers = (sa.func.count(), sa.func.max(tasks.c.id), sa.cast(sa.func.sum(tasks.c.id), sa.BigInteger))
    query = sa.select(OF_MAILBOX, *numbers).select_from(ABOUT).where(*waits).group_by(OF_MAILBOX)
    return {row[0]: tuple(row[1:]) for row in await tx.execute(query)}


async def mailboxes_of(tx: AsyncConnection, user: User) -> frozenset[int]:
    """The mailboxes in somebody's reach."""
    query = sa.select(mailboxes.c.id).where(in_reach(mailboxes.c.id, user))
    return frozenset((await tx.execute(query)).scalars())

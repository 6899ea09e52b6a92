"""What lost deals teach, counted: why, to whom, who answers, and what brought them back.

Each query walks through everything in its scope, which at a million people takes seconds: service/insights.py
keeps what they gave in `reports`, and pages show that with its time.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.alarm import ALARMING
from cadence.core.model import MessageState
from cadence.core.replies import AUTOMATIC, Category
from cadence.store.tables import accounts, deals, enrollments, inbound, letters, messages, prospects, tasks

DIMENSIONS = ("month", "competitor", "rep", "industry", "size")
SIZES = (10, 50, 200, 1000)
"""The most employees of each size but the last."""
WORDS_EACH = 3
_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose deals, and when lost or written about. mailbox_ids: None for everybody's."""

    mailbox_ids: tuple[int, ...] | None
    since: datetime | None = None
    until: datetime | None = None


def within(column: sa.ColumnElement[Any], scope: Scope) -> list[sa.ColumnElement[bool]]:
    """That an instant is in a scope."""
    found: list[sa.ColumnElement[bool]] = []
    if scope.since is not None:
        found.append(column >= scope.since)
    if scope.until is not None:
        found.append(column < scope.until)
    return found


def of_scope(scope: Scope) -> list[sa.ColumnElement[bool]]:
    """That an enrollment is in a scope."""
    return [] if scope.mailbox_ids is None else [enrollments.c.mailbox_id.in_(scope.mailbox_ids)]


CATEGORY = sa.func.coalesce(inbound.c.corrected, inbound.c.category)
HUMAN = CATEGORY.not_in([category.value for category in AUTOMATIC])
REASONS = sa.cast(inbound.c.verdict["loss_reasons"], sa.Text)
NAMES_A_REASON = sa.and_(inbound.c.verdict.is_not(None), REASONS != "[]")


def _ever(*categories: Category) -> sa.ColumnElement[int]:
    return sa.func.max(sa.case((CATEGORY.in_([one.value for one in categories]), 1), else_=0))


def _heard(scope: Scope) -> sa.Subquery:
    """What people of each deal ever said; automatic mail does not count."""
    return (
        sa.select(
            enrollments.c.deal_id,
            _ever(Category.FEEDBACK).label("feedback"),
            _ever(Category.KEEP_IN_TOUCH).label("in_touch"),
            _ever(Category.DECISION_OPEN, Category.INTERESTED).label("reopened"),
            sa.func.max(sa.case((NAMES_A_REASON, inbound.c.id))).label("reason_id"),
            sa.func.max(inbound.c.id).label("last_id"),
        )
        .join(enrollments, enrollments.c.id == inbound.c.enrollment_id)
        .where(HUMAN, *of_scope(scope))
        .group_by(enrollments.c.deal_id)
        .subquery("heard")
    )


def _month(dialect: str) -> sa.ColumnElement[str]:
    if dialect == "sqlite":
        return sa.func.strftime("%Y-%m", deals.c.lost_at)
    return sa.func.to_char(sa.func.timezone("UTC", deals.c.lost_at), "YYYY-MM")


def _size() -> sa.ColumnElement[str]:
    least = (1, *(most + 1 for most in SIZES))
    bands = [
        (accounts.c.size <= most, f"{low}–{most}") for low, most in zip(least, SIZES, strict=False)
    ]  # en dash, as numbers are written
    return sa.case((accounts.c.size.is_(None), None), *bands, else_=f"{SIZES[-1] + 1}+")


def _lost(scope: Scope, dialect: str) -> sa.CTE:
    """Every lost deal of the scope, once, with what was heard of it. said: the prospect's version."""
    first = (
        sa.select(enrollments.c.deal_id, sa.func.min(enrollments.c.mailbox_id).label("mailbox_id"))
        .where(*of_scope(scope))
        .group_by(enrollments.c.deal_id)
        .subquery("first")
    )
    heard = _heard(scope)
    flags = (sa.func.coalesce(heard.c[name], 0).label(name) for name in ("feedback", "in_touch", "reopened"))
    return (
        sa.select(
            deals.c.id,
            deals.c.reason,
            deals.c.amount,
            deals.c.outcome_amount,
            sa.case((deals.c.outcome == "won", 1), else_=0).label("won"),
            sa.case((deals.c.outcome == "let_go", 1), else_=0).label("let_go"),
            sa.case((heard.c.deal_id.is_not(None), 1), else_=0).label("answered"),
            *flags,
            heard.c.last_id,
            heard.c.reason_id,
            REASONS.label("said"),
            inbound.c.verdict["competitor"].as_string().label("said_competitor"),
            _month(dialect).label("month"),
            deals.c.competitor,
            sa.cast(first.c.mailbox_id, sa.Text).label("rep"),
            accounts.c.industry,
            _size().label("size"),
        )
        .select_from(
            deals.join(first, first.c.deal_id == deals.c.id)
            .join(accounts, accounts.c.id == deals.c.account_id)
            .outerjoin(heard, heard.c.deal_id == deals.c.id)
            .outerjoin(inbound, inbound.c.id == heard.c.reason_id)
        )
        .where(*within(deals.c.lost_at, scope))
        .cte("lost")
    )


async def reasons(tx: AsyncConnection, scope: Scope) -> list[Any]:
    """Lost deals by reason and by each dimension.

    Columns: version, dimension, value, reason, deals, answered, reopened, won; version: the rep's,
    with one reason, or the prospect's, with a JSON list of them.
    """
    lost = _lost(scope, tx.dialect.name)
    sums = [sa.func.sum(lost.c[name]).label(name) for name in ("answered", "reopened", "won")]

    def by(version: str, dimension: str, reason: sa.ColumnElement[Any]) -> sa.Select[Any]:
        said = version == "prospect" and dimension == "competitor"
        value = lost.c.said_competitor if said else lost.c[dimension]
        chosen = sa.select(
            sa.literal(version).label("version"),
            sa.literal(dimension).label("dimension"),
            value.label("value"),
            reason.label("reason"),
            sa.func.count().label("deals"),
            *sums,
        )
        return chosen.group_by(value, reason)

    reps = [by("rep", dimension, lost.c.reason) for dimension in DIMENSIONS]
    theirs = [by("prospect", one, lost.c.said).where(lost.c.reason_id.is_not(None)) for one in DIMENSIONS]
    return list(await tx.execute(sa.union_all(*reps, *theirs)))


async def amounts(tx: AsyncConnection, scope: Scope) -> AsyncIterator[Any]:
    """How far deals of each amount came, bit by bit. Columns: amount, outcome_amount, answered, feedback,
    in_touch, reopened, won, let_go (0 or 1 each), deals.
    """
    lost = _lost(scope, tx.dialect.name)
    names = (
        "amount", "outcome_amount", "answered", "feedback", "in_touch", "reopened", "won", "let_go",
    )  # fmt: skip
    columns = [lost.c[name] for name in names]
    query = sa.select(*columns, sa.func.count().label("deals")).group_by(*columns)
    if tx.dialect.name == "sqlite":  # whose rows are in this process anyway
        for row in await tx.execute(query):
            yield row
        return
    async with tx.stream(query) as rows:
        async for part in rows.partitions(_AT_ONCE):
            for row in part:
                yield row


async def steps(tx: AsyncConnection, scope: Scope) -> list[Any]:
    """Mails that left, and how many of them a person answered.

    Columns: sequence, step, story, sent, answered.
    """
    answered = (
        sa.select(inbound.c.outbound_id)
        .where(HUMAN, inbound.c.outbound_id.is_not(None))
        .distinct()
        .subquery()
    )
    named = (enrollments.c.sequence, messages.c.step, messages.c.story)
    query = (
        sa.select(
            *named, sa.func.count().label("sent"), sa.func.count(answered.c.outbound_id).label("answered")
        )
        .select_from(
            messages.join(enrollments, enrollments.c.id == messages.c.enrollment_id).outerjoin(
                answered, answered.c.outbound_id == messages.c.id
            )
        )
        .where(messages.c.state == MessageState.SENT, *within(messages.c.sent_at, scope), *of_scope(scope))
        .group_by(*named)
    )
    return list(await tx.execute(query))


async def proofs(tx: AsyncConnection, scope: Scope) -> list[Any]:
    """The newest answers that name reasons, a few for each list of reasons. Columns: inbound_id, said."""
    lost = _lost(scope, tx.dialect.name)
    rank = sa.func.row_number().over(partition_by=lost.c.said, order_by=lost.c.reason_id.desc()).label("rank")
    found = sa.select(lost.c.reason_id, lost.c.said, rank).where(lost.c.reason_id.is_not(None)).subquery()
    query = sa.select(found.c.reason_id.label("inbound_id"), found.c.said).where(found.c.rank <= WORDS_EACH)
    return list(await tx.execute(query.order_by(found.c.reason_id.desc())))


async def undecided(tx: AsyncConnection, scope: Scope, limit: int) -> list[int]:
    """The reopened deals of which nobody said yet what became of them, the newest answer first."""
    lost = _lost(scope, tx.dialect.name)
    query = sa.select(lost.c.id).where(lost.c.reopened == 1, lost.c.won == 0, lost.c.let_go == 0)
    return list((await tx.execute(query.order_by(lost.c.last_id.desc()).limit(limit))).scalars())


async def answers(tx: AsyncConnection, inbound_ids: list[int]) -> list[Any]:
    """Who wrote these.

    Columns: id, verdict, received_at, prospect_id, email, first_name, last_name, account.
    """
    query = (
        sa.select(
            inbound.c.id,
            inbound.c.verdict,
            inbound.c.received_at,
            inbound.c.prospect_id,
            prospects.c.email,
            prospects.c.first_name,
            prospects.c.last_name,
            accounts.c.name.label("account"),
        )
        .join(prospects, prospects.c.id == inbound.c.prospect_id)
        .join(accounts, accounts.c.id == prospects.c.account_id)
        .where(inbound.c.id.in_(inbound_ids))
    )
    return list(await tx.execute(query))


async def named(tx: AsyncConnection, deal_ids: list[int]) -> list[Any]:
    """These deals in a line each. Columns: id, name, amount, lost_at, outcome, account."""
    query = (
        sa.select(
            deals.c.id,
            deals.c.name,
            deals.c.amount,
            deals.c.lost_at,
            deals.c.outcome,
            accounts.c.name.label("account"),
        )
        .join(accounts, accounts.c.id == deals.c.account_id)
        .where(deals.c.id.in_(deal_ids))
    )
    return list(await tx.execute(query))


async def waits(tx: AsyncConnection, scope: Scope, limit: int) -> list[tuple[datetime, datetime | None]]:
    """When answers called for a person and when somebody saw to them, None: not yet; the newest ones.

    Somebody saw to one when they wrote from here, or said that it is done.
    """
    wrote = (
        sa.select(sa.func.min(letters.c.at))
        .where(letters.c.inbound_id == tasks.c.inbound_id, letters.c.state != "refused")
        .scalar_subquery()
    )
    query = (
        sa.select(
            tasks.c.created_at, tasks.c.done_at, sa.type_coerce(wrote, letters.c.at.type).label("wrote_at")
        )
        .join(enrollments, enrollments.c.id == tasks.c.enrollment_id)
        .join(deals, deals.c.id == enrollments.c.deal_id)
        .where(tasks.c.kind.in_(ALARMING), *of_scope(scope), *within(deals.c.lost_at, scope))
        .order_by(tasks.c.id.desc())
        .limit(limit)
    )
    return [
        (row.created_at, min((at for at in (row.done_at, row.wrote_at) if at is not None), default=None))
        for row in await tx.execute(query)
    ]

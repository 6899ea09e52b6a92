"""Trials of two ways of writing a step: since which revision, what came of their mails, who won."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.model import MessageState
from cadence.core.trials import LOOKS, NO_ANSWER, TIME_TO_ANSWER
from cadence.store.tables import Instant, inbound, messages, revisions, trials


@dataclass(frozen=True, slots=True)
class Trial:
    """One trial. key: of the words of both; revision_id, until_id: the first revision that has them, and
    the first that has them no more; ended_at: when that was published; counts: as of counted_at, variant →
    "sent", "counted" and "answered", and "needed"; winner: None once it is decided: no difference was found.
    """

    id: int
    sequence: str
    step: str
    key: str
    revision_id: int
    until_id: int | None
    begun_at: datetime
    ended_at: datetime | None
    counted_at: datetime | None
    counts: dict[str, Any] | None
    decided_at: datetime | None
    winner: str | None


async def every(tx: AsyncConnection) -> list[Trial]:
    """All of them, those that go on first, then the newest."""
    order = (trials.c.ended_at.is_not(None), trials.c.id.desc())
    return [Trial(*row) for row in await tx.execute(sa.select(trials).order_by(*order))]


async def of_sequence(tx: AsyncConnection, sequence: str) -> dict[str, Trial]:
    """The trials of the words that a sequence has now, decided or not, by step."""
    query = sa.select(trials).where(trials.c.sequence == sequence, trials.c.ended_at.is_(None))
    return {row.step: Trial(*row) for row in await tx.execute(query)}


async def of_step(tx: AsyncConnection, sequence: str, step: str) -> Trial | None:
    """The trial of the words that a step has now."""
    row = (await tx.execute(_OF_STEP, {"sequence": sequence, "step": step})).one_or_none()
    return Trial(*row) if row else None


_OF_STEP = sa.select(trials).where(
    trials.c.sequence == sa.bindparam("sequence"),
    trials.c.step == sa.bindparam("step"),
    trials.c.ended_at.is_(None),
)
"""Built once: asked for every mail of a step that is tried."""


async def begin(
    tx: AsyncConnection, sequence: str, step: str, *, key: str, revision_id: int, now: datetime
) -> None:
    """A revision brings two ways of writing a step."""
    about = {"sequence": sequence, "step": step, "key": key, "revision_id": revision_id}
    await tx.execute(trials.insert().values(**about, begun_at=now))


async def end(tx: AsyncConnection, trial_id: int, *, revision_id: int, now: datetime) -> None:
    """A revision has other words."""
    this = trials.update().where(trials.c.id == trial_id)
    await tx.execute(this.values(until_id=revision_id, ended_at=now))


# --- what came of them ---


async def to_count(tx: AsyncConnection, before: datetime) -> list[Trial]:
    """Those that are not decided and were not counted since then."""
    stale = sa.or_(trials.c.counted_at.is_(None), trials.c.counted_at < before)
    running = trials.c.decided_at.is_(None) & trials.c.ended_at.is_(None)
    return [Trial(*row) for row in await tx.execute(sa.select(trials).where(running, stale))]


def _mails(trial: Trial) -> list[sa.ColumnElement[bool]]:
    """Which mails are of a trial: the first of its step to a person."""
    theirs = sa.select(revisions.c.id).where(
        revisions.c.sequence == trial.sequence, revisions.c.id >= trial.revision_id
    )
    return [
        messages.c.variant.is_not(None),
        messages.c.revision_id.in_(theirs),
        messages.c.step == trial.step,
        messages.c.occurrence == 1,
        messages.c.state == MessageState.SENT,
    ]


async def sent(tx: AsyncConnection, trial: Trial) -> dict[str, int]:
    """How many mails of each variant left."""
    query = sa.select(messages.c.variant, sa.func.count()).where(*_mails(trial))
    return {row[0]: row[1] for row in await tx.execute(query.group_by(messages.c.variant))}


async def answered(tx: AsyncConnection, trial: Trial, variant: str, now: datetime) -> list[bool]:
    """Whether each mail that readers had time to answer was answered in it, the first that left first."""
    category = sa.func.coalesce(inbound.c.corrected, inbound.c.category)
    at = (
        sa.select(sa.func.min(inbound.c.received_at))
        .where(
            inbound.c.enrollment_id == messages.c.enrollment_id,
            inbound.c.outbound_id == messages.c.id,
            category.not_in(_NO_ANSWER),
        )
        .scalar_subquery()
    )
    query = (
        sa.select(messages.c.sent_at, sa.type_coerce(at, Instant).label("answered_at"))
        .where(*_mails(trial), messages.c.variant == variant, messages.c.sent_at <= now - TIME_TO_ANSWER)
        .order_by(messages.c.sent_at, messages.c.id)
        .limit(LOOKS[-1])
    )
    return [_is_in_time(row.sent_at, row.answered_at) for row in await tx.execute(query)]


_NO_ANSWER = sorted(category.value for category in NO_ANSWER)


def _is_in_time(sent_at: datetime, answered_at: datetime | None) -> bool:
    return answered_at is not None and answered_at - sent_at <= TIME_TO_ANSWER


async def keep(
    tx: AsyncConnection,
    trial_id: int,
    counts: dict[str, Any],
    *,
    now: datetime,
    decided: bool,
    winner: str | None,
) -> bool:
    """Record what was counted and what follows; False where it was decided before, which is for good."""
    values: dict[str, Any] = {"counts": counts, "counted_at": now}
    if decided:
        values |= {"decided_at": now, "winner": winner}
    undecided = trials.update().where(trials.c.id == trial_id, trials.c.decided_at.is_(None))
    return bool((await tx.execute(undecided.values(**values))).rowcount)

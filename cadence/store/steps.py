"""How far the people of a sequence are: of each step, what is planned, was sent, and was answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.model import MessageState
from cadence.core.replies import AUTOMATIC
from cadence.store.messages import OPEN
from cadence.store.tables import enrollments, inbound, messages


@dataclass(frozen=True, slots=True)
class Tally:
    """Mails of one step. replied: those that a person answered."""

    planned: int = 0
    sent: int = 0
    replied: int = 0


async def tallies(tx: AsyncConnection, sequence: str) -> dict[str, Tally]:
    """Count the mails of every step of a sequence; it walks through all of them."""
    planned = sa.func.count().filter(messages.c.state.in_(OPEN))
    sent = sa.func.count().filter(messages.c.state == MessageState.SENT)
    ours = messages.join(enrollments, enrollments.c.id == messages.c.enrollment_id)
    mails = (
        sa.select(messages.c.step, planned, sent)
        .select_from(ours)
        .where(enrollments.c.sequence == sequence)
        .group_by(messages.c.step)
    )
    answered = (
        sa.select(messages.c.step, sa.func.count(sa.distinct(messages.c.id)))
        .select_from(ours.join(inbound, inbound.c.outbound_id == messages.c.id))
        .where(
            enrollments.c.sequence == sequence,
            sa.func.coalesce(inbound.c.corrected, inbound.c.category).not_in(AUTOMATIC),
        )
        .group_by(messages.c.step)
    )
    replied = {row[0]: row[1] for row in await tx.execute(answered)}
    return {row[0]: Tally(row[1], row[2], replied.get(row[0], 0)) for row in await tx.execute(mails)}


async def people(tx: AsyncConnection) -> dict[str, dict[str, int]]:
    """How many people are in each sequence, by the state of their enrollment."""
    query = sa.select(enrollments.c.sequence, enrollments.c.state, sa.func.count())
    found: dict[str, dict[str, int]] = {}
    for sequence, state, count in await tx.execute(
        query.group_by(enrollments.c.sequence, enrollments.c.state)
    ):
        found.setdefault(sequence, {})[state] = count
    return found


async def waiting_per_day(
    tx: AsyncConnection, mailbox_ids: Iterable[int], until: datetime
) -> dict[tuple[int, date], int]:
    """How many mails of each mailbox are due on each day (UTC); of those who are enrolled, the next ones."""
    day = sa.func.date(messages.c.due_at)
    query = sa.select(messages.c.mailbox_id, day, sa.func.count()).where(
        messages.c.mailbox_id.in_(list(mailbox_ids)), messages.c.state.in_(OPEN), messages.c.due_at <= until
    )
    rows = await tx.execute(query.group_by(messages.c.mailbox_id, day))
    return {(row[0], date.fromisoformat(str(row[1]))): row[2] for row in rows}

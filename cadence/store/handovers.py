"""Whose people are whose: counting what would move to another mailbox, and moving it."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.model import Mailbox
from cadence.store.enrollments import LIVE
from cadence.store.mailboxes import mailbox_of
from cadence.store.messages import IN_FLIGHT, OPEN
from cadence.store.tables import enrollments, mailboxes, messages


@dataclass(frozen=True, slots=True)
class Load:
    """What is written from a mailbox. people: live enrollments; mails: that wait; leaving: that leave right
    now, or of which nobody knows whether they left, and which stay where they are.
    """

    people: int
    mails: int
    leaving: int


def _live(mailbox_id: int, column: sa.Column[int]) -> list[sa.ColumnElement[bool]]:
    return [column == mailbox_id, enrollments.c.state.in_(LIVE)]


async def load(tx: AsyncConnection, mailbox_id: int) -> Load:
    """Count what is written from a mailbox."""
    people = sa.select(sa.func.count()).select_from(_ids(mailbox_id).subquery())
    waiting = (
        sa.select(sa.func.count())
        .select_from(messages.join(enrollments, enrollments.c.id == messages.c.enrollment_id))
        .where(messages.c.mailbox_id == mailbox_id, messages.c.state.in_(OPEN), messages.c.sent_at.is_(None))
        .where(enrollments.c.state.in_(LIVE), _signs(mailbox_id))
    )
    leaving = [
        sa.select(sa.func.count()).where(messages.c.mailbox_id == mailbox_id, state) for state in _IN_FLIGHT
    ]
    found = [int((await tx.execute(query)).scalar_one()) for query in (people, waiting, *leaving)]
    return Load(found[0], found[1], sum(found[2:]))


_IN_FLIGHT = [messages.c.state == sa.literal_column(f"'{state}'") for state in IN_FLIGHT]
"""As the indexes say it: with parameters instead, databases cannot tell that an index is enough."""


def _signs(mailbox_id: int) -> sa.ColumnElement[bool]:
    return sa.or_(enrollments.c.mailbox_id == mailbox_id, enrollments.c.executive_mailbox_id == mailbox_id)


def _ids(mailbox_id: int) -> sa.Select[tuple[int]]:
    """The live enrollments that a mailbox signs, over the index of either column."""
    return sa.select(enrollments.c.id).where(_signs(mailbox_id), enrollments.c.state.in_(LIVE))


async def move(tx: AsyncConnection, before: int, after: int) -> None:
    """Let whatever is written from one mailbox be written from another; mails that leave right now stay."""
    waiting = messages.update().where(
        messages.c.mailbox_id == before,
        messages.c.state.in_(OPEN),
        messages.c.enrollment_id.in_(_ids(before)),
    )
    await tx.execute(waiting.values(mailbox_id=after))
    rows = await tx.execute(
        sa.select(enrollments.c.id, enrollments.c.handovers).where(enrollments.c.id.in_(_ids(before)))
    )
    chains = [{"of": row.id, "chain": [*(row.handovers or ()), [before, after]]} for row in rows]
    if chains:
        changed = enrollments.update().where(enrollments.c.id == sa.bindparam("of"))
        await tx.execute(changed.values(handovers=sa.bindparam("chain", type_=sa.JSON)), chains)
    for column in (enrollments.c.mailbox_id, enrollments.c.executive_mailbox_id):
        changed = enrollments.update().where(*_live(before, column))
        await tx.execute(changed.values({column: after}))


async def predecessors(tx: AsyncConnection, mailbox_ids: list[int]) -> list[Mailbox]:
    """These mailboxes, removed ones too, in this order."""
    rows = await tx.execute(sa.select(mailboxes).where(mailboxes.c.id.in_(mailbox_ids)))
    known = {row.id: mailbox_of(row) for row in rows}
    return [known[mailbox_id] for mailbox_id in mailbox_ids]

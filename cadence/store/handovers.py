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
    signs = sa.or_(enrollments.c.mailbox_id == mailbox_id, enrollments.c.executive_mailbox_id == mailbox_id)
    people = sa.select(sa.func.count()).select_from(enrollments).where(signs, enrollments.c.state.in_(LIVE))
    mails = sa.select(sa.func.count()).select_from(messages).where(messages.c.mailbox_id == mailbox_id)
    waiting = mails.where(messages.c.state.in_(OPEN), messages.c.enrollment_id.in_(_ids(mailbox_id)))
    leaving = mails.where(messages.c.state.in_(IN_FLIGHT))
    return Load(*[int((await tx.execute(query)).scalar_one()) for query in (people, waiting, leaving)])


def _ids(mailbox_id: int) -> sa.Select[tuple[int]]:
    signs = sa.or_(enrollments.c.mailbox_id == mailbox_id, enrollments.c.executive_mailbox_id == mailbox_id)
    return sa.select(enrollments.c.id).where(signs, enrollments.c.state.in_(LIVE))


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

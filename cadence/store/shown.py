"""What lists show of people: who they are, their enrollments within reach, when the next mail is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.people import User
from cadence.store.messages import OPEN
from cadence.store.tables import accounts, enrollments, mailboxes, messages, prospects, suppressions, users
from cadence.store.users import in_reach


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of a list: the person, and their enrollments within reach, the newest first.

    person: the columns of prospects, with `company` and `suppressed`; next_at: when the next mail is due.
    """

    person: Any
    enrollments: tuple[Any, ...]
    next_at: Any


async def in_full(tx: AsyncConnection, user: User, ids: Sequence[int]) -> list[Shown]:
    """The lines of these people, in the order of their ids given."""
    if not ids:
        return []
    people = {row.id: row for row in await tx.execute(_PEOPLE.where(prospects.c.id.in_(ids)))}
    enrolled: dict[int, list[Any]] = {}
    theirs = _ENROLLED.where(enrollments.c.prospect_id.in_(ids), in_reach(enrollments.c.mailbox_id, user))
    for row in await tx.execute(theirs.order_by(enrollments.c.id.desc())):
        enrolled.setdefault(row.prospect_id, []).append(row)
    waiting = {row[0]: row[1] for row in await tx.execute(_NEXT.where(messages.c.prospect_id.in_(ids)))}
    return [
        Shown(people[id_], tuple(enrolled.get(id_, ())), waiting.get(id_)) for id_ in ids if id_ in people
    ]


_PEOPLE = sa.select(
    prospects,
    accounts.c.name.label("company"),
    sa.exists().where(suppressions.c.email_key == prospects.c.email_key).label("suppressed"),
).join(accounts, accounts.c.id == prospects.c.account_id)
_ENROLLED = (
    sa.select(enrollments, mailboxes.c.address.label("mailbox"), users.c.name.label("owner"))
    .join(mailboxes, mailboxes.c.id == enrollments.c.mailbox_id)
    .outerjoin(users, users.c.id == mailboxes.c.owner_id)
)
_NEXT = (
    sa.select(messages.c.prospect_id, sa.func.min(messages.c.due_at))
    .where(messages.c.sent_at.is_(None), messages.c.state.in_(OPEN), messages.c.wake_at.is_not(None))
    .group_by(messages.c.prospect_id)
)


async def boxes(tx: AsyncConnection, user: User) -> list[Any]:
    """The mailboxes that a user reaches, with their owners: by what a list can be cut."""
    query = (
        sa.select(
            mailboxes.c.id,
            mailboxes.c.address,
            mailboxes.c.role,
            mailboxes.c.owner_id,
            users.c.name.label("owner"),
        )
        .outerjoin(users, users.c.id == mailboxes.c.owner_id)
        .where(mailboxes.c.removed_at.is_(None), in_reach(mailboxes.c.id, user))
        .order_by(users.c.name, mailboxes.c.address)
    )
    return list(await tx.execute(query))

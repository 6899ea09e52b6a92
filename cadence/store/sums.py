"""How many people, enrollments, mails, replies and tasks are within reach, by where they stand."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.people import User
from cadence.store import listing
from cadence.store.listing import Listing

Counts = dict[str, int]


async def by(tx: AsyncConnection, of: Listing, column: str) -> Counts:
    """How many of a list have each value of a column."""
    every = of.query.subquery()
    query = sa.select(every.c[column], sa.func.count()).group_by(every.c[column])
    return {row[0]: row[1] for row in await tx.execute(query) if row[0] is not None}


async def within(tx: AsyncConnection, user: User) -> dict[str, Counts]:
    """All of them."""
    return {
        "prospects": await by(tx, listing.prospect_list(user), "status"),
        "enrollments": await by(tx, listing.enrollment_list(user), "state"),
        "messages": await by(tx, listing.message_list(user), "state"),
        "replies": await by(tx, listing.reply_list(user), "category"),
        "tasks": await by(tx, listing.task_list(user, is_open=True), "kind"),
        "mailboxes": await by(tx, listing.mailbox_list(user), "state"),
    }

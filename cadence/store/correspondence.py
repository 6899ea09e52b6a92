"""What was written to whom: looked up by mailbox, thread, company or Message-ID, and counted.

The queue, and how a mail moves through it, is in messages.py.
"""

import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.model import EnrollmentState, MessageState, OutboundMessage, ProspectStatus
from cadence.store.messages import OPEN, WITHOUT_RAW, message_of
from cadence.store.tables import enrollments, messages, prospects


async def in_doubt(tx: AsyncConnection, mailbox_id: int) -> list[OutboundMessage]:
    """Mails of a mailbox of which nobody knows whether they left."""
    query = sa.select(*WITHOUT_RAW).where(
        messages.c.mailbox_id == mailbox_id, messages.c.state == MessageState.IN_DOUBT
    )
    return [message_of(row) for row in await tx.execute(query)]


async def unproven(tx: AsyncConnection, message_ids: Iterable[str]) -> dict[str, OutboundMessage]:
    """Of these Message-IDs, the mails of which a copy in Sent would prove that they left.

    They are in doubt, or planned and never tried: then the database was restored from a back-up that is
    older than they are.
    """
    query = sa.select(*WITHOUT_RAW).where(
        messages.c.message_id.in_(list(message_ids)),
        messages.c.state.in_((MessageState.IN_DOUBT, MessageState.PLANNED)),
    )
    return {row.message_id: message_of(row) for row in await tx.execute(query)}


async def of_message_ids(tx: AsyncConnection, ids: Iterable[str]) -> dict[str, OutboundMessage]:
    """The mails that have one of these Message-IDs, as we wrote it or as their provider did; by either."""
    wanted = list(ids)
    ours = sa.or_(messages.c.message_id.in_(wanted), messages.c.left_as.in_(wanted))
    found = [message_of(row) for row in await tx.execute(sa.select(*WITHOUT_RAW).where(ours))]
    return {known: one for one in found for known in (one.message_id, one.left_as) if known}


async def look_alike(
    tx: AsyncConnection,
    mailbox_id: int,
    email_keys: Iterable[str],
    subject: str,
    span: tuple[datetime, datetime],
) -> int | None:
    """The mail that a mailbox sent to one of these people, under this subject, within a span of time; None
    where there is not just one, or a copy of it is known.
    """
    query = (
        sa.select(messages.c.id)
        .join(prospects, prospects.c.id == messages.c.prospect_id)
        .where(
            prospects.c.email_key.in_(list(email_keys)),
            messages.c.mailbox_id == mailbox_id,
            messages.c.subject == subject,
            messages.c.sent_at.between(*span),
            messages.c.left_as.is_(None),
        )
    )
    found = list((await tx.execute(query.limit(2))).scalars())
    return int(found[0]) if len(found) == 1 else None


async def leave_as(tx: AsyncConnection, message_id: int, given: str) -> None:
    """A mail left under a Message-ID that its provider gave it."""
    await tx.execute(messages.update().where(messages.c.id == message_id).values(left_as=given))


async def raw(tx: AsyncConnection, message_id: int) -> bytes:
    """A mail as it was sent."""
    packed = (await tx.execute(sa.select(messages.c.raw).where(messages.c.id == message_id))).scalar_one()
    return zlib.decompress(packed)


async def to_file(tx: AsyncConnection, mailbox_id: int, limit: int) -> list[OutboundMessage]:
    """Mails of which a copy in Sent is still owed."""
    query = sa.select(*WITHOUT_RAW).where(messages.c.to_file, messages.c.mailbox_id == mailbox_id)
    return [message_of(row) for row in await tx.execute(query.order_by(messages.c.id).limit(limit))]


async def filed(tx: AsyncConnection, message_id: int) -> None:
    """The copy in Sent is there."""
    await tx.execute(messages.update().where(messages.c.id == message_id).values(to_file=False))


async def sent_since(tx: AsyncConnection, mailbox_id: int, at: datetime) -> int:
    """How many mails left a mailbox, or may have, since then."""
    query = sa.select(sa.func.count()).where(messages.c.mailbox_id == mailbox_id, messages.c.sent_at >= at)
    return int((await tx.execute(query)).scalar_one())


async def stories_sent(tx: AsyncConnection, account_id: int) -> set[str]:
    """The stories that anybody at a company got, or may have got."""
    query = sa.select(messages.c.story).where(
        messages.c.account_id == account_id, messages.c.story.is_not(None), messages.c.sent_at.is_not(None)
    )
    return set((await tx.execute(query.distinct())).scalars())


async def thread(tx: AsyncConnection, enrollment_id: int, *mailbox_ids: int) -> list[OutboundMessage]:
    """What these mailboxes wrote to the person in this enrollment, oldest first."""
    query = sa.select(*WITHOUT_RAW).where(
        messages.c.enrollment_id == enrollment_id,
        messages.c.mailbox_id.in_(mailbox_ids),
        messages.c.state == MessageState.SENT,
    )
    return [message_of(row) for row in await tx.execute(query.order_by(messages.c.sent_at, messages.c.id))]


async def latest(tx: AsyncConnection, enrollment_ids: Iterable[int]) -> dict[int, OutboundMessage]:
    """The mail that left last in each of these enrollments, by enrollment."""
    query = sa.select(*WITHOUT_RAW).where(
        messages.c.enrollment_id.in_(list(enrollment_ids)), messages.c.state == MessageState.SENT
    )
    rows = await tx.execute(query.order_by(messages.c.sent_at, messages.c.id))
    return {row.enrollment_id: message_of(row) for row in rows}


async def last_occurrence(tx: AsyncConnection, enrollment_id: int, step: str) -> int:
    """The highest occurrence of a step that was ever planned, 0 for none."""
    query = sa.select(sa.func.max(messages.c.occurrence)).where(
        messages.c.enrollment_id == enrollment_id, messages.c.step == step
    )
    return int((await tx.execute(query)).scalar_one_or_none() or 0)


async def threads_of(
    tx: AsyncConnection,
    email_keys: Iterable[str],
    message_ids: Iterable[str],
    enrollment_ids: Iterable[int],
    mails: Iterable[int],
) -> list[Any]:
    """All mails that may have left, of the enrollments of these people, Message-IDs, ids, and ids of mails;
    none to people who were erased.

    message_ids: ours, or their provider's. Columns: id, enrollment_id, message_id, left_as, sent_at,
    first_attempt_at, email_key.
    """
    wanted = {
        "keys": list(email_keys),
        "ids": list(message_ids),
        "threads": list(enrollment_ids),
        "mails": list(mails),
    }
    return list(await tx.execute(_THREADS, wanted))


def _among(name: str) -> sa.BindParameter[Any]:
    return sa.bindparam(name, expanding=True)


_THREADS = (
    sa.select(
        messages.c.id,
        messages.c.enrollment_id,
        messages.c.message_id,
        messages.c.left_as,
        messages.c.sent_at,
        messages.c.first_attempt_at,
        prospects.c.email_key,
    )
    .join(prospects, prospects.c.id == messages.c.prospect_id)
    .where(
        messages.c.attempts > 0,
        prospects.c.status != ProspectStatus.FORGOTTEN,
        messages.c.enrollment_id.in_(
            sa.union(
                sa.select(enrollments.c.id)
                .join(prospects, prospects.c.id == enrollments.c.prospect_id)
                .where(prospects.c.email_key.in_(_among("keys"))),
                sa.select(messages.c.enrollment_id).where(messages.c.message_id.in_(_among("ids"))),
                sa.select(messages.c.enrollment_id).where(messages.c.left_as.in_(_among("ids"))),
                sa.select(enrollments.c.id).where(enrollments.c.id.in_(_among("threads"))),
                sa.select(messages.c.enrollment_id).where(messages.c.id.in_(_among("mails"))),
            )
        ),
    )
)
"""Each way leads over an index, and building it takes longer than running it."""


def _in_words(*states: MessageState) -> sa.ColumnElement[bool]:
    """As an index says it: with parameters instead, databases cannot tell that the index is enough."""
    return messages.c.state.in_([sa.literal_column(f"'{state}'") for state in states])


_STATES = (
    _in_words(MessageState.SENT, MessageState.REFUSED, MessageState.SKIPPED, MessageState.CANCELLED),
    _in_words(MessageState.DEFERRED, MessageState.HELD, MessageState.IN_DOUBT),
    _in_words(MessageState.SENDING),
)
"""All states but planned, by the index in which they are."""


async def counts(tx: AsyncConnection) -> dict[str, int]:
    """How many mails are in which state, counted within indexes; what is in none of them is planned."""
    found: dict[str, int] = {}
    for among in _STATES:
        query = sa.select(messages.c.state, sa.func.count()).where(among).group_by(messages.c.state)
        found |= {row[0]: row[1] for row in await tx.execute(query)}
    every = (await tx.execute(sa.select(sa.func.count()).select_from(messages))).scalar_one()
    planned = every - sum(found.values())
    return found | {MessageState.PLANNED.value: planned} if planned else found


async def waiting_on(tx: AsyncConnection, sequence: str) -> dict[str, int]:
    """How many people of a sequence have each step as an open mail."""
    query = (
        sa.select(messages.c.step, sa.func.count())
        .join(enrollments, enrollments.c.id == messages.c.enrollment_id)
        .where(
            enrollments.c.sequence == sequence,
            enrollments.c.state.in_((EnrollmentState.ACTIVE, EnrollmentState.PAUSED)),
            messages.c.state.in_(OPEN),
        )
        .group_by(messages.c.step)
    )
    return {row[0]: row[1] for row in await tx.execute(query)}


async def labels(tx: AsyncConnection) -> dict[str, tuple[str, int, str | None]]:
    """Which step, occurrence and story each Message-ID stands for, of all mails that were ever tried."""
    query = sa.select(messages.c.message_id, messages.c.step, messages.c.occurrence, messages.c.story)
    return {
        row[0]: (row[1], row[2], row[3]) for row in await tx.execute(query.where(messages.c.attempts > 0))
    }

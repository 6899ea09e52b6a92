"""Mails in flight: the mark before the mail server hears of them, and what leads on where all goes well.

Many mails at a time, since each statement costs a way to the database and each commit one to the disk.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.lifecycle import MESSAGE_MOVES
from cadence.core.model import MessageState, OutboundMessage
from cadence.store.tables import messages

_LEVEL = 1
"""Of zlib: every mail is compressed while somebody waits, and more saves little of a few kilobytes."""


@dataclass(frozen=True, slots=True)
class Departure:
    """A mail about to leave: as it was claimed, and what is kept of it."""

    message: OutboundMessage
    raw: bytes
    subject: str
    story: str | None
    revision_id: int
    variant: str | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail that left. at: when; outcome: how we know; to_file: a copy in the Sent folder is owed. Its
    left_as is learned, where it has one.
    """

    message: OutboundMessage
    at: datetime
    outcome: str
    to_file: bool


async def begin(
    tx: AsyncConnection,
    departures: Iterable[Departure],
    *,
    now: datetime,
    until: datetime,
    mailbox_id: int,
    sent_by: str | None,
) -> set[int]:
    """Mark mails as about to leave; gives the ids of those that are as they were claimed, at the same date.

    until: when they count as in doubt even if their process is alive; sent_by: that process, None where
    it gives no sign of life.
    """
    wanted = list(departures)
    known = await _stand(tx, (departure.message.id for departure in wanted))
    free = [one for one in wanted if known.get(one.message.id) == _as_claimed(one.message)]
    free = [one for one in free if MessageState.SENDING in MESSAGE_MOVES[one.message.state]]
    if free:
        rows = [_marked(one, now) | {"until": until, "by": sent_by, "mailbox": mailbox_id} for one in free]
        await tx.execute(_BEGIN, rows)
    return {one.message.id for one in free}


def _marked(departure: Departure, now: datetime) -> dict[str, object]:
    message = departure.message
    return {
        "of": message.id,
        "try": message.attempts + 1,
        "first": message.first_attempt_at or now,
        "at": now,
        "content": zlib.compress(departure.raw, _LEVEL),
        "line": departure.subject,
        "story_name": departure.story,
        "way": departure.variant,
        "revision": departure.revision_id,
    }


async def unsay(tx: AsyncConnection, untouched: Iterable[OutboundMessage], began: datetime) -> None:
    """Take the mark off mails of which the mail server never heard; they are due at once, as claimed.

    began: when they were marked, so that nobody else's mark is taken off.
    """
    rows = [
        {
            "of": message.id,
            "as": message.state,
            "marked": began,
            "tried": message.attempts,
            "first": message.first_attempt_at,
            "at": message.sent_at,
        }
        for message in untouched
    ]
    if rows:
        await tx.execute(_UNSAY, rows)


async def arrive(tx: AsyncConnection, arrivals: Iterable[Arrival]) -> list[Arrival]:
    """Record mails as sent; gives those of which that was not known before."""
    wanted = list(arrivals)
    known = await _stand(tx, (arrival.message.id for arrival in wanted))
    new = [one for one in wanted if MessageState.SENT in MESSAGE_MOVES[known[one.message.id][0]]]
    rows = [
        {
            "of": one.message.id,
            "at": one.at,
            "how": one.outcome,
            "owed": one.to_file,
            "given": one.message.left_as,
        }
        for one in new
    ]
    if rows:
        await tx.execute(_ARRIVE, rows)
    return new


Standing = tuple[MessageState, int, datetime]
"""State, attempts and the date that a mail hangs on."""


def _as_claimed(message: OutboundMessage) -> Standing:
    return message.state, message.attempts, message.base_at


async def _stand(tx: AsyncConnection, ids: Iterable[int]) -> dict[int, Standing]:
    """Where mails stand, which nobody else changes until the transaction ends."""
    rows = await tx.execute(_STAND, {"of": list(ids)})
    return {row[0]: (MessageState(row[1]), row[2], row[3]) for row in rows}


# The statements, built once: building them takes longer than running them.

_STAND = (
    sa.select(messages.c.id, messages.c.state, messages.c.attempts, messages.c.base_at)
    .where(messages.c.id.in_(sa.bindparam("of", expanding=True)))
    .order_by(messages.c.id)
    .with_for_update()  # SQLite, where a transaction that writes is alone, leaves it out
)
_THIS = messages.c.id == sa.bindparam("of")
_BEGIN = (
    messages.update()
    .where(_THIS)
    .values(
        state=MessageState.SENDING,
        wake_at=sa.bindparam("until"),
        attempts=sa.bindparam("try"),
        first_attempt_at=sa.bindparam("first"),
        sent_at=sa.bindparam("at"),
        sent_by=sa.bindparam("by"),
        mailbox_id=sa.bindparam("mailbox"),
        raw=sa.bindparam("content"),
        subject=sa.bindparam("line"),
        story=sa.bindparam("story_name"),
        variant=sa.bindparam("way"),
        revision_id=sa.bindparam("revision"),
    )
)
_UNSAY = (
    messages.update()
    .where(_THIS, messages.c.state == MessageState.SENDING, messages.c.sent_at == sa.bindparam("marked"))
    .values(
        state=sa.bindparam("as"),
        wake_at=messages.c.due_at,
        attempts=sa.bindparam("tried"),
        first_attempt_at=sa.bindparam("first"),
        sent_at=sa.bindparam("at"),
    )
)
_ARRIVE = (
    messages.update()
    .where(_THIS)
    .values(
        state=MessageState.SENT,
        wake_at=None,
        attempts=sa.case((messages.c.attempts == 0, 1), else_=messages.c.attempts),
        sent_at=sa.bindparam("at"),
        outcome=sa.bindparam("how"),
        to_file=sa.bindparam("owed"),
        left_as=sa.func.coalesce(sa.bindparam("given", type_=sa.Text), messages.c.left_as),
    )
)

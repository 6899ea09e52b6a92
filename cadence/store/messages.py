"""Mails that will leave, leave, or left: the queue, and each mail's one way through it.

Delivery semantics. A row is claimed by pushing wake_at forward by a lease, so a dead worker's rows come
back by themselves; claimed is safe to retry. `flight.begin` moves a row to `sending` and commits before
the mail server hears of it; a row that is still `sending` when its lease ends is in doubt, because nobody
knows whether it left. sent_at is when a mail left or may have left.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.lifecycle import MESSAGE_MOVES
from cadence.core.model import EnrollmentState, MessageState, OutboundMessage
from cadence.core.planning import Plan
from cadence.store.tables import enrollments, mailboxes, messages, processes

WITHOUT_RAW = tuple(column for column in messages.c if column is not messages.c.raw)
"""What `message_of` reads: a mail's bytes, the bulk of a row, are asked for by `raw` alone."""
OPEN = (MessageState.PLANNED, MessageState.DEFERRED, MessageState.HELD)
IN_FLIGHT = (MessageState.SENDING, MessageState.IN_DOUBT)
LEFT = (MessageState.SENT, *IN_FLIGHT)
"""Where a mail left, or may have."""
_IS_SENDING = messages.c.state == sa.literal_column(f"'{MessageState.SENDING}'")
"""As the index says it: with a parameter instead, databases cannot tell that the index is enough."""


def message_of(row: Any) -> OutboundMessage:
    """Read a message from a row that holds its columns."""
    return OutboundMessage(
        id=row.id,
        enrollment_id=row.enrollment_id,
        step=row.step,
        occurrence=row.occurrence,
        state=MessageState(row.state),
        due_at=row.due_at,
        base_at=row.base_at,
        message_id=row.message_id,
        why=row.why,
        mailbox_id=row.mailbox_id,
        attempts=row.attempts,
        first_attempt_at=row.first_attempt_at,
        sent_at=row.sent_at,
        subject=row.subject,
        story=row.story,
        approved=row.approved,
        outcome=row.outcome,
        revision_id=row.revision_id,
        variant=row.variant,
        left_as=row.left_as,
    )


async def plan(tx: AsyncConnection, rows: list[dict[str, Any]]) -> None:
    """Put mails to come into the queue, but for occurrences of a step that were planned before.

    rows: as `planned` gives them.
    """
    about = {"of": [row["enrollment_id"] for row in rows]}
    known = {tuple(row) for row in await tx.execute(_OCCURRENCES, about)} if rows else set()
    await plan_new(
        tx, [row for row in rows if (row["enrollment_id"], row["step"], row["occurrence"]) not in known]
    )


_OCCURRENCES = sa.select(messages.c.enrollment_id, messages.c.step, messages.c.occurrence).where(
    messages.c.enrollment_id.in_(sa.bindparam("of", expanding=True))
)


async def plan_new(tx: AsyncConnection, rows: list[dict[str, Any]]) -> None:
    """Put mails to come into the queue that were never planned before; rows as `planned` gives them."""
    if rows:
        await tx.execute(messages.insert(), rows)


def planned(a_plan: Plan, **about: Any) -> dict[str, Any]:
    """The columns of a mail to come.

    about: enrollment_id, prospect_id, account_id, mailbox_id (None where nobody is to send it), message_id.
    """
    return {
        "step": a_plan.step,
        "occurrence": a_plan.occurrence,
        "state": MessageState.PLANNED,
        "wake_at": a_plan.due_at,
        "due_at": a_plan.due_at,
        "base_at": a_plan.base_at,
        "why": a_plan.why,
        **about,
    }


async def mailboxes_with_work(tx: AsyncConnection, now: datetime) -> list[int | None]:
    """The mailboxes that have a mail to look at, None among them for mails that have no sender."""
    return list((await tx.execute(_WITH_WORK, {"now": now})).scalars())


async def next_wake(tx: AsyncConnection) -> datetime | None:
    """When the next mail must be looked at."""
    found: datetime | None = (await tx.execute(_NEXT_WAKE)).scalar_one()
    return found


# The queue is asked mailbox by mailbox: that costs one step into its index for each, however many mails
# wait in it; asked for all at once, databases walk through the whole index.

_IN_QUEUE = sa.select(messages.c.id).where(messages.c.wake_at <= sa.bindparam("now"))
_WITH_WORK = sa.union_all(
    sa.select(mailboxes.c.id).where(_IN_QUEUE.where(messages.c.mailbox_id == mailboxes.c.id).exists()),
    sa.select(sa.null()).where(_IN_QUEUE.where(messages.c.mailbox_id.is_(None)).exists()),
)
_FIRST = sa.select(sa.func.min(messages.c.wake_at)).where(messages.c.wake_at.is_not(None))
_FIRSTS = sa.union_all(
    sa.select(
        _FIRST.where(messages.c.mailbox_id == mailboxes.c.id)
        .correlate(mailboxes)
        .scalar_subquery()
        .label("first")
    ).select_from(mailboxes),
    sa.select(_FIRST.where(messages.c.mailbox_id.is_(None)).scalar_subquery().label("first")),
).subquery()
_NEXT_WAKE = sa.select(sa.func.min(_FIRSTS.c.first))


async def claim(
    tx: AsyncConnection,
    mailbox_id: int | None,
    *,
    now: datetime,
    until: datetime,
    limit: int,
    by: str | None = None,
) -> list[OutboundMessage]:
    """Take up to `limit` due mails of a mailbox; nobody else gets them before `until`.

    by: the process that takes them; if that is known to be dead, they come back at once.
    """
    due = (
        sa.select(messages.c.id)
        .where(
            messages.c.mailbox_id == mailbox_id,  # SQLAlchemy writes IS NULL for None
            messages.c.wake_at <= now,
            messages.c.state.in_((MessageState.PLANNED, MessageState.DEFERRED)),
        )
        .order_by(messages.c.wake_at, messages.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = {"wake_at": until, "sent_by": by}
    claimed = messages.update().where(messages.c.id.in_(due)).values(taken).returning(*WITHOUT_RAW)
    rows = [message_of(row) for row in await tx.execute(claimed)]
    return sorted(rows, key=lambda message: (message.due_at, message.id))


async def get(tx: AsyncConnection, message_id: int) -> OutboundMessage:
    """The mail of this id."""
    return message_of((await tx.execute(_MESSAGES, {"of": [message_id]})).one())


async def of_ids(tx: AsyncConnection, message_ids: Iterable[int]) -> list[OutboundMessage]:
    """The mails of these ids, in their order."""
    return [message_of(row) for row in await tx.execute(_MESSAGES, {"of": list(message_ids)})]


_MESSAGES = (
    sa.select(*WITHOUT_RAW)
    .where(messages.c.id.in_(sa.bindparam("of", expanding=True)))
    .order_by(messages.c.id)
)


async def move(tx: AsyncConnection, message_id: int, to: MessageState, **values: Any) -> bool:
    """Change the state of a mail along MESSAGE_MOVES; False where the table does not allow it.

    values: wake_at (NULL unless given), due_at, sent_at, outcome, why, approved, to_file ...
    """
    allowed = [state for state, followers in MESSAGE_MOVES.items() if to in followers]
    values.setdefault("wake_at", None)
    changed = await tx.execute(
        messages.update()
        .where(messages.c.id == message_id, messages.c.state.in_(allowed))
        .values(state=to, **values)
    )
    return bool(changed.rowcount)


async def postpone(tx: AsyncConnection, message: OutboundMessage, until: datetime, why: str) -> None:
    """Look at an open mail again at `until`, unless it hangs on another date by now.

    Where its enrollment was paused meanwhile, it is the end of the pause that brings it back.
    """
    is_paused = sa.exists().where(
        enrollments.c.id == messages.c.enrollment_id, enrollments.c.state == EnrollmentState.PAUSED
    )
    await tx.execute(
        messages.update()
        .where(
            messages.c.id == message.id,
            messages.c.base_at == message.base_at,
            messages.c.state.in_((MessageState.PLANNED, MessageState.DEFERRED)),
        )
        .values(wake_at=sa.case((is_paused, None), else_=until), due_at=until, why=why)
    )


async def redate(tx: AsyncConnection, message_id: int, to: Plan) -> bool:
    """Give a mail that is still planned another date; False where it is not any more."""
    changed = await tx.execute(
        messages.update()
        .where(messages.c.id == message_id, messages.c.state == MessageState.PLANNED)
        .values(wake_at=to.due_at, due_at=to.due_at, base_at=to.base_at, why=to.why)
    )
    return bool(changed.rowcount)


async def give_back(tx: AsyncConnection, message_ids: Iterable[int], *, until: datetime) -> None:
    """Put claimed mails that were not touched back into the queue; until: when their lease would end."""
    await tx.execute(
        messages.update()
        .where(messages.c.id.in_(list(message_ids)), messages.c.wake_at == until)
        .values(wake_at=messages.c.due_at)
    )


async def park(tx: AsyncConnection, enrollment_id: int) -> None:
    """Take the open mails of a paused enrollment out of the queue; they keep their dates."""
    await tx.execute(
        messages.update()
        .where(messages.c.enrollment_id == enrollment_id, messages.c.state.in_(OPEN))
        .values(wake_at=None)
    )


async def cancel_open(tx: AsyncConnection, enrollment_id: int, why: str) -> None:
    """Nothing more leaves for this enrollment."""
    await tx.execute(
        messages.update()
        .where(messages.c.enrollment_id == enrollment_id, messages.c.state.in_(OPEN))
        .values(state=MessageState.CANCELLED, wake_at=None, outcome=why)
    )


async def of_enrollment(tx: AsyncConnection, enrollment_id: int) -> list[OutboundMessage]:
    """Every mail of an enrollment in the order of their dates."""
    query = sa.select(*WITHOUT_RAW).where(messages.c.enrollment_id == enrollment_id)
    return [message_of(row) for row in await tx.execute(query.order_by(messages.c.due_at, messages.c.id))]


async def without_more(tx: AsyncConnection, enrollment_ids: Iterable[int]) -> list[int]:
    """Those of these enrollments that have no mail that is still to leave, or may be leaving."""
    wanted = sorted(set(enrollment_ids))
    more = set((await tx.execute(_WITH_MORE, {"of": wanted})).scalars())
    return [enrollment_id for enrollment_id in wanted if enrollment_id not in more]


_WITH_MORE = (
    sa.select(messages.c.enrollment_id)
    .where(
        messages.c.enrollment_id.in_(sa.bindparam("of", expanding=True)),
        messages.c.state.in_((*OPEN, *IN_FLIGHT)),
    )
    .distinct()
)


async def open_of(tx: AsyncConnection, enrollment_id: int) -> list[OutboundMessage]:
    """The mails of an enrollment that have not left yet."""
    return [m for m in await of_enrollment(tx, enrollment_id) if m.state in OPEN]


async def abandoned(tx: AsyncConnection, now: datetime, me: str | None) -> list[OutboundMessage]:
    """Mails whose process died, or stalls, between `begin` and `move`; me: the process that asks."""
    query = sa.select(*WITHOUT_RAW).where(
        _IS_SENDING, sa.or_(messages.c.wake_at <= now, _of_the_dead(now, me))
    )
    found = [message_of(row) for row in await tx.execute(query)]
    return sorted(found, key=lambda message: message.id)  # sorted by SQLite, it would not use the index


async def take_back(tx: AsyncConnection, now: datetime, me: str | None) -> int:
    """Put into the queue again what dead processes had claimed and not begun to send; gives how many."""
    changed = await tx.execute(
        messages.update()
        .where(
            messages.c.state.in_((MessageState.PLANNED, MessageState.DEFERRED)),
            messages.c.wake_at > now,
            messages.c.wake_at != messages.c.due_at,
            _of_the_dead(now, me),
        )
        .values(wake_at=messages.c.due_at, sent_by=None)
    )
    return changed.rowcount


def _of_the_dead(now: datetime, me: str | None) -> sa.ColumnElement[bool]:
    """Claimed by a process that gave no sign of life for too long; NULL, a process without a name, is not."""
    alive = sa.select(processes.c.id).where(processes.c.alive_until > now)
    return sa.and_(messages.c.sent_by.not_in(alive), messages.c.sent_by != (me or ""))

"""What is to be told to CRMs: of which deals, the facts of it, and what both sides changed.

What waits says only what it is about. The facts are read when it leaves, so nothing is told that was
answered, corrected or erased meanwhile.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.replies import AUTOMATIC
from cadence.store import crm
from cadence.store.crm import Connection
from cadence.store.tables import (
    crm_conflicts,
    crm_deals,
    crm_writes,
    deals,
    enrollments,
    events,
    inbound,
    messages,
    prospects,
)

FIELDS = "fields"
"""The key of what sets the fields of a deal."""
EVENTS_AT_ONCE = 2000
LATE, LATEST = 1000, timedelta(minutes=2)
"""So many events before the last, if they are that new, are looked at again: on PostgreSQL a smaller id may
become visible later.
"""


@dataclass(frozen=True, slots=True)
class Write:
    """What is to be told. key: FIELDS, or the reply that becomes a note."""

    remote_id: str
    key: str
    attempts: int

    @property
    def inbound_id(self) -> int | None:
        """The reply that it is about."""
        return None if self.key == FIELDS else int(self.key.removeprefix("reply"))


# --- what waits ---


async def newest_event(tx: AsyncConnection) -> int:
    """The last event of all."""
    return (await tx.execute(sa.select(sa.func.max(events.c.id)))).scalar_one() or 0


async def queue_news(
    tx: AsyncConnection, connection: Connection, up_to: int, *, notes: bool, now: datetime
) -> int:
    """Let a CRM be told of the deals of people to whom something happened; gives the last event looked at."""
    last = min(up_to, connection.told_up_to + EVENTS_AT_ONCE)
    late = sa.and_(events.c.id > connection.told_up_to - LATE, events.c.at > now - LATEST)
    happened = (
        sa.select(crm_deals.c.remote_id, events.c.inbound_id, inbound.c.category, inbound.c.enrollment_id)
        .select_from(events)
        .join(enrollments, enrollments.c.prospect_id == events.c.prospect_id)
        .join(deals, deals.c.id == enrollments.c.deal_id)
        .join(crm_deals, crm_deals.c.crm_id == deals.c.crm_id)
        .outerjoin(
            inbound, sa.and_(inbound.c.id == events.c.inbound_id, inbound.c.enrollment_id == enrollments.c.id)
        )
        .where(
            sa.or_(events.c.id > connection.told_up_to, late),
            events.c.id <= last,
            crm_deals.c.connection_id == connection.id,
        )
        .distinct()
    )
    rows = list(await tx.execute(happened))
    for remote_id in sorted({row.remote_id for row in rows}):
        await add_fields(tx, connection.id, remote_id, now=now)
    replies = {
        (row.remote_id, row.inbound_id)
        for row in rows
        if row.enrollment_id is not None and row.category not in AUTOMATIC
    }
    for remote_id, inbound_id in sorted(replies) if notes else ():
        await add_once(tx, connection.id, remote_id, f"reply{inbound_id}", now=now)
    return last


async def add_fields(tx: AsyncConnection, connection_id: int, remote_id: str, *, now: datetime) -> None:
    """Let the fields of a deal be set as they are to be."""
    key = {"connection_id": connection_id, "remote_id": remote_id, "key": FIELDS}
    anew = {"attempts": 0, "next_at": now, "done_at": None, "fault": None}
    await crm.put(tx, crm_writes, key, anew, {"created_at": now})


async def tell_of(tx: AsyncConnection, deal_ids: Iterable[int], *, now: datetime) -> None:
    """Let CRMs be told of deals of ours whose facts changed here."""
    query = (
        sa.select(crm_deals.c.connection_id, crm_deals.c.remote_id)
        .join(deals, deals.c.crm_id == crm_deals.c.crm_id)
        .where(deals.c.id.in_(list(deal_ids)), crm_deals.c.state.is_not(None))
    )
    for row in list(await tx.execute(query.distinct())):
        await add_fields(tx, row.connection_id, row.remote_id, now=now)


async def add_once(
    tx: AsyncConnection, connection_id: int, remote_id: str, key: str, *, now: datetime
) -> None:
    """Let something be told, unless it was queued before."""
    dialect = sqlite if tx.dialect.name == "sqlite" else postgresql
    row = dialect.insert(crm_writes).values(
        connection_id=connection_id, remote_id=remote_id, key=key, created_at=now, attempts=0, next_at=now
    )
    await tx.execute(row.on_conflict_do_nothing())


async def claim(
    tx: AsyncConnection, connection_id: int, *, now: datetime, until: datetime, limit: int
) -> list[Write]:
    """Take what is due for a connection, the oldest first; nobody else gets it before `until`."""
    due = (crm_writes.c.connection_id == connection_id, crm_writes.c.next_at <= now)
    some = (
        sa.select(crm_writes.c.remote_id, crm_writes.c.key)
        .where(*due)
        .order_by(crm_writes.c.next_at, crm_writes.c.remote_id, crm_writes.c.key)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = [
        Write(row.remote_id, row.key, row.attempts)
        for row in await tx.execute(some.add_columns(crm_writes.c.attempts))
    ]
    for one in found:
        await record(tx, connection_id, one, next_at=until)
    return found


async def record(tx: AsyncConnection, connection_id: int, write: Write, **values: Any) -> None:
    """Record how a try went."""
    which = (
        crm_writes.c.connection_id == connection_id,
        crm_writes.c.remote_id == write.remote_id,
        crm_writes.c.key == write.key,
    )
    await tx.execute(crm_writes.update().where(*which).values(**values))


async def failed(tx: AsyncConnection, connection_id: int, limit: int) -> list[Any]:
    """What could not be told yet or at all, the newest first, with the deal's name."""
    query = (
        sa.select(crm_writes, crm_deals.c.name)
        .join(
            crm_deals,
            sa.and_(
                crm_deals.c.connection_id == crm_writes.c.connection_id,
                crm_deals.c.remote_id == crm_writes.c.remote_id,
            ),
        )
        .where(crm_writes.c.connection_id == connection_id, crm_writes.c.fault.is_not(None))
        .order_by(crm_writes.c.tried_at.desc())
        .limit(limit)
    )
    return list(await tx.execute(query))


async def try_anew(tx: AsyncConnection, connection_id: int, *, now: datetime) -> None:
    """Tell again what could not be told."""
    faulty = (crm_writes.c.connection_id == connection_id, crm_writes.c.fault.is_not(None))
    await tx.execute(crm_writes.update().where(*faulty).values(next_at=now, attempts=0, fault=None))


# --- the facts ---


async def people(tx: AsyncConnection, crm_id: str) -> Sequence[Any]:
    """Who was enrolled for a deal: id, state, resume_at, status, outcome of the deal and its day."""
    query = (
        sa.select(
            enrollments.c.id,
            enrollments.c.state,
            enrollments.c.resume_at,
            prospects.c.status,
            deals.c.outcome,
            deals.c.outcome_on,
        )
        .join(deals, deals.c.id == enrollments.c.deal_id)
        .join(prospects, prospects.c.id == enrollments.c.prospect_id)
        .where(deals.c.crm_id == crm_id)
        .order_by(enrollments.c.id)
    )
    return (await tx.execute(query)).all()


async def next_touch(tx: AsyncConnection, enrollment_ids: Iterable[int]) -> datetime | None:
    """When the first mail that waits is due."""
    query = sa.select(sa.func.min(messages.c.due_at)).where(
        messages.c.enrollment_id.in_(list(enrollment_ids)), messages.c.wake_at.is_not(None)
    )
    found: datetime | None = (await tx.execute(query)).scalar_one()
    return found


async def replies(tx: AsyncConnection, enrollment_ids: Iterable[int]) -> list[int]:
    """What people wrote, the newest first: their ids."""
    query = sa.select(inbound.c.id).where(
        inbound.c.enrollment_id.in_(list(enrollment_ids)),
        inbound.c.category.not_in(sorted(AUTOMATIC)),
        inbound.c.verdict.is_not(None),
    )
    return list(
        (await tx.execute(query.order_by(inbound.c.received_at.desc(), inbound.c.id.desc()))).scalars()
    )


# --- what both sides changed ---


async def conflict(
    tx: AsyncConnection,
    connection_id: int,
    remote_id: str,
    name: str,
    *,
    ours: str,
    theirs: str,
    now: datetime,
) -> None:
    """Ask a person whose value counts; both are kept."""
    waiting = _waiting(connection_id, remote_id, crm_conflicts.c.name == name)
    asked = crm_conflicts.update().where(*waiting).values(ours=ours, theirs=theirs)
    if not (await tx.execute(asked)).rowcount:
        values = {"connection_id": connection_id, "remote_id": remote_id, "name": name}
        await tx.execute(crm_conflicts.insert().values(**values, ours=ours, theirs=theirs, found_at=now))


async def settle(
    tx: AsyncConnection, connection_id: int, remote_id: str, names: Iterable[str], *, now: datetime
) -> None:
    """Both sides agree by themselves on these: nobody need decide."""
    waiting = _waiting(connection_id, remote_id, crm_conflicts.c.name.in_(list(names)))
    await tx.execute(crm_conflicts.update().where(*waiting).values(decided_at=now, decision="agreed"))


def _waiting(connection_id: int, remote_id: str, *which: sa.ColumnElement[bool]) -> tuple[Any, ...]:
    return (
        crm_conflicts.c.connection_id == connection_id,
        crm_conflicts.c.remote_id == remote_id,
        crm_conflicts.c.decided_at.is_(None),
        *which,
    )


async def conflicts(tx: AsyncConnection, connection_id: int) -> list[Any]:
    """What waits for somebody's decision, with the deal's name, the oldest first."""
    query = (
        sa.select(crm_conflicts, crm_deals.c.name.label("deal"))
        .join(
            crm_deals,
            sa.and_(
                crm_deals.c.connection_id == crm_conflicts.c.connection_id,
                crm_deals.c.remote_id == crm_conflicts.c.remote_id,
            ),
        )
        .where(crm_conflicts.c.connection_id == connection_id, crm_conflicts.c.decided_at.is_(None))
        .order_by(crm_conflicts.c.id)
    )
    return list(await tx.execute(query))


async def decide(tx: AsyncConnection, conflict_id: int, values: Mapping[str, Any]) -> bool:
    """Record a decision; False where somebody decided before."""
    which = (crm_conflicts.c.id == conflict_id, crm_conflicts.c.decided_at.is_(None))
    return bool((await tx.execute(crm_conflicts.update().where(*which).values(**values))).rowcount)

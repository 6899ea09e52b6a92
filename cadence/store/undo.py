"""How everything at a company stands, so that what a person did there can be taken back exactly.

A picture holds what an answer may change, row by row. Of two pictures, `difference` keeps what must be put
back and what must go; `put_back` does that. It is no transition: it is as if nobody had answered.
"""

import json
from datetime import datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.store.tables import (
    Instant,
    corrections,
    deals,
    enrollments,
    inbound,
    messages,
    prospects,
    suggestions,
    tasks,
    undos,
)

Picture = dict[str, dict[str, dict[str, Any]]]
"""Table → id → column → value, all of it fit for JSON."""

_KEPT: dict[sa.Table, tuple[str, ...]] = {
    prospects: ("status", "soft_bounces", "unreachable"),
    enrollments: ("state", "state_reason", "resume_at", "heard", "paused_by"),
    messages: ("state", "wake_at", "due_at", "base_at", "why", "outcome", "approved", "attempts", "sent_at"),
    inbound: ("corrected",),
    tasks: ("done_at", "answer"),
    corrections: (),
    suggestions: (),
}
_TELLING: dict[sa.Table, tuple[str, ...]] = {
    prospects: ("status",),
    enrollments: ("state", "resume_at"),
    messages: ("state", "attempts", "sent_at", "base_at"),  # base_at: a date of the deal changed
    inbound: ("corrected",),
    tasks: ("done_at",),
    corrections: (),
    suggestions: (),
}
"""Where one of these is another one, or a row came or went, something has followed. That a mail was put off
by a worker is no such thing."""
_ADDED = (tasks, suggestions, corrections, messages)
_TABLES = {table.name: table for table in _KEPT}


async def picture(tx: AsyncConnection, prospect_id: int) -> Picture:
    """How everything stands at the company of a person, as far as an answer may change it."""
    company = sa.select(prospects.c.account_id).where(prospects.c.id == prospect_id).scalar_subquery()
    people = sa.select(prospects.c.id).where(prospects.c.account_id == company)
    enrolled = sa.select(enrollments.c.id).where(enrollments.c.prospect_id.in_(people))
    heard = sa.select(inbound.c.id).where(inbound.c.enrollment_id.in_(enrolled))
    where = {
        prospects: prospects.c.account_id == company,
        enrollments: enrollments.c.prospect_id.in_(people),
        messages: messages.c.account_id == company,
        inbound: inbound.c.enrollment_id.in_(enrolled),
        tasks: tasks.c.prospect_id.in_(people),
        corrections: corrections.c.inbound_id.in_(heard),
        suggestions: suggestions.c.inbound_id.in_(heard),
    }
    return {table.name: await _rows(tx, table, which) for table, which in where.items()}


async def _rows(
    tx: AsyncConnection, table: sa.Table, which: sa.ColumnElement[bool]
) -> dict[str, dict[str, Any]]:
    columns = [table.c[name] for name in _KEPT[table]]
    rows = await tx.execute(sa.select(table.c.id, *columns).where(which).order_by(table.c.id))
    return {
        str(row[0]): {column.name: _plain(value) for column, value in zip(columns, row[1:], strict=True)}
        for row in rows
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def difference(before: Picture, after: Picture) -> dict[str, Any]:
    """What taking back means: `changed` rows as they were, and the ids of those that were `added`."""
    changed = {
        name: {key: row for key, row in rows.items() if after[name].get(key, row) != row}
        for name, rows in before.items()
    }
    added = {name: [key for key in rows if key not in before[name]] for name, rows in after.items()}
    return {"changed": changed, "added": added}


def digest(shown: Picture) -> str:
    """By which it is seen whether anything has followed since a picture was made."""
    telling = [
        [table.name, key, *(row[name] for name in names)]
        for table, names in _TELLING.items()
        for key, row in shown[table.name].items()
    ]
    return sha256(json.dumps(telling).encode()).hexdigest()


async def put_back(tx: AsyncConnection, difference: dict[str, Any]) -> None:
    """Make everything as it was before."""
    for table in _ADDED:
        ids = [int(key) for key in difference["added"][table.name]]
        if ids:
            await tx.execute(table.delete().where(table.c.id.in_(ids)))
    for name, rows in difference["changed"].items():
        table = _TABLES[name]
        for key, row in rows.items():
            values = {column: _typed(table.c[column], value) for column, value in row.items()}
            await tx.execute(table.update().where(table.c.id == int(key)).values(values))


def _typed(column: sa.Column[Any], value: Any) -> Any:
    is_instant = value is not None and isinstance(column.type, Instant)
    return datetime.fromisoformat(value) if is_instant else value


async def reaches_beyond(tx: AsyncConnection, prospect_id: int) -> bool:
    """Whether somebody of another company is in a deal of this person's company, or the other way round."""
    company = sa.select(prospects.c.account_id).where(prospects.c.id == prospect_id).scalar_subquery()
    query = (
        sa.select(enrollments.c.id)
        .join(prospects, prospects.c.id == enrollments.c.prospect_id)
        .join(deals, deals.c.id == enrollments.c.deal_id)
        .where(sa.or_(prospects.c.account_id == company, deals.c.account_id == company))
        .where(prospects.c.account_id != deals.c.account_id)
    )
    return (await tx.execute(query.limit(1))).first() is not None


# --- what was done ---


async def keep(
    tx: AsyncConnection,
    *,
    user_id: int | None,
    prospect_id: int,
    what: str,
    rows: dict[str, Any],
    digest: str,
    at: datetime,
) -> None:
    """Remember something that may be taken back."""
    values = {"user_id": user_id, "prospect_id": prospect_id, "what": what, "rows": rows}
    await tx.execute(undos.insert().values(**values, digest=digest, at=at))


async def get(tx: AsyncConnection, undo_id: int) -> Any | None:
    """What was done, or None."""
    return (await tx.execute(sa.select(undos).where(undos.c.id == undo_id))).one_or_none()


async def latest(tx: AsyncConnection, user_id: int, *, since: datetime, limit: int) -> list[Any]:
    """What somebody did last and did not take back, newest first; of each person the last thing only."""
    newer = undos.alias()
    overtaken = sa.exists().where(
        newer.c.prospect_id == undos.c.prospect_id, newer.c.id > undos.c.id, newer.c.undone_at.is_(None)
    )
    query = (
        sa.select(undos.c.id, undos.c.what, undos.c.at, prospects.c.email)
        .join(prospects, prospects.c.id == undos.c.prospect_id)
        .where(undos.c.user_id == user_id, undos.c.undone_at.is_(None), undos.c.at >= since, ~overtaken)
        .order_by(undos.c.id.desc())
        .limit(limit)
    )
    return list(await tx.execute(query))


async def undone(tx: AsyncConnection, undo_id: int, at: datetime) -> bool:
    """Record that it was taken back; False where somebody did before."""
    changed = undos.update().where(undos.c.id == undo_id, undos.c.undone_at.is_(None))
    return bool((await tx.execute(changed.values(undone_at=at))).rowcount)

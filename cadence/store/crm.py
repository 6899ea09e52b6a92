"""CRMs that are connected, how far each was read, and the deals that they told of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.crm import Change, DealState
from cadence.core.crm_following import Base
from cadence.core.model import TaskKind
from cadence.core.people import User
from cadence.core.rights import REACH, Reach
from cadence.store import tasks as asking
from cadence.store.database import parts, shape
from cadence.store.listing import Listing
from cadence.store.tables import crm_connections, crm_deals, tasks, users
from cadence.store.users import user_of

ACTIVE, PAUSED, REFUSED = "active", "paused", "refused"
"""How a connection stands: read, left alone because a person said so, or waiting for another grant."""
SOON = timedelta(minutes=2)
"""Somebody who visits a connection holds it for longer."""


@dataclass(frozen=True, slots=True)
class Connection:
    """A CRM that is connected. secrets, hook: encrypted; setup: as it is kept; user: by whose right."""

    id: int
    kind: str
    url: str
    account: str
    secrets: str = field(repr=False)
    hook: str | None = field(repr=False)
    setup: Mapping[str, Any]
    since: datetime
    cursor: str
    state: str
    failures: int
    told_up_to: int
    user: User

    def crm_id(self, remote_id: str) -> str:
        """By which our deals name one of its deals, whatever other CRMs call theirs."""
        return f"{self.kind}-{self.id}:{remote_id}"


@dataclass(frozen=True, slots=True)
class Followed:
    """A deal of a CRM. state: how it stood when it was followed, None if it never was; bases: by fields."""

    remote_id: str
    crm_id: str
    name: str | None
    state: DealState | None
    changed_at: datetime | None
    sequence: str | None
    start: str | None
    bases: Mapping[str, Base]


# --- connections ---

_SECRET = ("secrets", "hook", "user_id")


def connection_list(user: User | None) -> Listing:
    """Connections within reach, without what opens them; user: None for all of them."""
    columns = [column for column in crm_connections.c if column.name not in _SECRET]
    has_hook = crm_connections.c.hook.is_not(None).label("has_hook")
    query = sa.select(*columns, has_hook, users.c.email.label("owner")).join(
        users, users.c.id == crm_connections.c.user_id
    )
    if user is not None and REACH[user.role] is not Reach.ALL:
        query = query.where(users.c.team == user.team)
    return Listing("connection", "crm_connections", query)


_SHAPES = [shape(table.name, table.c) for table in (crm_connections, users)]


def _connection_of(row: Any) -> Connection:
    kept, user = parts(row, *_SHAPES)
    names = (name for name in Connection.__dataclass_fields__ if name != "user")
    return Connection(**{name: getattr(kept, name) for name in names}, user=user_of(user))


_CONNECTIONS = sa.select(crm_connections, users).join(users, users.c.id == crm_connections.c.user_id)


async def get(tx: AsyncConnection, connection_id: int) -> Connection | None:
    """The connection of this id."""
    row = (await tx.execute(_CONNECTIONS.where(crm_connections.c.id == connection_id))).one_or_none()
    return _connection_of(row) if row else None


async def all_of(tx: AsyncConnection) -> list[Connection]:
    """Every connection."""
    return [_connection_of(row) for row in await tx.execute(_CONNECTIONS.order_by(crm_connections.c.id))]


async def due(tx: AsyncConnection, now: datetime) -> list[int]:
    """The connections that are to be visited now."""
    query = sa.select(crm_connections.c.id).where(
        crm_connections.c.state != PAUSED, crm_connections.c.next_at <= now
    )
    return list((await tx.execute(query.order_by(crm_connections.c.id))).scalars())


async def claim(tx: AsyncConnection, connection_id: int, *, now: datetime, until: datetime) -> bool:
    """Visit a connection, alone until then; False where somebody else does, or nobody is to."""
    taken = crm_connections.update().where(
        crm_connections.c.id == connection_id,
        crm_connections.c.state != PAUSED,
        crm_connections.c.next_at <= now,
    )
    return bool((await tx.execute(taken.values(next_at=until))).rowcount)


async def change(tx: AsyncConnection, connection_id: int, **values: Any) -> None:
    """Set some columns of a connection."""
    await tx.execute(crm_connections.update().where(crm_connections.c.id == connection_id).values(**values))


async def visited(tx: AsyncConnection, connection_id: int, **values: Any) -> None:
    """Record how a visit went; whoever switched the connection off meanwhile is not overruled."""
    on = (crm_connections.c.id == connection_id, crm_connections.c.state != PAUSED)
    await tx.execute(crm_connections.update().where(*on).values(**values))


async def wake(tx: AsyncConnection, connection_id: int, *, now: datetime) -> None:
    """Visit a connection soon, unless it asked to be left alone, or somebody visits it now."""
    fine = (crm_connections.c.id == connection_id, crm_connections.c.failures == 0)
    soon = crm_connections.c.next_at < now + SOON
    await tx.execute(crm_connections.update().where(*fine, soon).values(next_at=now))


async def remove(tx: AsyncConnection, connection_id: int) -> None:
    """Forget a connection, and what was known of its deals; what became of them here stays."""
    await tx.execute(crm_connections.delete().where(crm_connections.c.id == connection_id))


def _task_about(connection: Connection) -> str:
    return f"CRM {connection.id}, {connection.account}, "


async def ask_a_person(tx: AsyncConnection, connection: Connection, why: str, *, now: datetime) -> None:
    """Ask somebody to let us in again; once."""
    begins = _task_about(connection)
    same = (tasks.c.kind == TaskKind.CRM_FAULT, tasks.c.done_at.is_(None), tasks.c.text.startswith(begins))
    if (await tx.execute(sa.select(tasks.c.id).where(*same).limit(1))).first() is None:
        text = f"{begins}does not let Cadence in: {why}. Give it a new token."
        await asking.add(tx, TaskKind.CRM_FAULT, text, now=now)


async def works_again(tx: AsyncConnection, connection: Connection, *, now: datetime) -> None:
    """Nobody need do anything."""
    same = (tasks.c.kind == TaskKind.CRM_FAULT, tasks.c.done_at.is_(None))
    theirs = tasks.c.text.startswith(_task_about(connection))
    await tx.execute(tasks.update().where(*same, theirs).values(done_at=now, answer="it works again"))


# --- deals ---


def deal_list(connection_id: int) -> sa.Select[Any]:
    """What became of the deals of a connection that concern us, the last changed first."""
    query = sa.select(crm_deals).where(
        crm_deals.c.connection_id == connection_id,
        sa.or_(crm_deals.c.state.is_not(None), crm_deals.c.fault.is_not(None)),
    )
    return query.order_by(crm_deals.c.fault.is_(None), crm_deals.c.changed_at.desc(), crm_deals.c.remote_id)


async def deals_shown(tx: AsyncConnection, connection_id: int, limit: int) -> list[Any]:
    """The first of `deal_list`: those with a fault before others."""
    return list(await tx.execute(deal_list(connection_id).limit(limit)))


def _followed_of(row: Any) -> Followed:
    return Followed(
        remote_id=row.remote_id,
        crm_id=row.crm_id,
        name=row.name,
        state=DealState(row.state) if row.state else None,
        changed_at=row.changed_at,
        sequence=row.sequence,
        start=row.start,
        bases={name: Base(*both) for name, both in row.bases.items()},
    )


async def followed(tx: AsyncConnection, connection_id: int, remote_ids: Iterable[str]) -> dict[str, Followed]:
    """What is known of these deals."""
    query = sa.select(crm_deals).where(
        crm_deals.c.connection_id == connection_id, crm_deals.c.remote_id.in_(list(remote_ids))
    )
    return {row.remote_id: _followed_of(row) for row in await tx.execute(query)}


async def news(tx: AsyncConnection, connection_id: int, changes: Iterable[Change]) -> list[str]:
    """Those of these deals that are not known as they are now, each once, in their order."""
    listed = list(changes)
    known = await followed(tx, connection_id, {one.deal_id for one in listed})
    fresh = (
        one.deal_id for one in listed if one.deal_id not in known or known[one.deal_id].changed_at != one.at
    )
    return list(dict.fromkeys(fresh))


async def notice(
    tx: AsyncConnection, connection: Connection, remote_ids: Iterable[str], *, now: datetime
) -> None:
    """Let deals be read at the next visit, whatever is known of them."""
    for remote_id in remote_ids:
        key = {"connection_id": connection.id, "remote_id": remote_id}
        fresh = {"crm_id": connection.crm_id(remote_id), "bases": {}}
        await put(tx, crm_deals, key, {"noticed_at": now}, fresh)


async def notice_again(tx: AsyncConnection, connection_id: int, *, now: datetime) -> None:
    """Let the deals of a connection that had a fault be read at the next visit."""
    faulty = (crm_deals.c.connection_id == connection_id, crm_deals.c.fault.is_not(None))
    await tx.execute(crm_deals.update().where(*faulty).values(noticed_at=now))


async def noticed(tx: AsyncConnection, connection_id: int, limit: int) -> dict[str, datetime]:
    """The deals that are to be read, and since when."""
    query = sa.select(crm_deals.c.remote_id, crm_deals.c.noticed_at).where(
        crm_deals.c.connection_id == connection_id, crm_deals.c.noticed_at.is_not(None)
    )
    rows = await tx.execute(query.order_by(crm_deals.c.noticed_at, crm_deals.c.remote_id).limit(limit))
    return {row.remote_id: row.noticed_at for row in rows}


async def was_read(tx: AsyncConnection, connection_id: int, since: Mapping[str, datetime]) -> None:
    """These deals were read; who was told of again meanwhile is read again."""
    for remote_id, at in since.items():
        done = (
            crm_deals.c.connection_id == connection_id,
            crm_deals.c.remote_id == remote_id,
            crm_deals.c.noticed_at == at,
        )
        await tx.execute(crm_deals.update().where(*done).values(noticed_at=None))


async def keep(tx: AsyncConnection, connection: Connection, remote_id: str, **values: Any) -> None:
    """Set what is known of a deal."""
    if "bases" in values:
        values["bases"] = {name: [base.ours, base.theirs] for name, base in values["bases"].items()}
    key = {"connection_id": connection.id, "remote_id": remote_id}
    fresh = {"crm_id": connection.crm_id(remote_id), "bases": {}}
    await put(tx, crm_deals, key, values, fresh)


async def forget_old(tx: AsyncConnection, connection_id: int, before: datetime) -> None:
    """Forget deals that never concerned us and did not change for long."""
    unconcerned = (
        crm_deals.c.connection_id == connection_id,
        crm_deals.c.state.is_(None),
        crm_deals.c.fault.is_(None),
        crm_deals.c.noticed_at.is_(None),
        crm_deals.c.changed_at < before,
    )
    await tx.execute(crm_deals.delete().where(*unconcerned))


async def put(
    tx: AsyncConnection,
    table: sa.Table,
    key: Mapping[str, Any],
    values: Mapping[str, Any],
    fresh: Mapping[str, Any],
) -> None:
    """Set columns of the row of a key, which is made, with the `fresh` ones as well, if there is none."""
    dialect = sqlite if tx.dialect.name == "sqlite" else postgresql
    row = dialect.insert(table).values({**key, **fresh, **values})
    same = [table.c[name] for name in key]
    await tx.execute(row.on_conflict_do_update(index_elements=same, set_=dict(values)))

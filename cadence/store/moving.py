"""Which databases may be moved from and to, and the seal on the one that was moved away.

The seal is a table that says where to, and triggers by which the old database refuses every change. So
a process that was at it all the time loses nothing, and an older Cadence cannot go on with it either.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from cadence.core.errors import Conflict, InvalidInput
from cadence.store.copying import CARRIED
from cadence.store.tables import metadata, processes
from cadence.store.words import INDEX

_VERSION_TABLE = "alembic_version"
_moved = sa.Table("moved", sa.MetaData(), sa.Column("target", sa.Text), sa.Column("at", sa.Text))


def place_of(url: str) -> str:
    """Where a database is, fit to be shown: without the name and the password to log in with."""
    parsed = make_url(url)
    port = f":{parsed.port}" if parsed.port else ""
    return f"{parsed.get_backend_name()}://{parsed.host or ''}{port}/{parsed.database or ''}"


async def look_at_target(url: str) -> None:
    """Raises Conflict where a database holds tables that are not ours, InvalidInput where there is none."""
    with _unreachable(url):
        engine = create_async_engine(url, hide_parameters=True)
        try:
            async with engine.connect() as connection:
                names = await connection.run_sync(_table_names)
        finally:
            await engine.dispose()
    if others := sorted(names - set(metadata.tables) - {_VERSION_TABLE, INDEX}):
        raise Conflict(f"{place_of(url)} holds tables of something else ({', '.join(others[:3])})")


def _table_names(connection: Connection) -> set[str]:
    return set(sa.inspect(connection).get_table_names())


@contextmanager
def _unreachable(url: str) -> Iterator[None]:
    try:
        yield
    except ArgumentError as fault:
        raise InvalidInput(f"this is no address of a database: {fault}") from fault
    except (DBAPIError, OSError, TimeoutError) as fault:
        why = fault.orig if isinstance(fault, DBAPIError) else fault
        raise InvalidInput(f"{place_of(url)} cannot be reached: {why}") from fault


async def hold(tx: AsyncConnection) -> None:
    """Let nobody else write to PostgreSQL until the transaction ends."""
    await tx.execute(sa.text(f"LOCK TABLE {_all_tables()} IN EXCLUSIVE MODE"))


def _all_tables() -> str:
    return ", ".join(table.name for table in metadata.sorted_tables)


async def is_empty(tx: AsyncConnection) -> bool:
    """Whether no table holds a row; what only says that a process is alive does not count."""
    rows = sa.union_all(*(sa.select(sa.literal(1)).where(sa.exists(table.select())) for table in CARRIED))
    return (await tx.execute(rows)).first() is None


async def at_work(tx: AsyncConnection, now: datetime) -> str | None:
    """A process that works on the database, or did until a few seconds ago; None where there is none."""
    query = sa.select(processes.c.id).where(processes.c.alive_until > now).order_by(processes.c.id)
    found: str | None = (await tx.execute(query.limit(1))).scalar_one_or_none()
    return found


async def analyze(tx: AsyncConnection) -> None:
    """Let PostgreSQL know at once how much there is, so that it finds its way as fast as ever."""
    await tx.execute(sa.text("ANALYZE"))


async def clear(tx: AsyncConnection) -> None:
    """Take every row out of a PostgreSQL database, the audit trail's too, which else refuses that."""
    for table in metadata.sorted_tables:
        await tx.execute(sa.text(f"ALTER TABLE {table.name} DISABLE TRIGGER USER"))
    await tx.execute(sa.text(f"TRUNCATE {_all_tables()}, {INDEX}"))
    for table in metadata.sorted_tables:
        await tx.execute(sa.text(f"ALTER TABLE {table.name} ENABLE TRIGGER USER"))


async def seal(tx: AsyncConnection, target: str, now: datetime) -> None:
    """Let an SQLite database take no change any more, and say where it was moved to."""
    await unseal(tx)
    await tx.run_sync(_moved.create)
    await tx.execute(_moved.insert().values(target=target, at=now.isoformat(timespec="seconds")))
    words = f"this installation was moved to {target}".replace("'", "''")
    for name, table, change in _triggers():
        body = f"BEFORE {change} ON {table} BEGIN SELECT RAISE(ABORT, '{words}'); END"
        await tx.exec_driver_sql(f"CREATE TRIGGER {name} {body}")


async def unseal(tx: AsyncConnection) -> None:
    """Let an SQLite database be used again."""
    for name, _, _ in _triggers():
        await tx.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
    await tx.exec_driver_sql(f"DROP TABLE IF EXISTS {_moved.name}")


def _triggers() -> Iterator[tuple[str, str, str]]:
    for table in metadata.sorted_tables:
        for change in ("INSERT", "UPDATE", "DELETE"):
            yield f"moved_{table.name}_{change.lower()}", table.name, change


async def moved_to(tx: AsyncConnection) -> str | None:
    """Where a database was moved to, None where it is in use."""
    if tx.dialect.name != "sqlite" or _moved.name not in await tx.run_sync(_table_names):
        return None
    return str((await tx.execute(sa.select(_moved.c.target))).scalar_one())

"""How a transaction is opened, on SQLite and elsewhere; queries live in the other modules of store/.

SQLite: write-ahead log, foreign keys on, every commit on disk, and writers begin IMMEDIATE, so that two
of them queue up instead of failing half-way.
"""

import asyncio
from collections import namedtuple
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from cadence.core.errors import Conflict, DatabaseAway, InvalidInput
from cadence.store import sqlite

BUSY_SECONDS = 30
CONNECTIONS = 15
"""To PostgreSQL at most, from each process; they are kept, since opening one costs as much as ten queries."""
MIGRATION = 2**31
"""Names the right to migrate among the advisory locks of the database."""


class Database:
    """One database, open; `write` and `read` give a transaction each."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._readers = engine.execution_options(cadence_reads=True)
        self._turn = asyncio.Lock() if engine.dialect.name == "sqlite" else nullcontext()

    @classmethod
    async def open(cls, url: str) -> "Database":
        """Open and migrate the database at an SQLAlchemy URL such as sqlite+aiosqlite:///data/cadence.db."""
        try:
            parsed = make_url(url)
        except ArgumentError as fault:
            raise InvalidInput(f"database_url cannot be used: {fault}") from fault
        engine = (
            _sqlite(parsed)
            if parsed.get_backend_name() == "sqlite"
            else create_async_engine(parsed, hide_parameters=True, pool_size=CONNECTIONS, max_overflow=0)
        )
        try:
            async with engine.begin() as connection:
                await connection.run_sync(_migrate)
        except BaseException as fault:
            await engine.dispose()
            if isinstance(fault, (DBAPIError, OSError)):
                why = fault.orig if isinstance(fault, DBAPIError) else fault
                raise InvalidInput(f"the database cannot be opened: {why}") from fault
            raise
        return cls(engine)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that may change rows: committed at the end, rolled back on an error.

        On SQLite, where one writes at a time, those of this process queue up here: SQLite itself would
        let them look for their turn again and again, and sleep in between.
        """
        async with self._turn, self._connected(self._engine) as connection, connection.begin():
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that changes nothing; on SQLite it sees one state of the database."""
        async with self._connected(self._readers) as connection:
            yield connection

    @asynccontextmanager
    async def _connected(self, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        with _mapped():
            async with AsyncExitStack() as stack:
                try:
                    connection = await stack.enter_async_context(engine.connect())
                except (OSError, TimeoutError, PoolTimeout) as fault:
                    raise DatabaseAway(f"the database cannot be reached: {fault}") from fault
                yield connection

    async def close(self) -> None:
        """Give all connections back."""
        await self._engine.dispose()


@contextmanager
def _mapped() -> Iterator[None]:
    """A database that is locked, full or gone becomes one line; a fault of ours in what we ask does not."""
    try:
        yield
    except (DataError, IntegrityError, ProgrammingError):
        raise
    except DBAPIError as fault:
        raise DatabaseAway(f"the database cannot be used: {fault.orig}") from fault


async def insert(tx: AsyncConnection, table: sa.Table, **values: Any) -> int:
    """Add a row and give its id."""
    made = await tx.execute(table.insert().values(**values).returning(table.c.id))
    return int(made.scalar_one())


def parts(row: Sequence[Any], *shapes: type[Any]) -> list[Any]:
    """Cut a row of a joined query into the rows of its tables; shapes: of each, as `shape` gives them."""
    found, start = [], 0
    for each in shapes:
        end = start + len(each._fields)
        found.append(each._make(row[start:end]))
        start = end
    return found


def shape(name: str, columns: Iterable[sa.ColumnElement[Any]]) -> type[Any]:
    """What rows of these columns look like, once they are cut out of a longer row."""
    return namedtuple(name, [column.name for column in columns])


def _sqlite(url: sa.URL) -> AsyncEngine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    options = {"timeout": BUSY_SECONDS, "async_creator_fn": sqlite.connect}
    engine = create_async_engine(url, connect_args=options, hide_parameters=True)

    @sa.event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are ours, see begin
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        connection.create_function("lower", 1, _lower, deterministic=True)

    @sa.event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        reads = connection.get_execution_options().get("cadence_reads")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _lower(value: Any) -> Any:
    """SQLite's own knows only the letters of ASCII. No index may hold it: other programs lack this one."""
    return value.lower() if isinstance(value, str) else value


def _migrate(connection: Connection) -> None:
    """Bring the schema to the newest revision; a database of a newer Cadence is left alone."""
    known = _revisions()
    current = _revision(connection)
    if current == known[0]:
        return
    if current is not None and current not in known:
        raise Conflict("the database was made by a newer Cadence: update this one")
    if connection.dialect.name == "postgresql":  # several processes may start at once; SQLite lets one in
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION)))
    config = _alembic()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


@cache
def _revisions() -> list[str]:
    """All revisions of the schema, the newest first."""
    return [each.revision for each in ScriptDirectory.from_config(_alembic()).walk_revisions()]


def _revision(connection: Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()

"""SQLite for asyncio with one change of threads for a statement, where aiosqlite's own cursor takes four."""

import sqlite3
from collections.abc import Iterable
from functools import partial
from typing import Any

import aiosqlite


class _Cursor:
    """A statement's results, all of them read where it ran. What SQLAlchemy asks of a cursor, and no more."""

    arraysize = 1

    def __init__(self, connection: "_Connection") -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> "_Cursor":
        return self

    async def execute(self, sql: str, parameters: Iterable[Any] = ()) -> "_Cursor":
        """Run a statement and fetch what it gives."""
        await self._connection._execute(self._run, sqlite3.Cursor.execute, sql, parameters)  # type: ignore[no-untyped-call]
        return self

    async def executemany(self, sql: str, parameters: Iterable[Any]) -> "_Cursor":
        """Run a statement for each of many sets of parameters."""
        await self._connection._execute(self._run, sqlite3.Cursor.executemany, sql, parameters)  # type: ignore[no-untyped-call]
        return self

    async def fetchall(self) -> list[Any]:
        """The rows of the statement."""
        return self._rows

    async def close(self) -> None:
        """Nothing is left open."""

    def _run(self, how: Any, sql: str, parameters: Iterable[Any]) -> None:
        """Runs in the connection's thread."""
        cursor = self._connection._conn.cursor()
        try:
            how(cursor, sql, parameters)
            self._rows = cursor.fetchall() if cursor.description else []
            self.description, self.rowcount, self.lastrowid = (
                cursor.description,
                cursor.rowcount,
                cursor.lastrowid,
            )
        finally:
            cursor.close()


class _Connection(aiosqlite.Connection):
    def cursor(self) -> _Cursor:  # type: ignore[override]
        return _Cursor(self)


def connect(database: str, **options: Any) -> aiosqlite.Connection:
    """Open a database, as `aiosqlite.connect` does; to be awaited."""
    connection = _Connection(partial(sqlite3.connect, database, **options), iter_chunk_size=64)
    connection._thread.daemon = True  # as SQLAlchemy does it: a forgotten connection holds up no exit
    return connection

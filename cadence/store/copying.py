"""Copies every row of one database into another, and takes the fingerprint of a table on either.

Rows travel in pages of bounded size, so that memory does not grow with the installation. Documents (JSON)
travel as the text they are kept as. What says that a process is alive is not carried: nobody is, there.
"""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.errors import Conflict
from cadence.core.model import MessageState
from cadence.store.tables import mailboxes, messages, metadata, processes, prospects
from cadence.store.words import INDEXING

PAGE_ROWS = 1_000
PAGE_BYTES = 8_000_000
"""A page holds no more bytes of mail than this, unless it is a single mail."""

CARRIED = tuple(table for table in metadata.sorted_tables if table is not processes)
"""The tables that are copied; whatever refers to a row comes after it."""

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a table holds. checksum: over the values of all rows, in whatever order they are kept."""

    rows: int
    checksum: str


async def fingerprint(tx: AsyncConnection, table: sa.Table) -> Fingerprint:
    """Read a whole table and sum up what it says; the same on SQLite and on PostgreSQL."""
    rows = total = 0
    async for page in _pages(tx, table):
        rows += len(page)
        total += sum(int.from_bytes(sha256(_told(row)).digest()) for row in page)
    return Fingerprint(rows, f"{total % 2**256:064x}")


def _told(row: Iterable[Any]) -> bytes:
    """A row in words that depend on its values alone, mails shortened to their digests."""
    return repr([sha256(value).hexdigest() if isinstance(value, bytes) else value for value in row]).encode()


async def copy(source: AsyncConnection, target: AsyncConnection, table: sa.Table) -> None:
    """Put every row of a table into the same, empty table of PostgreSQL; new ids go on behind its last.

    Raises Conflict, naming the row, where PostgreSQL does not take one.
    """
    await target.execute(sa.text(f"ALTER TABLE {table.name} DISABLE TRIGGER USER"))  # nothing happens anew
    if table is prospects:
        await target.execute(sa.text(f"ALTER TABLE {table.name} ENABLE TRIGGER {INDEXING}"))
    own = [c for c in table.c if any(key.column.table is table for key in c.foreign_keys)]
    first = [c for c in table.c if c not in own]
    async for page in _pages(source, table):
        await _put(target, table, _insert(table, first), page)
    for column in own:  # a row may refer to one that comes after it
        async for page in _pages(source, table):
            at = list(table.c).index(column)
            referring = [row for row in page if row[at] is not None]
            await _put(target, table, _fill(table, column), referring)
    if "id" in table.c:
        sequence = sa.func.pg_get_serial_sequence(table.name, "id")
        last = sa.select(sa.func.setval(sequence, sa.func.max(table.c.id)))
        await target.execute(last.having(sa.func.max(table.c.id).is_not(None)))
    await target.execute(sa.text(f"ALTER TABLE {table.name} ENABLE TRIGGER USER"))


def _insert(table: sa.Table, columns: Iterable[sa.Column[Any]]) -> sa.Insert:
    return table.insert().values({column.name: _bound(column) for column in columns})


def _fill(table: sa.Table, column: sa.Column[Any]) -> sa.Update:
    return table.update().where(table.c.id == _bound(table.c.id)).values({column.name: _bound(column)})


def _bound(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """The place of a column's value in a statement; a document is handed over as its text."""
    if isinstance(column.type, sa.JSON):
        return sa.cast(sa.bindparam(f"_{column.name}", type_=sa.Text), sa.JSON)
    return sa.bindparam(f"_{column.name}", type_=column.type)


async def _put(
    target: AsyncConnection, table: sa.Table, statement: sa.Insert | sa.Update, rows: Rows
) -> None:
    """Run a statement for each row; where it fails, for fewer and fewer of them, to name the one."""
    if not rows:
        return
    names = [f"_{column.name}" for column in table.c]
    try:
        async with target.begin_nested():
            await target.execute(statement, [dict(zip(names, row, strict=True)) for row in rows])
    except DBAPIError as fault:
        if fault.connection_invalidated:
            raise
        if len(rows) == 1:
            raise Conflict(
                f"{_place(table, rows[0])}: PostgreSQL does not take this: {fault.orig}"
            ) from fault
        middle = len(rows) // 2
        await _put(target, table, statement, rows[:middle])
        await _put(target, table, statement, rows[middle:])


def _place(table: sa.Table, row: tuple[Any, ...]) -> str:
    keys = [
        f"{column.name} {value}" for column, value in zip(table.c, row, strict=True) if column.primary_key
    ]
    return f"table {table.name}, {', '.join(keys)}"


# --- reading ---


async def _pages(tx: AsyncConnection, table: sa.Table) -> AsyncIterator[Rows]:
    """All rows of a table in the order of its key, as many at a time as a page may hold."""
    keys = list(table.primary_key.columns)
    sizes = [sa.func.coalesce(sa.func.length(c), 0) for c in table.c if isinstance(c.type, sa.LargeBinary)]
    index = sa.select(*keys, sum(sizes, sa.literal(0)).label("size")).order_by(*keys).limit(PAGE_ROWS)
    rows = sa.select(*(_carried(column) for column in table.c)).order_by(*keys)
    after: tuple[Any, ...] | None = None
    while entries := [tuple(row) for row in await tx.execute(_behind(index, keys, after))]:
        last = _end_of_page(entries)
        page = await tx.execute(_behind(rows, keys, after).where(sa.tuple_(*keys) <= last))
        yield [tuple(map(_without_nul, row)) for row in page]
        after = last


def _behind(query: sa.Select[Any], keys: list[Any], after: tuple[Any, ...] | None) -> sa.Select[Any]:
    return query if after is None else query.where(sa.tuple_(*keys) > after)


def _end_of_page(entries: Rows) -> tuple[Any, ...]:
    """The key of the last row that still fits in; entries: keys, and behind each how large its row is."""
    room = PAGE_BYTES - entries[0][-1]
    last = entries[0]
    for entry in entries[1:]:
        room -= entry[-1]
        if room < 0:
            break
        last = entry
    return last[:-1]


def _carried(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """A column as it travels: a mail that was being sent when its process ended is looked at at once."""
    if column is mailboxes.c.watched_by:
        return sa.null().label(column.name)
    if column is messages.c.wake_at:
        is_sending = messages.c.state == MessageState.SENDING
        return sa.case((is_sending, messages.c.sent_at), else_=column).label(column.name)
    return sa.cast(column, sa.Text) if isinstance(column.type, sa.JSON) else column


def _without_nul(value: Any) -> Any:
    """PostgreSQL keeps no text with a NUL (U+0000); as in mail programs, U+FFFD stands in its place."""
    return value.replace("\0", "\ufffd") if isinstance(value, str) and "\0" in value else value

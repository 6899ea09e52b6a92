"""From every earlier revision up to the newest, with data in it: nothing is lost, and work goes on.

A new revision needs a file of rows beside this one: `python -m tests.store.migrations.freeze`.
"""

import shutil
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from cadence.core.people import Role, User
from cadence.store import searching
from cadence.store.database import Database
from cadence.store.searching import Wanted
from cadence.store.tables import metadata
from tests.servers.database import in_its_own_loop, migrate
from tests.service.fakes import reply
from tests.store.migrations import frozen
from tests.store.migrations.freeze import opened

T = TypeVar("T")


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def empty_url(request, tmp_path, record_property):
    """A database without a table."""
    if request.param == "SQLite":
        return f"sqlite+aiosqlite:///{tmp_path}/cadence.db"
    record_property("server", "PostgreSQL")
    return request.getfixturevalue("postgres").new_database(template="template1")


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            yield connection
    finally:
        await engine.dispose()


async def within(url: str, do: Callable[[sa.Connection], T]) -> T:
    async with connected(url) as connection:
        return await connection.run_sync(do)


@pytest.fixture(scope="module", params=["SQLite", "PostgreSQL"])
def kind(request):
    return request.param


@pytest.fixture(scope="module", params=frozen.revisions())
def upgraded(request, kind, tmp_path_factory):
    """A revision, and a database that was at it, with what was frozen there, and is at the newest now."""
    url = (
        f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('upgraded')}/cadence.db"
        if kind == "SQLite"
        else request.getfixturevalue("postgres").new_database(template="template1")
    )

    def prepare(connection: sa.Connection) -> None:
        frozen.upgrade(connection, request.param)
        frozen.put_in(connection, frozen.frozen(request.param)[1])

    in_its_own_loop(within(url, prepare))
    migrate(url)
    return request.param, url


@pytest.fixture
def revision(upgraded, kind, record_property):
    if kind == "PostgreSQL":
        record_property("server", kind)
    return upgraded[0]


@pytest.fixture
def url_to_read(upgraded):
    """The upgraded database itself, for who changes nothing in it."""
    return upgraded[1]


@pytest.fixture
def url(request, upgraded, kind, tmp_path):
    """A copy of the upgraded database."""
    at = make_url(upgraded[1]).database
    if kind == "PostgreSQL":
        return request.getfixturevalue("postgres").new_database(template=at)
    shutil.copyfile(at, tmp_path / "cadence.db")
    return f"sqlite+aiosqlite:///{tmp_path}/cadence.db"


async def test_what_an_installation_held_is_there_after_every_upgrade(revision, url_to_read):
    before, after = frozen.frozen(revision)[1], await within(url_to_read, frozen.take_out)
    assert after.keys() == metadata.tables.keys()
    for table, rows in before.items():
        kept = [{key: row[key] for key in rows[0]} for row in after[table]]
        assert kept == rows, table


async def test_people_of_every_revision_are_found_by_words(revision, url_to_read, tmp_path):
    now, held = frozen.frozen(revision)
    everybody = User(1, "a@vendor.test", "A", Role.ADMINISTRATOR, "", "UTC", now)
    ids = sorted((row["id"] for row in held["prospects"]), reverse=True)
    async with opened(url_to_read, tmp_path / "templates", now) as world, world.app.db.read() as tx:
        assert await searching.page(tx, everybody, Wanted(text="zofia gmbh"), before=None, limit=9) == ids
        assert len(await searching.page(tx, everybody, Wanted(text="ann@ann"), before=None, limit=9)) == 1


async def test_mails_leave_and_answers_count_after_every_upgrade(revision, url, tmp_path):
    now, held = frozen.frozen(revision)
    async with opened(url, tmp_path / "templates", now) as world:
        world.servers.uidvalidity = 2  # the mailbox of then is gone
        before = {row["message_id"] for row in held["messages"] if row["sent_at"]}
        await world.after(days=5)
        assert world.sent, "nothing is due"
        for mail in world.sent:
            assert not [one for one in before if one.encode() in mail.raw.partition(b"\r\n\r\n")[0]]
            assert mail.recipient not in {"cleo@cleo.example", "dora@dora.example"}  # opted out, away
        to = world.sent[0]
        await world.arrives(reply("Call me.", to=to.raw, sender=to.recipient, at=world.now, number=9))
        left = len(world.sent)
        await world.after(days=90)
        assert to.recipient not in {mail.recipient for mail in world.sent[left:]}
        await world.enroll("new@new.example", company="New")
        await world.after(hours=3)
        assert world.sent[-1].recipient == "new@new.example"


@pytest.mark.parametrize("number", frozen.revisions())
def test_every_revision_has_its_data_with_a_row_in_every_table(number):
    assert frozen.path_of(number).exists(), "run `python -m tests.store.migrations.freeze`"
    empty = [name for name, rows in frozen.frozen(number)[1].items() if not rows]
    assert empty == []


async def test_the_migrations_make_what_the_tables_say_to_the_last_default(
    empty_url, tmp_path, postgres, record_property
):
    record_property("server", "PostgreSQL")
    is_sqlite = empty_url.startswith("sqlite")
    beside = (
        f"sqlite+aiosqlite:///{tmp_path}/made.db"
        if is_sqlite
        else postgres.new_database(template="template1")
    )
    await within(beside, metadata.create_all)
    await (await Database.open(empty_url)).close()
    assert await within(empty_url, described) == await within(beside, described)


def described(connection: sa.Connection) -> dict[str, Any]:
    """Every table: columns, defaults, keys, constraints, and indexes with what they leave out."""
    look = sa.inspect(connection)
    names = set(look.get_table_names()) - {"alembic_version"}
    return {name: _described(look, name, connection.dialect) for name in names if not frozen.is_index(name)}


def _described(look: sa.Inspector, name: str, dialect: Dialect) -> dict[str, Any]:
    columns = {
        column["name"]: (column["type"].compile(dialect), column["nullable"], column["default"])
        for column in look.get_columns(name)
    }
    references = look.get_foreign_keys(name)
    if dialect.name == "sqlite":  # it does not tell the names of those that were added later
        references = [{**reference, "name": None} for reference in references]
    return {
        "columns": columns,
        "primary key": look.get_pk_constraint(name),
        "foreign keys": _sorted(references),
        "unique": _sorted(look.get_unique_constraints(name)),
        "checks": _sorted(look.get_check_constraints(name)),
        "indexes": _sorted(look.get_indexes(name)),
    }


def _sorted(found: Iterable[Mapping[str, Any]]) -> list[str]:
    return sorted(_words(each) for each in found)


def _words(found: Any) -> str:
    """The same for the same, whatever it is made of."""
    if isinstance(found, Mapping):
        return str({key: _words(value) for key, value in sorted(found.items())})
    return str(found)

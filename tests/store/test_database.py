"""The database: it is opened in the form that the code knows, and transactions keep their word."""

import asyncio
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from cadence.core.errors import CadenceError
from cadence.store import events, prospects
from cadence.store.database import Database
from cadence.store.tables import metadata

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


@pytest.fixture
async def db(tmp_path):
    db = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/cadence.db")
    yield db
    await db.close()


async def test_opening_again_changes_nothing(db, tmp_path):
    async with db.write() as tx:
        await prospects.suppress(tx, "a@b.test", reason="asked", source="reply", now=NOW)
    again = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/cadence.db")
    async with again.read() as tx:
        assert await prospects.suppression(tx, "a@b.test") == "asked"
    await again.close()


async def test_a_database_of_a_newer_cadence_is_left_alone(db, tmp_path):
    async with db.write() as tx:
        await tx.execute(sa.text("UPDATE alembic_version SET version_num = 'from-the-future'"))
    with pytest.raises(CadenceError, match="newer Cadence"):
        await Database.open(f"sqlite+aiosqlite:///{tmp_path}/cadence.db")


async def test_a_failed_transaction_leaves_nothing(db):
    with pytest.raises(ZeroDivisionError):
        async with db.write() as tx:
            await prospects.suppress(tx, "a@b.test", reason="asked", source="reply", now=NOW)
            raise ZeroDivisionError
    async with db.read() as tx:
        assert await prospects.suppression(tx, "a@b.test") is None


async def test_letters_of_every_alphabet_are_alike_in_either_case(db):
    async with db.read() as tx:
        made = await tx.execute(sa.select(*map(sa.func.lower, ("ÄÖ ÉCLAIR ЖУК", None, "Plain"))))
        assert tuple(made.one()) == ("äö éclair жук", None, "plain")
        assert (await tx.execute(sa.select(sa.literal("Größe und ÜBER").icontains("über")))).scalar_one()


async def test_no_index_and_no_trigger_holds_a_function_that_other_programs_do_not_have(db):
    async with db.read() as tx:
        made = await tx.execute(sa.text("SELECT sql FROM sqlite_master WHERE type IN ('index', 'trigger')"))
        assert [sql for sql in made.scalars() if sql and "lower(" in sql.lower()] == []


async def test_writers_queue_up_instead_of_failing(db):
    async def add(number):
        async with db.write() as tx:
            await events.add(tx, "test", str(number), at=NOW)
            await asyncio.sleep(0.005)

    await asyncio.gather(*(add(number) for number in range(20)))
    async with db.read() as tx:
        count = await tx.execute(sa.text("SELECT count(*) FROM events"))
        assert count.scalar() == 20


async def test_a_naive_instant_never_reaches_the_store(db):
    with pytest.raises(sa.exc.StatementError, match="naive datetime"):
        async with db.write() as tx:
            await events.add(tx, "test", "why", at=datetime(2026, 1, 1))


async def test_instants_come_back_as_they_went_in(db):
    async with db.write() as tx:
        await events.add(tx, "test", "why", at=NOW)
        row = (await tx.execute(sa.select(metadata.tables["events"]))).one()
    assert (row.at, row.at.tzinfo) == (NOW, UTC)

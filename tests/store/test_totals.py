"""Events are counted once each, however often the totals are renewed and whatever commits late."""

from datetime import UTC, datetime, timedelta

import pytest

from cadence.store import events, totals
from cadence.store.database import Database

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=1)


@pytest.fixture
async def db(database_url):
    db = await Database.open(database_url)
    yield db
    await db.close()


async def add(db, *kinds, at=LONG_AGO):
    async with db.write() as tx:
        for kind in kinds:
            await events.add(tx, kind, "a test", at=at)


async def count(db, now=NOW):
    async with db.write() as tx:
        await totals.count(tx, now)


async def all_of(db):
    async with db.read() as tx:
        return await totals.of_events(tx)


async def test_totals_are_right_before_and_after_each_renewal(db):
    assert await all_of(db) == {}
    await add(db, "message.sent", "message.sent", "reply.question")
    assert await all_of(db) == {"message.sent": 2, "reply.question": 1}
    for _ in range(3):
        await count(db)
        assert await all_of(db) == {"message.sent": 2, "reply.question": 1}
    await add(db, "message.sent", "message.held")
    assert await all_of(db) == {"message.sent": 3, "message.held": 1, "reply.question": 1}
    await count(db)
    assert await all_of(db) == {"message.sent": 3, "message.held": 1, "reply.question": 1}


async def test_totals_are_renewed_a_part_at_a_time(db, monkeypatch):
    monkeypatch.setattr(totals, "AT_ONCE", 2)
    await add(db, *["message.sent"] * 5)
    for counted in (2, 4, 5, 5):
        await count(db)
        async with db.read() as tx:
            rows = (await tx.execute(totals.event_totals.select())).all()
        assert [row.total for row in rows] == [counted]
        assert await all_of(db) == {"message.sent": 5}


async def test_what_may_not_have_settled_is_not_added(db):
    await add(db, "message.sent", at=NOW - totals.SETTLED + timedelta(seconds=1))
    await count(db)
    async with db.read() as tx:
        assert (await tx.execute(totals.event_totals.select())).all() == []
    assert await all_of(db) == {"message.sent": 1}


async def test_an_event_that_commits_after_a_later_one_is_counted(postgres):
    db = await Database.open(postgres.new_database())
    recent = NOW - timedelta(minutes=1)
    async with db.write() as slow:
        await events.add(slow, "message.sent", "written first", at=recent)
        await add(db, "message.sent", at=recent)
        await count(db)
        assert await all_of(db) == {"message.sent": 1}
    assert await all_of(db) == {"message.sent": 2}
    await count(db, NOW + timedelta(hours=1))
    assert await all_of(db) == {"message.sent": 2}
    await db.close()


async def test_two_processes_never_count_the_same_event(postgres):
    db = await Database.open(postgres.new_database())
    await add(db, "message.sent")
    async with db.write() as first:
        await totals.count(first, NOW)
        await count(db)  # it neither waits nor counts
    assert await all_of(db) == {"message.sent": 1}
    await db.close()


async def test_whoever_asks_counts_no_more_events_than_a_few_and_the_totals_catch_up(db, monkeypatch):
    await add(db, "message.bounced")
    await count(db)
    monkeypatch.setattr(totals, "AT_ONCE", 2)
    monkeypatch.setattr(totals, "LOOKED_AT", 2)
    await add(db, *["message.sent"] * 5)
    seen = []
    for _ in range(4):
        seen.append((await all_of(db))["message.sent"])
        await count(db)
    assert seen == [2, 4, 5, 5]

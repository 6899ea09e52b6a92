"""Faults at the seams of the send path, case by case: a clock that jumps, a database that goes away."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cadence.core.errors import DatabaseAway
from cadence.core.model import MessageState
from cadence.service import departing, outcomes, reading, sending
from cadence.service.app import App
from cadence.store import mailboxes, messages
from cadence.store.database import Database
from tests.faults.site import EPOCH, Clock, enroll, furnish, opened, until_due
from tests.servers.process import free_port
from tests.service.fakes import FakeServers


@asynccontextmanager
async def with_a_due_mail(url: str, folder: Path) -> AsyncIterator[tuple[App, Clock, FakeServers, int]]:
    clock, servers = Clock(), FakeServers()
    async with opened(url, servers, clock, process="one") as app:
        (mailbox,) = await furnish(app, folder, rep_smtp="smtp://localhost:1")
        await enroll(app, 1)
        clock.now = EPOCH + until_due()
        yield app, clock, servers, mailbox


@pytest.mark.parametrize(
    "ago", [None, timedelta(seconds=61), timedelta(hours=-1)], ids=["never", "old", "future"]
)
async def test_nothing_leaves_unless_the_mailbox_was_read_just_now(
    database_url: str, tmp_path: Path, ago: timedelta | None
) -> None:
    async with with_a_due_mail(database_url, tmp_path) as (app, clock, servers, mailbox):
        async with app.db.write() as tx:
            await mailboxes.change(tx, mailbox, synced_at=clock() - ago if ago else None)
        servers.down.add("rep0@vendor.test")
        assert (await sending.send_due(app, mailbox)) == {"wait": 1}
        assert not servers.sent
        servers.down.clear()
        assert await reading.sync(app, mailbox) == 0
        clock.now += timedelta(seconds=31)
        assert (await sending.send_due(app, mailbox)) == {"accepted": 1}


async def test_an_outcome_is_recorded_once_the_database_is_back(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(departing, "AGAIN", (0.0, 0.0))
    record, away = outcomes.record, [DatabaseAway("it restarts"), DatabaseAway("it starts")]

    async def first_away(*args: Any) -> None:
        if away:
            raise away.pop()
        await record(*args)

    monkeypatch.setattr(outcomes, "record", first_away)
    async with with_a_due_mail(database_url, tmp_path) as (app, _, servers, mailbox):
        assert (await sending.send_due(app, mailbox)) == {"accepted": 1}
        async with app.db.read() as tx:
            assert (await messages.get(tx, 1)).state is MessageState.SENT
        assert len(servers.sent) == 1


async def test_a_database_that_does_not_listen_is_one_plain_fault() -> None:
    from sqlalchemy.ext.asyncio import create_async_engine

    nobody = Database(create_async_engine(f"postgresql+asyncpg://cadence@127.0.0.1:{free_port()}/none"))
    with pytest.raises(DatabaseAway, match="cannot be reached"):
        async with nobody.write():
            pass


@pytest.mark.parametrize("kept", [True, False])
async def test_a_mark_of_which_nobody_knows_is_taken_off_again(
    kept: bool, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(departing, "AGAIN", (0.0,))
    begin = departing._begin

    async def interrupted(*args: Any) -> Any:
        if kept:
            await begin(*args)
        raise DatabaseAway("it went away at the commit")

    monkeypatch.setattr(departing, "_begin", interrupted)
    async with with_a_due_mail(database_url, tmp_path) as (app, _, servers, mailbox):
        assert (await sending.send_due(app, mailbox)) == {"fault": 1}
        async with app.db.read() as tx:
            state = (await messages.get(tx, 1)).state
        assert state is MessageState.PLANNED
        monkeypatch.setattr(departing, "_begin", begin)
        assert (await sending.send_due(app, mailbox)) == {"accepted": 1}
        assert len(servers.sent) == 1

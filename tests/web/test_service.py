"""The facade behind the pages, on a real database."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cadence.core.errors import CadenceError, InvalidInput, NotFound
from cadence.service import presence
from cadence.service.app import App
from cadence.settings import Settings
from cadence.store import schema
from cadence.store.database import Database
from cadence.web import service
from cadence.web.service import WebService
from cadence.wiring import open_app


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with open_app(Settings(data=tmp_path)) as app:
        yield app


async def test_a_token_that_is_not_ours_means_nobody(app: App) -> None:
    with pytest.raises(InvalidInput):
        await WebService(app).unsubscribe("nonsense")
    with pytest.raises(NotFound):
        await WebService(app).unsubscribe(app.links.sign(4711))


async def test_health_is_that_of_the_database(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await WebService(app).fault() is None

    def broken(self: Database) -> object:
        raise CadenceError("the database cannot be used: disk I/O error")

    monkeypatch.setattr(Database, "read", broken)
    assert await WebService(app).fault() == "the database cannot be used: disk I/O error"


async def test_it_is_ready_with_a_database_of_its_own_form(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await WebService(app).lacking() == {}
    monkeypatch.setattr(schema, "newest", lambda: "9999")
    missing = await WebService(app).lacking()
    assert list(missing) == ["schema"]
    assert "this process knows 9999" in missing["schema"]


async def test_a_database_that_is_away_is_what_is_missing(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Database) -> object:
        raise CadenceError("the database cannot be used: disk I/O error")

    monkeypatch.setattr(Database, "read", broken)
    assert await WebService(app).lacking() == {"database": "the database cannot be used: disk I/O error"}


async def test_a_database_that_hangs_is_not_waited_for(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hangs(tx: object) -> str:
        await asyncio.sleep(3600)
        return ""

    monkeypatch.setattr(service, "ANSWERS_WITHIN", 0.1)
    monkeypatch.setattr(schema, "revision", hangs)
    assert "does not answer" in (await WebService(app).lacking())["database"]
    assert "does not answer" in str(await WebService(app).fault())


async def test_a_process_that_also_sends_is_ready_once_it_says_that_it_is_alive(app: App) -> None:
    app.process = "me"
    assert list(await WebService(app, works=True).lacking()) == ["worker"]
    await presence.beat(app, presence.WORKER)
    assert await WebService(app, works=True).lacking() == {}
    await presence.leave(app)
    assert list(await WebService(app, works=True).lacking()) == ["worker"]
    assert await WebService(app).lacking() == {}

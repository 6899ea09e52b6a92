"""The facade behind the pages, on a real database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cadence.core.errors import CadenceError, InvalidInput, NotFound
from cadence.service.app import App
from cadence.settings import Settings
from cadence.store.database import Database
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

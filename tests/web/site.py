"""The workplace as browsers and other software see it: people with roles, forms that are really filled in."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from html.parser import HTMLParser
from typing import Any, cast
from urllib.parse import urljoin

import httpx
import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from fastapi import FastAPI

from cadence.core.people import CONSOLE, Role, User
from cadence.core.rights import RIGHTS, Right, Visitor
from cadence.service import api_tokens, counting, passwords, sessions
from cadence.service.app import App
from cadence.service.sessions import Origin
from cadence.store import users
from cadence.store.database import insert
from cadence.store.tables import metadata
from cadence.store.tables import users as table
from cadence.web.app import create_app
from cadence.web.cookies import csrf_of
from cadence.web.news import News
from cadence.web.service import WebService
from tests.service.conftest import World

PASSWORD = "a sentence that is long enough"
COOKIE = "cadence_session"


class Forms(HTMLParser):
    """The forms of a page: action → what would be sent if nothing were typed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, dict[str, list[str]]] = {}
        self._fields: dict[str, list[str]] | None = None
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form":
            self._fields = self.found.setdefault(said.get("action") or "", {})
        elif self._fields is None:
            return
        elif tag == "select":
            self._select = said.get("name") or ""
        elif tag == "option" and "selected" in said:
            self._option = True
        elif tag == "input" and said.get("name") and (said.get("type") != "checkbox" or "checked" in said):
            self._fields.setdefault(str(said["name"]), []).append(said.get("value") or "")

    def handle_data(self, data: str) -> None:
        if getattr(self, "_option", False) and self._fields is not None:
            self._fields[self._select] = [data]
            self._option = False

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._fields = None


class Browser(httpx.AsyncClient):
    """A browser without scripts: it keeps cookies and fills in forms."""

    async def submit(self, path: str, action: str = "", **typed: Any) -> httpx.Response:
        """Open a page, fill in the form that leads to `action`, and send it."""
        url, data = await self.filled(path, action, **typed)
        return await self.post(url, data=data)

    async def filled(self, path: str, action: str = "", **typed: Any) -> tuple[str, dict[str, Any]]:
        """Open a page and fill in the form that leads to `action`: where it goes, and what it says."""
        page = await self.get(path)
        assert page.status_code == 200, page.text
        forms = Forms(page.text).found
        assert action in forms, f"{path} has forms for {sorted(forms)}"
        return urljoin(str(page.url), action or path), forms[action] | typed

    @property
    def csrf(self) -> str:
        """What the forms of this browser bring along."""
        return csrf_of(self.cookies[COOKIE])


@dataclass
class Behind:
    """What is behind the application: another installation in each test."""

    service: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.service, name)


@cache
def application() -> tuple[FastAPI, Behind]:
    """The application; making its routes takes longer than most tests, so all of a process share them."""
    behind = Behind()
    return create_app(behind, workplace=cast(App, behind)), behind


class Site:
    """The application with its people. Time stands still unless a test turns it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.web, behind = application()
        behind.service = WebService(world.app)
        self.web.state.cadence, self.web.state.news = world.app, News(world.app)
        self.web.state.news.lasts = 0.0  # what never ends would be waited for
        self._open: list[httpx.AsyncClient] = []

    console = CONSOLE

    @property
    def app(self) -> App:
        return self.world.app

    def browser(self, address: str = "192.0.2.7", base_url: str = "http://localhost", **more: Any) -> Browser:
        transport = httpx.ASGITransport(self.web, client=(address, 4711), raise_app_exceptions=False)
        opened = Browser(transport=transport, base_url=base_url, trust_env=False, **more)
        self._open.append(opened)
        return opened

    async def person(self, role: Role, email: str = "", *, team: str = "", name: str = "") -> User:
        """Somebody who can log in."""
        email = email or f"{role}@vendor.test"
        hashed = await passwords.hashed(PASSWORD)
        async with self.app.db.write() as tx:
            user_id = await insert(
                tx,
                table,
                email=email,
                email_key=email,
                name=name or role.title(),
                role=role,
                team=team,
                zone="UTC",
                created_at=self.app.clock(),
                password=hashed,
            )
            user = await users.get(tx, user_id)
        assert user
        return user

    async def logged_in(self, user: User, **more: Any) -> Browser:
        """A browser in which somebody has a session."""
        browser = self.browser(**more)
        async with self.app.db.write() as tx:
            begun = await sessions.begin(self.app, tx, user, Origin("192.0.2.7"), owes_code=False)
        browser.cookies.set(COOKIE, begun.token, domain="localhost.local")
        return browser

    async def software(self, user: User, *scopes: Right, days: int = 30) -> httpx.AsyncClient:
        """Other software that has a token of somebody."""
        visitor = Visitor(user, RIGHTS[user.role], "192.0.2.7")
        token = await api_tokens.create(self.app, visitor, name="software", scopes=scopes, days=days)
        return self.browser(headers={"Authorization": f"Bearer {token}"})

    async def change(self, user: User, **columns: Any) -> None:
        async with self.app.db.write() as tx:
            await users.change(tx, user.id, **columns)

    async def rows(self, name: str) -> list[Any]:
        """All of a table, oldest first."""
        async with self.app.db.read() as tx:
            rows = metadata.tables[name]
            return list(await tx.execute(sa.select(rows).order_by(*rows.primary_key)))

    async def audit(self) -> list[tuple[str, str, str]]:
        """Who did what to whom, oldest first."""
        return [(row.actor, row.action, row.subject) for row in await self.rows("audit")]

    def later(self, **span: float) -> None:
        """Turn the clock."""
        self.world.now += timedelta(**span)

    async def close(self) -> None:
        await asyncio.gather(*counting.at_work())  # what a page began to count
        for opened in self._open:
            await opened.aclose()


@pytest.fixture
def one_database(sqlite_url: str) -> str:
    """For what cannot tell which database it is; imported as `database_url`, it halves a module's tests."""
    return sqlite_url


@pytest.fixture
async def site(world: World, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    """The application on either database; hashing passwords is made cheap."""
    monkeypatch.setattr(counting, "PATIENCE", 30.0)  # a page of a test has what it counts
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    made = Site(world)
    yield made
    await made.close()


@pytest.fixture
def slow_counts(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Nothing is counted in the background until this is set, and no page waits for it."""
    may_count, count = asyncio.Event(), counting._count

    async def waits(*given: Any) -> None:
        await may_count.wait()
        await count(*given)

    monkeypatch.setattr(counting, "_count", waits)
    monkeypatch.setattr(counting, "PATIENCE", 0.0)
    return may_count

"""How long the server takes for each page, and how large it is: `python -m benchmarks.pages`.

A made-up installation is looked at by an administrator and by a rep, whole requests through the application,
in turn and in random order; without a network, a proxy or a browser. PAGES is the list: add yours.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from benchmarks import outcome
from benchmarks.installation import EPOCH, SEQUENCE, TEMPLATES, opened
from benchmarks.populace import BOXES_OF_A_REP, Size, populate
from cadence.core.people import Role
from cadence.service import publishing, sessions
from cadence.service.app import App
from cadence.service.sessions import Origin
from cadence.store import users
from cadence.store.database import insert
from cadence.store.tables import enrollments
from cadence.store.tables import users as table
from cadence.web.app import create_app
from cadence.web.service import WebService
from tests.servers.database import Postgres, postgres_programs

ON_POSTGRESQL = Size(people=1_000_000, events=5_000_000, reps=20)
ON_SQLITE = Size(people=100_000, events=500_000, reps=20)
SHORT = Size(people=2_000, events=4_000, reps=2)
ROUNDS, ROUNDS_IF_SHORT = 40, 3
PAGES = {
    "prospects": "/prospects",
    "prospects, a first name": "/prospects?q=dana",
    "prospects, a name": "/prospects?q=dana+sample",
    "prospects, an address": "/prospects?q=p777%40firm778.example",
    "prospects, a company": "/prospects?q=firm12+bak",
    "prospects, nobody": "/prospects?q=zzzz",
    "prospects by status": "/prospects?status=in_touch",
    "prospects by state": "/prospects?state=paused",
    "prospects by sequence": "/prospects?sequence=renewal",
    "prospects by owner": "/prospects?whose=owner-2",
    "prospects by mailbox": "/prospects?whose=box-7",
    "prospects by reason": "/prospects?reason=price",
    "prospects by a rare reason": "/prospects?reason=trust",
    "prospects by three": "/prospects?state=active&reason=price&status=contacted",
    "prospects, words and state": "/prospects?q=moreau&state=replied",
    "a prospect": "/prospects/{somebody}",
    "what would happen": "/prospects/{somebody}/pause",
    "deals": "/deals",
    "deals by reason": "/deals?reason=timing",
    "deals, a company": "/deals?q=firm99",
    "a deal": "/deals/{deal}",
    "background work": "/jobs",
}
"""What it is → where; {somebody}, {deal}: ids within the reach of both."""


async def _browser(app: App, email: str, role: Role | None) -> httpx.AsyncClient:
    """Somebody who is logged in. role: of somebody who is added first."""
    async with app.db.write() as tx:
        if role is not None:
            about = {"name": "Alex", "role": role, "team": "", "zone": "UTC", "created_at": app.clock()}
            await insert(tx, table, email=email, email_key=email, password="hashed", **about)
        user = await users.find(tx, email)
        assert user is not None
        begun = await sessions.begin(app, tx, user, Origin("192.0.2.7"), owes_code=False)
    web = create_app(WebService(app), workplace=app)
    browser = httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url="http://localhost")
    browser.cookies.set("cadence_session", begun.token, domain="localhost.local")
    return browser


async def _look(browser: httpx.AsyncClient, pages: dict[str, str], rounds: int) -> list[dict[str, Any]]:
    """Milliseconds and bytes of each page; the first look at each is not counted."""
    took: dict[str, list[float]] = {name: [] for name in pages}
    size: dict[str, int] = {}
    for number in range(rounds + 1):
        for name in random.Random(number).sample(list(pages), len(pages)):
            began = time.perf_counter()
            answer = await browser.get(pages[name])
            seconds = time.perf_counter() - began
            answer.raise_for_status()
            size[name] = len(answer.content)
            if number:
                took[name].append(seconds * 1000)
    return [
        {
            "page": name,
            "p50 ms": round(statistics.median(times), 1),
            "p95 ms": round(statistics.quantiles(times, n=20, method="inclusive")[18], 1),
            "kB": round(size[name] / 1000, 1),
        }
        for name, times in took.items()
    ]


async def _measure(url: str, size: Size, rounds: int) -> dict[str, Any]:
    found: dict[str, Any] = {"people": size.people, "events": size.events}
    async with opened(url, lambda: datetime.now(UTC)) as app:
        await publishing.publish(app, TEMPLATES, SEQUENCE)
        app.clock = lambda: EPOCH
        await populate(app, size)
        somebody, deal = await _one_of(app)
        for who, email, role in (
            ("administrator", "admin@vendor.test", Role.ADMINISTRATOR),
            ("rep", "owner0@vendor.test", None),
        ):
            browser = await _browser(app, email, role)
            pages = {name: path.format(somebody=somebody, deal=deal) for name, path in PAGES.items()}
            found[who] = await _look(browser, pages, rounds)
            await browser.aclose()
    return found


async def _one_of(app: App) -> tuple[int, int]:
    """Somebody whom the first rep writes to, and the deal that it is about."""
    async with app.db.read() as tx:
        query = enrollments.select().where(
            enrollments.c.mailbox_id <= BOXES_OF_A_REP, enrollments.c.state == "active"
        )
        row = (await tx.execute(query.limit(1))).one()
        return row.prospect_id, row.deal_id


def _print(database: str, found: dict[str, Any]) -> None:
    print(f"Pages of {found['people']:,} people and {found['events']:,} events on {database}")
    for who in ("administrator", "rep"):
        rows = [tuple(str(value) for value in one.values()) for one in found[who]]
        print(outcome.table((who, "p50 ms", "p95 ms", "kB"), rows))
        print()


def main(argv: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--short", action="store_true", help="only to see that everything runs")
    options.add_argument("--results", type=Path, default=outcome.RESULTS, help="where to write")
    given = options.parse_args(argv)
    rounds = ROUNDS_IF_SHORT if given.short else ROUNDS
    measured = {}
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/cadence.db"
        measured["SQLite"] = asyncio.run(_measure(url, SHORT if given.short else ON_SQLITE, rounds))
    if postgres_programs() is None:
        print("Pages on PostgreSQL: left out, because PostgreSQL is not installed")
    else:
        postgres = Postgres()
        try:
            postgres.start()
            url = postgres.new_database(template="template1")
            measured["PostgreSQL"] = asyncio.run(
                _measure(url, SHORT if given.short else ON_POSTGRESQL, rounds)
            )
        finally:
            postgres.remove()
    for database, found in measured.items():
        _print(database, found)
    outcome.keep(given.results, "pages", measured, short=given.short)


if __name__ == "__main__":
    main()

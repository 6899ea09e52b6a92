"""How long the server takes for each page and list, and how large they are: `python -m benchmarks.pages`.

A made-up installation is looked at by an administrator and by a rep: every GET of the application
(addresses.py), whole requests, in random order; without a network, a proxy or a browser.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path, PurePath
from typing import Any

import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks import outcome
from benchmarks.addresses import Address, addresses
from benchmarks.asking import Answer, ask
from benchmarks.installation import SEQUENCE, TEMPLATES, opened, seconds_to_epoch, shifted_clock
from benchmarks.populace import BOXES_OF_A_REP, Size, populate
from cadence.core.people import Role, User
from cadence.core.rights import RIGHTS, SCOPES, Visitor
from cadence.service import api_tokens, counting, publishing, sessions
from cadence.service.app import App
from cadence.service.links import Purpose
from cadence.service.secrets import digest, fresh
from cadence.service.sessions import Origin
from cadence.store import users
from cadence.store.database import insert
from cadence.store.tables import deals, enrollments, events, inbound, invitations, messages, tasks
from cadence.store.tables import users as table
from cadence.web import assets
from cadence.web.app import create_app
from cadence.web.service import WebService
from tests.servers.database import Postgres, postgres_programs

PEOPLE = {"PostgreSQL": 1_000_000, "SQLite": 100_000}
EVENTS_EACH, REPS = 5, 20
PEOPLE_IF_SHORT, REPS_IF_SHORT = 2_000, 2
ROUNDS, ROUNDS_IF_SHORT = 20, 1
MOST_MS, MOST_KB = 100, 150
"""What is over one of them is marked: until the first byte of an answer, and in a page."""
ADMINISTRATOR = "admin@vendor.test"


@dataclass(slots=True)
class Looks:
    """What looking at one address gave, round by round."""

    answers: list[Answer] = field(default_factory=list)

    @property
    def p95(self) -> float:
        """Milliseconds until the first byte."""
        return _p95([one.first for one in self.answers])

    def row(self, address: Address, of: int) -> dict[str, Any]:
        """As it is printed and kept."""
        return {
            "route": address.route,
            "addresses": of,
            "slowest": address.url,
            "p50 ms": round(statistics.median(one.first for one in self.answers) * 1000, 1),
            "p95 ms": round(self.p95, 1),
            "whole ms": round(_p95([one.whole for one in self.answers]), 1),
        }


def _p95(seconds: Sequence[float]) -> float:
    if len(seconds) == 1:
        return seconds[0] * 1000
    return statistics.quantiles(seconds, n=20, method="inclusive")[18] * 1000


# --- who looks, and at what ---


async def _user(app: App, email: str, role: Role | None) -> User:
    """role: of somebody who is added first."""
    async with app.db.write() as tx:
        found = await users.find(tx, email)
        if found is None and role is not None:
            about = {"name": "Alex", "role": role, "team": "", "zone": "UTC", "created_at": app.clock()}
            await insert(tx, table, email=email, email_key=email, password="hashed", **about)
            found = await users.find(tx, email)
    assert found is not None
    return found


async def _headers(app: App, user: User) -> dict[bool, dict[str, str]]:
    """What somebody's browser brings along, and what their software does."""
    async with app.db.write() as tx:
        begun = await sessions.begin(app, tx, user, Origin("192.0.2.7"), owes_code=False)
    scopes = SCOPES & RIGHTS[user.role]
    visitor = Visitor(user, RIGHTS[user.role], "192.0.2.7")
    token = await api_tokens.create(app, visitor, name="benchmark", scopes=scopes, days=1)
    return {False: {"cookie": f"cadence_session={begun.token}"}, True: {"authorization": f"Bearer {token}"}}


async def _known(app: App, tx: AsyncConnection, user: User) -> dict[str, Any]:
    """An example for every parameter: things that are within reach of both."""
    theirs = enrollments.c.mailbox_id <= BOXES_OF_A_REP
    reached = sa.select(enrollments.c.id).where(theirs)

    async def first(query: sa.Select[Any]) -> Any:
        return (await tx.execute(query.limit(1))).one()

    one = await first(sa.select(enrollments).where(theirs, enrollments.c.state == "active"))
    of_mail = messages.c.raw.is_not(None), messages.c.enrollment_id.in_(reached)
    mail = await first(sa.select(messages.c.id).where(*of_mail).order_by(messages.c.id))
    reply = await first(sa.select(inbound.c.id).where(inbound.c.enrollment_id.in_(reached)))
    of_draft = tasks.c.kind == "approve_draft", tasks.c.enrollment_id.in_(reached)
    draft = await first(sa.select(tasks.c.id).where(*of_draft))
    event = await first(sa.select(events.c.id).where(events.c.enrollment_id == one.id))
    deal = await first(sa.select(deals.c.account_id).where(deals.c.id == one.deal_id))
    ids = {"prospect_id": one.prospect_id, "deal_id": one.deal_id, "enrollment_id": one.id}
    ids |= {"mail_id": mail.id, "message_id": mail.id, "reply_id": reply.id, "task_id": draft.id}
    ids |= {"account_id": deal.account_id, "event_id": event.id, "user_id": user.id}
    ids |= {"mailbox_id": 1, "webhook_id": 1, "channel_id": 2, "news_id": 1}
    return {
        **ids,
        **{"job_id": 1, "/jobs/{job_id}/columns job_id": 2, "number": 0, "change": "pause"},
        **{
            "name": SEQUENCE,
            "/learn/{name}.csv name": "reasons",
            "/static/{name} name": PurePath(assets.url("app.css")).name,
        },
        **{"sequence": SEQUENCE, "domain": "firm7.example", "email": "p7@firm8.example"},
        **{"q": "dana", "sample": "price"},
        **{"kind": "prospect.forgotten", "since": "2026-01-01", "until": "2026-06-01"},
        "/u/{token} token": app.links.sign(one.id),
        "/q/{token} token": app.links.sign(one.id, Purpose.ANSWER),
        "/invite/{token} token": await _invitation(app, tx, user),
    }


async def _invitation(app: App, tx: AsyncConnection, user: User) -> str:
    now, token = app.clock(), fresh()
    about = {"user_id": user.id, "digest": digest(token), "created_at": now}
    await insert(tx, invitations, **about, expires_at=now + timedelta(days=1))
    return token


# --- looking ---


async def _look(
    web: FastAPI, wanted: Sequence[Address], headers: Mapping[bool, Mapping[str, str]], rounds: int
) -> dict[Address, Looks]:
    """The first look at each is not counted, nor what was counted in the background for it."""
    found: dict[Address, Looks] = {address: Looks() for address in wanted}
    refused = set()
    for number in range(rounds + 1):
        for address in random.Random(number).sample(wanted, len(wanted)):
            answer = await ask(web, address, headers[address.is_api] if address.right else {})
            if number and answer.status >= 400:  # at first a report may not be counted yet
                refused.add(f"{address.url} answered {answer.status}")
            if number:
                found[address].answers.append(answer)
        await asyncio.gather(*counting.at_work())
        if refused:
            raise RuntimeError("; ".join(sorted(refused)))
    return found


def _rows(found: Mapping[Address, Looks]) -> list[dict[str, Any]]:
    """For each route the address that is slowest; the largest of its answers."""
    by_route: dict[str, list[tuple[Address, Looks]]] = defaultdict(list)
    for address, looks in found.items():
        by_route[address.route].append((address, looks))
    rows = []
    for several in by_route.values():
        address, looks = max(several, key=lambda one: one[1].p95)
        every = [answer for _, one in several for answer in one.answers]
        size = {"kB": round(max(one.size for one in every) / 1000, 1)}
        rows.append(looks.row(address, len(several)) | size | {"is page": every[0].is_page})
    return rows


async def _measure(url: str, size: Size, rounds: int) -> dict[str, Any]:
    """Look at the installation in a database, which is made there unless it was before."""
    clock = shifted_clock(seconds_to_epoch())
    found: dict[str, Any] = {"people": size.people, "events": size.events}
    async with opened(url, clock) as app:
        app.templates = TEMPLATES
        async with app.db.read() as tx:
            is_empty = (await tx.execute(sa.select(enrollments.c.id).limit(1))).first() is None
        if is_empty:
            await publishing.publish(app, TEMPLATES, SEQUENCE)
            await populate(app, size)
        web = create_app(WebService(app), workplace=app)
        for email, role in ((ADMINISTRATOR, Role.ADMINISTRATOR), ("owner0@vendor.test", None)):
            user = await _user(app, email, role)
            async with app.db.write() as tx:
                known = await _known(app, tx, user)
            every = addresses(web, known)
            wanted = [one for one in every if one.right is None or one.right in RIGHTS[user.role]]
            looked = await _look(web, wanted, await _headers(app, user), rounds)
            found[str(user.role)] = _rows(looked)
    return found


# --- telling ---


def _print(database: str, found: dict[str, Any]) -> None:
    print(f"Pages of {found['people']:,} people and {found['events']:,} events on {database}")
    for who in (Role.ADMINISTRATOR, Role.REP):
        rows = sorted(found[who], key=lambda row: -row["p95 ms"])
        columns = tuple(name for name in rows[0] if name not in ("route", "is page"))
        lines = [(row["route"], *(str(row[name]) for name in columns)) for row in rows]
        print(outcome.table((str(who), *columns), lines))
        slow = sum(row["p95 ms"] > MOST_MS for row in rows)
        large = sum(row["kB"] > MOST_KB for row in rows if row["is page"])
        print(f"{len(rows)} routes; over {MOST_MS} ms: {slow}; over {MOST_KB} kB: {large}\n")


@contextmanager
def _databases(only: str, url: str) -> Iterator[dict[str, str]]:
    """Where to measure, by the name of the database. url: a database that is kept."""
    with tempfile.TemporaryDirectory() as folder:
        found = {"SQLite": f"sqlite+aiosqlite:///{folder}/cadence.db"}
        postgres = None
        if url:
            found = {"SQLite" if url.startswith("sqlite") else "PostgreSQL": url}
        elif postgres_programs() is None:
            print("Pages on PostgreSQL: left out, because PostgreSQL is not installed")
        elif only in ("", "PostgreSQL"):
            postgres = Postgres()
        try:
            if postgres is not None:
                found["PostgreSQL"] = postgres.start().new_database(template="template1")
            yield {name: where for name, where in found.items() if only in ("", name)}
        finally:
            if postgres is not None:
                postgres.remove()


def main(argv: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--short", action="store_true", help="only to see that everything runs")
    options.add_argument("--people", type=int, help="how many, on either database; five events each")
    options.add_argument("--rounds", type=int, help="how often each address is looked at")
    options.add_argument("--only", choices=list(PEOPLE), default="", help="on one of the databases")
    options.add_argument("--url", default="", help="of a database that is filled once, and kept")
    options.add_argument("--results", type=Path, default=outcome.RESULTS, help="where to write")
    given = options.parse_args(argv)
    rounds = given.rounds or (ROUNDS_IF_SHORT if given.short else ROUNDS)
    measured = {}
    with _databases(given.only, given.url) as databases:
        for name, url in databases.items():
            people = given.people or (PEOPLE_IF_SHORT if given.short else PEOPLE[name])
            size = Size(people, people * EVENTS_EACH, REPS_IF_SHORT if given.short else REPS)
            measured[name] = asyncio.run(_measure(url, size, rounds))
            _print(name, measured[name])
    outcome.keep(given.results, "pages", measured, short=given.short)


if __name__ == "__main__":
    main()

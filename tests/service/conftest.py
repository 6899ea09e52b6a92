"""An installation on SQLite with a clock that tests turn, and mail servers that answer as told."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cadence.core.model import Enrollment, Pace
from cadence.core.sequence import From
from cadence.service import connecting, enrolling, publishing, reading, sending, upkeep
from cadence.service.app import App, Company, Connections, Policy
from cadence.service.library import Library
from cadence.service.links import Links
from cadence.service.vault import Vault
from cadence.store import enrollments, messages
from cadence.store.database import Database
from tests.servers.database import Postgres
from tests.service.fakes import Delivered, FakeServers

SECRET = "a secret of tests, thirty-two characters and more"
SEQUENCE = """
name     = "Lost"
audience = "lost"
ends     = "18 months"

[window]
days     = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
hours    = "00:00-24:00"
holidays = "send"

[spacing]
prospect = "1 hour"
account  = "1 hour"

[[step]]
name    = "thank-you"
after   = "2 hours"
within  = "24 hours"
subject = "Thank you"

[[step]]
name    = "feedback"
after   = "4 days"
subject = "One question"
unless  = ["feedback", "feedback_declined"]

[[step]]
name    = "thanks-for-it"
on      = "feedback"
after   = "1 day"
subject = "Thank you for telling us"

[[step]]
name    = "offer"
after   = "10 days"
thread  = "reply"
subject = "Here if needed"

[[step]]
name    = "story"
after   = "45 days"
repeat  = "60 days"
pool    = "stories"
subject = "{{ story.title }}"
"""
FOOTER = "{{ company.postal_address }}\n{{ links.unsubscribe or 'Reply stop.' }}"
STORY = """+++
title = "{title}"
+++
Hello {{{{ prospect.first_name or "there" }}}}, this is how we helped a bakery.
"""


@dataclass
class World:
    """What a test holds: the installation, its servers and its clock."""

    app: App
    servers: FakeServers
    templates: Path
    now: datetime = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
    replies: int = field(default=0)

    async def enroll(self, email: str = "dana@lost.example", **more: object) -> Enrollment:
        more.setdefault("sequence", "lost")
        more.setdefault("company", "Lost Inc.")
        return await enrolling.enroll(self.app, enrolling.Request(email, **more))  # type: ignore[arg-type]

    async def after(self, **span: float) -> dict[str, int]:
        """Turn the clock, look after things and let due mail leave."""
        self.now += timedelta(**span)
        await upkeep.look_after(self.app)
        results: dict[str, int] = {}
        async with self.app.db.read() as tx:
            due = await messages.mailboxes_with_work(tx, self.now)
        for mailbox_id in due:
            for what, count in (await sending.send_due(self.app, mailbox_id)).items():
                results[what] = results.get(what, 0) + count
        return results

    async def arrives(self, raw: bytes, address: str = "rep@vendor.test", folder: str = "INBOX") -> int:
        """A mail arrives and the mailbox is read."""
        self.servers.mails(address, folder).append(raw)
        return await self.read(address)

    async def read(self, address: str = "rep@vendor.test") -> int:
        return await reading.sync(self.app, (await connecting.find(self.app, address)).id)

    async def state(self, enrollment: Enrollment) -> str:
        async with self.app.db.read() as tx:
            return (await enrollments.get(tx, enrollment.id)).state.value

    async def mails(self, enrollment: Enrollment) -> dict[str, str]:
        """Step → state of its latest occurrence."""
        async with self.app.db.read() as tx:
            return {m.step: m.state.value for m in await messages.of_enrollment(tx, enrollment.id)}

    @property
    def sent(self) -> list[Delivered]:
        return self.servers.sent


def write_sequence(folder: Path, toml: str = SEQUENCE, name: str = "lost") -> None:
    for path, text in {
        f"{name}/sequence.toml": toml,
        f"{name}/thank-you.md.j2": "Hello {{ prospect.first_name or 'there' }}, thank you.",
        f"{name}/feedback.md.j2": "What decided it?",
        f"{name}/thanks-for-it.md.j2": "Thank you for telling us.",
        f"{name}/offer.md.j2": "We are your backup.",
        "stories/bakery.md.j2": STORY.format(title="A bakery"),
        "stories/depot.md.j2": STORY.format(title="A depot"),
        "_shared/layout.txt.j2": f"{{{{ body }}}}\n\n{FOOTER}",
        "_shared/layout.html.j2": f"<html><body>{{{{ body }}}}{FOOTER}</body></html>",
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def database_url(request: pytest.FixtureRequest, record_property: Any) -> Iterator[str]:
    """A database with tables and nothing in them: the rules hold on both kinds."""
    if request.param == "SQLite":
        yield request.getfixturevalue("sqlite_url")
        return
    server: Postgres = request.getfixturevalue("postgres")
    record_property("server", "PostgreSQL")
    with server.lent_database() as url:
        yield url


@asynccontextmanager
async def furnished(database_url: str, templates: Path) -> AsyncIterator[World]:
    """An installation with a sequence and a mailbox, on a fresh database."""
    db = await Database.open(database_url)
    vault, servers = Vault([SECRET]), FakeServers()
    policy = Policy(company=Company("Vendor", "1 Sample Street"), pace=Pace(100, 100, 0, 0, 0))
    world = World.__new__(World)
    app = App(
        db, Library(), vault, Links([SECRET]), Connections(db, vault, servers), policy, lambda: world.now
    )
    app.steady = lambda: world.now.timestamp()  # noqa: PLW0108 - of the time that it is then
    world.__init__(app, servers, templates)  # type: ignore[misc]
    try:
        write_sequence(world.templates)
        await publishing.publish(app, world.templates, "lost")
        await connecting.add(app, mailbox("rep@vendor.test"))
        yield world
    finally:
        await app.connections.close()
        await db.close()


@pytest.fixture
async def world(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with furnished(database_url, tmp_path / "templates") as world:
        yield world


def mailbox(address: str, role: From = From.REP) -> connecting.NewMailbox:
    return connecting.NewMailbox(
        address, "Robin Rep", "smtp://localhost:2525", "imap://localhost:1143", "rep", "secret", role=role
    )

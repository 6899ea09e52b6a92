"""An installation at work: SQLite, the embedded loops, and a sandbox mail server on loopback."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Any

import pytest

from cadence.core.model import Enrollment, Mailbox, Pace
from cadence.mail.sandbox import Sandbox
from cadence.service import connecting, enrolling, publishing
from cadence.service.app import App, Company, Policy
from cadence.settings import Settings
from cadence.store import enrollments, mailboxes, messages
from cadence.wiring import open_app
from cadence.worker.loops import Loops
from cadence.worker.rhythm import Rhythm

REP = "rep@vendor.test"
PASSWORD = "a good password"
QUICK = Rhythm(tick=0.05, saved=0.05, again=0.1, refused=0.2, probe=0.1, longest_probe=0.2)


@dataclass
class Site:
    """What a test holds. shift: how far the installation's clock is ahead of the real one."""

    app: App
    box: Sandbox
    templates: Path
    shift: timedelta = field(default_factory=timedelta)

    async def add(self, address: str = REP, password: str = PASSWORD, **more: Any) -> Mailbox:
        smtp, imap = more.pop("smtp", self.box.smtp_url), more.pop("imap", self.box.imap_url)
        new = connecting.NewMailbox(address, "Robin Rep", smtp, imap, address, password, **more)
        return await connecting.add(self.app, new)

    async def enroll(self, email: str = "dana@lost.example", mailbox: str = REP) -> Enrollment:
        """Enroll somebody whose first mail is due at once."""
        request = enrolling.Request(email, "lost", company=email.partition("@")[2], mailbox=mailbox)
        made = await enrolling.enroll(self.app, request)
        self.shift += timedelta(hours=3)
        return made

    async def answer(self, text: str = "Please call me.", number: int = -1) -> None:
        """The recipient of a mail that left answers it."""
        mail = self.box.accepted[number]
        message_id = next(
            line for line in mail.raw.decode().splitlines() if line.lower().startswith("message-id:")
        ).partition(":")[2]
        await self.box.deliver(
            mail.sender,
            (
                f"From: {mail.recipients[0]}\r\nTo: {mail.sender}\r\nSubject: Re: Thank you\r\n"
                f"Date: {format_datetime(self.app.clock())}\r\nMessage-ID: {make_msgid()}\r\n"
                f"In-Reply-To:{message_id}\r\n\r\n{text}\r\n"
            ).encode(),
        )

    async def state(self, enrollment: Enrollment) -> str:
        async with self.app.db.read() as tx:
            return (await enrollments.get(tx, enrollment.id)).state.value

    async def mailbox(self, address: str = REP) -> Mailbox:
        async with self.app.db.read() as tx:
            found = await mailboxes.find(tx, address)
        assert found
        return found

    async def mails(self, enrollment: Enrollment) -> dict[str, str]:
        async with self.app.db.read() as tx:
            return {m.step: m.state.value for m in await messages.of_enrollment(tx, enrollment.id)}

    @asynccontextmanager
    async def at_work(
        self, *, poll: float = 30.0, rhythm: Rhythm = QUICK, **more: Path
    ) -> AsyncIterator[Loops]:
        loops = Loops(self.app, poll=poll, rhythm=rhythm, **more)
        running = asyncio.create_task(loops.run())
        try:
            yield loops
        finally:
            loops.stop()
            await running


async def until(true: Callable[[], Awaitable[object]], within: float = 30.0) -> float:
    """Wait for something to come true; gives the seconds it took."""
    began = time.monotonic()
    while not await true():
        assert time.monotonic() - began < within, "it did not come true"
        await asyncio.sleep(0.02)
    return time.monotonic() - began


SEQUENCE = """
name     = "Lost"
audience = "lost"
ends     = "18 months"

[window]
days     = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
hours    = "00:00-24:00"
holidays = "send"

[[step]]
name    = "thank-you"
after   = "2 hours"
subject = "Thank you"

[[step]]
name    = "feedback"
after   = "4 days"
subject = "One question"
"""
LAYOUT = "{{ body }} {{ company.postal_address }} {{ links.unsubscribe or 'Reply stop.' }}"


def write_sequence(folder: Path) -> None:
    for path, text in {
        "lost/sequence.toml": SEQUENCE,
        "lost/thank-you.md.j2": "Hello, thank you.",
        "lost/feedback.md.j2": "What decided it?",
        "_shared/layout.txt.j2": LAYOUT,
        "_shared/layout.html.j2": f"<html><body>{LAYOUT}</body></html>",
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    site = Site.__new__(Site)
    given = Settings(data=tmp_path / "data", templates=tmp_path / "templates")
    async with (
        Sandbox({REP: PASSWORD, "second@vendor.test": PASSWORD}) as box,
        open_app(given, clock=lambda: datetime.now(UTC) + site.shift) as app,
    ):
        app.policy = Policy(company=Company("Vendor", "1 Sample Street"), pace=Pace(100, 100, 0, 0, 0))
        site.__init__(app, box, tmp_path / "templates")  # type: ignore[misc]
        write_sequence(site.templates)
        await publishing.publish(app, site.templates, "lost")
        yield site

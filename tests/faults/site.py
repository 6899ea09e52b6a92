"""An installation with many due mails, on a database that any process may open."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cadence.core.errors import CadenceError
from cadence.core.model import Pace
from cadence.service import admission, connecting, publishing
from cadence.service.app import App, Company, Connections, Policy, Transport
from cadence.service.library import Library
from cadence.service.links import Links
from cadence.service.requests import Request
from cadence.service.vault import Vault
from cadence.store.database import Database

SECRET = "a secret of tests, thirty-two characters and more"
NO_PACE = Pace(daily_cap=1_000_000, ramp_from=1_000_000, ramp_step=0, gap=0, jitter=0)
EPOCH = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
"""When the installations of these tests begin to work."""
FIRST, SECOND, THIRD = "thank-you", "feedback", "offer"

_SEQUENCE = f"""
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
name    = "{FIRST}"
after   = "2 hours"
subject = "Thank you"

[[step]]
name    = "{SECOND}"
after   = "4 days"
subject = "One question"

[[step]]
name    = "{THIRD}"
after   = "40 days"
subject = "Here if needed"
"""
_LAYOUT = "{{ body }} {{ company.postal_address }} {{ links.unsubscribe or 'Reply stop.' }}"
_FILES = {
    "lost/sequence.toml": _SEQUENCE,
    f"lost/{FIRST}.md.j2": "Hello, thank you.",
    f"lost/{SECOND}.md.j2": "What decided it?",
    f"lost/{THIRD}.md.j2": "We are your backup.",
    "_shared/layout.txt.j2": _LAYOUT,
    "_shared/layout.html.j2": f"<html><body>{_LAYOUT}</body></html>",
}


@dataclass
class Clock:
    """An instant that tests turn."""

    now: datetime = EPOCH

    def __call__(self) -> datetime:
        return self.now


@asynccontextmanager
async def opened(
    url: str,
    transport: Transport,
    clock: Callable[[], datetime],
    *,
    process: str | None = None,
    **policy: int,
) -> AsyncIterator[App]:
    """The application on a database, with the given way to the mail servers."""
    db = await Database.open(url)
    vault = Vault([SECRET])
    connections = Connections(db, vault, transport)
    choices = Policy(company=Company("Vendor", "1 Sample Street"), pace=NO_PACE, **policy)  # type: ignore[arg-type]
    try:
        yield App(db, Library(), vault, Links([SECRET]), connections, choices, clock, process)
    finally:
        await connections.close()
        await db.close()


async def furnish(app: App, folder: Path, *, rep_smtp: str, reps: int = 1) -> list[int]:
    """Publish the sequence and connect mailboxes; gives their ids."""
    for path, text in _FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    await publishing.publish(app, folder, "lost")
    new = (
        connecting.NewMailbox(
            f"rep{number}@vendor.test", "Robin Rep", rep_smtp, "imap://localhost:1", "rep", "secret"
        )
        for number in range(reps)
    )
    return [(await connecting.add(app, one)).id for one in new]


async def enroll(app: App, count: int, *, prefix: str = "p", reps: int = 1) -> list[int]:
    """Enroll so many people, each of a company of their own, spread over the mailboxes; gives the ids."""
    requests = [
        Request(
            f"{prefix}{n}@{prefix}{n}.example",
            "lost",
            company=f"Company {prefix}{n}",
            mailbox=f"rep{n % reps}@vendor.test",
        )
        for n in range(count)
    ]
    async with app.db.write() as tx:
        made = await admission.admit(app, tx, requests)
    refused = [one for one in made if isinstance(one, CadenceError)]
    assert not refused, refused[0]
    return [one.id for one in made if not isinstance(one, CadenceError)]


def until_due() -> timedelta:
    """How long after an enrollment its first mail is due."""
    return timedelta(hours=2, minutes=1)

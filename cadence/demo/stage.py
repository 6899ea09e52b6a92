"""Sets the demo up: folder, database, a mail server on this machine, our mailboxes, the shipped sequences."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cadence.core.model import Pace, Place
from cadence.core.sequence import From
from cadence.demo.cast import OUR_DOMAIN
from cadence.mail.sandbox import Sandbox
from cadence.service import connecting, publishing
from cadence.service.app import App
from cadence.service.connecting import NewMailbox
from cadence.settings import Settings
from cadence.wiring import open_app

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
"""A Monday morning; always the same one, so that a seed always gives the same demo."""
SEQUENCES = ("closed-lost", "former-client")
PACE = Pace(daily_cap=500, ramp_from=500, ramp_step=0, gap=20, jitter=10)
"""Generous: the demo is not about warming up a mailbox."""

_COLLEAGUES = (
    ("Jonas Reed", "Account Manager", From.REP, Place("Europe/London", "GB"), "+44 113 496 0142"),
    ("Léa Caron", "Account Manager", From.REP, Place("Europe/Paris", "FR"), "+33 4 65 71 02 18"),
    ("Priya Nair", "Vice President, Clients", From.EXECUTIVE, Place("Europe/London", "GB"), None),
)
_PASSWORD = "sandbox"  # noqa: S105 - of a server that lives as long as the demo, on loopback


class Clock:
    """The time of the demo; it moves when it is told to, and never back."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def __call__(self) -> datetime:
        """The present instant, aware UTC."""
        return self._now

    def move(self, to: datetime) -> None:
        """Let it be later."""
        self._now = max(self._now, to)


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything a performance needs; mailboxes: our addresses → their ids."""

    app: App
    box: Sandbox
    clock: Clock
    mailboxes: dict[str, int]


@asynccontextmanager
async def set_up(folder: Path) -> AsyncIterator[Stage]:
    """Make a stage in this folder; the servers are gone afterwards, the database stays."""
    clock = Clock(START)
    users = {_address(name): _PASSWORD for name, *_ in _COLLEAGUES}
    async with Sandbox(users, clock=clock) as box, open_app(_settings(folder), clock=clock) as app:
        for name in SEQUENCES:
            await publishing.publish(app, _templates(), name)
        yield Stage(app, box, clock, await _connect(app, box))


def _settings(folder: Path) -> Settings:
    """Settings of the demo's own: nothing of the user's environment, database or templates is touched."""
    given: dict[str, Any] = {
        "data": folder,
        "templates": _templates(),
        "company_name": "Larkfield Systems",
        "company_postal_address": "12 Mill Lane, Leeds LS1 4QT, United Kingdom",
        "company_website": f"https://{OUR_DOMAIN}",
        "default_zone": "Europe/London",
        "default_country": "GB",
    }
    return Settings(**given)


def _templates() -> Path:
    """The shipped sequences: in the wheel, or beside the package in a checkout."""
    package = Path(__file__).parent.parent
    folders = (package / "_templates", package.parent / "templates")
    return next((folder for folder in folders if folder.is_dir()), folders[0])


async def _connect(app: App, box: Sandbox) -> dict[str, int]:
    """Connect our mailboxes, as `cadence mailbox add` does."""
    ids = {}
    for name, title, role, place, phone in _COLLEAGUES:
        address = _address(name)
        mailbox = await connecting.add(
            app,
            NewMailbox(
                address=address,
                name=name,
                smtp=box.smtp_url,
                imap=box.imap_url,
                username=address,
                password=_PASSWORD,
                role=role,
                title=title,
                phone=phone,
                place=place,
                pace=PACE,
            ),
        )
        ids[address] = mailbox.id
    return ids


def _address(name: str) -> str:
    return f"{name.casefold().replace(' ', '.').replace('é', 'e')}@{OUR_DOMAIN}"

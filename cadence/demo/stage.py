"""Sets the demo up: folder, database, a mail server and a web server on this machine, our mailboxes, the
shipped sequences, and beside them an event and a second way of writing the first mail.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
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
from cadence.web.app import create_app
from cadence.web.server import WebServer, listen, url_of
from cadence.web.service import WebService
from cadence.wiring import open_app

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
"""A Monday morning; always the same one, so that a seed always gives the same demo."""
PUBLIC_URL = f"https://mail.{OUR_DOMAIN}"
"""What mails name; the pages are at another address, of this machine, whose port is never the same."""
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
    """Everything a performance needs; mailboxes: our addresses → their ids; url: of the pages for readers."""

    app: App
    box: Sandbox
    clock: Clock
    mailboxes: dict[str, int]
    url: str


@asynccontextmanager
async def set_up(folder: Path) -> AsyncIterator[Stage]:
    """Make a stage in this folder; the servers are gone afterwards, the database stays."""
    clock = Clock(START)
    users = {_address(name): _PASSWORD for name, *_ in _COLLEAGUES}
    templates = templates_in(folder)
    async with (
        Sandbox(users, clock=clock) as box,
        open_app(_settings(folder, templates), clock=clock) as opened,
        _pages(opened) as (app, url),
    ):
        for name in SEQUENCES:
            await publishing.publish(app, templates, name)
        yield Stage(app, box, clock, await _connect(app, box), url)


@asynccontextmanager
async def _pages(app: App) -> AsyncIterator[tuple[App, str]]:
    """The pages for readers of our mails, on a port of this machine; gives the app that names them."""
    with listen("127.0.0.1", 0) as listening:
        app = replace(app, policy=replace(app.policy, public_url=PUBLIC_URL))
        web = WebServer(create_app(WebService(app)), listening)
        running = asyncio.create_task(web.run())
        try:
            yield app, url_of(listening)
        finally:
            web.stop()
            await running


def _settings(folder: Path, templates: Path) -> Settings:
    """Settings of the demo's own: nothing of the user's environment, database or templates is touched."""
    given: dict[str, Any] = {
        "data": folder,
        "templates": templates,
        "company_name": "Larkfield Systems",
        "company_postal_address": "12 Mill Lane, Leeds LS1 4QT, United Kingdom",
        "company_website": f"https://{OUR_DOMAIN}",
        "default_zone": "Europe/London",
        "default_country": "GB",
    }
    return Settings(**given)


def templates_in(folder: Path) -> Path:
    """The shipped sequences, from the wheel or beside the package in a checkout, and what the demo adds."""
    package = Path(__file__).parent.parent
    folders = (package / "_templates", package.parent / "templates")
    shipped = next((folder for folder in folders if folder.is_dir()), folders[0])
    copied = folder / "templates"
    for source in (shipped, Path(__file__).parent / "templates"):
        shutil.copytree(source, copied, dirs_exist_ok=True)
    return copied


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

"""An installation of Cadence for measurements: the shipped sequence, made-up people, an empty inbox."""

import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cadence.core.errors import CadenceError
from cadence.core.model import Mailbox, Pace
from cadence.mail.endpoint import Credentials, Endpoint
from cadence.mail.imap import ImapInbox
from cadence.mail.imap_text import Folder, SpecialUse
from cadence.mail.smtp import SmtpSender
from cadence.service import admission, connecting, publishing
from cadence.service.app import App, Company, Connections, Inbox, Policy
from cadence.service.library import Library
from cadence.service.links import Links
from cadence.service.requests import Request
from cadence.service.vault import Vault
from cadence.store import mailboxes
from cadence.store.database import Database
from tests.faults.quiet import QuietInbox

TEMPLATES = Path(__file__).parents[1] / "templates"
SEQUENCE = "closed-lost"
COMPANY = Company("Vendor Ltd", "1 Sample Street, 12345 Sampleton", "https://vendor.example")
PUBLIC_URL = "https://cadence.vendor.example"
EPOCH = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
"""A Tuesday morning: the sending window of everybody at UTC is open for the next ten hours."""
SECRET = "a-secret-of-benchmarks-with-more-than-thirty-two-characters"
PASSWORD = "secret"
"""Of every mailbox."""
_NO_PACE = Pace(daily_cap=1_000_000, ramp_from=1_000_000, ramp_step=0, gap=0, jitter=0)


class SinkAndEmptyInbox:
    """The real way out, without a log-in, which sinks do not offer; the way in to an inbox without mails."""

    def sender(self, mailbox: Mailbox, password: str) -> SmtpSender:
        return SmtpSender(Endpoint.parse(mailbox.smtp, kind="smtp"), None)

    def inbox(self, mailbox: Mailbox, password: str) -> Inbox:
        return QuietInbox(Folder("INBOX"), Folder("Sent", SpecialUse.SENT))


class RealInbox(SinkAndEmptyInbox):
    """The real way in as well; ssl_context: trusts the server's certificate."""

    def __init__(self, ssl_context: ssl.SSLContext) -> None:
        self._ssl_context = ssl_context

    def inbox(self, mailbox: Mailbox, password: str) -> Inbox:
        credentials = Credentials(mailbox.username, password)
        endpoint = Endpoint.parse(mailbox.imap, kind="imap")
        return ImapInbox(endpoint, credentials, ssl_context=self._ssl_context)


def shifted_clock(ahead: float) -> Callable[[], datetime]:
    """The real clock, moved by so many seconds."""
    return lambda: datetime.now(UTC) + timedelta(seconds=ahead)


def seconds_to_epoch() -> float:
    """How far the clock must be moved for the measurement to begin at EPOCH."""
    return (EPOCH - datetime.now(UTC)).total_seconds()


@asynccontextmanager
async def opened(
    url: str,
    clock: Callable[[], datetime],
    *,
    transport: SinkAndEmptyInbox | None = None,
    process: str | None = None,
) -> AsyncIterator[App]:
    """The application on a database, which is migrated if need be."""
    db = await Database.open(url)
    vault = Vault([SECRET])
    connections = Connections(db, vault, transport or SinkAndEmptyInbox())
    policy = Policy(company=COMPANY, public_url=PUBLIC_URL, pace=_NO_PACE)
    try:
        yield App(db, Library(), vault, Links([SECRET]), connections, policy, clock, process)
    finally:
        await connections.close()
        await db.close()


async def furnish(app: App, *, smtp: str, imap: str = "imap://localhost:1", reps: int = 1) -> list[int]:
    """Publish the shipped sequence and connect mailboxes; gives their ids."""
    await publishing.publish(app, TEMPLATES, SEQUENCE)
    return await connect(app, smtp=smtp, imap=imap, reps=reps)


async def connect(app: App, *, smtp: str, imap: str, reps: int, pace: Pace | None = None) -> list[int]:
    """Connect mailboxes whose servers file what is sent; gives their ids."""
    ids = []
    for number in range(reps):
        address = address_of(number)
        new = connecting.NewMailbox(
            address, "Robin Rep", smtp, imap, address, PASSWORD, title="Sales", pace=pace
        )
        ids.append((await connecting.add(app, new)).id)
    async with app.db.write() as tx:
        for mailbox_id in ids:
            await mailboxes.change(tx, mailbox_id, files_sent=True)
    return ids


def address_of(rep: int) -> str:
    return f"rep{rep}@vendor.test"


async def enroll_due(app: App, names: Sequence[str], *, reps: int = 1) -> None:
    """Enroll made-up people, each of a company of their own, so that their first mail is due now."""
    lost_at = app.clock() - timedelta(hours=2)
    requests = [
        Request(
            f"dana@{name}.example",
            SEQUENCE,
            first_name="Dana",
            last_name="Sample",
            company=f"Company {name}",
            industry="manufacturing",
            size=120,
            deal={"product": "the Standard plan", "competitor": "Another Vendor"},
            lost_at=lost_at,
            mailbox=address_of(number % reps),
        )
        for number, name in enumerate(names)
    ]
    async with app.db.write() as tx:
        made = await admission.admit(app, tx, requests)
    refused = [one for one in made if isinstance(one, CadenceError)]
    if refused:
        raise refused[0]

"""What the use cases work with: the database, the library of sequences, the way to the mail servers.

wiring.py builds it; tests build it with a sandbox mail server or with fakes at the two network seams.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Protocol

from cadence.core.delivery import Outcome
from cadence.core.errors import MailboxError
from cadence.core.model import Mailbox, Pace, Place
from cadence.mail.imap import FolderState
from cadence.mail.imap_text import Folder, HeaderBlock
from cadence.service import return_paths, way_out
from cadence.service.chat_endpoint import ChatEndpoint
from cadence.service.grants import Grants
from cadence.service.library import Library
from cadence.service.links import Links, Purpose
from cadence.service.models import Models
from cadence.service.outside import Outside
from cadence.service.vault import Vault
from cadence.service.way_out import OpenWay, WayOut
from cadence.store import mailboxes, relays
from cadence.store.database import Database
from cadence.store.mailboxes import Access


class Sender(Protocol):
    """The way out of one mailbox."""

    async def send(self, raw: bytes, sender: str, recipient: str) -> Outcome:
        """Deliver one mail; what goes wrong comes back as an outcome."""

    async def check(self) -> Outcome | None:
        """Connect and log in as for a mail; None means that mail can leave."""

    async def close(self) -> None:
        """Give the connection back."""


class Inbox(Protocol):
    """The way into one mailbox, for reading without a trace; raises MailboxError."""

    async def connect(self) -> None:
        """Log in, unless that was done."""

    async def folders(self) -> Sequence[Folder]:
        """All folders with their special uses."""

    async def examine(self, folder: str) -> FolderState:
        """Open a folder read-only."""

    async def uids_after(self, uid: int, since: date | None = None) -> list[int]:
        """The UIDs of the open folder that are greater; since: without mails from before this day."""

    async def headers(self, uids: Sequence[int]) -> Sequence[HeaderBlock]:
        """The header blocks of these mails."""

    async def fetch(self, uids: Sequence[int], limit: int) -> dict[int, bytes]:
        """These mails by UID, of each at most `limit` bytes; vanished ones are left out."""

    async def idle(self, timeout: float) -> bool:  # noqa: ASYNC109 - it is how long to wait, no deadline
        """Wait for news in the open folder."""

    async def append(self, folder: str, raw: bytes, at: datetime) -> None:
        """File a copy of a mail that was sent."""

    async def find(self, folder: str, message_id: str) -> list[int]:
        """Where a mail of this Message-ID is."""

    async def close(self) -> None:
        """Give the connection back."""


class Transport(Protocol):
    """Opens the ways in and out of a mailbox, of which nothing is remembered under the id 0.

    password: its token, where it is signed in by OAuth.
    """

    def sender(self, mailbox: Mailbox, password: str) -> Sender:
        """The way out; it connects when first used."""

    def relay(self, way: OpenWay) -> Sender:
        """The way out through a relay; it connects when first used."""

    def inbox(self, mailbox: Mailbox, password: str) -> Inbox:
        """The way in, not connected yet."""


@dataclass(frozen=True, slots=True)
class Company:
    """Who we are, as mails say it."""

    name: str | None = None
    postal_address: str | None = None
    website: str | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """The operator's choices.

    barrier: how old the last look into a mailbox may be when a mail leaves; lease: how long a claimed
    mail belongs to one worker; flight: how long a mail may be in flight before it counts as in doubt,
    longer than any SMTP time-out; batch: mails claimed at once; max_message: bytes of a received mail.
    """

    company: Company = field(default_factory=Company)
    public_url: str | None = None
    workplace_url: str | None = None
    place: Place = field(default_factory=Place)
    pace: Pace = field(default_factory=Pace)
    barrier: timedelta = timedelta(seconds=60)
    lease: timedelta = timedelta(seconds=45)
    flight: timedelta = timedelta(minutes=20)
    batch: int = 20
    backfill: timedelta = timedelta(days=30)
    max_message: int = 30_000_000


class Connections:
    """The open ways in and out, one of each per mailbox, reused until they are given back.

    Another process may change a mailbox at any time, so its row is looked at before each use, and a
    way that was opened with other servers, another password or an older token is opened anew. Tokens are
    renewed before they are used.
    """

    def __init__(
        self, db: Database, vault: Vault, transport: Transport, grants: Grants | None = None
    ) -> None:
        self._db, self._vault, self._transport = db, vault, transport
        self.grants = grants or Grants(db, vault)
        self._senders: dict[int, tuple[Access, WayOut | None, Sender]] = {}
        self._inboxes: dict[int, tuple[Access, Inbox]] = {}
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def sender(self, mailbox: Mailbox) -> Sender:
        """The way out of a mailbox; it orders its users by itself. Raises MailboxError, InvalidInput."""
        access = await self._access(mailbox.id)
        way = await way_out.of(self._db, access.mailbox)
        kept = self._senders.get(mailbox.id)
        if kept is None or kept[0].key != access.key or kept[1] != way:
            opened = self._sender(access.mailbox, self._vault.open(access.secret), way)
            self._senders[mailbox.id] = (access, way, opened)
            if kept is not None:
                await kept[2].close()
        return self._senders[mailbox.id][2]

    @asynccontextmanager
    async def inbox(self, mailbox: Mailbox) -> AsyncIterator[Inbox]:
        """The way into a mailbox, for one user at a time; after a fault the next one begins afresh."""
        async with self._locks[mailbox.id]:
            inbox = await self._inbox(mailbox.id)
            try:
                await inbox.connect()
                yield inbox
            except BaseException:  # a cancelled command leaves the dialogue half-way as well
                self._inboxes.pop(mailbox.id, None)
                await inbox.close()
                raise

    async def new_inbox(self, mailbox: Mailbox) -> Inbox:
        """A way in of one's own, for waiting on it; its user closes it."""
        access = await self._access(mailbox.id)
        return self._transport.inbox(access.mailbox, self._vault.open(access.secret))

    async def trial(self, mailbox: Mailbox, password: str) -> tuple[Sender, Inbox]:
        """Ways out and in that leave nothing behind, for a mailbox that need not be stored; their user closes
        them. Raises InvalidInput where a relay's secret was kept under another key.
        """
        passing = replace(mailbox, id=0)
        sender = self._sender(passing, password, await way_out.of(self._db, mailbox))
        return sender, self._transport.inbox(passing, password)

    async def relay(self, relay_id: int) -> Sender:
        """A way out through a relay that leaves nothing behind, for trying it; its user closes it."""
        async with self._db.read() as tx:
            access = await relays.access(tx, relay_id)
        if access is None:
            raise MailboxError("the relay was removed", temporary=False)
        return self._transport.relay(WayOut(access, ()).opened(self._vault))

    async def password(self, mailbox: Mailbox) -> str:
        """What a mailbox logs in with; raises MailboxError (it was removed) or InvalidInput (another key)."""
        return self._vault.open((await self._access(mailbox.id)).secret)

    async def renewed(self, mailbox: Mailbox) -> Access:
        """The way in with a token that was renewed just now, or as it is where that is a password.

        Raises MailboxError.
        """
        async with self._db.read() as tx:
            access = await mailboxes.access(tx, mailbox.id)
        return await self.grants.fresh(access, anew=True)

    async def drop(self, mailbox_id: int) -> None:
        """Give back what is open for a mailbox, so that the next use begins afresh."""
        if mailbox_id in self._senders:
            await self._senders.pop(mailbox_id)[2].close()
        async with self._locks[mailbox_id]:
            if mailbox_id in self._inboxes:
                await self._inboxes.pop(mailbox_id)[1].close()

    async def close(self) -> None:
        """Give everything back."""
        await asyncio.gather(*map(self.drop, {*self._senders, *self._inboxes}))

    def _sender(self, mailbox: Mailbox, password: str, way: WayOut | None) -> Sender:
        if way is None:
            return self._transport.sender(mailbox, password)
        return self._transport.relay(way.opened(self._vault))

    async def _inbox(self, mailbox_id: int) -> Inbox:
        access = await self._access(mailbox_id)
        kept = self._inboxes.get(mailbox_id)
        if kept is not None and kept[0].key != access.key:
            del self._inboxes[mailbox_id]
            await kept[1].close()
        if mailbox_id not in self._inboxes:
            opened = self._transport.inbox(access.mailbox, self._vault.open(access.secret))
            self._inboxes[mailbox_id] = (access, opened)
        return self._inboxes[mailbox_id][1]

    async def _access(self, mailbox_id: int) -> Access:
        async with self._db.read() as tx:
            access = await mailboxes.access(tx, mailbox_id)
        if not access.secret:
            raise MailboxError(f"{access.mailbox.address} was removed", temporary=False)
        return await self.grants.fresh(access)


async def _nobody() -> None:
    """There is nobody to wake."""


@dataclass(slots=True)
class App:
    """Everything the use cases need.

    clock gives the present instant, aware UTC; steady: seconds by a clock that nobody sets; doubted: when, by
    that, a mail was first seen in doubt; process: the name under which this process says that it
    is alive (see presence.py), None for one that comes and goes; wake: lets whoever sends look into the
    queue at once, to be called by a shell after it committed what may be due now. It never fails and
    promises nothing: without it they look a moment later; endpoint: whom to ask about replies that are not
    understood, None for nobody; certificates: with which relays sign, by URL. templates: the authors'
    folder, where this process has one.
    """

    db: Database
    library: Library
    vault: Vault
    links: Links
    connections: Connections
    policy: Policy
    clock: Callable[[], datetime]
    process: str | None = None
    steady: Callable[[], float] = time.monotonic
    doubted: dict[int, float] = field(default_factory=dict)
    wake: Callable[[], Awaitable[None]] = _nobody
    models: Models = field(default_factory=Models)
    endpoint: ChatEndpoint | None = None
    templates: Path | None = None
    outside: Outside = field(default_factory=Outside)
    certificates: dict[str, bytes] = field(default_factory=dict)

    def unsubscribe_url(self, enrollment_id: int) -> str | None:
        """The link by which one reader opts out, None where readers cannot reach us over HTTP."""
        if self.policy.public_url is None:
            return None
        return f"{self.policy.public_url.rstrip('/')}/u/{self.links.sign(enrollment_id)}"

    def answer_url(self, enrollment_id: int) -> str | None:
        """The page on which one reader can answer in a line, None where readers cannot reach us over HTTP."""
        if self.policy.public_url is None:
            return None
        return f"{self.policy.public_url.rstrip('/')}/q/{self.links.sign(enrollment_id, Purpose.ANSWER)}"

    def envelope_sender(self, mailbox: Mailbox, message_id: int) -> str:
        """Where bounces of a mail go; message_id: of its row."""
        return return_paths.sender_of(self.vault, mailbox, message_id)

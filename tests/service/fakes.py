"""Stand-ins at the two network seams: a mail server that answers as told, a mailbox in memory."""

import asyncio
from dataclasses import dataclass, field
from datetime import date, datetime
from email import message_from_bytes
from email.utils import format_datetime, parsedate_to_datetime

from cadence.core.delivery import Outcome, OutcomeKind
from cadence.core.errors import MailboxError
from cadence.core.model import Mailbox
from cadence.mail.imap import FolderState
from cadence.mail.imap_text import Folder, HeaderBlock, SpecialUse
from cadence.mail.presets import RELAYS
from cadence.mail.relay_sender import RelaySender
from cadence.service.way_out import OpenWay

ACCEPTED = Outcome(OutcomeKind.ACCEPTED, 250, "2.0.0", "queued")


@dataclass
class Delivered:
    mailbox: str
    sender: str
    recipient: str
    raw: bytes


@dataclass
class FakeServers:
    """Both seams of all mailboxes. outcomes: what the next sends end with, then accepted."""

    sent: list[Delivered] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    folders: dict[str, dict[str, list[bytes]]] = field(default_factory=dict)
    uidvalidity: int = 1
    down: set[str] = field(default_factory=set)
    before_send: object = None

    def sender(self, mailbox: Mailbox, password: str) -> "FakeSender":
        return FakeSender(self, mailbox.address)

    def relay(self, way: OpenWay) -> RelaySender:
        return RelaySender(FakeSender(self, way.relay.name), RELAYS[way.relay.kind], "", way.signers)

    def inbox(self, mailbox: Mailbox, password: str) -> "FakeInbox":
        return FakeInbox(self, mailbox.address)

    def mails(self, address: str, folder: str = "INBOX") -> list[bytes]:
        return self.folders.setdefault(address, {"INBOX": [], "Sent": []})[folder]


@dataclass
class FakeSender:
    servers: FakeServers
    address: str

    async def send(self, raw: bytes, sender: str, recipient: str) -> Outcome:
        await asyncio.sleep(0)
        outcome = self.servers.outcomes.pop(0) if self.servers.outcomes else ACCEPTED
        if outcome.kind is OutcomeKind.ACCEPTED:
            self.servers.sent.append(Delivered(self.address, sender, recipient, raw))
        return outcome

    async def check(self) -> Outcome | None:
        return self.servers.outcomes.pop(0) if self.servers.outcomes else None

    async def close(self) -> None:
        pass


@dataclass
class FakeInbox:
    servers: FakeServers
    address: str
    opened: str = "INBOX"

    async def connect(self) -> None:
        if self.address in self.servers.down:
            raise MailboxError("connection refused", temporary=True)

    async def folders(self) -> list[Folder]:
        self.servers.mails(self.address)
        return [Folder("INBOX"), Folder("Sent", SpecialUse.SENT)]

    async def examine(self, folder: str) -> FolderState:
        self.opened = folder
        count = len(self.servers.mails(self.address, folder))
        return FolderState(self.servers.uidvalidity, count + 1, count)

    async def uids_after(self, uid: int, since: date | None = None) -> list[int]:
        mails = self.servers.mails(self.address, self.opened)
        return [u for u, raw in enumerate(mails, 1) if u > uid and (since is None or _day_of(raw) >= since)]

    async def headers(self, uids: list[int]) -> list[HeaderBlock]:
        mails = self.servers.mails(self.address, self.opened)
        return [
            HeaderBlock(u, len(mails[u - 1]), mails[u - 1].partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
            for u in uids
        ]

    async def fetch(self, uids: list[int], limit: int) -> dict[int, bytes]:
        mails = self.servers.mails(self.address, self.opened)
        return {uid: mails[uid - 1][:limit] for uid in uids}

    async def idle(self, timeout: float) -> bool:  # noqa: ASYNC109
        await asyncio.sleep(timeout)
        return False

    async def append(self, folder: str, raw: bytes, at: datetime) -> None:
        self.servers.mails(self.address, folder).append(raw)

    async def find(self, folder: str, message_id: str) -> list[int]:
        mails = self.servers.mails(self.address, folder)
        return [i for i, raw in enumerate(mails, 1) if message_id.encode() in raw]

    async def close(self) -> None:
        pass


def _day_of(raw: bytes) -> date:
    return parsedate_to_datetime(message_from_bytes(raw)["Date"]).date()


def reply(
    text: str,
    *,
    to: bytes | None,
    sender: str,
    at: datetime,
    subject: str = "Re: hello",
    headers: str = "",
    number: int = 1,
) -> bytes:
    """A person's answer to a mail of ours (`to`), or a mail out of the blue."""
    thread = ""
    if to is not None:
        message_id = next(
            line for line in to.decode().split("\r\n") if line.lower().startswith("message-id:")
        )
        thread = f"In-Reply-To: {message_id.partition(':')[2].strip()}\r\n"
    head = (
        f"From: {sender}\r\nTo: rep@vendor.test\r\nSubject: {subject}\r\nDate: {format_datetime(at)}\r\n"
        f"Message-ID: <reply-{number}@lost.example>\r\n{thread}{headers}"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    )
    return (head + text + "\r\n").encode()

"""Reads a rep's mailbox without leaving a trace: EXAMINE and PEEK only, no flag is ever changed.

One task uses one inbox. After a MailboxError from a lost connection or a time-out the connection is
gone, and `connect` opens a new one.
"""

import asyncio
import re
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from aioimaplib.aioimaplib import SELECTED, Command

from cadence.core.errors import MailboxError
from cadence.mail.endpoint import Credentials, Endpoint
from cadence.mail.imap_protocol import Connection
from cadence.mail.imap_session import Session
from cadence.mail.imap_text import (
    Folder,
    HeaderBlock,
    Token,
    day,
    encode_name,
    fetched,
    folder,
    number,
    quote,
    ranges,
    with_usual_names,
)

MAX_MAIL = 50 * 1024 * 1024
MAX_HEADER = 256 * 1024
_BATCH = 100
_RENEW = 9 * 60.0


@dataclass(frozen=True, slots=True)
class FolderState:
    """An opened folder. uidnext: 0 where the server does not say."""

    uidvalidity: int
    uidnext: int
    exists: int


class ImapInbox:
    """A rep's mailbox.

    timeout: seconds without a byte from the server; renew: seconds of the longest single IDLE;
    selected: the open folder, None before `examine` and after a lost connection.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        credentials: Credentials,
        *,
        ssl_context: ssl.SSLContext | None = None,
        timeout: float = 60.0,
        renew: float = _RENEW,
    ) -> None:
        self.endpoint = endpoint
        self._session = Session(endpoint, credentials, ssl_context, timeout)
        self._renew = renew
        self._selected: str | None = None

    @property
    def is_connected(self) -> bool:
        """Whether commands can be given."""
        return self._session.is_open

    @property
    def selected(self) -> str | None:
        """The open folder; None before `examine` and once the connection is lost."""
        return self._selected if self._session.is_open else None

    async def connect(self) -> None:
        """Connect, secure the connection and log in; does nothing where that holds already."""
        if not self._session.is_open:
            self._selected = None
            await self._session.open()

    async def close(self) -> None:
        """Log out if the server listens; never raises."""
        await self._session.close()

    async def folders(self) -> list[Folder]:
        """Return every folder that can be opened, with its use (RFC 6154) or the use its name suggests."""
        async with self._session.turn():
            answers = await self._session.run("LIST", '""', '"*"')
        return with_usual_names(found for found in map(folder, answers) if found)

    async def examine(self, name: str) -> FolderState:
        """Open a folder for reading only (RFC 3501 §6.3.2)."""
        box = quote(encode_name(name))
        async with self._session.turn():
            return await self._examine(name, box)

    async def uids_after(self, uid: int, since: date | None = None) -> list[int]:
        """Return the UIDs of the open folder above this one, ascending.

        since: leave out what both arrived and was written before this day (RFC 3501 §6.4.4), as the
        server's zone has it. Servers search only what they have announced, so they are given the
        occasion first (NOOP).
        """
        span = () if since is None else ("OR", "SINCE", day(since), "SENTSINCE", day(since))
        async with self._session.turn():
            await self._session.run("NOOP")
            self._session.connection.news.clear()
            found = await self._search("UID", f"{uid + 1}:*", *span)
        return [one for one in found if one > uid]  # "n:*" names the last mail even where n is above it

    async def find(self, name: str, message_id: str) -> list[int]:
        """Open a folder and return the UIDs of the mails with this Message-ID; the folder stays open."""
        box, wanted = quote(encode_name(name)), quote(message_id)
        async with self._session.turn():
            await self._examine(name, box)
            return await self._search("HEADER", "Message-ID", wanted)

    async def headers(self, uids: Sequence[int]) -> list[HeaderBlock]:
        """Return the heads of mails of the open folder by ascending UID; vanished ones are left out."""
        blocks: dict[int, HeaderBlock] = {}
        wanted = sorted(set(uids))
        for start in range(0, len(wanted), _BATCH):
            batch = wanted[start : start + _BATCH]
            async with self._session.turn():
                what = f"(UID RFC822.SIZE BODY.PEEK[HEADER]<0.{MAX_HEADER}>)"
                answers = await self._session.run("FETCH", ranges(batch), what, by_uid=True)
            for parts in filter(None, map(fetched, answers)):
                raw = _body(parts)
                uid = number(parts.get(b"UID"))
                if raw is not None and uid in batch:
                    blocks[uid] = HeaderBlock(uid, number(parts.get(b"RFC822.SIZE")), raw)
        return [blocks[uid] for uid in wanted if uid in blocks]

    async def fetch(self, uids: Sequence[int], limit: int = MAX_MAIL) -> dict[int, bytes]:
        """Return mails of the open folder by UID, of each at most `limit` bytes and never more than MAX_MAIL.

        Vanished ones are left out. All are in memory at once: whoever asks sees to it that they are few.
        """
        what = f"(UID BODY.PEEK[]<0.{min(limit, MAX_MAIL)}>)"
        async with self._session.turn():
            answers = await self._session.run("FETCH", ranges(uids), what, by_uid=True)
        found = {}
        for parts in filter(None, map(fetched, answers)):
            uid, raw = number(parts.get(b"UID")), _body(parts)
            if raw is not None and uid in uids:
                found[uid] = raw
        return found

    async def append(self, name: str, raw: bytes, at: datetime) -> None:
        r"""File a mail as read (\Seen) with this aware arrival time (RFC 3501 §6.3.11)."""
        box = quote(encode_name(name))
        async with self._session.turn():
            await self._session.append(box, raw, r"(\Seen)", at)

    async def idle(self, timeout: float) -> bool:  # noqa: ASYNC109 - how long to wait is the point
        """Wait up to this many seconds for the open folder to grow (RFC 2177); True when it did.

        News that came with an earlier command count. A server without IDLE is asked now and then.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        async with self._session.turn():
            connection = self._session.connection
            while not connection.news.is_set() and (left := deadline - loop.time()) > 0:
                if "IDLE" in connection.capabilities:
                    await self._idle_once(connection, min(left, self._renew))
                else:
                    await self._wait(connection, min(left, self._session.timeout / 2))
                    await self._session.run("NOOP")
            woken = connection.news.is_set()
            connection.news.clear()
        return woken

    async def _idle_once(self, connection: Connection, seconds: float) -> None:
        command = Command("IDLE", connection.new_tag(), loop=connection.loop)
        connection._idle_event.clear()
        running = asyncio.ensure_future(connection.execute(command))
        acknowledged = asyncio.ensure_future(connection._idle_event.wait())
        try:
            await asyncio.wait(
                {running, acknowledged}, timeout=self._session.timeout, return_when="FIRST_COMPLETED"
            )
            if not running.done():
                if not connection._idle_event.is_set():
                    raise TimeoutError("no answer to IDLE")
                await self._wait(connection, seconds, running)
            if not running.done():
                connection.idle_done()
            response = await asyncio.wait_for(running, self._session.timeout)
        finally:
            running.cancel()
            acknowledged.cancel()
        self._session.judge(response)

    async def _wait(self, connection: Connection, seconds: float, *others: "asyncio.Future[Any]") -> None:
        """Wait for news, the loss of the connection, one of the others, or the time to be over."""
        tasks: list[asyncio.Future[Any]] = [
            asyncio.ensure_future(event.wait()) for event in (connection.news, connection.lost)
        ]
        try:
            await asyncio.wait({*tasks, *others}, timeout=seconds, return_when="FIRST_COMPLETED")
        finally:
            for task in tasks:
                task.cancel()

    async def _examine(self, name: str, box: str) -> FolderState:
        connection = self._session.connection
        self._selected = None
        connection.news.clear()
        answers = await self._session.run("EXAMINE", box)
        connection.state = SELECTED
        connection.news.clear()
        self._selected = name
        exists = next((number(one[0]) for one in answers if len(one) > 1 and one[1] == b"EXISTS"), 0)
        said = b" ".join(word for one in answers for word in one if isinstance(word, bytes))
        validity = re.search(rb"\[UIDVALIDITY (\d+)\]", said, re.IGNORECASE)
        uidnext = re.search(rb"\[UIDNEXT (\d+)\]", said, re.IGNORECASE)
        if not validity:
            raise MailboxError(f"{self.endpoint}: {name} has no lasting UIDs", temporary=False)
        return FolderState(int(validity[1]), int(uidnext[1]) if uidnext else 0, exists)

    async def _search(self, *criteria: str) -> list[int]:
        answers = await self._session.run("SEARCH", *criteria, by_uid=True)
        return sorted({number(uid) for one in answers if one[:1] == [b"SEARCH"] for uid in one[1:]} - {0})


def _body(parts: dict[bytes, Token]) -> bytes | None:
    value = next((value for name, value in parts.items() if name.startswith(b"BODY[")), None)
    return value if isinstance(value, bytes) else None

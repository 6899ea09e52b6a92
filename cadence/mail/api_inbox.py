"""Reads a mailbox by the API of its provider, as an IMAP server is read: without a trace, each mail once.

The API tells what is new since a position; the mails get numbers, and are then asked for by them. A position
that the API has forgotten voids the numbers, as a new UIDVALIDITY does, and the folder is read afresh.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeVar

from cadence.core.errors import MailboxError
from cadence.mail.imap import FolderState
from cadence.mail.imap_text import Folder, HeaderBlock
from cadence.mail.numbering import Numbering

AT_ONCE = 4
"""Requests under way: as many as Microsoft allows for a mailbox, and Google does not mind."""

T = TypeVar("T")


class PositionLost(Exception):
    """The API does not know any more what was new since then."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one mail. size: of the whole mail, in bytes, 0 where that is not known."""

    size: int
    raw: bytes


class Source(Protocol):
    """What an API can tell of a mailbox; raises MailboxError. Mails go by the names that it gives them."""

    folders: Sequence[Folder]

    async def check(self) -> None:
        """Ask for something that only the mailbox's owner may see."""

    async def begin(self, folder: str, since: date | None) -> tuple[list[str], str]:
        """The mails since a day, the oldest first, and a position from before that. None: no mails."""

    async def news(self, folder: str, position: str) -> tuple[list[str], str]:
        """What is new since a position, and the next one; raises PositionLost."""

    async def head(self, name: str) -> Head | None:
        """The head of a mail, None where it is gone."""

    async def raw(self, name: str, limit: int) -> bytes | None:
        """A mail, at most so many bytes of it; None where it is gone."""

    async def find(self, message_id: str) -> int:
        """How many copies of a mail of ours lie in the folder of what was sent."""

    async def close(self) -> None:
        """Give the connections back."""


class ApiInbox:
    """A rep's mailbox. numbering: where the numbers of its mails are kept."""

    def __init__(self, source: Source, numbering: Numbering) -> None:
        self._source, self._numbering = source, numbering
        self._folder = "INBOX"
        self._names: dict[int, str] = {}
        self._is_checked = False

    async def connect(self) -> None:
        """See whether the API lets us in, unless that was done."""
        if not self._is_checked:
            await self._source.check()
            self._is_checked = True

    async def close(self) -> None:
        """Give the connections back."""
        await self._source.close()

    async def folders(self) -> list[Folder]:
        """The folders that are read: that of what was sent first, since it tells by which ids replies go."""
        return list(self._source.folders)

    async def examine(self, folder: str) -> FolderState:
        """Learn what is new in a folder, if that was ever asked before."""
        self._folder, self._names = folder, {}
        feed = await self._numbering.feed(folder)
        if feed.position is not None:
            try:
                names, position = await self._source.news(folder, feed.position)
            except PositionLost:
                await self._numbering.advance(folder, feed, (), None)
            else:
                if names or position != feed.position:
                    await self._numbering.advance(folder, feed, names, position)
            feed = await self._numbering.feed(folder)
        return FolderState(feed.validity, 0 if feed.position is None else feed.next_uid, 0)

    async def uids_after(self, uid: int, since: date | None = None) -> list[int]:
        """The numbers of mails of the open folder that are greater; since: of the first look into it."""
        feed = await self._numbering.feed(self._folder)
        if feed.position is None:
            names, position = await self._source.begin(self._folder, since)
            await self._numbering.advance(self._folder, feed, names, position)
        self._names |= await self._numbering.waiting(self._folder, uid)
        return sorted(known for known in self._names if known > uid)

    async def headers(self, uids: Sequence[int]) -> list[HeaderBlock]:
        """The heads of mails of the open folder; vanished ones are left out."""
        heads = await self._each(uids, self._source.head)
        return [HeaderBlock(uid, head.size, head.raw) for uid, head in heads.items()]

    async def fetch(self, uids: Sequence[int], limit: int) -> dict[int, bytes]:
        """These mails, of each at most `limit` bytes; vanished ones are left out."""
        return await self._each(uids, lambda name: self._source.raw(name, limit))

    async def idle(self, timeout: float) -> bool:  # noqa: ASYNC109 - how long to wait is the point
        """Wait: an API tells nothing by itself, so what is new is asked for after that."""
        await asyncio.sleep(timeout)
        return False

    async def find(self, folder: str, message_id: str) -> list[int]:
        """Where a copy of a mail of ours is; counted, since they have no numbers before they are read."""
        return list(range(1, await self._source.find(message_id) + 1))

    async def append(self, folder: str, raw: bytes, at: datetime) -> None:
        """Nothing is filed by us: the provider files what leaves. Raises MailboxError until it is there."""
        raise MailboxError(f"the provider's own copy is not in {folder} yet", temporary=True)

    async def _each(self, uids: Sequence[int], ask: Callable[[str], Awaitable[T | None]]) -> dict[int, T]:
        """Ask for several mails at once; where one fails, the others are not waited for."""
        turn = asyncio.Semaphore(AT_ONCE)

        async def one(name: str) -> T | None:
            async with turn:
                return await ask(name)

        known = [uid for uid in sorted(set(uids)) if uid in self._names]
        try:
            async with asyncio.TaskGroup() as group:
                asked = {uid: group.create_task(one(self._names[uid])) for uid in known}
        except ExceptionGroup as faults:
            raise faults.exceptions[0] from None
        return {uid: found for uid, task in asked.items() if (found := task.result()) is not None}

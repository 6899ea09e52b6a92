"""A mailbox in which nothing ever arrives, for tests whose subject is the way out."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime

from cadence.mail.imap import FolderState
from cadence.mail.imap_text import Folder, HeaderBlock


class QuietInbox:
    async def connect(self) -> None:
        pass

    async def folders(self) -> list[Folder]:
        return [Folder("INBOX")]

    async def examine(self, folder: str) -> FolderState:
        return FolderState(uidvalidity=1, uidnext=1, exists=0)

    async def uids_after(self, uid: int, since: date | None = None) -> list[int]:
        return []

    async def headers(self, uids: Sequence[int]) -> list[HeaderBlock]:
        return []

    async def fetch(self, uids: Sequence[int], limit: int) -> dict[int, bytes]:
        raise AssertionError("there is nothing to fetch")

    async def idle(self, timeout: float) -> bool:  # noqa: ASYNC109 - it is how long to wait, no deadline
        await asyncio.sleep(timeout)
        return False

    async def append(self, folder: str, raw: bytes, at: datetime) -> None:
        raise AssertionError("there is no Sent folder")

    async def find(self, folder: str, message_id: str) -> list[int]:
        return []

    async def close(self) -> None:
        pass

"""A mailbox in which nothing ever arrives, for tests and measurements whose subject is the way out."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime

from cadence.mail.imap import FolderState
from cadence.mail.imap_text import Folder, HeaderBlock


class QuietInbox:
    """folders: what it consists of; by default there is none for what was sent."""

    def __init__(self, *folders: Folder) -> None:
        self._folders = list(folders) or [Folder("INBOX")]

    async def connect(self) -> None:
        pass

    async def folders(self) -> list[Folder]:
        return self._folders

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
        raise AssertionError("nothing is filed: there is no Sent folder, or the server sees to it")

    async def find(self, folder: str, message_id: str) -> list[int]:
        return []

    async def close(self) -> None:
        pass

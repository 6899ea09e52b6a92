"""Numbers the mails of an API, which knows them by names of its own, as IMAP numbers those of a folder.

Numbers grow and are never given twice (RFC 9051 §2.3.1.1), so that mails of an API are read, and taken in
once, by the same rules as those of a server. Of a folder is kept how far the API told what is new there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

FIRST_VALIDITY = 2**32
"""No server's UIDVALIDITY is as large: a mailbox that was read over IMAP before is numbered anew."""


@dataclass(frozen=True, slots=True)
class Feed:
    """How a folder stands. position: from where the API tells what is new, None: it must be asked afresh;
    next_uid: the number of the next mail, under this validity.
    """

    validity: int = FIRST_VALIDITY
    position: str | None = None
    next_uid: int = 1


class Numbering(Protocol):
    """Keeps the numbers of one mailbox."""

    async def feed(self, folder: str) -> Feed:
        """How a folder stands."""

    async def advance(self, folder: str, seen: Feed, names: Sequence[str], position: str | None) -> None:
        """Number new mails and remember the position, at once; nothing where the folder does not stand as
        seen any more. Without a position all numbers are void.
        """

    async def waiting(self, folder: str, after: int) -> dict[int, str]:
        """The names of mails above a number that may not be dealt with yet, by number, ascending."""


class Passing:
    """Numbers that last as long as whoever holds them: for trying a mailbox out."""

    def __init__(self) -> None:
        self._feeds: dict[str, Feed] = {}
        self._names: dict[str, dict[int, str]] = {}

    async def feed(self, folder: str) -> Feed:
        """How a folder stands."""
        return self._feeds.get(folder, Feed())

    async def advance(self, folder: str, seen: Feed, names: Sequence[str], position: str | None) -> None:
        """Number new mails and remember the position."""
        if await self.feed(folder) == seen:
            self._feeds[folder] = following(seen, len(names), position)
            known = self._names.setdefault(folder, {}) if position is not None else {}
            self._names[folder] = known | dict(enumerate(names, seen.next_uid))

    async def waiting(self, folder: str, after: int) -> dict[int, str]:
        """The names of mails above a number."""
        return {uid: name for uid, name in self._names.get(folder, {}).items() if uid > after}


def following(seen: Feed, new: int, position: str | None) -> Feed:
    """How a folder stands once so many new mails are numbered, or once its position was lost."""
    if position is None:
        return Feed(seen.validity + 1)
    return Feed(seen.validity, position, seen.next_uid + new)

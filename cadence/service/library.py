"""Which words are sent: the newest published revision of each sequence, loaded once."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.content.catalogue import SequenceContent, load
from cadence.core.errors import NotFound
from cadence.store import revisions


@dataclass(frozen=True, slots=True)
class Published:
    """A revision that mails are sent from."""

    revision_id: int
    content: SequenceContent


class Library:
    """The published sequences of one database; revisions never change, so what is loaded stays right."""

    def __init__(self) -> None:
        self._loaded: dict[int, Published] = {}

    async def published(self, tx: AsyncConnection, sequence: str) -> Published:
        """The newest revision of a sequence; NotFound if it was never published."""
        head = (await revisions.heads(tx)).get(sequence)
        if head is None:
            raise NotFound(f"the sequence {sequence!r} is not published; see `cadence publish`")
        return await self.revision(tx, head[0])

    async def revision(self, tx: AsyncConnection, revision_id: int) -> Published:
        """A revision of any age."""
        if revision_id not in self._loaded:
            revision = await revisions.get(tx, revision_id)
            self._loaded[revision_id] = Published(revision_id, load(revision.files, revision.sequence))
        return self._loaded[revision_id]

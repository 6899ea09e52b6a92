"""Keeps the numbers of an API's mails in the database, where every process that reads it finds them."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.mail.numbering import Feed, following
from cadence.store import feeds, locks
from cadence.store.database import Database
from cadence.store.feeds import Row


class Kept:
    """The numbers of one mailbox; see mail/numbering.py."""

    def __init__(self, db: Database, mailbox_id: int) -> None:
        self._db, self._id = db, mailbox_id

    async def feed(self, folder: str) -> Feed:
        """How a folder stands."""
        async with self._db.read() as tx:
            return await self._feed(tx, folder)

    async def advance(self, folder: str, seen: Feed, names: Sequence[str], position: str | None) -> None:
        """Number new mails and remember the position, unless another process did so since it was seen."""
        async with self._db.write() as tx:
            await locks.intake_of(tx, self._id)
            if await self._feed(tx, folder) != seen:
                return
            after = following(seen, len(names), position)
            await feeds.forget_mails(tx, self._id, folder, seen.validity if position is not None else None)
            await feeds.put(tx, self._id, folder, Row(after.validity, after.position, after.next_uid))
            await feeds.add_mails(tx, self._id, folder, dict(enumerate(names, seen.next_uid)))

    async def waiting(self, folder: str, after: int) -> dict[int, str]:
        """The names of mails above a number that may not be dealt with yet."""
        async with self._db.read() as tx:
            return await feeds.waiting(tx, self._id, folder, after)

    async def _feed(self, tx: AsyncConnection, folder: str) -> Feed:
        row = await feeds.get(tx, self._id, folder)
        return Feed(row.validity, row.position, row.next_uid) if row else Feed()

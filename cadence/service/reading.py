"""The reply trip: read what is new in a mailbox, keep what concerns us, and let it act.

Headers come first; only mail that may belong to an enrollment is fetched whole, and nothing else of the
rep's mailbox is kept. The cursor moves in the transaction that keeps the mail, so each is taken in once,
whatever dies when. `synced_at` moves last, to the instant at which the look began.

Mails are read in batches of so many and of so many bytes. While one is fetched the one before it is being
understood, and while that is written, the next is: three are in memory at most.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cadence.core.errors import MailboxError
from cadence.core.model import Mailbox
from cadence.mail.imap_text import Folder, HeaderBlock, SpecialUse
from cadence.mail.parse import Received, parse
from cadence.service import intake
from cadence.service.app import App, Inbox
from cadence.service.helpers import Helpers
from cadence.service.intake import Arrived, Place
from cadence.store import mailboxes
from cadence.store.mailboxes import Cursor

AT_ONCE = 200
"""Mails of a batch: their transaction keeps other writers of an SQLite database waiting."""
BYTES_AT_ONCE = 2_000_000
_A_DAY = timedelta(days=1)
READ_BY_USE = frozenset({SpecialUse.JUNK, SpecialUse.ALL, SpecialUse.SENT})
"""The folders, beside INBOX, in which an answer or the rep's own mail can be."""


async def sync(app: App, mailbox_id: int) -> int:
    """Read everything new in a mailbox; gives the number of mails that concerned us.

    Raises MailboxError; what was read until then is kept, and synced_at stays.
    """
    async with app.db.read() as tx:
        mailbox = await mailboxes.get(tx, mailbox_id)
    async with app.connections.inbox(mailbox) as inbox:
        began = app.clock()
        found = await read_folders(app, mailbox, inbox)
    async with app.db.write() as tx:
        await mailboxes.change(tx, mailbox_id, synced_at=began)
    return found


async def read_folders(app: App, mailbox: Mailbox, inbox: Inbox) -> int:
    """Read what is new in every folder in which an answer can be."""
    found = 0
    there = await inbox.folders()
    sent_folder = mailbox.sent_folder or sent_among(there)
    if sent_folder != mailbox.sent_folder:
        async with app.db.write() as tx:
            await mailboxes.change(tx, mailbox.id, sent_folder=sent_folder)
    async with app.db.read() as tx:
        cursors = await mailboxes.cursors(tx, mailbox.id)
        _, synced_at = await mailboxes.use_of(tx, mailbox.id)
    since = _unread_since(app, synced_at)
    for name in folders_to_read(there, sent_folder):
        found += await _read_folder(app, mailbox, inbox, name, cursors.get(name), since, name == sent_folder)
    return found


def sent_among(folders: Iterable[Folder]) -> str | None:
    """The folder of what the rep sent, None where none is marked or named as such."""
    return next((folder.name for folder in folders if folder.special_use is SpecialUse.SENT), None)


def folders_to_read(folders: Iterable[Folder], sent_folder: str | None) -> list[str]:
    """The folders in which an answer, or the rep's own mail, can be; INBOX in any case (RFC 3501 §5.1).

    What was sent is read first: its copies tell under which Message-ID a provider let our mails go, and a
    quick answer from another address names no other.
    """
    found = [
        folder.name
        for folder in folders
        if folder.name.upper() == "INBOX" or folder.special_use in READ_BY_USE or folder.name == sent_folder
    ]
    return sorted(found, key=lambda name: name != sent_folder)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Mails that were fetched whole, by UID, and their heads; up_to: the last UID that is done with them."""

    raw: dict[int, bytes]
    heads: dict[int, Received]
    up_to: int


async def _read_folder(
    app: App,
    mailbox: Mailbox,
    inbox: Inbox,
    folder: str,
    cursor: Cursor | None,
    since: date,
    is_sent: bool,
) -> int:
    state = await inbox.examine(folder)
    is_new = cursor is None or cursor.uidvalidity != state.uidvalidity  # new to us, or numbered anew
    last_uid = 0 if is_new or cursor is None else cursor.last_uid
    if 0 < state.uidnext <= last_uid + 1:
        return 0
    uids = await inbox.uids_after(last_uid, since if is_new else None)
    place = Place(mailbox, folder, state.uidvalidity, is_sent)
    found = 0
    async with Helpers() as helpers, aclosing(_understood(app, inbox, place, uids, helpers)) as batches:
        async for mails, up_to in batches:
            found += await intake.take_in(app, place, mails, up_to)
    if is_new and state.uidnext > 1:  # what was passed over stays so, even where nothing is newer
        await intake.take_in(app, place, [], state.uidnext - 1)
    return found


def _unread_since(app: App, synced_at: datetime | None) -> date:
    """The first day of what is read in a folder whose numbers tell us nothing: the days of the backfill,
    and whatever came since the mailbox was last read whole, however long ago that was.
    """
    begin = app.clock() - app.policy.backfill
    begin = begin if synced_at is None else min(begin, synced_at)
    return begin.date() - _A_DAY  # servers compare days, and in zones of their own (RFC 3501 §6.4.4)


async def _understood(
    app: App, inbox: Inbox, place: Place, uids: Sequence[int], helpers: Helpers
) -> AsyncGenerator[tuple[list[Arrived], int], None]:
    """The mails that may concern us, batch by batch, each understood while the next one is fetched."""
    pending: asyncio.Task[tuple[list[Arrived], int]] | None = None
    async with aclosing(_fetched(app, inbox, place, uids)) as batches:
        try:
            async for batch in batches:
                before, pending = pending, asyncio.create_task(_understand(app, helpers, batch))
                if before is not None:
                    yield await before
        except MailboxError:  # what was fetched before is not fetched again
            if pending is not None:
                yield await pending
            raise
        else:
            if pending is not None:
                yield await pending
        finally:
            if pending is not None:
                pending.cancel()


async def _understand(app: App, helpers: Helpers, batch: _Batch) -> tuple[list[Arrived], int]:
    if not batch.raw:
        return [], batch.up_to
    understood = await helpers.understand(list(batch.raw.items()), await app.models.in_use(app.db))
    return [Arrived.of(mail, batch.heads[mail.uid]) for mail in understood], batch.up_to


async def _fetched(app: App, inbox: Inbox, place: Place, uids: Sequence[int]) -> AsyncGenerator[_Batch, None]:
    """All these mails by their headers, and whole what may concern us."""
    writers: set[str] = set()
    for start in range(0, len(uids), AT_ONCE):
        chunk = uids[start : start + AT_ONCE]
        blocks = await inbox.headers(chunk)
        heads = await asyncio.to_thread(_parsed, blocks)
        concerning = await intake.concerning(app, list(heads.values()), writers, is_sent=place.is_sent)
        wanted = [block for block, concerns in zip(blocks, concerning, strict=True) if concerns]
        parts = list(_in_parts(wanted, app.policy.max_message))
        for part in parts:
            raw = await _fetch(inbox, part, app.policy.max_message)
            yield _Batch(raw, heads, part[-1].uid if part is not parts[-1] else chunk[-1])
        if not parts:
            yield _Batch({}, {}, chunk[-1])


def _parsed(blocks: Iterable[HeaderBlock]) -> dict[int, Received]:
    return {block.uid: parse(block.raw) for block in blocks}


def _in_parts(blocks: Iterable[HeaderBlock], limit: int) -> Iterator[list[HeaderBlock]]:
    """Mails that together are not too many bytes; one that is too large by itself goes alone."""
    part: list[HeaderBlock] = []
    size = 0
    for block in blocks:
        size += min(block.size, limit)
        if part and size > BYTES_AT_ONCE:
            yield part
            part, size = [], min(block.size, limit)
        part.append(block)
    if part:
        yield part


async def _fetch(inbox: Inbox, blocks: Sequence[HeaderBlock], limit: int) -> dict[int, bytes]:
    """The whole mails, or as much of a giant as is worth reading.

    What was moved or deleted since is left out: where it went to, it is read as well.
    """
    found = await inbox.fetch([block.uid for block in blocks], limit)
    return {block.uid: found[block.uid] for block in blocks if block.uid in found}

"""The reply trip: read what is new in a mailbox, keep what concerns us, and let it act.

Headers come first; only mail that may belong to an enrollment is fetched whole, and nothing else of the
rep's mailbox is kept. The cursor moves in the transaction that keeps the mail, so each is taken in once,
whatever dies when. `synced_at` moves last, to the instant at which the look began.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from cadence.core.errors import NotFound
from cadence.core.model import Mailbox
from cadence.mail.imap_text import Folder, HeaderBlock, SpecialUse
from cadence.mail.parse import parse
from cadence.service import intake
from cadence.service.app import App, Inbox
from cadence.service.intake import Place
from cadence.store import mailboxes
from cadence.store.mailboxes import Cursor

CHUNK = 100
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
    """The folders in which an answer, or the rep's own mail, can be; INBOX in any case (RFC 3501 §5.1)."""
    return [
        folder.name
        for folder in folders
        if folder.name.upper() == "INBOX" or folder.special_use in READ_BY_USE or folder.name == sent_folder
    ]


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
    found = 0
    uids = await inbox.uids_after(last_uid, since if is_new else None)
    for start in range(0, len(uids), CHUNK):
        chunk = uids[start : start + CHUNK]
        blocks = await inbox.headers(chunk)
        found += await _read_chunk(app, inbox, mailbox, folder, state.uidvalidity, is_sent, blocks)
        async with app.db.write() as tx:
            await mailboxes.move_cursor(tx, mailbox.id, folder, Cursor(state.uidvalidity, chunk[-1]))
    if is_new and state.uidnext > 1:  # what was passed over stays so, even where nothing is newer
        async with app.db.write() as tx:
            passed = Cursor(state.uidvalidity, state.uidnext - 1)
            await mailboxes.move_cursor(tx, mailbox.id, folder, passed)
    return found


def _unread_since(app: App, synced_at: datetime | None) -> date:
    """The first day of what is read in a folder whose numbers tell us nothing: the days of the backfill,
    and whatever came since the mailbox was last read whole, however long ago that was.
    """
    begin = app.clock() - app.policy.backfill
    begin = begin if synced_at is None else min(begin, synced_at)
    return begin.date() - _A_DAY  # servers compare days, and in zones of their own (RFC 3501 §6.4.4)


async def _read_chunk(
    app: App,
    inbox: Inbox,
    mailbox: Mailbox,
    folder: str,
    uidvalidity: int,
    is_sent: bool,
    blocks: Sequence[HeaderBlock],
) -> int:
    heads = [(block, parse(block.raw)) for block in blocks]
    async with app.db.read() as tx:
        concerning = await intake.concerning(app, tx, [head for _, head in heads], is_sent=is_sent)
    found = 0
    for (block, head), concerns in zip(heads, concerning, strict=True):
        if not concerns:
            continue
        place = Place(mailbox, folder, uidvalidity, block.uid, is_sent)
        try:
            raw = await _fetch(app, inbox, block)
        except NotFound:  # moved or deleted since; where it went to, it is read as well
            continue
        found += await intake.take_in(app, place, raw, head)
    return found


async def _fetch(app: App, inbox: Inbox, block: HeaderBlock) -> bytes:
    """The whole mail, or as much of a giant as is worth reading."""
    limit = app.policy.max_message
    return await inbox.fetch(block.uid, limit if block.size > limit else None)

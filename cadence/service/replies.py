"""What people answered, as one inbox over all mailboxes: how it was understood, what it did, what it says."""

import asyncio
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cadence.core.errors import InvalidInput, NotFound
from cadence.core.replies import Category, Verdict
from cadence.core.rights import Visitor
from cadence.mail.attachments import File, attachments
from cadence.mail.parse import Received, parse
from cadence.mail.phones import phone_below
from cadence.service.app import App
from cadence.service.paging import Part, cursor, position
from cadence.store import corrections, inbound, letters, replies
from cadence.store.replies import Filter

PART = 50
LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class Opened:
    """One reply in full. row: as it is kept, with whom it is from; did: what followed; letters: what people
    answered from here; can_correct: whether a person may say what it means; phone: from its signature.
    """

    row: Any
    verdict: Verdict | None
    received: Received
    files: list[File]
    did: list[Any]
    corrections: list[Any]
    letters: list[Any]
    phone: str | None


async def page(
    app: App, visitor: Visitor, wanted: Filter, *, after: str = "", limit: int = PART
) -> Part[Any]:
    """One part of the replies that are wanted, newest first; `next` goes on even where a part is empty, since
    only so many are looked through at a time. Raises InvalidInput.
    """
    if len(wanted.words) > LONGEST_SEARCH:
        raise InvalidInput(f"Search for at most {LONGEST_SEARCH} characters.")
    behind = position(after, int)
    async with app.db.read() as tx:
        found = await replies.page(
            tx, visitor.user, wanted, before=behind[0] if behind else None, limit=limit
        )
    return Part(found.rows, cursor(found.looked_until) if found.looked_until is not None else None)


def wanted(category: str = "", mailbox: str = "", needs: str = "", words: str = "") -> Filter:
    """What is wanted, as a form says it; raises InvalidInput."""
    if category and category not in set(Category):
        raise InvalidInput(f"There is no category {category[:50]!r}.")
    if mailbox and not (mailbox.isascii() and mailbox.isdecimal() and len(mailbox) < 19):
        raise InvalidInput("Choose a mailbox from the list.")
    return Filter(
        Category(category) if category else None,
        bool(needs),
        int(mailbox) if mailbox else None,
        " ".join(words.replace("\0", " ").split()),
    )


async def mailboxes(app: App, visitor: Visitor) -> list[Any]:
    """The mailboxes whose replies somebody sees: id, address."""
    async with app.db.read() as tx:
        return await replies.mailboxes_of(tx, visitor.user)


async def open_one(app: App, visitor: Visitor, inbound_id: int) -> Opened:
    """One reply in full; raises NotFound, also for one that is somebody else's."""
    async with app.db.read() as tx:
        row = await replies.find(tx, visitor.user, inbound_id)
        if row is None:
            raise NotFound("There is no such reply.")
        raw = await inbound.raw(tx, inbound_id)
        did = await replies.events_of(tx, row.prospect_id, inbound_id) if row.prospect_id else []
        corrected = (await corrections.of_replies(tx, [inbound_id])).get(inbound_id, [])
        written = await letters.of_replies(tx, [inbound_id])
    received, files = await asyncio.to_thread(lambda: (parse(raw), attachments(raw)))
    verdict = inbound.unpack_verdict(row.verdict) if row.verdict else None
    phone = phone_below(received.text, verdict.text) if verdict else None
    return Opened(row, verdict, received, files, did, corrected, written, phone)


async def phones(app: App, inbound_ids: Iterable[int]) -> dict[int, str]:
    """Under which numbers those who wrote these replies can be called, as their signatures say."""
    async with app.db.read() as tx:
        packed = await replies.packed(tx, inbound_ids)

    def read() -> dict[int, str]:
        found = ((row.id, _phone(zlib.decompress(row.raw), row.verdict)) for row in packed)
        return {inbound_id: phone for inbound_id, phone in found if phone}

    return await asyncio.to_thread(read) if packed else {}


def _phone(raw: bytes, verdict: dict[str, Any] | None) -> str | None:
    return phone_below(parse(raw).text, verdict["text"]) if verdict else None


async def file(app: App, visitor: Visitor, inbound_id: int, number: int) -> File:
    """One attached file, counted from 0; raises NotFound."""
    raw = await _raw(app, visitor, inbound_id)
    files = await asyncio.to_thread(attachments, raw)
    if number >= len(files):
        raise NotFound("This mail has no such file.")
    return files[number]


async def html(app: App, visitor: Visitor, inbound_id: int) -> str:
    """The HTML of a reply as it came: foreign, and never to be shown as it is. Raises NotFound."""
    received = await asyncio.to_thread(parse, await _raw(app, visitor, inbound_id))
    if not received.html:
        raise NotFound("This mail has no HTML.")
    return received.html


async def reachable(app: App, visitor: Visitor, inbound_id: int) -> None:
    """Make sure that a reply is there and theirs; raises NotFound."""
    async with app.db.read() as tx:
        if await replies.find(tx, visitor.user, inbound_id) is None:
            raise NotFound("There is no such reply.")


async def _raw(app: App, visitor: Visitor, inbound_id: int) -> bytes:
    async with app.db.read() as tx:
        if await replies.find(tx, visitor.user, inbound_id) is None:
            raise NotFound("There is no such reply.")
        return await inbound.raw(tx, inbound_id)

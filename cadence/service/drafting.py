"""What may be looked at before a person decides: mails, an enrollment, an answer; nothing of it is kept."""

import asyncio
from dataclasses import dataclass, replace

from cadence.content.tone.judge import Tone, tone_of
from cadence.core.errors import InvalidInput
from cadence.core.outlook import Entry
from cadence.core.rights import Visitor
from cadence.service import (
    admission,
    letters,
    load_ahead,
    previewing,
    replies,
    sequences,
    simulating,
    steering,
)
from cadence.service.app import App
from cadence.service.confined import confined
from cadence.service.letters import Envelope
from cadence.service.records import Applicant
from cadence.service.requests import Request


async def mails(app: App, name: str, sample: str) -> previewing.Shown:
    """Every published mail of a sequence for one of its samples; raises NotFound."""
    found = await sequences.revision(app, name)
    today = app.clock().date()
    return await confined(previewing.every, dict(found.files), name, sample, today)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What enrolling somebody would do. refused: why they would not be let in; entries: the mails to come."""

    refused: str | None
    mailbox: str
    entries: tuple[Entry, ...] = ()


async def enrollment(app: App, visitor: Visitor, request: Request) -> Foreseen:
    """Say what would follow if this person were enrolled now, from a mailbox within reach.

    Raises InvalidInput, NotFound or Forbidden where no mailbox or no such sequence is to be had.
    """
    async with app.db.read() as tx:
        box = await steering.sender_for(tx, visitor, request.mailbox, request.executive)
        content = (await app.library.published(tx, request.sequence)).content
        (found,) = await admission.vet(app, tx, [replace(request, mailbox=box.address)])
    if not isinstance(found, Applicant):
        return Foreseen(str(found), box.address)
    executive = found.executive.id if found.executive else None
    kind = simulating.kind_of(app, request, found.rep.id, executive)
    stories = tuple(story.facts for story in content.stories)
    entries = await confined(load_ahead.entries, content.sequence, stories, kind)
    return Foreseen(None, box.address, tuple(entry for entry in entries if entry.step))


@dataclass(frozen=True, slots=True)
class Drafted:
    """An answer that nobody sent. tone: what in its words could cost goodwill."""

    envelope: Envelope
    text: str
    tone: tuple[Tone, ...]


async def answer(app: App, visitor: Visitor, inbound_id: int, text: str) -> Drafted:
    """Address an answer to a reply and look its words over.

    Raises NotFound, Conflict where the reply cannot be answered, Forbidden, or InvalidInput.
    """
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise InvalidInput("An answer has words.")
    await replies.reachable(app, visitor, inbound_id)
    envelope = await letters.prepare(app, visitor, inbound_id)
    language = (envelope.row.verdict or {}).get("language") or "en"
    return Drafted(envelope, text, await asyncio.to_thread(tone_of, text, language))

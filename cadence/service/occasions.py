"""Events and who comes to them: shown, answers that a person was told entered, and changes told after a yes.

A change is told by a sequence of one step that is made for it: a draft for each of the invited, which waits
for the yes of the rep who invited them, and then leaves through the ordinary queue.
"""

import json
import re
from collections.abc import Iterable
from collections.abc import Sequence as Rows
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.content.catalogue import Snapshot, load
from cadence.content.files import SHARED, digest
from cadence.content.stories import Story, front_matter
from cadence.core.address import normalize
from cadence.core.errors import CadenceError, Conflict, InvalidInput, NotFound
from cadence.core.occasions import EVENTS, Occasion, Rsvp, change_of
from cadence.core.people import Actor
from cadence.core.rights import Visitor
from cadence.service import admission
from cadence.service.app import App
from cadence.service.paging import Part, cursor, position
from cadence.service.requests import Request
from cadence.store import audit, correspondence, events, revisions, rsvps, users
from cadence.store.rsvps import Guest

NOTICE = "notice"
"""The step that tells of a change."""
WORDS = f"{SHARED}/events.md.j2"
_SEQUENCE = """name     = {title}
audience = "lost"
ends     = "12 months"

[window]
days     = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
hours    = "08:00-20:00"
holidays = "send"

[spacing]
prospect = "none"
account  = "none"

[[step]]
name    = "{step}"
after   = "1 minute"
from    = "rep"
pool    = "stories"
review  = true
"""
_BODY = '{{% from "{words}" import {macro} -%}}\n{{{{ {macro}(prospect, story.title, event) }}}}\n'


@dataclass(frozen=True, slots=True)
class Gathering:
    """An event and everybody who was invited. untold: those to whom something else was told of when and where
    it is; waiting: how many drafts about a change wait for a yes.
    """

    name: str
    title: str
    occasion: Occasion
    guests: Rows[Guest]
    untold: Rows[Guest]
    waiting: int

    def said(self, answer: str | None) -> list[Guest]:
        """Those who answered that, by its name; None: nothing yet."""
        return [guest for guest in self.guests if guest.answer == answer]


@dataclass(frozen=True, slots=True)
class Told:
    """Who is to be told of a change: for how many a draft waits, and why not for the others, by address."""

    drafts: int
    refused: dict[str, str]


async def every(app: App, visitor: Visitor | None = None) -> list[Gathering]:
    """All events there are, the next one first; visitor: only guests whom their rights reach."""
    async with app.db.read() as tx:
        known = await _published(app, tx)
        invited = await _reached(tx, await _guests(tx, known), visitor)
        found = [await _gathering(app, tx, story, invited) for story in known.values()]
    return sorted(found, key=lambda one: (one.occasion.starts, one.name))


async def show(app: App, name: str, visitor: Visitor | None = None) -> Gathering:
    """One event; visitor: only guests whom their rights reach. Raises NotFound."""
    async with app.db.read() as tx:
        return await _one(app, tx, name, visitor)


async def guests(app: App, visitor: Visitor, name: str, *, after: str, limit: int) -> Part[Guest]:
    """One part of those within reach who were invited, in the order of the invitations; raises NotFound."""
    behind = position(after, int)
    found = (await show(app, name, visitor)).guests
    rest = [guest for guest in found if behind is None or guest.message_id > behind[0]]
    return Part(rest[:limit], cursor(rest[limit - 1].message_id) if len(rest) > limit else None)


async def answer(
    app: App, actor: Actor, email: str, name: str, said: Rsvp, visitor: Visitor | None = None
) -> None:
    """Keep what somebody told a person about an event to which they were invited; raises NotFound.

    visitor: whose rights must reach them, None: anybody.
    """
    async with app.db.write() as tx:
        event, now = await _one(app, tx, name, visitor), app.clock()
        guest = next((one for one in event.guests if normalize(one.email) == normalize(email)), None)
        if guest is None:
            raise NotFound(f"{email} was not invited to {event.name}")
        row = {"message_id": guest.message_id, "answer": said, "actor": actor.name, "at": now}
        await rsvps.add(tx, [row])
        why = f"{event.title} ({event.name}), as {actor.name} was told"
        prospect, mail = guest.prospect_id, guest.message_id
        await events.add(tx, f"event.{said}", why, at=now, prospect_id=prospect, message_id=mail)
        await audit.record(tx, actor, f"event.{said}", f"{email}: {event.name}", at=now)


async def notify(app: App, actor: Actor, name: str, visitor: Visitor | None = None) -> Told:
    """Draft a mail to everybody who was told something else, and did not decline; each waits for a yes.

    visitor: only those whom their rights reach. Raises NotFound, Conflict where nobody has to be told, or
    drafts about an earlier change still wait.
    """
    async with app.db.read() as tx:
        event = await _one(app, tx, name, visitor)
        if event.waiting:
            raise Conflict(
                f"{event.waiting} drafts about {event.name} still wait on Today: answer them first"
            )
        if not event.untold:
            raise Conflict(f"everybody who was invited to {event.name} knows when and where it is")
        number = 1 + max(map(change_of, await _changes(tx, event.name)), default=0)
        snapshot = _snapshot(event, number, await _files_with(tx, event.name))
    sequence = _sequence(event.name, number)
    load(snapshot, sequence)
    async with app.db.write() as tx:  # before the people, who are let into what is published
        await revisions.add(tx, sequence=sequence, digest=digest(snapshot), files=snapshot, now=app.clock())
        why, data = f"{sequence}: {event.title}", {"sequence": sequence}
        await events.add(tx, "sequence.published", why, at=app.clock(), data=data)
    async with app.db.write() as tx:
        results = await admission.admit(app, tx, [_request(one, sequence) for one in event.untold])
        refused = {
            guest.email: str(result)
            for guest, result in zip(event.untold, results, strict=True)
            if isinstance(result, CadenceError)
        }
        drafts = len(results) - len(refused)
        await audit.record(tx, actor, "event.changed", f"{event.name}, to {drafts}", at=app.clock())
    return Told(drafts, refused)


def _request(guest: Guest, sequence: str) -> Request:
    return Request(guest.email, sequence, deal_name=guest.deal, lost_at=guest.lost_at, mailbox=guest.mailbox)


# --- what is known of events ---


async def _guests(tx: AsyncConnection, known: Iterable[str]) -> list[Guest]:
    return await rsvps.guests(tx, [name for one in known for name in (one, *await _changes(tx, one))])


async def _reached(tx: AsyncConnection, invited: Rows[Guest], visitor: Visitor | None) -> Rows[Guest]:
    if visitor is None:
        return invited
    reached = set(await users.reached_mailboxes(tx, visitor.user))
    return [guest for guest in invited if guest.mailbox_id in reached]


async def _one(app: App, tx: AsyncConnection, name: str, visitor: Visitor | None = None) -> Gathering:
    full = name if name.startswith(f"{EVENTS}/") else f"{EVENTS}/{name}"
    story = (await _published(app, tx)).get(full)
    if story is None:
        raise NotFound(f"no published sequence has an event {name!r}; see `cadence events list`")
    return await _gathering(app, tx, story, await _reached(tx, await _guests(tx, [full]), visitor))


async def _published(app: App, tx: AsyncConnection) -> dict[str, Story]:
    """The events of all published sequences, each as the newest revision has it."""
    found: dict[str, Story] = {}
    for revision_id, _ in sorted((await revisions.heads(tx)).values()):
        content = (await app.library.revision(tx, revision_id)).content
        found |= {one.name: one for one in content.stories if one.occasion and not change_of(one.name)}
    return found


async def _gathering(app: App, tx: AsyncConnection, story: Story, invited: Rows[Guest]) -> Gathering:
    assert story.occasion is not None
    guests = [guest for guest in invited if guest.event == story.name]
    untold = [
        guest
        for guest in guests
        if guest.answer is not Rsvp.DECLINED
        and not guest.opted_out
        and story.occasion.starts > app.clock()
        and story.occasion.differs(await _as_told(app, tx, guest))
    ]
    waiting = 0
    for change in await _changes(tx, story.name):
        waiting += sum(
            (await correspondence.waiting_on(tx, _sequence(story.name, change_of(change)))).values()
        )
    return Gathering(story.name, story.title, story.occasion, guests, untold, waiting)


async def _as_told(app: App, tx: AsyncConnection, guest: Guest) -> Occasion:
    """When and where an event was, as somebody was told last."""
    content = (await app.library.revision(tx, guest.revision_id)).content
    occasion = content.story(guest.told).occasion
    assert occasion is not None
    return occasion


# --- how a change is told ---


def _sequence(event: str, number: int) -> str:
    return f"event-{event.removeprefix(f'{EVENTS}/')}-{number}"


async def _changes(tx: AsyncConnection, event: str) -> list[str]:
    """The changes of an event that were told, or are to be: "events/open-day/1"."""
    pattern = re.compile(re.escape(_sequence(event, 0)[:-1]) + r"(\d+)")
    heads = (pattern.fullmatch(name) for name in await revisions.heads(tx))
    return [f"{event}/{found[1]}" for found in heads if found]


async def _files_with(tx: AsyncConnection, event: str) -> Snapshot:
    """The files of the newest revision that has an event."""
    for revision_id, _ in sorted((await revisions.heads(tx)).values(), reverse=True):
        files = (await revisions.get(tx, revision_id)).files
        if f"{event}.md.j2" in files:
            return files
    raise NotFound(f"no published sequence has {event}")


def _snapshot(event: Gathering, number: int, files: Snapshot) -> dict[str, bytes]:
    """The files of a sequence that tells of a change, in every language that the event is told in."""
    if WORDS not in files:
        raise InvalidInput(f"{WORDS} is missing: take it from the shipped templates, and publish")
    macro = "cancelled" if event.occasion.cancelled else "changed"
    body = _BODY.format(words=WORDS, macro=macro)
    told = {
        path.replace(event.name, f"{event.name}/{number}", 1): front_matter(text.decode()) + body
        for path, text in files.items()
        if path.startswith(f"{event.name}.")
    }
    shared = {path: content for path, content in files.items() if path.startswith(f"{SHARED}/")}
    title = json.dumps(f"{macro.capitalize()}: {event.title}", ensure_ascii=False)
    board = _SEQUENCE.format(title=title, step=NOTICE)
    told[f"{_sequence(event.name, number)}/sequence.toml"] = board
    return shared | {path: text.encode() for path, text in told.items()}

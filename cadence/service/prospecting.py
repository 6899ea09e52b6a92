"""The people one works with: searched for, and each with what was written, heard, decided, and is ahead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.calendar import add
from cadence.core.errors import CadenceError, NotFound
from cadence.core.forecast import forecast
from cadence.core.lifecycle import LIVE, Fact
from cadence.core.model import EnrollmentState, OutboundMessage
from cadence.core.outlook import Entry
from cadence.core.rights import Visitor
from cadence.core.sequence import Duration, Unit
from cadence.mail.parse import Received, parse
from cadence.service import forecasting
from cadence.service.app import App
from cadence.service.paging import Part, cursor, position
from cadence.store import enrollments, messages, revisions, searching, timeline
from cadence.store.searching import Wanted
from cadence.store.shown import Shown, boxes, in_full
from cadence.store.timeline import Mail

PART = 50
AHEAD = Duration(24, Unit.MONTHS)


async def search(
    app: App, visitor: Visitor, wanted: Wanted, *, after: str = "", limit: int = PART
) -> Part[Shown]:
    """People within reach, the newest first; raises InvalidInput for a cursor that is none."""
    behind = position(after, int)
    async with app.db.read() as tx:
        before = behind[0] if behind else None
        ids = await searching.page(tx, visitor.user, wanted, before=before, limit=limit + 1)
        shown = await in_full(tx, visitor.user, ids[:limit])
    return Part(shown, cursor(ids[limit - 1]) if len(ids) > limit else None)


@dataclass(frozen=True, slots=True)
class Choices:
    """What lists can be cut by. boxes: mailboxes within reach; owners: id → name of whose they are."""

    sequences: Sequence[str]
    boxes: Sequence[Any]

    @property
    def owners(self) -> dict[int, str]:
        """Id → name of those whose mailboxes they are."""
        return {box.owner_id: box.owner for box in self.boxes if box.owner_id}


async def choices(app: App, visitor: Visitor) -> Choices:
    """What a visitor can choose from."""
    async with app.db.read() as tx:
        return Choices(sorted(await revisions.heads(tx)), await boxes(tx, visitor.user))


# --- one person ---


@dataclass(frozen=True, slots=True)
class Standing:
    """One enrollment. mails: all; ahead: what follows without an answer; unforeseen: why nobody knows."""

    row: Any
    mails: Sequence[OutboundMessage]
    ahead: Sequence[Entry] = ()
    unforeseen: str = ""

    @property
    def is_live(self) -> bool:
        """Whether more is to come of it."""
        return self.row.state in LIVE


@dataclass(frozen=True, slots=True)
class Story:
    """A person, where they stand in each sequence, and what waits for somebody about them."""

    person: Any
    standings: Sequence[Standing]
    tasks: Sequence[Any]

    @property
    def name(self) -> str:
        """As they are called."""
        return name_of(self.person)


def name_of(person: Any) -> str:
    """A person's name, or the address of somebody who has none."""
    return " ".join(part for part in (person.first_name, person.last_name) if part) or str(person.email)


async def story(app: App, visitor: Visitor, prospect_id: int) -> Story:
    """Everything about a person but what happened; raises NotFound, also out of reach."""
    async with app.db.read() as tx:
        person, enrolled = await known(tx, visitor, prospect_id)
        standings = [await _standing(app, tx, row) for row in enrolled]
        open_ = await timeline.open_tasks(tx, prospect_id, [row.id for row in enrolled])
    return Story(person, standings, open_)


async def known(tx: AsyncConnection, visitor: Visitor, prospect_id: int) -> tuple[Any, list[Any]]:
    """A person and their enrollments within reach; raises NotFound where there is neither."""
    person = await timeline.person(tx, prospect_id)
    enrolled = await timeline.enrolled(tx, visitor.user, prospect_id=prospect_id) if person else []
    if not enrolled:
        raise NotFound("There is no such prospect, or they are somebody else's.")
    return person, enrolled


async def _standing(app: App, tx: AsyncConnection, row: Any) -> Standing:
    mails = await messages.of_enrollment(tx, row.id)
    if row.state not in LIVE:
        return Standing(row, mails)
    try:
        return Standing(row, mails, await ahead(app, tx, row.id))
    except CadenceError as fault:
        return Standing(row, mails, unforeseen=str(fault))


async def ahead(
    app: App,
    tx: AsyncConnection,
    enrollment_id: int,
    *,
    paused: bool = False,
    until: datetime | None = None,
) -> list[Entry]:
    """What follows if nobody answers; paused: as if the enrollment were paused until then."""
    case = await enrollments.case(tx, enrollment_id)
    content = (await app.library.published(tx, case.enrollment.sequence)).content
    future = await forecasting.future_of(app, tx, case, content)
    if paused:
        rests = replace(future.enrollment, state=EnrollmentState.PAUSED, resume_at=until)
        future = replace(future, enrollment=rests)
    now = app.clock()
    return forecast(future, now=now, until=add(now, AHEAD, case.prospect.place))


async def happened(
    app: App, visitor: Visitor, prospect_id: int, *, after: str = "", limit: int = PART
) -> Part[Any]:
    """One part of what happened to a person, the newest first; raises NotFound, InvalidInput."""
    behind = position(after, int)
    async with app.db.read() as tx:
        _, enrolled = await known(tx, visitor, prospect_id)
        before = behind[0] if behind else None
        ids = [row.id for row in enrolled]
        found = await timeline.page(tx, prospect_id, ids, before=before, limit=limit + 1)
    return Part(found[:limit], cursor(found[limit - 1].id) if len(found) > limit else None)


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a change would do to one enrollment.

    row: as it stands; mails: those that would wait or never leave; ahead: what follows then; nothing: why
    it would change nothing, else empty.
    """

    row: Any
    mails: Sequence[OutboundMessage]
    ahead: Sequence[Entry] = ()
    nothing: str = ""


async def foreseen(
    app: App, visitor: Visitor, prospect_id: int, fact: Fact, until: datetime | None
) -> tuple[Any, list[Consequence]]:
    """A person, and what a change would do to each of their enrollments; changes nothing. Raises NotFound."""
    async with app.db.read() as tx:
        person, enrolled = await known(tx, visitor, prospect_id)
        return person, [
            await _consequence(app, tx, row, fact, until) for row in enrolled if row.state in LIVE
        ]


async def _consequence(
    app: App, tx: AsyncConnection, row: Any, fact: Fact, until: datetime | None
) -> Consequence:
    waiting = await messages.open_of(tx, row.id)
    if fact is Fact.RESUME and row.state != EnrollmentState.PAUSED:
        return Consequence(row, waiting, nothing="It is not paused.")
    if fact in (Fact.STOP, Fact.REMOVE):
        return Consequence(row, waiting)
    at = app.clock() if fact is Fact.RESUME else until
    try:
        return Consequence(row, waiting, await ahead(app, tx, row.id, paused=True, until=at))
    except CadenceError:  # not published any more: its mails wait or go on all the same
        return Consequence(row, waiting)


# --- one mail ---


async def mail(app: App, visitor: Visitor, message_id: int) -> tuple[Mail, Received]:
    """A mail as it left, and what it consists of; raises NotFound, also out of reach."""
    async with app.db.read() as tx:
        found = await timeline.mail(tx, visitor.user, message_id)
    if found is None:
        raise NotFound("There is no such mail, it was never written, or it is somebody else's.")
    return found, parse(found.raw)


WORDS: Mapping[str, str] = {
    "sent": "sent",
    "skipped": "left out",
    "held": "held for a person",
    "reply": "reply",
    "paused": "paused",
    "resumed": "goes on",
    "ended": "ends",
}
"""How a line of the calendar is told."""

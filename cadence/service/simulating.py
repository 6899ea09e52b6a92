"""Whom a simulation is of: the people of a list, by the rules of enrolling, or a sequence's samples."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.content.outline import parts
from cadence.content.samples import Sample
from cadence.core.errors import CadenceError, InvalidInput, NotFound
from cadence.core.model import Mailbox, Place
from cadence.core.places import zone_of_country
from cadence.core.relevance import Profile, StoryFacts
from cadence.core.rights import Visitor, reaches
from cadence.core.sequence import From
from cadence.core.sequence import Sequence as Steps
from cadence.service import admission, authoring, fields, requests, spreadsheet, worded
from cadence.service.app import App
from cadence.service.confined import confined
from cadence.service.forecasting import Supposed
from cadence.service.records import Applicant
from cadence.service.requests import Request
from cadence.store import mailboxes, users

MOST_PEOPLE = 5_000
MADE_UP = 0
"""Stands for the mailbox of a rep, where nobody's is chosen."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. listed: addresses or CSV; draft: the files on disk instead of what is published;
    mailbox: of the rep, empty for a made-up one.
    """

    sequence: str
    listed: str = ""
    draft: bool = False
    mailbox: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """People who differ in nothing that matters here. rep, executive: ids of mailboxes."""

    person: Supposed
    rep: int
    executive: int | None


@dataclass(frozen=True, slots=True)
class Crowd:
    """Whom to simulate. boxes: the mailboxes that write; refused: address and why, of those left out."""

    sequence: Steps
    stories: tuple[StoryFacts, ...]
    kinds: dict[Kind, int]
    boxes: dict[int, Mailbox]
    refused: tuple[tuple[str, str], ...]
    start: datetime

    @property
    def people(self) -> int:
        """How many they are."""
        return sum(self.kinds.values())


async def choices(app: App, visitor: Visitor) -> list[Mailbox]:
    """The mailboxes for which somebody may simulate."""
    async with app.db.read() as tx:
        return await _boxes(tx, visitor)


async def _boxes(tx: AsyncConnection, visitor: Visitor) -> list[Mailbox]:
    reachable = [
        box
        for box in await mailboxes.all_of(tx)
        if box.role is From.REP and reaches(visitor.user, await users.owner_of(tx, box.id))
    ]
    return sorted(reachable, key=lambda box: box.address)


async def crowd(app: App, visitor: Visitor, wanted: Wanted) -> Crowd:
    """Understand whom a list names, or take the samples where it is empty; raises InvalidInput, NotFound."""
    if wanted.draft:
        given = await confined(parts, await authoring.draft(app, wanted.sequence), wanted.sequence)
        sequence, stories, samples = given
    else:
        async with app.db.read() as tx:
            content = (await app.library.published(tx, wanted.sequence)).content
        sequence, samples = content.sequence, content.samples
        stories = tuple(story.facts for story in content.stories)
    now, refused = app.clock(), list[tuple[str, str]]()
    async with app.db.read() as tx:
        boxes = {box.address: box for box in await _boxes(tx, visitor)}
        if wanted.mailbox and wanted.mailbox not in boxes:
            raise NotFound(f"There is no mailbox {wanted.mailbox} of yours.")
        if not wanted.listed.strip():
            kinds = _of_samples(app, samples, boxes.get(wanted.mailbox))
        else:
            asked, refused = _read(app, wanted)
            kinds, more = await _vetted(app, tx, asked, wanted, boxes)
            refused += more
    if not kinds:
        raise InvalidInput(f"Nobody is left to simulate: {refused[0][1] if refused else 'no samples'}.")
    used = {each for kind in kinds for each in (kind.rep, kind.executive) if each}
    async with app.db.read() as tx:
        writing = {box.id: box for box in await mailboxes.all_of(tx) if box.id in used}
    return Crowd(sequence, stories, dict(Counter(kinds)), writing, tuple(refused), now)


def _of_samples(app: App, samples: Sequence[Sample], box: Mailbox | None) -> list[Kind]:
    found = []
    for sample in samples:
        account, deal = sample.context.get("account") or {}, sample.context.get("deal") or {}
        reason, end = deal.get("reason"), deal.get("competitor_contract_end")
        size, industry = account.get("size"), account.get("industry")
        profile = Profile(
            industry if isinstance(industry, str) else None,
            size if isinstance(size, int) else None,
            (reason,) if isinstance(reason, str) else (),
            sample.language,
        )
        found.append(
            Kind(
                Supposed(
                    sample.name,
                    app.clock(),
                    app.policy.place,
                    app.clock(),
                    end if isinstance(end, date) and not isinstance(end, datetime) else None,
                    profile,
                ),
                box.id if box else MADE_UP,
                None,
            )
        )
    return found


def _read(app: App, wanted: Wanted) -> tuple[list[Request], list[tuple[str, str]]]:
    """The people of a list: addresses, one on each line, or CSV with a line of headers."""
    text = wanted.listed.strip("\ufeff\n\r ")
    first = text.partition("\n")[0]
    sheet = spreadsheet.parse(f"email\n{text}" if "@" in first else text, "the list")
    if sheet.count > MOST_PEOPLE:
        raise InvalidInput(f"{sheet.count} people are too many: {MOST_PEOPLE} at once.")
    columns: dict[str, int] = {}
    for index, header in enumerate(sheet.header):
        if name := fields.guess(header):
            columns.setdefault(name, index)
    if "email" not in columns:
        raise InvalidInput("No column of the list looks like an address: call it email.")
    found: dict[str, Request] = {}
    refused = []
    for row in sheet.rows():
        said = {name: row.cells[index] for name, index in columns.items() if index < len(row.cells)}
        try:
            request = worded.request_of(
                said, sequence=wanted.sequence, now=app.clock(), place=app.policy.place
            )
            requests.check(request, app.clock())
        except CadenceError as fault:
            refused.append((said.get("email", ""), str(fault)))
        else:
            found.setdefault(request.email.casefold(), request)
    return list(found.values()), refused


async def _vetted(
    app: App, tx: AsyncConnection, asked: list[Request], wanted: Wanted, boxes: dict[str, Mailbox]
) -> tuple[list[Kind], list[tuple[str, str]]]:
    """By the rules of enrolling, where a mailbox is chosen; else as if everybody were let in."""
    if not wanted.mailbox:
        return [kind_of(app, request, MADE_UP, None) for request in asked], []
    kinds, refused = [], []
    mine = [
        replace(request, mailbox=request.mailbox if request.mailbox in boxes else wanted.mailbox)
        for request in asked
    ]
    for request, result in zip(mine, await admission.vet(app, tx, mine), strict=True):
        if isinstance(result, Applicant):
            executive = result.executive.id if result.executive else None
            kinds.append(kind_of(app, request, result.rep.id, executive))
        else:
            refused.append((request.email, str(result)))
    return kinds, refused


def kind_of(app: App, request: Request, rep: int, executive: int | None) -> Kind:
    """What matters of somebody who asks to be enrolled. rep, executive: ids of the mailboxes that write."""
    zone = request.zone or zone_of_country(request.country) or app.policy.place.zone
    place = Place(zone, request.country, request.region) if request.country or request.zone else None
    end, reason = request.deal.get("competitor_contract_end"), request.deal.get("reason")
    start = app.clock()
    person = Supposed(
        name="",
        lost_at=request.lost_at or start,
        place=place or app.policy.place,
        start=start,
        contract_end=end if isinstance(end, date) else None,
        profile=Profile(
            request.industry, request.size, (reason,) if reason else (), request.language or "en"
        ),
        executive=executive is not None or rep == MADE_UP,
    )
    return Kind(person, rep, executive)

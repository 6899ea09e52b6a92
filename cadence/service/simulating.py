"""What enrolling people would mean: whom a list names, and how many mails each mailbox gets, day by day.

The forecasts run confined and by portions, so that the server's loop goes on, whoever waits sees how far it
is, and leaving the page ends it. Of people who differ in nothing, one speaks for all.
"""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.content.outline import parts
from cadence.content.samples import Sample
from cadence.core.calendar import add
from cadence.core.errors import CadenceError, InvalidInput, NotFound
from cadence.core.forecast import forecast
from cadence.core.model import Mailbox, Place
from cadence.core.outlook import Entry, Happening, Shelf
from cadence.core.places import zone_of_country
from cadence.core.relevance import Profile, StoryFacts
from cadence.core.rights import Visitor, reaches
from cadence.core.sequence import Duration, From, Unit
from cadence.core.sequence import Sequence as Steps
from cadence.service import admission, authoring, fields, requests, spreadsheet
from cadence.service.app import App
from cadence.service.confined import confined
from cadence.service.forecasting import Supposed, case_of
from cadence.service.records import Applicant
from cadence.service.requests import Request
from cadence.store import mailboxes, steps, users

MONTHS = 18
MOST_PEOPLE = 5_000
PORTION = 50
"""Kinds of people that are forecast before the next word on progress."""
PORTION_SECONDS = 30.0
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


@dataclass(slots=True)
class Load:
    """What they get. days: mails by mailbox and day (UTC); others: what was decided otherwise, and why."""

    done: int = 0
    days: Counter[tuple[int, date]] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Load") -> None:
        """Take in another portion."""
        self.done += other.done
        self.days += other.days
        self.steps += other.steps
        self.others += other.others


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
    if len(sheet.rows) > MOST_PEOPLE:
        raise InvalidInput(f"{len(sheet.rows)} people are too many: {MOST_PEOPLE} at once.")
    columns: dict[str, int] = {}
    for index, header in enumerate(sheet.header):
        if name := fields.guess(header):
            columns.setdefault(name, index)
    if "email" not in columns:
        raise InvalidInput("No column of the list looks like an address: call it email.")
    found: dict[str, Request] = {}
    refused = []
    for row in sheet.rows:
        said = {name: row.cells[index] for name, index in columns.items() if index < len(row.cells)}
        try:
            request = fields.request_of(
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
        return [_kind(app, request, MADE_UP, None) for request in asked], []
    kinds, refused = [], []
    mine = [
        replace(request, mailbox=request.mailbox if request.mailbox in boxes else wanted.mailbox)
        for request in asked
    ]
    for request, result in zip(mine, await admission.vet(app, tx, mine), strict=True):
        if isinstance(result, Applicant):
            executive = result.executive.id if result.executive else None
            kinds.append(_kind(app, request, result.rep.id, executive))
        else:
            refused.append((request.email, str(result)))
    return kinds, refused


def _kind(app: App, request: Request, rep: int, executive: int | None) -> Kind:
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


# --- running ---


async def run(who: Crowd) -> AsyncIterator[Load]:
    """Forecast everybody; gives what is known so far after each portion."""
    total, kinds = Load(), list(who.kinds.items())
    for first in range(0, len(kinds), PORTION):
        portion = kinds[first : first + PORTION]
        given = (who.sequence, who.stories, portion)
        total.add(await confined(part, *given, seconds=PORTION_SECONDS))
        yield total


def part(sequence: Steps, stories: tuple[StoryFacts, ...], portion: list[tuple[Kind, int]]) -> Load:
    """What some of the people get."""
    load, shelf = Load(done=sum(count for _, count in portion)), Shelf(stories)
    for kind, count in portion:
        for entry in _entries(sequence, kind, shelf):
            if entry.what is Happening.SENT and entry.step:
                box = kind.executive if entry.sender is From.EXECUTIVE else kind.rep
                load.days[(box or MADE_UP, entry.at.date())] += count
                load.steps[entry.step] += count
            elif entry.what is not Happening.ENDED:
                load.others[f"{entry.what}: {entry.why}"] += count
    return load


def _entries(sequence: Steps, kind: Kind, shelf: Shelf) -> list[Entry]:
    until = add(kind.person.start, Duration(MONTHS, Unit.MONTHS), kind.person.place)
    return forecast(case_of(sequence, kind.person, shelf), now=kind.person.start, until=until)


async def calendar_of_first(who: Crowd) -> tuple[Kind, list[Entry]]:
    """The whole calendar of one of them, with the reason for each date."""
    kind = next(iter(who.kinds))
    return kind, await confined(entries, who.sequence, who.stories, kind)


def entries(sequence: Steps, stories: tuple[StoryFacts, ...], kind: Kind) -> list[Entry]:
    """The calendar of one kind of people."""
    return _entries(sequence, kind, Shelf(stories))


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a mailbox. new: mails of those simulated; most: how many on the busiest day."""

    first: date
    new: int
    waiting: int
    busiest: date
    most: int
    above: int


@dataclass(frozen=True, slots=True)
class Box:
    """One mailbox over the whole time. days: new and waiting mails of each day that has some."""

    address: str
    cap: int | None
    days: dict[date, tuple[int, int]]
    months: tuple[Month, ...]


async def by_mailbox(app: App, who: Crowd, load: Load) -> list[Box]:
    """The load of each mailbox, with what waits in it already."""
    until = who.start + timedelta(days=31 * (MONTHS + 1))
    async with app.db.read() as tx:
        waiting = await steps.waiting_per_day(tx, who.boxes, until)
    found = []
    for box_id in sorted({box for box, _ in load.days}):
        box = who.boxes.get(box_id)
        today = who.start.date()
        days: dict[date, tuple[int, int]] = {}
        for each, day in {*load.days, *waiting}:
            if each == box_id:
                counted = (load.days[(each, day)], waiting.get((each, day), 0))
                before = days.get(max(day, today), (0, 0))
                days[max(day, today)] = (before[0] + counted[0], before[1] + counted[1])
        cap = box.pace.daily_cap if box else None
        address = box.address if box else "a rep’s mailbox"
        found.append(Box(address, cap, dict(sorted(days.items())), tuple(_months(days, cap))))
    return found


def _months(days: dict[date, tuple[int, int]], cap: int | None) -> list[Month]:
    by_month: dict[date, list[date]] = {}
    for day in sorted(days):
        by_month.setdefault(day.replace(day=1), []).append(day)
    found = []
    for first, inside in by_month.items():
        busiest = max(inside, key=lambda day: sum(days[day]))
        found.append(
            Month(
                first,
                sum(days[day][0] for day in inside),
                sum(days[day][1] for day in inside),
                busiest,
                sum(days[busiest]),
                sum(cap is not None and sum(days[day]) > cap for day in inside),
            )
        )
    return found

"""How many mails the people of a simulation get, and so each mailbox, day by day.

The forecasts run confined and by portions, so that the server's loop goes on, whoever waits sees how far it
is, and leaving the page ends it. Of people who differ in nothing, one speaks for all.
"""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from cadence.core.calendar import add
from cadence.core.forecast import forecast
from cadence.core.outlook import Entry, Happening, Shelf
from cadence.core.relevance import StoryFacts
from cadence.core.sequence import Duration, From, Unit
from cadence.core.sequence import Sequence as Steps
from cadence.service.app import App
from cadence.service.confined import confined
from cadence.service.forecasting import case_of
from cadence.service.simulating import MADE_UP, Crowd, Kind
from cadence.store import steps

MONTHS = 18
PORTION = 50
"""Kinds of people that are forecast before the next word on progress."""
PORTION_SECONDS = 30.0


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

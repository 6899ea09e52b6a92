"""How much mail a sequence makes of many people: forecasts of a made-up crowd, over all processors."""

import os
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from multiprocessing import get_context

from cadence.core.calendar import add
from cadence.core.forecast import forecast
from cadence.core.model import Place
from cadence.core.outlook import Happening, Shelf
from cadence.core.relevance import Profile, StoryFacts
from cadence.core.sequence import Duration, Unit
from cadence.core.sequence import Sequence as Steps
from cadence.service.forecasting import Supposed, case_of

ENROLLED_WITHIN = 28
"""Days over which a crowd is enrolled, evenly."""
_WORTH_A_PROCESS = 500
_PLACES = (
    Place("America/New_York", "US"),
    Place("Europe/London", "GB"),
    Place("Europe/Berlin", "DE", "BE"),
    Place("Europe/Paris", "FR"),
    Place("America/Los_Angeles", "US", "CA"),
    Place("Europe/Madrid", "ES"),
    Place("America/Sao_Paulo", "BR"),
    Place("Asia/Tokyo", "JP"),
    Place("Australia/Sydney", "AU"),
    Place("Asia/Dubai", "AE"),
)


@dataclass(slots=True)
class Workload:
    """What a crowd makes: mails per month ("2027-03", UTC) and per step, and what was decided otherwise."""

    people: int = 0
    months: Counter[str] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Workload") -> None:
        """Take in what another part of the crowd makes."""
        self.people += other.people
        self.months += other.months
        self.steps += other.steps
        self.others += other.others


@dataclass(frozen=True, slots=True)
class Crowd:
    """Made-up people of all kinds, enrolled from `start` on; profiles: what is known of them, in turns."""

    sequence: Steps
    stories: tuple[StoryFacts, ...]
    profiles: tuple[Profile, ...]
    start: datetime
    months: int


def workload(crowd: Crowd, people: int, processes: int | None = None) -> Workload:
    """Forecast everyone of a crowd; nobody answers. Of those who differ in nothing, one speaks for all."""
    alike = Counter(_person(crowd, index) for index in range(people))
    workers = min(processes or os.cpu_count() or 1, max(len(alike) // _WORTH_A_PROCESS, 1))
    total = Workload()
    if workers == 1:
        total.add(_part(crowd, alike))
        return total
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        parts = [dict(islice(alike.items(), first, None, workers)) for first in range(workers)]
        for part in pool.map(_part, [crowd] * workers, parts):
            total.add(part)
    return total


def _part(crowd: Crowd, alike: Mapping[Supposed, int]) -> Workload:
    """What some of the crowd make. alike: each kind of person, and how many there are of it."""
    done = Workload(people=sum(alike.values()))
    shelf = Shelf(crowd.stories)
    for person, count in alike.items():
        until = add(person.start, Duration(crowd.months, Unit.MONTHS), person.place)
        for entry in forecast(case_of(crowd.sequence, person, shelf), now=person.start, until=until):
            if entry.what is Happening.SENT and entry.step:
                done.months[f"{entry.at:%Y-%m}"] += count
                done.steps[entry.step] += count
            elif entry.what is not Happening.ENDED:
                done.others[f"{entry.what}: {entry.why}"] += count
    return done


def _person(crowd: Crowd, index: int) -> Supposed:
    """One of a crowd, by their number: the same every time."""
    lost_at = crowd.start + timedelta(days=index % ENROLLED_WITHIN, minutes=index // ENROLLED_WITHIN % 1440)
    return Supposed(
        name="one of many",
        lost_at=lost_at,
        place=_PLACES[index % len(_PLACES)],
        start=lost_at,
        contract_end=lost_at.date() + timedelta(days=365 * (1 + index % 3)),
        profile=crowd.profiles[index // 7 % len(crowd.profiles)],
    )

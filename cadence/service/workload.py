"""How much mail a sequence makes of many people: forecasts of a made-up crowd, over all processors."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
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
    """Forecast everyone of a crowd; nobody answers."""
    workers = min(processes or os.cpu_count() or 1, max(people // _WORTH_A_PROCESS, 1))
    total = Workload()
    if workers == 1:
        total.add(_part(crowd, range(people)))
        return total
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        parts = [range(first, people, workers) for first in range(workers)]
        for part in pool.map(_part, [crowd] * workers, parts):
            total.add(part)
    return total


def _part(crowd: Crowd, indices: Sequence[int]) -> Workload:
    done = Workload(people=len(indices))
    shelf = Shelf(crowd.stories)
    for person in _people(crowd, indices):
        until = add(person.start, Duration(crowd.months, Unit.MONTHS), person.place)
        for entry in forecast(case_of(crowd.sequence, person, shelf), now=person.start, until=until):
            if entry.what is Happening.SENT and entry.step:
                done.months[f"{entry.at:%Y-%m}"] += 1
                done.steps[entry.step] += 1
            elif entry.what is not Happening.ENDED:
                done.others[f"{entry.what}: {entry.why}"] += 1
    return done


def _people(crowd: Crowd, indices: Sequence[int]) -> Iterator[Supposed]:
    """Everyone, by their number: the same crowd every time."""
    for index in indices:
        lost_at = crowd.start + timedelta(
            days=index % ENROLLED_WITHIN, minutes=index // ENROLLED_WITHIN % 1440
        )
        place = _PLACES[index % len(_PLACES)]
        yield Supposed(
            name=f"person {index + 1}",
            lost_at=lost_at,
            place=place,
            start=lost_at,
            contract_end=lost_at.date() + timedelta(days=365 * (1 + index % 3)),
            profile=crowd.profiles[index // 7 % len(crowd.profiles)],
        )

"""Where the steps of a sequence stand on a line of time: the chain, each branch, and what hangs on a date."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

from cadence.core.replies import Category
from cadence.core.sequence import MAX_OCCURRENCES, Duration, Sequence, Step, Unit

DAYS = {
    Unit.MINUTES: 1 / 1440,
    Unit.HOURS: 1 / 24,
    Unit.DAYS: 1.0,
    Unit.BUSINESS_DAYS: 7 / 5,
    Unit.WEEKS: 7.0,
    Unit.MONTHS: 30.44,
    Unit.YEARS: 365.25,
}
"""Days of the calendar in one of each unit, about: a storyboard shows no dates."""
SUPPOSED_CONTRACT = 365.25
"""Days after the loss at which a storyboard takes the competitor's contract to end."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One step. number: in the file's order, from 1; day: since the lane begins; again: when it repeats."""

    number: int
    step: Step
    day: float
    again: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Lane:
    """Steps that share a beginning, in words."""

    title: str
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """A sequence on a line of `days` days."""

    days: float
    lanes: tuple[Lane, ...]

    def at(self, day: float) -> float:
        """How far along the line a day is, from 0 to 1; the first weeks get more room."""
        return sqrt(min(max(day, 0.0), self.days) / self.days)


def days_of(duration: Duration) -> float:
    """A duration in days, about."""
    return duration.amount * DAYS[duration.unit]


def storyboard(sequence: Sequence) -> Board:
    """Lay a sequence out: the chain first, then the branches, then what hangs on dates of the deal."""
    ends = max(days_of(sequence.ends), 1.0)
    numbers = {step.name: number for number, step in enumerate(sequence.steps, 1)}
    lanes = [Lane("If nobody answers", tuple(_followed(sequence.chain, numbers, ends)))]
    for category in Category:
        if branch := sequence.branch(category):
            title = f"After a reply: {category.value.replace('_', ' ')}"
            lanes.append(Lane(title, tuple(_followed(branch, numbers, ends))))
    fixed: dict[str, list[Spot]] = {}
    for step in sequence.anchored:
        fixed.setdefault(_beginning(step), []).append(Spot(numbers[step.name], step, _anchored(step)))
    for title, spots in fixed.items():
        lanes.append(Lane(title, tuple(sorted(spots, key=lambda spot: spot.day))))
    return Board(ends, tuple(lane for lane in lanes if lane.spots))


def _followed(steps: tuple[Step, ...], numbers: dict[str, int], ends: float) -> Iterator[Spot]:
    day = 0.0
    for step in steps:
        day += days_of(step.after) if step.after else 0.0
        again = tuple(_repeats(step, day, ends))
        yield Spot(numbers[step.name], step, day, again)
        day = again[-1] if again else day


def _repeats(step: Step, day: float, ends: float) -> Iterator[float]:
    if step.repeat is None:
        return
    apart, most = days_of(step.repeat), step.times or MAX_OCCURRENCES
    for occurrence in range(1, most):
        if apart <= 0 or day + occurrence * apart > ends:
            return
        yield day + occurrence * apart


def _beginning(step: Step) -> str:
    assert step.at is not None
    if step.at.field == "deal.lost_at":
        return "On a date: from the day of the loss"
    return "On a date: the competitor's contract, here taken to end after a year"


def _anchored(step: Step) -> float:
    assert step.at is not None
    start = 0.0 if step.at.field == "deal.lost_at" else SUPPOSED_CONTRACT
    return start + step.at.sign * days_of(step.at.offset)

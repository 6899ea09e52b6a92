"""Decides when a window is open: the hours, weekdays and holidays of a place, through every clock change.

Instants are aware UTC. Whatever moves a time says why, in words that a rep reads.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from cadence.core import calendar
from cadence.core.errors import InvalidInput
from cadence.core.model import Place
from cadence.core.sequence import Window

_DAY = timedelta(days=1)
_WEEK = 7
_SEARCH_DAYS = 400
_WEEKEND = frozenset({5, 6})


@dataclass(frozen=True, slots=True)
class Slot:
    """A time and how it came about; `why` is empty where nothing needed saying."""

    at: datetime
    why: str = ""


def reasons(*whys: str) -> str:
    """Several reasons as one text, without the empty ones."""
    return "; ".join(why for why in whys if why)


def is_open(window: Window, place: Place, at: datetime) -> bool:
    """Whether a mail may leave at that instant, by the clocks of the place."""
    here = calendar.local(at, place)
    return _is_open_at(window, here.time()) and _closed(window, place, here.date()) is None


def next_open(window: Window, place: Place, at: datetime) -> datetime:
    """The first instant from `at` on that is inside the window; raises InvalidInput if none ever is.

    Where clocks skip the opening, the window opens as they move on.
    """
    if is_open(window, place, at):
        return at.astimezone(UTC)
    regular = next((x for x in _openings(window, place, at) if x >= at), None)
    if regular is None:
        raise InvalidInput(f"the window never opens in {place.zone}")
    change = _clock_change(place, at.astimezone(UTC), regular)
    return change if change is not None and is_open(window, place, change) else regular


def opened(window: Window, place: Place, at: datetime) -> Slot:
    """`next_open`, and why it is later than `at`."""
    moved = next_open(window, place, at)
    return Slot(moved, _moved(window, place, at, moved) if moved > at else "")


def _is_open_at(window: Window, clock: time) -> bool:
    return window.opens <= clock and (clock < window.closes or window.closes == time.max)


def _closed(window: Window, place: Place, day: date) -> str | None:
    """Why nothing leaves that day, or None where the window has hours on it.

    A window without Saturday and Sunday means the working week, so it keeps the weekend of the
    country as well, unless that left nothing.
    """
    if day.weekday() not in window.days:
        return "outside the window"
    if window.skip_holidays and (name := calendar.holiday(day, place)):
        return f"{name} in {(place.country or '').upper()}"
    if (
        day.weekday() not in _WEEKEND
        and not window.days & _WEEKEND
        and calendar.is_weekend(day, place)
        and not _rests_all_week(window, place, day)
    ):
        return f"weekend in {(place.country or '').upper()}"
    return None


def _rests_all_week(window: Window, place: Place, day: date) -> bool:
    week = (day + n * _DAY for n in range(_WEEK))
    return all(calendar.is_weekend(other, place) for other in week if other.weekday() in window.days)


def _openings(window: Window, place: Place, at: datetime) -> Iterator[datetime]:
    """The regular openings around and after `at`, in order; both of them where the hour comes twice."""
    first = calendar.local(at, place).date()
    zone = calendar.zone(place.zone)
    for n in range(_SEARCH_DAYS):
        day = first + n * _DAY
        if _closed(window, place, day) is not None:
            continue
        wall = datetime.combine(day, window.opens)
        for fold in (0, 1):
            opening = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
            if is_open(window, place, opening) and opening.astimezone(zone).replace(tzinfo=None) == wall:
                yield opening


def _clock_change(place: Place, start: datetime, end: datetime) -> datetime | None:
    """The instant between two others at which the zone's offset changes; None where it is the same."""
    zone = calendar.zone(place.zone)
    before = start.astimezone(zone).utcoffset()
    if end.astimezone(zone).utcoffset() == before:
        return None
    low, high = 0, int((end - start).total_seconds()) + 1
    whole = start.replace(microsecond=0)
    while high - low > 1:
        middle = (low + high) // 2
        if (whole + timedelta(seconds=middle)).astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return whole + timedelta(seconds=high)


def _moved(window: Window, place: Place, start: datetime, end: datetime) -> str:
    here, there = calendar.local(start, place), calendar.local(end, place)
    why = dict.fromkeys(_closures(window, place, here, there.date()))
    closed = _closed(window, place, here.date())
    if here.date() == there.date():
        source, target = f"{here:%H:%M}", f"{there:%H:%M}"
    else:
        far = (there.date() - here.date()).days >= _WEEK
        source = _day(here, far) if closed else f"{_day(here, far)} {here:%H:%M}"
        target = f"{_day(there, far)} {there:%H:%M}"
    return f"moved from {source} to {target}, {', '.join(why)}"


def _closures(window: Window, place: Place, here: datetime, until: date) -> Iterator[str]:
    """What kept the window closed: of the first day whatever it was, of those after it what is special."""
    yield _closed(window, place, here.date()) or "outside the window"
    for n in range(1, (until - here.date()).days):
        closed = _closed(window, place, here.date() + n * _DAY)
        if closed and closed != "outside the window":
            yield closed


def _day(here: datetime, with_date: bool) -> str:
    return f"{here:%A} {here.day} {here:%b}" if with_date else f"{here:%A}"

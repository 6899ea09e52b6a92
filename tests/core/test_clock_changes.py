"""Clock changes: in every zone and at every change from 2024 to 2030 a step leaves once, in its window."""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import available_timezones

import pytest

from cadence.core import calendar
from cadence.core.model import Place
from cadence.core.schedule import due, is_open, next_open, start_of
from cadence.core.sequence import Duration, Unit, Window

DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)
EVERY_DAY = frozenset(range(7))
ALWAYS = Window(EVERY_DAY, time(0), time.max, skip_holidays=False)
ONE_DAY = Duration(1, Unit.DAYS)


def changes_of(zone):
    """(instant, offset before, offset after) of each clock change of a zone."""
    tz = calendar.zone(zone)
    at, end = datetime(2024, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
    before = at.astimezone(tz).utcoffset()
    while at < end:
        after = (at + DAY).astimezone(tz).utcoffset()
        if after != before:
            minutes = range(24 * 60 + 1)
            n = bisect_left(
                minutes, True, key=lambda m: (at + timedelta(minutes=m)).astimezone(tz).utcoffset() != before
            )
            yield at + timedelta(minutes=n), before, after
        at, before = at + DAY, after


@cache
def every_change():
    """One zone for each way in which clocks change somewhere: {(instant, before, after): Place}.

    Zones that change alike at the same instant are one case; changes lie weeks apart.
    """
    found = {}
    for zone in sorted(available_timezones()):
        for change in changes_of(zone):
            found.setdefault(change, Place(zone))
    return found


def windows_around(change):
    """Round the clock, office hours, and windows that open, close or lie wholly within the changed hour."""
    at, before, after = change
    low, high = sorted([(at + before).replace(tzinfo=None), (at + after).replace(tzinfo=None)])
    yield ALWAYS
    yield Window(EVERY_DAY, time(9), time(16, 30), skip_holidays=False)
    for opens, closes in [
        (low + QUARTER, high + 3 * QUARTER),
        (low - 3 * QUARTER, low + QUARTER),
        (low, high),
        (low + QUARTER, low + 2 * QUARTER),
    ]:
        if opens.date() == closes.date() and opens.time() < closes.time():
            yield Window(EVERY_DAY, opens.time(), closes.time(), skip_holidays=False)


def test_there_are_changes_to_test():
    assert len(every_change()) > 150


def test_a_window_opens_at_the_first_open_instant():
    """Against the plain definition: walk on by quarters of an hour until the window is open."""
    for change, place in every_change().items():
        for window in windows_around(change):
            walk = [change[0] + n * QUARTER for n in range(-12, 4 * 26)]
            expected = None
            for at in reversed(walk):
                expected = at if is_open(window, place, at) else expected
                if expected is not None and at <= change[0] + 16 * QUARTER:
                    assert next_open(window, place, at) == expected, (change, place, window, at)


def test_a_daily_step_leaves_once_on_every_date():
    for change, place in every_change().items():
        first = calendar.local(change[0], place).date() - 3 * DAY
        for window in windows_around(change):
            base = next_open(window, place, start_of(first, place))
            dates = []
            for _ in range(6):
                base = due(base, ONE_DAY, window, place).at
                assert is_open(window, place, base)
                dates.append(calendar.local(base, place).date())
            assert len(set(dates)) == len(dates), (change, place, window, dates)
            assert dates == sorted(dates)
            never_that_day = len(dates) != (dates[-1] - dates[0]).days + 1
            assert not never_that_day or _is_in_gap(window, change), (change, place, window, dates)


def _is_in_gap(window, change):
    """Whether the clocks skip the whole window, so that it does not open on the day of the change."""
    at, before, after = change
    gap_opens, gap_closes = (at + before).replace(tzinfo=None), (at + after).replace(tzinfo=None)
    opens, closes = (datetime.combine(gap_opens, clock) for clock in (window.opens, window.closes))
    return gap_opens <= opens and closes <= gap_closes


def test_midnight_exists_or_the_day_begins_later():
    for change, place in every_change().items():
        day = calendar.local(change[0], place).date()
        start = start_of(day, place)
        assert calendar.local(start, place).date() == day
        assert calendar.local(start - timedelta(seconds=1), place).date() == day - DAY


@pytest.mark.parametrize(
    ("zone", "skipped"), [("Europe/Berlin", date(2026, 3, 29)), ("America/New_York", date(2026, 3, 8))]
)
def test_a_skipped_hour_is_explained(zone, skipped):
    place = Place(zone)
    base = calendar.instant(datetime.combine(skipped - DAY, time(2, 30)), place)
    assert due(base, ONE_DAY, ALWAYS, place).why == "02:30 is skipped that day as clocks go forward, so 03:30"

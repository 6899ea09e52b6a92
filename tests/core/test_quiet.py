"""Quiet hours end on the clocks of their place, also over midnight and when clocks change."""

from datetime import UTC, datetime

import pytest

from cadence.core.errors import InvalidInput
from cadence.core.quiet import quiet_hours

BERLIN = "Europe/Berlin"


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (at(2026, 3, 3, 16, 59), None),
        (at(2026, 3, 3, 17, 0), at(2026, 3, 4, 7, 0)),
        (at(2026, 3, 4, 0, 30), at(2026, 3, 4, 7, 0)),
        (at(2026, 3, 4, 7, 0), None),
        (at(2026, 3, 28, 20, 0), at(2026, 3, 29, 6, 0)),  # clocks go forward that night
    ],
)
def test_an_evening_is_quiet_until_the_morning(now, until):
    quiet = quiet_hours("18:00", "08:00", BERLIN)
    assert quiet is not None
    assert quiet.until(now) == until


def test_hours_of_one_day_are_quiet():
    quiet = quiet_hours("12:00", "13:30", "UTC")
    assert quiet is not None
    assert quiet.until(at(2026, 3, 3, 12, 15)) == at(2026, 3, 3, 13, 30)
    assert quiet.until(at(2026, 3, 3, 23, 0)) is None


def test_an_hour_that_comes_twice_is_quiet_once():
    quiet = quiet_hours("23:00", "02:30", BERLIN)
    assert quiet is not None
    assert quiet.until(at(2026, 10, 25, 0, 10)) == at(2026, 10, 25, 0, 30)
    assert quiet.until(at(2026, 10, 25, 1, 10)) is None


def test_no_hours_are_none():
    assert quiet_hours("", "", "UTC") is None


@pytest.mark.parametrize(
    ("begins", "ends", "zone"),
    [
        ("18:00", "", "UTC"),
        ("18:00", "18:00", "UTC"),
        ("6pm", "08:00", "UTC"),
        ("25:00", "08:00", "UTC"),
        ("18:00:00", "08:00", "UTC"),
        ("", "", "Nowhere"),
    ],
)
def test_hours_that_are_none_are_refused(begins, ends, zone):
    with pytest.raises(InvalidInput):
        quiet_hours(begins, ends, zone)

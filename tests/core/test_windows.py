"""When a window is open, and what a rep reads when a time was moved."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.core import calendar
from cadence.core.errors import InvalidInput
from cadence.core.model import Place
from cadence.core.sequence import Window
from cadence.core.windows import is_open, next_open, opened, reasons

BERLIN = Place("Europe/Berlin", "DE", "BE")
RIYADH = Place("Asia/Riyadh", "SA")
OFFICE = Window()
ALWAYS = Window(frozenset(range(7)), time(0), time.max, skip_holidays=False)

INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))
PLACES = st.builds(
    Place,
    zone=st.sampled_from(
        ["Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Pacific/Chatham", "Africa/Cairo", "UTC"]
    ),
    country=st.sampled_from([None, "DE", "US", "SA", "IL", "NP", "ZZ"]),
)


@st.composite
def windows(draw):
    opens, closes = sorted(draw(st.lists(st.times().map(_to_minute), min_size=2, max_size=2, unique=True)))
    days = draw(st.frozensets(st.integers(0, 6), min_size=1))
    return Window(days, opens, draw(st.sampled_from([closes, time.max])), draw(st.booleans()))


def _to_minute(clock):
    return clock.replace(second=0, microsecond=0)


def at(text):
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("when", "is_in"),
    [
        ("2026-02-02T09:00+01:00", True),
        ("2026-02-02T08:59:59+01:00", False),
        ("2026-02-02T16:29:59+01:00", True),
        ("2026-02-02T16:30+01:00", False),
        ("2026-02-01T12:00+01:00", False),
    ],
)
def test_a_window_includes_its_opening_and_excludes_its_closing(when, is_in):
    assert is_open(OFFICE, BERLIN, at(when)) is is_in


def test_a_window_that_closes_at_midnight_is_open_to_the_last_microsecond():
    assert is_open(ALWAYS, BERLIN, at("2026-02-02T23:59:59.999999+01:00"))


@given(INSTANTS, PLACES)
def test_round_the_clock_all_week_never_moves_a_time(when, place):
    assert next_open(ALWAYS, place, when) == when
    assert opened(ALWAYS, place, when).why == ""


@given(windows(), PLACES, INSTANTS)
def test_the_next_opening_is_inside_the_window_and_stays_where_it_is(window, place, when):
    opening = next_open(window, place, when)
    assert opening >= when
    assert is_open(window, place, opening)
    assert next_open(window, place, opening) == opening


@given(windows(), PLACES, INSTANTS, st.floats(0, 1, exclude_max=True))
def test_no_opening_is_missed(window, place, when, part):
    opening = next_open(window, place, when)
    between = when + part * (opening - when)
    assert between == opening or not is_open(window, place, between)


@given(windows(), PLACES, INSTANTS)
def test_a_move_has_a_reason_and_only_a_move_has_one(window, place, when):
    slot = opened(window, place, when)
    assert bool(slot.why) == (slot.at != when)


@given(windows(), PLACES, INSTANTS)
def test_a_window_that_skips_holidays_never_opens_on_one(window, place, when):
    day = calendar.local(next_open(window, place, when), place).date()
    assert not (window.skip_holidays and calendar.holiday(day, place))
    assert day.weekday() in window.days


def test_holidays_are_open_where_the_window_says_so():
    good_friday = at("2026-04-03T10:00+02:00")
    assert not is_open(OFFICE, BERLIN, good_friday)
    assert is_open(Window(skip_holidays=False), BERLIN, good_friday)


def test_a_working_week_keeps_the_weekend_of_the_country():
    friday, sunday = at("2026-02-06T10:00+03:00"), at("2026-02-08T10:00+03:00")
    assert not is_open(OFFICE, RIYADH, friday)
    assert not is_open(OFFICE, RIYADH, sunday), "not a day that the author named"
    assert is_open(Window(days=frozenset({6, 0, 1, 2, 3})), RIYADH, sunday)


def test_days_that_are_all_weekend_there_are_taken_as_written():
    fridays = Window(days=frozenset({4}))
    assert is_open(fridays, RIYADH, at("2026-02-06T10:00+03:00"))


def test_a_weekend_day_the_author_named_is_open():
    assert is_open(Window(days=frozenset({5})), BERLIN, at("2026-02-07T10:00+01:00"))


@pytest.mark.parametrize("window", [Window(days=frozenset()), Window(opens=time(9), closes=time(9))])
def test_a_window_that_never_opens_is_refused(window):
    with pytest.raises(InvalidInput, match="never opens in Europe/Berlin"):
        next_open(window, BERLIN, at("2026-02-02T10:00+01:00"))


@pytest.mark.parametrize(
    ("when", "why"),
    [
        ("2026-02-07T10:00+01:00", "moved from Saturday to Monday 09:00, outside the window"),
        ("2026-02-02T05:00+01:00", "moved from 05:00 to 09:00, outside the window"),
        ("2026-02-06T18:10+01:00", "moved from Friday 18:10 to Monday 09:00, outside the window"),
        (
            "2026-04-03T10:00+02:00",
            "moved from Friday to Tuesday 09:00, Good Friday in DE, Easter Monday in DE",
        ),
        ("2026-05-01T10:00+02:00", "moved from Friday to Monday 09:00, Labor Day in DE"),
    ],
)
def test_a_rep_reads_why_a_time_moved(when, why):
    assert opened(OFFICE, BERLIN, at(when)).why == why


def test_a_move_of_a_week_or_more_names_the_dates():
    mondays = Window(days=frozenset({0}))
    assert opened(mondays, BERLIN, at("2026-04-06T10:00+02:00")).why == (
        "moved from Monday 6 Apr to Monday 13 Apr 09:00, Easter Monday in DE"
    )


def test_a_countrys_weekend_is_named():
    assert opened(OFFICE, RIYADH, at("2026-02-06T10:00+03:00")).why == (
        "moved from Friday to Monday 09:00, weekend in SA"
    )


def test_reasons_leave_out_what_is_empty():
    assert reasons("", "one", "", "two") == "one; two"
    assert reasons("", "") == ""


def test_the_window_follows_the_clocks_of_the_place():
    tokyo = next_open(OFFICE, Place("Asia/Tokyo"), datetime(2026, 2, 2, tzinfo=UTC) - timedelta(hours=5))
    assert tokyo == at("2026-02-02T09:00+09:00")
    assert calendar.local(tokyo, Place("Asia/Tokyo")).date() == date(2026, 2, 2)

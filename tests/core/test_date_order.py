"""Dates as people type them: read where they mean one day, refused where they could mean two."""

import contextlib
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.core.date_order import DateOrder, read_date, read_moment
from cadence.core.errors import InvalidInput

DAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-31",
        "2026/03/31",
        "31.03.2026",
        "31.3.2026",
        "31/03/2026",
        "03/31/2026",
        "31-03-2026",
        "31 March 2026",
        "31. März 2026",
        "March 31st, 2026",
        "31 mars 2026",
        "31 de marzo de 2026",
        "31-Mar-2026",
        " 31  marzo  2026 ",
    ],
)
def test_common_forms_mean_the_day(text: str) -> None:
    assert read_date(text) == DAY


@pytest.mark.parametrize("text", ["03/04/2026", "3/4/2026", "01-02-2026"])
def test_two_readings_are_refused_unless_the_order_is_given(text: str) -> None:
    with pytest.raises(InvalidInput, match="--date-order"):
        read_date(text)
    assert read_date(text, DateOrder.DMY) != read_date(text, DateOrder.MDY)


def test_the_same_day_either_way_is_no_question() -> None:
    assert read_date("04/04/2026") == date(2026, 4, 4)


def test_dots_are_day_first() -> None:
    assert read_date("03.04.2026") == date(2026, 4, 3)


@pytest.mark.parametrize(
    "text",
    ["31.3.26", "46112", "31/02/2026", "13/13/2026", "0/0/0000", "soon", "", "31 Foo 2026", "2026-13-01"],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_date(text)


def test_a_time_may_follow_with_or_without_a_zone() -> None:
    assert read_moment("2026-03-31T10:00:00Z") == datetime(2026, 3, 31, 10, tzinfo=UTC)
    assert read_moment("31.03.2026 14:30") == datetime(2026, 3, 31, 14, 30)
    assert read_moment("3/31/2026 2:30 PM") == datetime(2026, 3, 31, 14, 30)
    assert read_moment("2026-03-31") == DAY
    with pytest.raises(InvalidInput):
        read_moment("2026-03-31 25:00")


@given(st.text(max_size=40))
def test_any_text_is_a_day_or_invalid_input(text: str) -> None:
    with contextlib.suppress(InvalidInput):
        assert isinstance(read_moment(text), date)


@given(st.dates(date(1000, 1, 1)), st.sampled_from(["{d.day}.{d.month}.{d.year}", "{d:%d %B %Y}", "{d}"]))
def test_what_is_written_is_read_back(day: date, form: str) -> None:
    assert read_date(form.format(d=day)) == day

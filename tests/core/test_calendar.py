"""Days, weekends, holidays and calendar arithmetic, place by place."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.core import calendar
from cadence.core.calendar import add, is_business_day, start_of, subtract
from cadence.core.errors import InvalidInput
from cadence.core.model import Place
from cadence.core.sequence import Duration, Unit

BAVARIA = Place("Europe/Berlin", "DE", "BY")
BERLIN = Place("Europe/Berlin", "DE", "BE")
RIYADH = Place("Asia/Riyadh", "SA")
NOWHERE = Place("UTC", "ZZ")

INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2034, 12, 31), timezones=st.just(UTC))
PLACES = st.sampled_from(
    [BAVARIA, RIYADH, NOWHERE, Place("America/New_York", "US", "NY"), Place("Australia/Lord_Howe", "AU")]
)


def days(text: str) -> Duration:
    return Duration.parse(text)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "Europe", "Europe/Berlin\0"])
def test_an_unknown_zone_is_refused_by_name(name):
    with pytest.raises(InvalidInput, match="is not a time zone"):
        calendar.zone(name)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="has no zone"):
        add(datetime(2026, 1, 1), days("1 day"), BERLIN)


def test_a_holiday_belongs_to_its_region():
    assert calendar.holiday(date(2026, 1, 6), BAVARIA) == "Epiphany"
    assert calendar.holiday(date(2026, 1, 6), BERLIN) is None


@pytest.mark.parametrize("region", ["BY", "DE-BY", "de-by", " by ", "bayern"])
def test_a_region_is_understood_by_code_and_by_name(region):
    assert calendar.holiday(date(2026, 1, 6), Place("Europe/Berlin", "de", region)) == "Epiphany"


def test_an_unknown_region_has_the_holidays_of_its_country():
    assert calendar.holiday(date(2026, 4, 3), Place("Europe/Berlin", "DE", "Atlantis")) == "Good Friday"


def test_an_unknown_country_rests_at_weekends_only():
    assert not is_business_day(date(2026, 12, 26), NOWHERE)
    assert is_business_day(date(2026, 12, 25), NOWHERE)
    assert not calendar.is_known_country("ZZ")
    assert calendar.is_known_country("de")


def test_a_country_has_its_own_weekend():
    friday, sunday = date(2026, 2, 6), date(2026, 2, 8)
    assert not is_business_day(friday, RIYADH)
    assert is_business_day(sunday, RIYADH)


def test_a_weekend_changes_with_the_year_in_which_the_country_changed_it():
    dubai = Place("Asia/Dubai", "AE")
    assert calendar.is_weekend(date(2021, 11, 5), dubai)
    assert not calendar.is_weekend(date(2026, 11, 6), dubai)


def test_a_saturday_worked_in_a_holidays_stead_is_a_business_day():
    assert is_business_day(date(2026, 2, 14), Place("Asia/Shanghai", "CN"))


def test_minutes_and_hours_elapse_across_a_clock_change():
    assert add(at("2026-03-29T00:30+00:00"), days("1 hour"), BERLIN) == at("2026-03-29T01:30+00:00")


def test_a_day_keeps_the_time_of_day_across_a_clock_change():
    assert add(at("2026-03-28T08:00+01:00"), days("1 day"), BERLIN) == at("2026-03-29T08:00+02:00")


def test_a_skipped_time_moves_on_as_the_clocks_do():
    assert add(at("2026-03-28T02:30+01:00"), days("1 day"), BERLIN) == at("2026-03-29T03:30+02:00")


def test_a_time_that_comes_twice_means_the_first():
    assert add(at("2026-10-24T02:30+02:00"), days("1 day"), BERLIN) == at("2026-10-25T02:30+02:00")


def test_a_month_from_the_31st_ends_with_the_month():
    assert add(at("2026-01-31T10:00+01:00"), days("1 month"), BERLIN) == at("2026-02-28T10:00+01:00")


def test_business_days_skip_weekend_and_holidays():
    thursday_before_easter = at("2026-04-02T10:00+02:00")
    assert add(thursday_before_easter, days("1 business day"), BERLIN) == at("2026-04-07T10:00+02:00")
    assert subtract(at("2026-04-07T10:00+02:00"), days("1 business day"), BERLIN) == thursday_before_easter


def test_a_day_whose_midnight_is_skipped_begins_as_the_clocks_move_on():
    cairo = Place("Africa/Cairo", "EG")
    assert start_of(date(2026, 4, 24), cairo) == at("2026-04-24T01:00+03:00")


@pytest.mark.parametrize("text", ["99999 years", "96000 months"])
def test_beyond_the_calendar_is_refused(text):
    with pytest.raises(InvalidInput, match="beyond the calendar"):
        add(at("2026-01-01T00:00+00:00"), days(text), BERLIN)


@given(INSTANTS, st.integers(1, 400), st.sampled_from(list(Unit)), PLACES)
def test_a_wait_leads_forward_and_back_again_about_as_far(start, amount, unit, place):
    duration = Duration(amount, unit)
    assert subtract(start, duration, place) < start < add(start, duration, place)


@given(INSTANTS, st.integers(0, 60), PLACES)
def test_a_business_day_wait_ends_on_a_business_day(start, amount, place):
    end = add(start, Duration(amount, Unit.BUSINESS_DAYS), place)
    assert amount == 0 or is_business_day(calendar.local(end, place).date(), place)


@given(INSTANTS, st.integers(0, 30), st.integers(0, 30), PLACES)
def test_business_days_add_up(start, first, second, place):
    first_date = calendar.local(add(start, Duration(first, Unit.BUSINESS_DAYS), place), place).date()
    halfway = calendar.instant(datetime.combine(first_date, datetime.min.time().replace(hour=12)), place)
    both = add(start, Duration(first + second, Unit.BUSINESS_DAYS), place)
    stepwise = add(halfway, Duration(second, Unit.BUSINESS_DAYS), place)
    assert calendar.local(both, place).date() == calendar.local(stepwise, place).date()


def test_the_language_of_the_machine_changes_no_name(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "de")
    calendar._year.cache_clear()
    assert calendar.holiday(date(2026, 4, 3), BERLIN) == "Good Friday"

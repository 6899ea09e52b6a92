"""When a mail is due, how far it keeps from others, and what a pause leaves of a plan."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.core.model import Place
from cadence.core.schedule import add, anchored, anchored_at, due, is_open, resumed, spaced
from cadence.core.sequence import Anchor, Duration, Spacing, Unit, Window

BERLIN = Place("Europe/Berlin", "DE", "BE")
OFFICE = Window()
ALWAYS = Window(frozenset(range(7)), time(0), time.max, skip_holidays=False)
NO_SPACING = Spacing(None, None)

INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))
DURATIONS = st.builds(Duration, st.integers(0, 120), st.sampled_from(list(Unit)))
SPACINGS = st.builds(
    Spacing,
    st.none() | st.builds(Duration, st.integers(0, 10), st.sampled_from(list(Unit))),
    st.none() | st.builds(Duration, st.integers(0, 10), st.sampled_from(list(Unit))),
)
WINDOWS = st.sampled_from([OFFICE, ALWAYS, Window(frozenset({2}), time(6), time(7, 15))])


def span(text):
    return Duration.parse(text)


def at(text):
    return datetime.fromisoformat(text)


def test_a_step_is_due_when_its_wait_is_over():
    slot = due(at("2026-02-02T10:00+01:00"), span("2 hours"), OFFICE, BERLIN)
    assert slot.at == at("2026-02-02T12:00+01:00")
    assert slot.why == ""


def test_a_step_due_at_night_waits_for_the_window_and_says_so():
    slot = due(at("2026-02-06T16:00+01:00"), span("2 hours"), OFFICE, BERLIN)
    assert slot.at == at("2026-02-09T09:00+01:00")
    assert slot.why == "moved from Friday 18:00 to Monday 09:00, outside the window"


@given(INSTANTS, DURATIONS, WINDOWS)
def test_a_step_is_due_in_its_window_and_never_early(base, duration, window):
    slot = due(base, duration, window, BERLIN)
    assert slot.at >= add(base, duration, BERLIN) >= base
    assert is_open(window, BERLIN, slot.at)
    assert slot.at.tzinfo is UTC


def test_a_date_counts_from_the_opening_of_the_window():
    ninety_days_before = Anchor("deal.competitor_contract_end", -1, span("90 days"))
    at_opening = anchored_at(date(2026, 12, 31), ninety_days_before, OFFICE, BERLIN)
    assert at_opening == at("2026-10-02T09:00+02:00")


def test_an_instant_keeps_its_time_of_day():
    a_year_on = Anchor("deal.lost_at", 1, span("1 year"))
    assert anchored_at(at("2026-03-02T11:20+01:00"), a_year_on, OFFICE, BERLIN) == at(
        "2027-03-02T11:20+01:00"
    )


def test_a_date_without_an_offset_is_that_date():
    anchor = Anchor("deal.competitor_contract_end")
    assert anchored_at(date(2026, 3, 2), anchor, OFFICE, BERLIN) == at("2026-03-02T09:00+01:00")


def test_an_anchored_step_says_why_it_moved():
    slot = anchored(date(2026, 4, 3), Anchor("deal.competitor_contract_end"), OFFICE, BERLIN)
    assert slot.why == "moved from Friday to Tuesday 09:00, Good Friday in DE, Easter Monday in DE"


def test_a_person_is_left_alone_for_the_spacing():
    slot = spaced(at("2026-02-03T10:00+01:00"), at("2026-02-02T15:00+01:00"), None, Spacing(), OFFICE, BERLIN)
    assert slot.at == at("2026-02-05T15:00+01:00")
    assert slot.why == "kept 3 business days from the last mail to this person"


def test_a_company_is_left_alone_for_the_spacing():
    slot = spaced(at("2026-02-02T15:01+01:00"), None, at("2026-02-02T15:00+01:00"), Spacing(), OFFICE, BERLIN)
    assert slot.at == at("2026-02-03T15:00+01:00")
    assert slot.why == "kept 1 business day from the last mail to this company"


def test_the_longer_distance_wins():
    last = at("2026-02-02T15:00+01:00")
    slot = spaced(last, last, last, Spacing(span("1 day"), span("2 days")), ALWAYS, BERLIN)
    assert slot.at == at("2026-02-04T15:00+01:00")
    assert "this company" in slot.why


def test_what_is_far_enough_apart_is_not_moved():
    when = at("2026-02-12T10:00+01:00")
    assert spaced(when, at("2026-02-02T10:00+01:00"), None, Spacing(), OFFICE, BERLIN).at == when
    assert spaced(when, None, None, Spacing(), OFFICE, BERLIN).why == ""


@given(INSTANTS, st.none() | INSTANTS, st.none() | INSTANTS, SPACINGS, WINDOWS)
def test_spacing_is_kept_in_the_window_and_a_second_look_moves_nothing(
    when, person, account, spacing, window
):
    slot = spaced(when, person, account, spacing, window, BERLIN)
    assert slot.at >= when
    assert is_open(window, BERLIN, slot.at)
    for last, distance in ((person, spacing.prospect), (account, spacing.account)):
        assert last is None or distance is None or slot.at >= add(last, distance, BERLIN)
    assert spaced(slot.at, person, account, spacing, window, BERLIN).at == slot.at
    assert bool(slot.why) == (slot.at != when)


def resume(planned, now, last=None, spacing=NO_SPACING, window=OFFICE):
    return resumed(
        planned,
        now=now,
        last_to_prospect=last,
        last_to_account=None,
        spacing=spacing,
        window=window,
        place=BERLIN,
    )


def test_what_is_overdue_after_a_pause_follows_one_by_one():
    now = at("2026-02-02T10:00+01:00")
    slots = resume([now - timedelta(days=20), now - timedelta(days=3)], now, spacing=Spacing())
    assert [slot.at for slot in slots] == [now, at("2026-02-05T10:00+01:00")]
    assert slots[0].why == "overdue when resumed"
    assert slots[1].why == ("overdue when resumed; kept 3 business days from the last mail to this person")


def test_what_is_still_to_come_keeps_its_time():
    now, later = at("2026-02-02T10:00+01:00"), at("2026-03-02T11:00+01:00")
    (slot,) = resume([later], now)
    assert slot.at == later
    assert slot.why == ""


def test_the_order_of_the_plan_is_kept_whatever_order_it_is_given_in():
    now = at("2026-02-02T10:00+01:00")
    late, early = resume([now - timedelta(days=1), now - timedelta(days=9)], now)
    assert early.at < late.at


@given(st.lists(INSTANTS, max_size=8), INSTANTS, st.none() | INSTANTS, SPACINGS, WINDOWS)
def test_a_resume_never_gives_a_burst(planned, now, last, spacing, window):
    slots = resume(planned, now, last, spacing, window)
    times = sorted(slot.at for slot in slots)
    apart = spacing.prospect or Duration(1, Unit.BUSINESS_DAYS)
    assert all(second >= add(first, apart, BERLIN) for first, second in pairwise(times))
    for slot, before in zip(slots, planned, strict=True):
        assert slot.at >= max(now, before)
        assert is_open(window, BERLIN, slot.at)


@pytest.mark.parametrize("planned", [[], [at("2026-02-02T10:00+01:00")]])
def test_a_resume_answers_for_every_mail(planned):
    assert len(resume(planned, at("2026-02-09T10:00+01:00"))) == len(planned)

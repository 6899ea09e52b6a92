"""How fast a mailbox writes, and when a deferred mail is tried again."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.core.model import Pace
from cadence.core.pace import GIVE_UP_AFTER, cap_today, jitter, mailbox_free_at, retry_at

NOW = datetime(2026, 2, 2, 10, tzinfo=UTC)
TODAY = NOW.date()
PACE = Pace(daily_cap=60, ramp_from=20, ramp_step=5, gap=60, jitter=60)
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))


def free_at(pace=PACE, *, sent_today=0, last=None, first_day=date(2025, 1, 1), now=NOW, zone="UTC"):
    return mailbox_free_at(
        pace,
        sent_today=sent_today,
        last_sent_at=last,
        first_day=first_day,
        key="<1@x.example>",
        now=now,
        zone=zone,
    )


@given(st.text(), st.integers(0, 100_000))
def test_jitter_is_within_bounds_and_the_same_again(key, seconds):
    drawn = jitter(key, seconds)
    assert timedelta() <= drawn <= timedelta(seconds=seconds)
    assert drawn == jitter(key, seconds)


def test_jitter_spreads_over_keys():
    drawn = {jitter(str(n), 59).seconds for n in range(2000)}
    assert drawn == set(range(60))


@pytest.mark.parametrize(("days", "cap"), [(0, 20), (1, 25), (7, 55), (8, 60), (9, 60), (1000, 60), (-3, 20)])
def test_a_new_mailbox_warms_up(days, cap):
    assert cap_today(PACE, TODAY - timedelta(days=days), TODAY) == cap


def test_a_mailbox_that_never_sent_starts_at_the_bottom():
    assert cap_today(PACE, None, TODAY) == 20


def test_a_ramp_never_exceeds_the_cap():
    assert cap_today(Pace(daily_cap=10, ramp_from=20), None, TODAY) == 10


def test_an_idle_mailbox_is_free_at_once():
    slot = free_at()
    assert slot.at == NOW
    assert slot.why == ""


def test_mails_keep_a_gap_and_a_little_more():
    last = NOW - timedelta(seconds=5)
    slot = free_at(last=last)
    assert last + timedelta(seconds=60) <= slot.at <= last + timedelta(seconds=120)
    assert slot.why == "a gap after the mailbox's last mail"
    assert free_at(last=last, now=slot.at).at == slot.at


def test_a_full_day_waits_for_the_mailboxs_own_midnight():
    slot = free_at(sent_today=60, zone="America/New_York")
    assert slot.at == datetime(2026, 2, 3, 5, tzinfo=UTC)
    assert slot.why == "the mailbox has sent its 60 mails of the day"


def test_a_warming_mailbox_says_so():
    assert free_at(sent_today=20, first_day=TODAY).why == (
        "the mailbox has sent its 20 mails of the day, still warming up"
    )


@given(st.integers(0, 100), st.none() | INSTANTS, INSTANTS)
def test_a_mailbox_is_never_free_in_the_past(sent_today, last, now):
    assert free_at(sent_today=sent_today, last=last, now=now).at >= now


def every_try(first, key="k"):
    tries, attempts = [first], 1
    while (again := retry_at(first, attempts, key)) is not None:
        tries.append(again)
        attempts += 1
    return tries


def test_retries_back_off_from_half_an_hour_to_eight_hours():
    waits = [second - first for first, second in pairwise(every_try(NOW))]
    assert timedelta(minutes=30) <= waits[0] <= timedelta(minutes=33)
    assert all(timedelta(minutes=30) <= wait <= timedelta(hours=9) for wait in waits)
    assert waits[-1] > timedelta(hours=7)
    assert 12 <= len(waits) <= 25


@given(INSTANTS, st.text(max_size=20))
def test_retries_end_within_the_fifth_day(first, key):
    tries = every_try(first, key)
    assert tries == sorted(tries)
    assert timedelta(days=4, hours=12) < tries[-1] - first <= GIVE_UP_AFTER


@given(INSTANTS, st.integers(1, 30), st.text(max_size=20))
def test_a_retry_is_the_same_on_every_run(first, attempts, key):
    assert retry_at(first, attempts, key) == retry_at(first, attempts, key)


def test_after_an_outage_retries_do_not_follow_at_once():
    now = NOW + timedelta(days=2)
    again = retry_at(NOW, 1, "k", now=now)
    assert again is not None
    assert again >= now + timedelta(minutes=30)


def test_after_five_days_there_is_no_retry():
    assert retry_at(NOW, 1, "k", now=NOW + timedelta(days=5)) is None

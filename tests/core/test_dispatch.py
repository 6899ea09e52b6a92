"""Every reason not to send, and that nothing else stops a mail."""

from datetime import timedelta

import pytest

from cadence.core.dispatch import End, Hold, SendNow, Skip, Wait, decide
from cadence.core.lifecycle import Fact
from cadence.core.model import EnrollmentState, MailboxState, Pace, TaskKind
from cadence.core.replies import Category
from cadence.core.sequence import Duration, From, Spacing, Window
from tests.core.factories import NOW, after, enrollment, facts, mailbox, message, sequence

BARRIER = timedelta(seconds=60)


def decided(**more):
    return decide(facts(**more), NOW, BARRIER)


def test_a_mail_against_which_nothing_speaks_leaves():
    assert decided() == SendNow()


@pytest.mark.parametrize("state", [s for s in EnrollmentState if s is not EnrollmentState.ACTIVE])
def test_nothing_but_an_active_enrollment_sends(state):
    assert isinstance(decided(enrollment=enrollment(state=state)), Wait)


def test_a_suppressed_address_ends_it():
    assert decided(suppressed="asked us to stop") == End(Fact.OPT_OUT, "asked us to stop")


def test_an_address_that_bounced_ends_it():
    assert decided(unreachable=True).fact is Fact.BOUNCE


def test_suppression_outweighs_every_other_reason():
    paused = enrollment(state=EnrollmentState.PAUSED)
    assert isinstance(decided(suppressed="stop", enrollment=paused, mailbox=None, synced_at=None), End)


def test_past_the_end_nothing_leaves():
    assert decided(ends_at=NOW - timedelta(seconds=1)).fact is Fact.FINISH


def test_a_step_that_the_revision_does_not_have_is_skipped():
    assert isinstance(decided(message=message(step="gone")), Skip)


def test_a_step_whose_question_was_answered_is_skipped():
    asks = sequence(after("2 hours", unless=frozenset({Category.FEEDBACK})))
    assert isinstance(decided(sequence=asks, enrollment=enrollment(heard=frozenset({"feedback"}))), Skip)
    assert decided(sequence=asks, enrollment=enrollment(heard=frozenset({"referral"}))) == SendNow()


def test_a_late_thank_you_is_worse_than_none():
    thanks = sequence(after("2 hours", within=Duration.parse("24 hours")))
    just_in_time = message(base_at=NOW - timedelta(hours=24))
    too_late = message(base_at=NOW - timedelta(hours=24, seconds=1))
    assert decided(sequence=thanks, message=just_in_time) == SendNow()
    assert isinstance(decided(sequence=thanks, message=too_late), Skip)


def test_a_step_without_its_sender_is_held():
    asks = sequence(after("2 hours", sender=From.EXECUTIVE))
    assert decided(sequence=asks, mailbox=None) == Hold("no executive mailbox to send it from")


@pytest.mark.parametrize("state", [MailboxState.PAUSED, MailboxState.FAULT])
def test_a_mailbox_that_may_not_send_makes_the_mail_wait(state):
    assert isinstance(decided(mailbox=mailbox(state=state)), Wait)


def test_while_an_earlier_mail_is_in_doubt_the_next_one_waits():
    assert isinstance(decided(earlier_open=True), Wait)


def test_a_draft_waits_for_a_yes():
    drafts = sequence(after("2 hours", review=True))
    assert decided(sequence=drafts).task is TaskKind.APPROVE_DRAFT
    assert decided(sequence=drafts, message=message(approved=True)) == SendNow()


def test_outside_the_window_it_waits_for_the_opening():
    mornings = sequence(after("2 hours"), window=Window(closes=NOW.time().replace(hour=9, minute=30)))
    assert decided(sequence=mornings).until == NOW.replace(day=4, hour=9)


def test_the_distance_to_the_last_mail_is_kept_for_person_and_company():
    spaced = sequence(after("2 hours"), spacing=Spacing(Duration.parse("3 days"), Duration.parse("1 day")))
    yesterday = NOW - timedelta(hours=23)
    assert decided(sequence=spaced, last_to_prospect=yesterday).until == yesterday + timedelta(days=3)
    assert decided(sequence=spaced, last_to_account=yesterday).until == yesterday + timedelta(days=1)


def test_what_answers_a_reply_keeps_its_distance_only_from_mails_after_it():
    apart = Spacing(Duration.parse("3 days"), Duration.parse("1 day"))
    on_feedback = {"on": Category.FEEDBACK}
    thanks = sequence(after("2 hours", **on_feedback), after("1 day", "next", **on_feedback), spacing=apart)
    replied = message(base_at=NOW - timedelta(hours=4))
    asked, written = NOW - timedelta(hours=5), NOW - timedelta(hours=3)
    assert decided(sequence=thanks, message=replied, last_to_prospect=asked) == SendNow()
    waits = decided(sequence=thanks, message=replied, last_to_prospect=written)
    assert waits.until == written + timedelta(days=3)
    following = message(step="next", base_at=NOW - timedelta(hours=4))
    waits = decided(sequence=thanks, message=following, last_to_prospect=asked)
    assert waits.until == asked + timedelta(days=3)


def test_a_mailbox_keeps_its_daily_cap_and_its_gap():
    small = mailbox(pace=Pace(daily_cap=5, ramp_from=5, gap=90, jitter=0))
    assert decided(mailbox=small, sent_today=5).until.date() > NOW.date()
    last = NOW - timedelta(seconds=30)
    assert decided(mailbox=small, last_sent_at=last).until == last + timedelta(seconds=90)


@pytest.mark.parametrize("synced_at", [None, NOW - timedelta(seconds=61)])
def test_nothing_leaves_before_the_mailbox_was_read(synced_at):
    assert isinstance(decided(synced_at=synced_at), Wait)


def test_a_look_within_the_barrier_is_enough():
    assert decided(synced_at=NOW - timedelta(seconds=60)) == SendNow()

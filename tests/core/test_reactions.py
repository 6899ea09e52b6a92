"""The reactions of docs/replies.md."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cadence.core.lifecycle import Fact, transition
from cadence.core.model import EnrollmentState as S
from cadence.core.model import Place, ProspectStatus, TaskKind
from cadence.core.reactions import react
from cadence.core.replies import AUTOMATIC, Action, Bounce, Category, Person, action
from tests.core.factories import NOW, after, sequence, verdict

SEQUENCE = sequence(after("2 hours"))
UTC_PLACE = Place("UTC")

# category → the enrollment's state afterwards, the prospect's status
REACTIONS = {
    Category.DECISION_OPEN: (S.REOPENED, ProspectStatus.REOPENED),
    Category.INTERESTED: (S.REOPENED, ProspectStatus.REOPENED),
    Category.FEEDBACK: (S.ACTIVE, ProspectStatus.FEEDBACK_GIVEN),
    Category.FEEDBACK_DECLINED: (S.ACTIVE, ProspectStatus.FEEDBACK_DECLINED),
    Category.KEEP_IN_TOUCH: (S.ACTIVE, ProspectStatus.IN_TOUCH),
    Category.NOT_NOW: (S.PAUSED, ProspectStatus.SNOOZED),
    Category.NOT_INTERESTED: (S.REPLIED, ProspectStatus.NOT_INTERESTED),
    Category.UNSUBSCRIBE: (S.OPTED_OUT, ProspectStatus.UNSUBSCRIBED),
    Category.REFERRAL: (S.ACTIVE, ProspectStatus.REFERRED),
    Category.WRONG_PERSON: (S.REPLIED, ProspectStatus.LEFT),
    Category.QUESTION: (S.PAUSED, ProspectStatus.QUESTION),
    Category.ACKNOWLEDGEMENT: (S.ACTIVE, None),
    Category.OTHER: (S.PAUSED, ProspectStatus.REPLIED),
    Category.OUT_OF_OFFICE: (S.PAUSED, None),
    Category.AUTO_REPLY: (S.ACTIVE, None),
    Category.BOUNCE_HARD: (S.BOUNCED, ProspectStatus.BOUNCED),
    Category.BOUNCE_SOFT: (S.ACTIVE, None),
    Category.COMPLAINT: (S.OPTED_OUT, ProspectStatus.COMPLAINED),
}


def reaction_to(category, soft_bounces=0, **more):
    return react(
        verdict(category, **more),
        sequence=SEQUENCE,
        place=UTC_PLACE,
        received_at=NOW,
        soft_bounces=soft_bounces,
    )


@pytest.mark.parametrize("category", list(Category))
def test_every_category_does_what_the_vocabulary_says(category):
    state, status = REACTIONS[category]
    reaction = reaction_to(category)
    became = transition(S.ACTIVE, reaction.fact) if reaction.fact else S.ACTIVE
    assert (became, reaction.status) == (state, status)
    assert reaction.reply == (category not in AUTOMATIC)
    assert reaction.reason


@pytest.mark.parametrize(
    "category", [c for c in Category if c not in AUTOMATIC and c is not Category.UNSUBSCRIBE]
)
def test_a_person_we_are_unsure_about_pauses_everything_and_the_rep_is_asked(category):
    reaction = reaction_to(category, confidence=0.5)
    assert (reaction.fact, reaction.resume_at) == (Fact.PAUSE, None)
    assert [task.kind for task in reaction.tasks] == [TaskKind.REVIEW_REPLY]


def test_unsubscribe_acts_on_little_certainty():
    assert action(verdict(Category.UNSUBSCRIBE, confidence=0.4)) is Action.ACT
    assert reaction_to(Category.UNSUBSCRIBE, confidence=0.4).suppress


@pytest.mark.parametrize("category", [Category.DECISION_OPEN, Category.INTERESTED])
def test_what_reopens_a_deal_stops_the_whole_account_and_calls_the_rep(category):
    reaction = reaction_to(category)
    assert reaction.account is Fact.STOP
    assert reaction.tasks


@pytest.mark.parametrize("category", [c for c in Category if c not in AUTOMATIC])
def test_any_person_s_reply_spares_the_colleagues_of_the_deal(category):
    assert reaction_to(category).deal is Fact.PAUSE


def test_not_now_waits_until_the_day_they_named():
    reaction = reaction_to(Category.NOT_NOW, resume_on=date(2026, 9, 1))
    assert reaction.resume_at == datetime(2026, 9, 1, tzinfo=UTC)


def test_not_now_without_a_day_waits_as_long_as_the_sequence_says():
    assert reaction_to(Category.NOT_NOW).resume_at == NOW + timedelta(days=90)


def test_a_day_that_is_past_counts_as_none():
    reaction = reaction_to(Category.OUT_OF_OFFICE, resume_on=date(2026, 1, 7))
    assert reaction.resume_at == NOW + timedelta(days=7)


def test_a_date_pauses_even_a_reply_that_would_go_on():
    reaction = reaction_to(Category.FEEDBACK, resume_on=date(2028, 1, 1))
    assert (reaction.fact, reaction.resume_at) == (Fact.PAUSE, datetime(2028, 1, 1, tzinfo=UTC))
    assert reaction.branch is Category.FEEDBACK


def test_when_their_contract_ends_is_no_wish_to_be_left_alone_until_then():
    ends = date(2028, 1, 1)
    assert reaction_to(Category.FEEDBACK, resume_on=ends, contract_end=ends).fact is None
    assert reaction_to(Category.NOT_NOW, resume_on=ends, contract_end=ends).fact is Fact.PAUSE


def test_a_firm_no_ends_even_a_reply_that_would_go_on():
    assert reaction_to(Category.FEEDBACK, firm_no=True).fact is Fact.REPLY


def test_a_firm_no_does_not_weaken_a_stronger_end():
    assert reaction_to(Category.UNSUBSCRIBE, firm_no=True).fact is Fact.OPT_OUT


def test_the_third_soft_bounce_in_a_row_counts_as_hard():
    assert reaction_to(Category.BOUNCE_SOFT, soft_bounces=1).retry
    third = reaction_to(Category.BOUNCE_SOFT, soft_bounces=2)
    assert (third.fact, third.retry) == (Fact.BOUNCE, False)


def test_a_delay_is_not_retried_since_their_server_keeps_trying():
    reaction = reaction_to(Category.BOUNCE_SOFT, bounce=Bounce("a@b.test", "4.4.1", None, delayed=True))
    assert (reaction.fact, reaction.retry) == (None, False)


@pytest.mark.parametrize("category", [Category.BOUNCE_HARD, Category.BOUNCE_SOFT])
def test_a_fault_of_our_mailbox_is_no_bounce_of_the_prospect(category):
    reaction = reaction_to(category, bounce=Bounce("a@b.test", "5.7.1", None, "blocked", sender_fault=True))
    assert (reaction.fact, reaction.status) == (None, None)
    assert [task.kind for task in reaction.tasks] == [TaskKind.MAILBOX_FAULT]


def test_people_who_are_named_become_suggestions():
    people = (Person("Kim Sample", "kim@other.example", "Other Inc."),)
    for category in (Category.REFERRAL, Category.WRONG_PERSON):
        assert reaction_to(category, people=people).suggestions == people


def test_a_referral_to_nobody_in_particular_is_a_suggestion_too():
    assert reaction_to(Category.REFERRAL, people=()).suggestions == (Person(),)

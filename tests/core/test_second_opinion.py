"""What an endpoint's answer is worth: it can make a harmless reading surer, and nothing else."""

import pytest

from cadence.core.replies import AUTOMATIC, Action, Category, Verdict, action
from cadence.core.second_opinion import HARMLESS, Opinion, may_ask, weighed

PEOPLE = [category for category in Category if category not in AUTOMATIC]


def open_verdict(likeliest: Category = Category.FEEDBACK, chance: float = 0.7, **others: float) -> Verdict:
    """A reply that is likeliest of one category; others: chances, the rest shared evenly."""
    given = {likeliest: chance, **{Category(name): share for name, share in others.items()}}
    rest = (1 - sum(given.values())) / (len(PEOPLE) - len(given))
    odds = tuple((category, given.get(category, rest)) for category in PEOPLE)
    return Verdict(likeliest, chance, ("model",), "Well.", "en", odds=odds)


def test_an_answer_that_agrees_makes_a_harmless_reading_sure_enough_to_act_on():
    before = open_verdict(unsubscribe=0.001, decision_open=0.005, interested=0.005)
    assert action(before) is Action.ASK
    after = weighed(before, Opinion(Category.FEEDBACK, 0.9))
    assert after is not None
    assert action(after) is Action.ACT
    assert after.category is before.category
    assert after.confidence > before.confidence
    assert after.evidence == ("model", "endpoint: feedback, 90%")
    assert sum(chance for _, chance in after.odds) == pytest.approx(1)


@pytest.mark.parametrize("said", PEOPLE)
def test_an_answer_that_disagrees_changes_nothing(said):
    if said is not Category.FEEDBACK:
        assert weighed(open_verdict(unsubscribe=0.001), Opinion(said, 1.0)) is None


@pytest.mark.parametrize("category", sorted(set(PEOPLE) - HARMLESS))
def test_what_ends_mail_for_good_stays_with_the_rep(category):
    assert not may_ask(open_verdict(category, 0.4))
    assert weighed(open_verdict(category, 0.4), Opinion(category, 1.0)) is None


@pytest.mark.parametrize("category", sorted(HARMLESS))
@pytest.mark.parametrize("stop", [0.05, 0.2, 0.29])
def test_where_it_may_be_an_opt_out_nobody_but_the_rep_is_asked(category, stop):
    verdict = open_verdict(category, unsubscribe=stop)
    assert not may_ask(verdict)
    assert weighed(verdict, Opinion(category, 1.0)) is None


def test_what_was_acted_on_is_not_asked_about():
    assert not may_ask(open_verdict(chance=0.99))


def test_what_no_model_weighed_is_not_asked_about():
    assert not may_ask(Verdict(Category.FEEDBACK, 0.2, ("kept from before",)))
    assert not may_ask(Verdict(Category.AUTO_REPLY, 0.2, ("a field",), automatic=True))


def test_an_answer_that_is_unsure_of_itself_is_worth_little():
    verdict = open_verdict(unsubscribe=0.001, decision_open=0.005, interested=0.005)
    assert weighed(verdict, Opinion(Category.FEEDBACK, 0.0)) is None


def test_a_deal_that_may_be_open_again_outweighs_any_answer():
    verdict = open_verdict(Category.ACKNOWLEDGEMENT, 0.5, decision_open=0.3, unsubscribe=0.001)
    assert may_ask(verdict)
    assert weighed(verdict, Opinion(Category.ACKNOWLEDGEMENT, 1.0)) is None

"""Acting on a reply must cost less than asking the rep; ignoring a wish to be left alone costs most."""

import pytest

from cadence.core import costs
from cadence.core.replies import AUTOMATIC, Action, Category, Verdict, action

PEOPLE = [category for category in Category if category not in AUTOMATIC]


def odds(**chances: float) -> tuple[tuple[Category, float], ...]:
    return tuple((Category(name), chance) for name, chance in chances.items())


def verdict(category: Category, **chances: float) -> Verdict:
    return Verdict(category, chances[category.value], (), odds=odds(**chances))


def test_every_confusion_has_its_cost_and_being_right_has_none():
    assert set(costs.COSTS) == set(PEOPLE) == set(costs.ASKING)
    for meant, row in costs.COSTS.items():
        assert set(row) == set(PEOPLE)
        assert {taken for taken, cost in row.items() if cost == 0} == {meant}


@pytest.mark.parametrize("category", PEOPLE)
def test_what_is_certain_is_acted_on(category: Category):
    certain = odds(**{category.value: 1.0})
    assert costs.cheapest(certain) == category
    assert action(Verdict(category, 1.0, (), odds=certain)) is Action.ACT


def test_a_small_chance_of_a_wish_to_be_left_alone_is_enough_to_ask():
    assert action(verdict(Category.FEEDBACK, feedback=0.97, acknowledgement=0.03)) is Action.ACT
    assert action(verdict(Category.FEEDBACK, feedback=0.97, unsubscribe=0.03)) is Action.ASK


def test_stopping_needs_less_certainty_than_going_on():
    assert costs.cheapest(odds(unsubscribe=0.72, feedback=0.28)) == Category.UNSUBSCRIBE
    assert action(verdict(Category.UNSUBSCRIBE, unsubscribe=0.72, feedback=0.28)) is Action.ACT
    assert action(verdict(Category.FEEDBACK, feedback=0.72, acknowledgement=0.28)) is Action.ASK


def test_where_asking_is_cheaper_the_likeliest_is_named():
    torn = odds(interested=0.5, feedback=0.3, question=0.2)
    assert costs.cheapest(torn) == Category.INTERESTED
    assert action(Verdict(Category.INTERESTED, 0.5, (), odds=torn)) is Action.ASK


def test_missing_what_is_urgent_costs_more_than_any_false_alarm():
    going_on = {Category.FEEDBACK, Category.ACKNOWLEDGEMENT, Category.KEEP_IN_TOUCH, Category.REFERRAL}
    for urgent in (Category.DECISION_OPEN, Category.INTERESTED, Category.UNSUBSCRIBE):
        for taken in going_on:
            assert costs.COSTS[urgent][taken] > max(costs.COSTS[other][urgent] for other in PEOPLE)


def test_without_odds_the_confidence_decides():
    assert action(Verdict(Category.FEEDBACK, 0.7, ())) is Action.ACT
    assert action(Verdict(Category.FEEDBACK, 0.69, ())) is Action.ASK
    assert action(Verdict(Category.UNSUBSCRIBE, 0.35, ())) is Action.ACT

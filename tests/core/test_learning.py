"""A model that learnt may read if it does no more harm and is right as often where it acts."""

import pytest

from cadence.core.learning import Figures, Reading, refusal
from cadence.core.replies import Category

BEFORE = Figures(replies=100, right=70, acted=40, acted_right=36, harm=1)


def test_a_better_model_may_read():
    assert refusal(BEFORE, Figures(100, 72, 45, 42, 1)) is None
    assert refusal(BEFORE, Figures(100, 72, 45, 42, 0)) is None


def test_more_harm_is_refused_whatever_else_is_better():
    assert refusal(BEFORE, Figures(100, 90, 80, 79, 2)) == "harm would rise from 1 to 2"


def test_fewer_right_among_those_acted_on_is_refused():
    assert refusal(BEFORE, Figures(100, 75, 60, 53, 1)) == (
        "fewer would be right among those acted on: 53 of 60 instead of 36 of 40"
    )


def test_a_model_that_acts_on_nothing_is_refused():
    assert refusal(BEFORE, Figures(100, 70, 0, 0, 0)) == "it would act on nothing"


def test_nothing_to_measure_by_refuses_nothing():
    assert refusal(Figures.of([]), Figures.of([])) is None


@pytest.mark.parametrize(
    ("meant", "taken", "is_harm"),
    [
        ("unsubscribe", "acknowledgement", True),
        ("unsubscribe", "not_now", True),
        ("unsubscribe", "not_interested", False),
        ("unsubscribe", "question", False),
        ("interested", "acknowledgement", True),
        ("decision_open", "unsubscribe", True),
        ("decision_open", "not_interested", True),
        ("decision_open", "interested", False),
        ("interested", "other", False),
        ("feedback", "unsubscribe", False),
    ],
)
def test_harm_is_to_write_on_after_a_stop_or_to_tell_nobody_of_an_open_deal(meant, taken, is_harm):
    assert Reading(Category(meant), Category(taken), acted=True).is_harm is is_harm
    assert not Reading(Category(meant), Category(taken), acted=False).is_harm

"""Trials of two ways of writing: who gets which, and when the rule says that one is better."""

from random import Random

import pytest

from cadence.core.intervals import Share
from cadence.core.trials import BOUND, LOOKS, State, drawn, judge, standard_errors

MOST = LOOKS[-1]
FIRST = LOOKS[0]


def answers(count: int, of: int) -> list[bool]:
    """So many of so many, spread evenly."""
    return [(n + 1) * count // of > n * count // of for n in range(of)]


# --- who gets which ---


def test_an_enrollment_gets_the_same_variant_whenever_it_is_asked_for():
    assert all(drawn(n, "hello", "k") == drawn(n, "hello", "k") for n in range(50))


def test_each_variant_is_for_half_of_the_people():
    share = sum(drawn(n, "hello", "k") == "a" for n in range(10_000)) / 10_000
    assert share == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("other", [("later", "k"), ("hello", "new words")])
def test_another_step_and_another_trial_are_drawn_apart(other):
    same = sum(drawn(n, "hello", "k") == drawn(n, *other) for n in range(10_000)) / 10_000
    assert same == pytest.approx(0.5, abs=0.02)


# --- the rule ---


def test_nothing_is_decided_before_the_first_look():
    verdict = judge(answers(0, FIRST), answers(FIRST - 1, FIRST - 1))
    assert (verdict.state, verdict.winner, verdict.needed) == (State.RUNNING, None, FIRST)
    assert verdict.shares == (Share(0, FIRST), Share(FIRST - 1, FIRST - 1))


@pytest.mark.parametrize(("plain", "other", "winner"), [(10, 40, "b"), (40, 10, "a")])
def test_what_is_much_better_wins_at_the_first_look(plain, other, winner):
    verdict = judge(answers(plain, FIRST), answers(other, FIRST))
    assert (verdict.state, verdict.winner, verdict.needed) == (State.WON, winner, FIRST)
    assert verdict.shares == (Share(plain, FIRST), Share(other, FIRST))


def test_what_differs_little_needs_another_look():
    verdict = judge(answers(20, FIRST), answers(26, FIRST))
    assert (verdict.state, verdict.needed) == (State.RUNNING, LOOKS[1])


def test_no_difference_is_the_end_after_the_last_look():
    verdict = judge(answers(100, MOST), answers(104, MOST))
    assert (verdict.state, verdict.winner, verdict.needed) == (State.NO_DIFFERENCE, None, MOST)


def test_where_nobody_or_everybody_answers_there_is_no_difference():
    assert judge([False] * MOST, [False] * MOST).state is State.NO_DIFFERENCE
    assert judge([True] * MOST, [True] * MOST).state is State.NO_DIFFERENCE


def test_what_leaves_between_two_looks_changes_no_verdict():
    plain, other = answers(10, FIRST), answers(40, FIRST)
    for more in (1, 57, 900):
        assert judge(plain + [True] * more, other + [False] * more) == judge(plain, other)


def test_standard_errors_are_those_of_the_pooled_test():
    # 20 and 40 of 200: shares .10 and .20, pooled .15; .10 / sqrt(2 * .15 * .85 / 200)
    assert standard_errors(Share(20, 200), Share(40, 200)) == pytest.approx(2.8006, abs=1e-4)
    assert standard_errors(Share(40, 200), Share(20, 200)) == pytest.approx(-2.8006, abs=1e-4)


# --- how often it errs: simulated with a fixed seed, somebody looking after each mail ---


def played(rng: Random, plain: float, other: float) -> str | None:
    """Who wins a trial of two true rates."""
    return judge(
        [rng.random() < plain for _ in range(MOST)], [rng.random() < other for _ in range(MOST)]
    ).winner


def test_looking_after_every_mail_decides_nothing_else_than_looking_once():
    rng = Random(5)
    for _ in range(3):
        plain, other = ([rng.random() < rate for _ in range(MOST)] for rate in (0.08, 0.14))
        seen = (judge(plain[:n], other[:n]).winner for n in range(FIRST, MOST + 1))
        assert next((one for one in seen if one), None) == judge(plain, other).winner


@pytest.mark.parametrize("rate", [0.05, 0.10, 0.20])
def test_equals_are_told_apart_in_at_most_5_of_100_trials(rate):
    rng, trials = Random(f"equals at {rate}"), 1000
    wrong = sum(played(rng, rate, rate) is not None for _ in range(trials))
    assert wrong <= 0.05 * trials


@pytest.mark.parametrize(
    ("plain", "other", "power"), [(0.05, 0.10, 0.95), (0.10, 0.15, 0.8), (0.10, 0.20, 0.99)]
)
def test_what_is_better_is_mostly_found(plain, other, power):
    rng, trials = Random(f"{plain} and {other}"), 200
    found = [played(rng, plain, other) for _ in range(trials)]
    assert found.count("b") >= power * trials
    assert found.count("a") == 0


def test_looking_at_the_textbooks_bound_each_time_would_err_three_times_as_often():
    """Why there is a wider bound at all."""
    rng, trials = Random(11), 500

    def finds_one() -> bool:
        plain, other = ([rng.random() < 0.1 for _ in range(MOST)] for _ in range(2))
        return any(
            abs(standard_errors(Share(sum(plain[:n]), n), Share(sum(other[:n]), n))) >= 1.96 for n in LOOKS
        )

    assert BOUND > 1.96
    assert sum(finds_one() for _ in range(trials)) > 0.1 * trials

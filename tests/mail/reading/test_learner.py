"""A model goes on from corrections: it learns what they say, forgets nothing, and comes out the same."""

import gzip
import json
from typing import Any

import pytest

from cadence.core.replies import Category
from cadence.mail.intent import judge
from cadence.mail.intent.learner import Lesson, learnt
from cadence.mail.intent.model import load, shipped, using

SHIPPED = [
    Lesson("Please take me off your list.", Category.UNSUBSCRIBE),
    Lesson("Thanks, and all the best to your team!", Category.ACKNOWLEDGEMENT),
    Lesson("You were simply too expensive for us.", Category.FEEDBACK),
    Lesson("Call me tomorrow, I would like to see a demo.", Category.INTERESTED),
    Lesson("Try again in September.", Category.NOT_NOW),
]
HOUSE = [
    Lesson("Moved to the frobnitz shelf.", Category.NOT_NOW, corrected=True),
    Lesson("It sits on the frobnitz shelf.", Category.NOT_NOW, corrected=True),
    Lesson("Frobnitz shelf it is, as they say here.", Category.NOT_NOW, corrected=True),
    Lesson("They put you on the frobnitz shelf with the rest.", Category.NOT_NOW, corrected=True),
]


@pytest.fixture(scope="module")
def taught() -> bytes:
    return next(learnt(shipped(), [*SHIPPED, *HOUSE]))


def plain(packed: bytes) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(gzip.decompress(packed))
    return made


def odds_of(packed: bytes, text: str) -> dict[Category, float]:
    with using(load(packed)):
        return dict(judge(text, "en").odds)


def test_without_a_correction_nothing_moves():
    assert all(plain(made) == plain(shipped()) for made in learnt(shipped(), SHIPPED))


def test_what_a_house_says_is_learnt_and_holds_for_words_that_were_not_corrected(taught):
    new = "Our board moved you to the frobnitz shelf."
    before, after = odds_of(shipped(), new), odds_of(taught, new)
    assert after[Category.NOT_NOW] > before[Category.NOT_NOW] + 0.1
    assert max(after, key=after.__getitem__) is Category.NOT_NOW


def test_what_was_known_stays_known(taught):
    for lesson in SHIPPED:
        before, after = odds_of(shipped(), lesson.text), odds_of(taught, lesson.text)
        assert max(after, key=after.__getitem__) is max(before, key=before.__getitem__)


def test_the_same_lessons_give_the_same_file(taught):
    assert next(learnt(shipped(), [*SHIPPED, *HOUSE])) == taught


def test_each_model_goes_less_far_than_the_one_before():
    new = "Our board moved you to the frobnitz shelf."
    far = [odds_of(made, new)[Category.NOT_NOW] for made in learnt(shipped(), [*SHIPPED, *HOUSE])]
    assert far == sorted(far, reverse=True)
    assert far[-1] > odds_of(shipped(), new)[Category.NOT_NOW]


def test_a_word_is_learnt_only_if_corrections_repeat_it(taught):
    assert "frobnitz" in plain(taught)["blocks"]["words"]["features"]
    once = plain(next(learnt(shipped(), [*SHIPPED, HOUSE[0]])))
    assert "frobnitz" not in once["blocks"]["words"]["features"]


def test_reasons_and_the_firm_no_stay_as_they_were(taught):
    before, after = load(shipped()), load(taught)
    kept = [place for place, name in enumerate(before.outputs) if name not in set(Category)]
    assert kept
    for place in kept:
        assert before.scales[place] == after.scales[place]
        assert before.intercepts[place] == after.intercepts[place]
    block = "concepts"
    for feature, row in before.blocks[block].places.items():
        width, other = len(before.outputs), after.blocks[block].places[feature]
        for place in kept:
            was = before.blocks[block].weights[row * width + place]
            assert was == after.blocks[block].weights[other * width + place]

"""The shipped model says in plain Python what scikit-learn said when it was trained, and is quick to ask."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadence.core.replies import Category, LossReason
from cadence.mail.intent import judge, model
from cadence.mail.intent.features import BLOCKS, features_of
from cadence.mail.intent.hearing import hear
from cadence.mail.intent.judge import LONGEST_TEXT, shortened
from cadence.mail.language import LANGUAGES, language_of

SAMPLE = json.loads((Path(__file__).parent / "model_sample.json").read_text(encoding="utf-8"))
A_BYTE = 0.04
"""Weights are kept in a byte each, which moves a chance by so much at most."""


def ask(text: str) -> model.Opinion:
    return model.model().ask(features_of(text, hear(text, language_of(text))))


@pytest.mark.parametrize("place", range(len(SAMPLE)))
def test_the_odds_are_those_of_scikit_learn(place: int):
    wanted = SAMPLE[place]
    for category, chance in ask(wanted["text"]).odds:
        assert chance == pytest.approx(wanted["odds"][category.value], abs=A_BYTE)


def test_the_model_is_small_enough_to_ship():
    path = Path(model.__file__).with_name("model.json.gz")
    assert path.stat().st_size < 5_000_000
    assert set(json.loads(gzip.decompress(path.read_bytes()))["blocks"]) == set(BLOCKS)


def test_the_model_is_read_once():
    assert model.model() is model.model()


def test_there_is_a_chance_for_every_reason():
    assert set(ask("You were too expensive.").reasons) == set(LossReason)


def test_a_plain_price_is_a_reason():
    assert (
        judge("You were too expensive, the other offer was cheaper.", "en").loss_reasons[0]
        is LossReason.PRICE
    )


def test_a_long_reply_is_read_at_both_ends():
    text = "Thanks for the story. " * 3_000 + "Please take me off your list."
    assert len(shortened(text)) <= LONGEST_TEXT + 1
    assert judge(text, "en").category is Category.UNSUBSCRIBE


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=300), st.sampled_from([None, *LANGUAGES]))
def test_any_words_are_judged(text: str, language: str | None):
    judgement = judge(text, language)
    assert 0 <= judgement.confidence <= 1
    assert judgement.evidence

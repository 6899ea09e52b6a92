"""The reply rules keep the standing they have on replies that they were not tuned on."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cadence.core.replies import Action, Category, Verdict, action
from cadence.mail.classify import classify
from cadence.mail.intent import judge
from cadence.mail.intent.judge import RULES
from cadence.mail.language import LANGUAGES
from cadence.mail.parse import Received

REPLIES = Path(__file__).parents[2] / "corpus" / "replies"
SENT = datetime(2026, 3, 4, 10, tzinfo=UTC)


def read(name: str) -> Iterator[tuple[Category, Verdict]]:
    for line in (REPLIES / f"{name}.jsonl").read_text().splitlines():
        row = json.loads(line)
        yield Category(row["category"]), classify(Received(text=row["text"], date=SENT))


@pytest.mark.parametrize(
    ("name", "right", "acted", "sure"), [("tuned", 0.88, 0.65, 0.96), ("unseen", 0.8, 0.65, 0.92)]
)
def test_the_rules_keep_their_standing(name: str, right: float, acted: float, sure: float):
    verdicts = list(read(name))
    on = [(want, verdict) for want, verdict in verdicts if action(verdict) is Action.ACT]
    assert sum(want is v.category for want, v in verdicts) / len(verdicts) >= right
    assert len(on) / len(verdicts) >= acted
    assert sum(want is v.category for want, v in on) / len(on) >= sure


def test_no_one_who_said_stop_hears_from_us_again():
    goes_on = {Category.FEEDBACK, Category.FEEDBACK_DECLINED, Category.KEEP_IN_TOUCH, Category.REFERRAL}
    goes_on |= {Category.ACKNOWLEDGEMENT, Category.NOT_NOW}
    for want, verdict in read("unseen"):
        if want is Category.UNSUBSCRIBE and action(verdict) is Action.ACT:
            assert verdict.category not in goes_on, verdict.text


@pytest.mark.parametrize(
    ("text", "language", "category"),
    [
        (
            "Please unsubscribe me, though the product looked great. Let's talk some day.",
            "en",
            Category.UNSUBSCRIBE,
        ),
        ("You were over our budget, but stay in touch.", "en", Category.FEEDBACK),
        ("No budget until November.", "en", Category.NOT_NOW),
        ("Call me in September.", "en", Category.NOT_NOW),
        ("If Norvik ever falls through, we will call you.", "en", Category.KEEP_IN_TOUCH),
        (
            "Your mail was in my spam folder. Happy to talk, free on Monday?",
            "en",
            Category.INTERESTED,
        ),
        ("dont contact me again", "en", Category.UNSUBSCRIBE),
        ("We have not signed yet.", "en", Category.DECISION_OPEN),
        ("Bitte streichen Sie mich aus dem Verteiler.", "de", Category.UNSUBSCRIBE),
    ],
)
def test_meanings_are_ranked_as_the_vocabulary_says(text: str, language: str, category: Category):
    assert judge(text, language).category is category


def test_a_firm_no_is_told_from_a_plain_one():
    assert judge("We will never do business with you again.", "en").firm_no
    assert not judge("No thanks, we are fine.", "en").firm_no
    assert not judge("We never got an answer from your support.", "en").firm_no


def test_what_no_rule_knows_is_left_to_the_rep():
    judgement = judge("The heron stands in the reeds.", "en")
    assert judgement.category is Category.OTHER
    assert judgement.confidence < 0.5


def test_evidence_names_the_rule_and_the_words():
    assert judge("Please take me off your list.", "en").evidence == (
        "asks to be removed: please take me off your list",
    )


def test_every_rule_has_a_name_of_its_own_and_known_languages():
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert set(rule.says) <= {"*", *LANGUAGES}
        assert 0 < rule.strength < 1

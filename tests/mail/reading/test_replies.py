"""Replies are understood, in plain words at least, and what is not understood is left to the rep."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cadence.core.replies import Action, Category, Verdict, action
from cadence.mail.classify import classify
from cadence.mail.intent import judge
from cadence.mail.intent.hearing import RULES, hear
from cadence.mail.language import LANGUAGES
from cadence.mail.parse import Received

REPLIES = Path(__file__).parents[2] / "corpus" / "replies"
SENT = datetime(2026, 3, 4, 10, tzinfo=UTC)


def read(name: str) -> Iterator[tuple[Category, Verdict]]:
    for line in (REPLIES / f"{name}.jsonl").read_text().splitlines():
        row = json.loads(line)
        yield Category(row["category"]), classify(Received(text=row["text"], date=SENT))


@pytest.mark.parametrize(
    ("category", "texts"),
    [
        (
            Category.INTERESTED,
            (
                "Thanks. Could we set up a call this week? I would like to see a demo.",
                "Yes please, let's talk next week.",
                "Happy to chat, when are you free?",
                "Please send me a quote.",
                "Can we meet tomorrow at 3?",
                "I'd like a demo. Are you available on Thursday?",
            ),
        ),
        (
            Category.UNSUBSCRIBE,
            (
                "Please remove me from your list.",
                "stop",
                "Unsubscribe.",
                "Do not contact me again.",
                "Please stop emailing me.",
                "Take me off this list pls",
                "Bitte streichen Sie mich aus dem Verteiler.",
                "Merci de me désinscrire de votre liste.",
            ),
        ),
        (Category.DECISION_OPEN, ("We haven't signed yet, we are still comparing two vendors.",)),
        (Category.FEEDBACK, ("We went with Norvik because they were cheaper.",)),
        (Category.ACKNOWLEDGEMENT, ("Thanks!", "Thank you, all the best.")),
        (Category.NOT_NOW, ("Call me in September.", "No budget until November.")),
        (Category.NOT_INTERESTED, ("Not interested, thanks.",)),
    ],
)
def test_a_plain_reply_is_acted_on(category: Category, texts: tuple[str, ...]):
    for text in texts:
        verdict = classify(Received(text=text, date=SENT))
        assert (text, verdict.category, action(verdict)) == (text, category, Action.ACT)


def test_the_rules_alone_keep_their_standing():
    lines = (REPLIES / "tuned.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    right = sum(hear(r["text"], r["language"]).judgement.category == r["category"] for r in rows)
    assert right / len(rows) >= 0.88


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
    assert action(classify(Received(text="The heron stands in the reeds.", date=SENT))) is Action.ASK


def test_evidence_names_the_rule_and_the_words():
    evidence = judge("Please take me off your list.", "en").evidence
    assert evidence[0] == "asks to be removed: please take me off your list"


def test_evidence_names_the_words_that_moved_the_model():
    evidence = judge("Nothing is final, we are still comparing offers.", "en").evidence
    assert any(line.startswith('model: "') and line.endswith("decision_open") for line in evidence)


def test_the_same_words_are_always_judged_alike():
    text = "Our board has yet to vote on it, and Halden keep missing dates."
    assert judge(text, "en") == judge(text, "en")


def test_the_odds_of_a_reply_add_up():
    odds = judge("Thanks, but we chose somebody closer to us.", "en").odds
    assert abs(sum(chance for _, chance in odds) - 1) < 0.001


def test_every_rule_has_a_name_of_its_own_and_known_languages():
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert set(rule.says) <= {"*", *LANGUAGES}
        assert 0 < rule.strength < 1


def test_a_day_makes_staying_in_touch_a_coming_back_later():
    verdict = classify(Received(text="Let's stay in touch. Write to me in September.", date=SENT))
    assert verdict.category is Category.NOT_NOW
    assert verdict.resume_on == date(2026, 9, 1)
    assert sum(chance for _, chance in verdict.odds) == pytest.approx(1, abs=0.01)


def test_the_end_of_their_contract_is_told_whatever_the_reply_means():
    text = "We went with Marlow, they were cheaper. The contract runs until the end of 2028."
    verdict = classify(Received(text=text, date=datetime(2026, 3, 4, tzinfo=UTC)))
    assert verdict.contract_end == date(2028, 12, 31)

"""Why a reply was read as it was: the parts add up, and the decision follows from the costs."""

import json
import math
from pathlib import Path

import pytest

from cadence.core.replies import Category, action
from cadence.mail.intent.grounds import grounds
from cadence.service.explaining import explained
from cadence.service.understanding import understand

CORPUS = Path(__file__).parents[1] / "corpus"
TEXTS = [
    json.loads(line)["text"]
    for name in ("tuned.jsonl", "unseen-hard.jsonl")
    for line in (CORPUS / "replies" / name).read_text(encoding="utf-8").splitlines()[::15]
]


def mail(text: str, *fields: str) -> bytes:
    head = ("From: Ann <ann@one.example>", "Subject: Re: hello", *fields)
    return "\n".join((*head, "Content-Type: text/plain; charset=utf-8", "", text, "")).encode()


def told(raw: bytes):
    received, verdict = understand(raw)
    assert verdict is not None
    return verdict, explained(received, verdict)


@pytest.mark.parametrize("text", TEXTS)
def test_scores_differ_as_the_logarithms_of_the_chances_do(text):
    found = grounds(text, "en")
    if found is None:
        return
    first = found.cases[0]
    for case in found.cases:
        expected = math.log(first.chance) - math.log(case.chance)
        assert first.score - case.score == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.eml")), ids=lambda path: path.stem)
def test_the_words_explained_are_the_words_that_were_judged(path):
    verdict, grounds_told = told(path.read_bytes())
    chances = {row["category"]: row["chance"] for row in grounds_told["categories"]}
    assert chances == {category.value: chance for category, chance in verdict.odds}
    if verdict.odds and "outranks" not in grounds_told["decision"]:
        scores = [row["score"] for row in grounds_told["categories"]]
        assert scores == sorted(scores, reverse=True)


def test_a_rule_is_told_with_the_words_it_fired_on():
    verdict, grounds_told = told(mail("Please remove me from your list."))
    assert verdict.category is Category.UNSUBSCRIBE
    rule = next(rule for rule in grounds_told["rules"] if rule["rule"] == "asks to be removed")
    assert "remove me" in rule["words"]
    assert rule["category"] == "unsubscribe"


def test_a_word_weighs_for_the_category_it_speaks_for():
    _, grounds_told = told(mail("Too expensive, I am afraid."))
    feedback = next(row for row in grounds_told["categories"] if row["category"] == "feedback")
    assert any(one["weight"] > 0 and "expensive" in one["words"] for one in feedback["words"])


def test_the_decision_names_both_costs_and_follows_from_them():
    seen = set()
    for text in TEXTS:
        verdict, grounds_told = told(mail(text))
        seen.add(does := f"{action(verdict).value}s")
        assert f"asking {grounds_told['asking']:.2f}: {does}" in grounds_told["decision"]
        cheapest = min(row["acting"] for row in grounds_told["categories"])
        assert (cheapest <= grounds_told["asking"]) is (does == "acts")
    assert seen == {"acts", "asks"}


def test_of_automatic_mail_the_field_is_told():
    verdict, grounds_told = told(mail("I am away until Monday.", "Auto-Submitted: auto-replied"))
    assert (grounds_told["model"], grounds_told["categories"]) == (None, [])
    assert verdict.evidence[0] in grounds_told["decision"]

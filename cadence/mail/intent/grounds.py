"""Decide what to show of how a reply was judged: the rules that fired, and what each word weighed.

A category's score is where it starts, plus what the words say for it, plus the rest that tells a person
nothing (spelling, form, which concepts stand together). All are logarithms of odds, against the mean of the
categories, so that what speaks for everything speaks for nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cadence.core.replies import Category, Odds
from cadence.mail.intent.features import Features, features_of
from cadence.mail.intent.hearing import Heard, hear
from cadence.mail.intent.judge import judge, shortened
from cadence.mail.intent.model import Model, model

SPEAKING = {
    "words": "word", "pairs": "phrase", "triples": "phrase", "concepts": "concept", "rules": "rule",
}  # fmt: skip
"""The blocks of features that a person understands, and what one of each is called."""


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that fired, what for, how sure it alone would be, and the words it fired on."""

    rule: str
    description: str
    category: Category
    strength: float
    words: str


@dataclass(frozen=True, slots=True)
class Weight:
    """What one thing says for a category, or below zero against it. kind: word, phrase, concept or rule."""

    kind: str
    name: str
    words: str
    weight: float


@dataclass(frozen=True, slots=True)
class Case:
    """What speaks for one category; chance: of the model alone; words: what weighs most first."""

    category: Category
    chance: float
    start: float
    words: tuple[Weight, ...]
    rest: float

    @property
    def score(self) -> float:
        """What all of it adds up to."""
        return self.start + sum(one.weight for one in self.words) + self.rest


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why a reply was judged as it was. odds: as judged; rules_alone: the rules' own category, and how sure;
    outranked: whether a certain rule decided without the model.
    """

    odds: Odds
    rules_alone: Category
    rules_sure: float
    fired: tuple[Fired, ...]
    cases: tuple[Case, ...]
    outranked: bool


def grounds(text: str, language: str | None) -> Grounds | None:
    """Say why the words of a reply are judged as they are; None where there are no words to judge."""
    judgement = judge(text, language)
    text = shortened(text)
    heard = hear(text, language)
    if not heard.words:
        return None
    asked, features = model(), features_of(text, heard)
    chances = dict(asked.ask(features).odds)
    cases = sorted(_cases(asked, features, chances), key=lambda case: -case.chance)
    outranked = any(abs(chance - chances[category]) > 0.01 for category, chance in judgement.odds)
    fired = tuple(Fired(r.name, r.description, r.category, r.strength, words) for r, words in heard.fired)
    return Grounds(judgement.odds, *_alone(heard), fired, tuple(cases), outranked)


def _alone(heard: Heard) -> tuple[Category, float]:
    return heard.judgement.category, heard.judgement.confidence


def _cases(asked: Model, features: Features, chances: Mapping[Category, float]) -> list[Case]:
    columns = [asked.outputs.index(category.value) for category in chances]
    names = {(id(b), place): (kind, f) for kind, b in asked.blocks.items() for f, place in b.places.items()}
    start = _above_mean([asked.intercepts[c] * asked.scales[c] * asked.sharpness for c in columns])
    rest = [0.0] * len(columns)
    told: dict[tuple[str, str, str], list[float]] = {}
    for block, place, value in asked.values(features):
        width = len(asked.outputs)
        row = [value * block.weights[place * width + c] * asked.scales[c] * asked.sharpness for c in columns]
        kind, feature = names[id(block), place]
        key = (SPEAKING.get(kind, ""), *_words(kind, feature, features))
        into = told.setdefault(key, [0.0] * len(columns)) if key[0] and key[2] else rest
        into[:] = [have + more for have, more in zip(into, _above_mean(row), strict=True)]
    return [
        Case(category, chance, start[at], _ranked(told, at), rest[at])
        for at, (category, chance) in enumerate(chances.items())
    ]


def _above_mean(row: list[float]) -> list[float]:
    mean = sum(row) / len(row)
    return [one - mean for one in row]


def _words(kind: str, feature: str, features: Features) -> tuple[str, str]:
    """The name of a feature, and the words in which it was seen; those of a phrase are its name."""
    if kind in ("pairs", "triples"):
        parts = [features.shown.get(part, part) for part in feature.split(" ")]
        return "", " ".join(parts).strip("^$… ")
    if kind == "words":
        return "", features.shown.get(feature, feature)
    return feature, features.shown.get(feature, "")


def _ranked(told: Mapping[tuple[str, str, str], list[float]], at: int) -> tuple[Weight, ...]:
    weights = [Weight(*key, row[at]) for key, row in told.items()]
    return tuple(sorted(weights, key=lambda one: (-abs(one.weight), one.kind, one.name, one.words)))

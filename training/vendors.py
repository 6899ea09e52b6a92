"""Learns which of the names in a reply is the vendor they chose."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from cadence.core.phrases import fold
from cadence.core.replies import Category
from cadence.mail.intent.model import VENDOR_BASE
from cadence.mail.language import language_of
from cadence.mail.names import competitor_in
from cadence.mail.vendors import names, read, traits
from training.matrix import Reply

C = 1.0
SEEN = 2
"""In how many replies a trait must occur."""
ELSEWHERE = 2
"""In how many replies a word is when another reply than the one at hand has it: so an unseen one is read."""
FOLDS = 5
INVENTED = 0.4
"""What naming a vendor where there is none costs, where a missed one costs 1."""


@dataclass(frozen=True)
class Named:
    """The names of a reply with their traits, and which of them is the vendor."""

    texts: list[str]
    traits: list[list[str]]
    right: list[bool]


def named(replies: Sequence[Reply], categories: Sequence[str], common: frozenset[str]) -> list[Named]:
    """Look for the names of every reply; categories: what the model took the replies for, unseen."""
    found = []
    for reply, category in zip(replies, categories, strict=True):
        reading = read(reply.text, language_of(reply.text), common)
        introduced = competitor_in(reply.text)
        some = list(names(reading))
        found.append(
            Named(
                [name.text for name in some],
                [traits(reading, name, introduced, Category(category)) for name in some],
                [name.text == reply.competitor for name in some],
            )
        )
    return found


def common_words(replies: Sequence[Reply], least: int) -> frozenset[str]:
    """The words, folded, that so many replies at least use without a capital, or in German at all."""
    counts: Counter[str] = Counter()
    for reply in replies:
        vendor = set(fold(reply.competitor or "").split())
        words = read(reply.text, None, ()).words
        used = {fold(word) for word in words if reply.language == "de" or word.islower()}
        counts.update(used - vendor)
    return frozenset(word for word, count in counts.items() if count >= least and word.isalpha())


def learn(found: Sequence[Named]) -> dict[str, float]:
    """Weigh the traits: a logistic regression over the names of all replies."""
    rows = [row for one in found for row in one.traits]
    right = [yes for one in found for yes in one.right]
    counts = Counter(trait for row in rows for trait in set(row))
    places = {trait: place for place, trait in enumerate(sorted(t for t in counts if counts[t] >= SEEN))}
    fitted = LogisticRegression(C=C, solver="liblinear", random_state=0).fit(_matrix(rows, places), right)
    weights = {trait: round(float(fitted.coef_[0][place]), 2) for trait, place in places.items()}
    weights[VENDOR_BASE] = round(float(fitted.intercept_[0]), 2)
    return {trait: weight for trait, weight in weights.items() if weight}


def _matrix(rows: Sequence[list[str]], places: dict[str, int]) -> csr_matrix:
    columns = [[places[trait] for trait in sorted(set(row)) if trait in places] for row in rows]
    ends = np.cumsum([0, *map(len, columns)])
    flat = [column for row in columns for column in row]
    return csr_matrix((np.ones(len(flat)), flat, ends), shape=(len(rows), len(places)))


def likeliest(one: Named, weights: dict[str, float]) -> tuple[float, bool]:
    """The score of the likeliest name of a reply, and whether it is the vendor."""
    scores = [
        round(sum(weights.get(t, 0.0) for t in (VENDOR_BASE, *sorted(set(row)))), 2) for row in one.traits
    ]
    best = max(range(len(scores)), key=scores.__getitem__, default=None)
    return (scores[best], one.right[best]) if best is not None else (-math.inf, False)


def unseen_choices(found: Sequence[Named]) -> list[tuple[float, bool]]:
    """The likeliest name of every reply, by weights that did not see it."""
    choices: list[tuple[float, bool]] = [(-math.inf, False)] * len(found)
    for part in range(FOLDS):
        weights = learn([one for place, one in enumerate(found) if place % FOLDS != part])
        for place in range(part, len(found), FOLDS):
            choices[place] = likeliest(found[place], weights)
    return choices


def threshold_of(choices: Sequence[tuple[float, bool]], replies: Sequence[Reply]) -> float:
    """The score from which naming a vendor does more good than harm in unseen replies."""

    def worth(level: float) -> float:
        told = [
            (right, reply.competitor)
            for (score, right), reply in zip(choices, replies, strict=True)
            if score >= level
        ]
        return sum(right for right, _ in told) - INVENTED * sum(not name for _, name in told)

    return max((round(-3 + 0.1 * step, 1) for step in range(60)), key=worth)

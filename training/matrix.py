"""The replies to learn from, and their features as a sparse matrix, weighed as the program weighs them."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack

from cadence.mail.intent.features import BLOCKS, Features, features_of
from cadence.mail.intent.hearing import hear
from cadence.mail.intent.judge import shortened
from cadence.mail.language import language_of

WEIGHTS = {
    "words": 1.0, "pairs": 0.7, "triples": 0.4, "letters": 0.8, "concepts": 1.0,
    "together": 0.7, "place": 0.8, "rules": 1.0, "form": 0.5,
}  # fmt: skip
"""How loud each block of features speaks; chosen by cross-validation, which hardly minds."""
SEEN = {
    "words": 2, "pairs": 2, "triples": 2, "letters": 4, "concepts": 2,
    "together": 3, "place": 2, "rules": 1, "form": 1,
}  # fmt: skip
"""In how many replies a feature must occur."""


@dataclass(frozen=True)
class Reply:
    """A reply and what a person says it means; source: the file it came from."""

    text: str
    category: str
    reasons: frozenset[str]
    firm_no: bool
    language: str
    hard: bool
    source: str
    competitor: str | None


def read(paths: Iterable[Path]) -> list[Reply]:
    """Read replies, one JSON object a line; the same text twice counts once."""
    found: dict[str, Reply] = {}
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                row = json.loads(line)
                reasons = row.get("loss_reasons") or row.get("reasons") or []
                found.setdefault(
                    row["text"],
                    Reply(
                        row["text"],
                        row["category"],
                        frozenset(reasons),
                        bool(row.get("firm_no")),
                        row["language"],
                        bool(row.get("hard")),
                        path.stem,
                        row.get("competitor"),
                    ),
                )
    return list(found.values())


def features(text: str) -> Features:
    """What the program would see in a reply of these words."""
    text = shortened(text)
    return features_of(text, hear(text, language_of(text)))


@dataclass(frozen=True)
class Vocabulary:
    """The features of each block with their inverse document frequencies."""

    places: dict[str, dict[str, int]]
    idf: dict[str, list[float]]

    @classmethod
    def of(cls, seen: Sequence[Features]) -> "Vocabulary":
        """Collect what occurs often enough."""
        places: dict[str, dict[str, int]] = {}
        idf: dict[str, list[float]] = {}
        for block in BLOCKS:
            counts = Counter(feature for one in seen for feature in one.blocks[block])
            kept = sorted(feature for feature, count in counts.items() if count >= SEEN[block])
            places[block] = {feature: place for place, feature in enumerate(kept)}
            idf[block] = [round(math.log((1 + len(seen)) / (1 + counts[f])) + 1, 3) for f in kept]
        return cls(places, idf)

    def matrix(self, seen: Sequence[Features]) -> csr_matrix:
        """One row a reply, the blocks side by side."""
        return hstack([self._block(block, seen) * WEIGHTS[block] for block in BLOCKS]).tocsr()

    def _block(self, block: str, seen: Sequence[Features]) -> csr_matrix:
        places, idf = self.places[block], self.idf[block]
        values: list[float] = []
        columns: list[int] = []
        ends = [0]
        for one in seen:
            row = {places[f]: n for f, n in one.blocks[block].items() if f in places}
            raw = [(1 + math.log(count)) * idf[place] for place, count in row.items()]
            length = math.sqrt(sum(value * value for value in raw)) or 1.0
            values += [value / length for value in raw]
            columns += row
            ends.append(len(columns))
        return csr_matrix((np.array(values), columns, ends), shape=(len(seen), len(places)))

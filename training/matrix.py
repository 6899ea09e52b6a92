"""The replies to learn from, and the features of them that the program would see."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cadence.mail.intent.features import features_of
from cadence.mail.intent.hearing import hear
from cadence.mail.intent.judge import shortened
from cadence.mail.language import language_of
from training.vocabulary import Blocks, Vocabulary

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

AUTHORS = {
    "plain": "en-c", "tuned": "rules",
    "de": "others-a", "fr": "others-a", "es": "others-a",
    "nl": "others-a", "it": "others-a", "pt": "others-a",
    "others-b": "en-d", "vendors": "en-d", "reasons": "en-d",
    "others-c": "en-e", "others-d": "en-f", "others-e": "en-g",
}  # fmt: skip
"""Who wrote a file of replies, by the name of that author's first one; one not named has its own author."""


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

    @property
    def author(self) -> str:
        """Who wrote it."""
        return AUTHORS.get(self.source, self.source)


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


def features(text: str) -> Blocks:
    """What the program would see in a reply of these words."""
    text = shortened(text)
    return features_of(text, hear(text, language_of(text))).blocks


def vocabulary_of(seen: Sequence[Blocks]) -> Vocabulary:
    """The features that occur in enough of these replies."""
    return Vocabulary.of(seen, weights=WEIGHTS, least=SEEN)

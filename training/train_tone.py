"""Trains the model that judges tone, and writes it where the program finds it.

    python -m training.train_tone [--out FILE] [MORE.jsonl ...]

The same sentences give the same file, byte for byte.
"""

import argparse
import base64
import gzip
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from threadpoolctl import threadpool_limits

from cadence.content.tone.authored import spoken
from cadence.content.tone.features import BLOCKS, Features, features_of, heard
from cadence.content.tone.kinds import LEARNT
from cadence.content.tone.passages import passages
from cadence.content.tone.phrases import set_phrases
from training.vocabulary import Vocabulary

HERE = Path(__file__).parent
MODEL = HERE.parent / "cadence" / "content" / "tone" / "model.json.gz"
GOOD = "good"
FOLDS = 5
FALSE_ALARMS = 0.06
"""The share of good texts that may be reported: of single sentences that come close to bad ones, and of
mails of so many sentences as LENGTHS tells."""
LENGTHS = (1, 2, 4, 8, 16)
C = 8.0
WEIGHTS = {
    "words": 1.0,
    "pairs": 0.8,
    "gaps": 0.4,
    "letters": 0.8,
    "concepts": 1.2,
    "together": 0.8,
    "form": 0.6,
}
"""How loud each block of features speaks; chosen by cross-validation, which hardly minds."""
SEEN = {"words": 2, "pairs": 2, "gaps": 2, "letters": 4, "concepts": 2, "together": 3, "form": 1}
"""In how many sentences a feature must occur."""


@dataclass(frozen=True)
class Example:
    """A sentence or two as somebody would write them, and the kind of tone that a person hears in it."""

    text: str
    kind: str
    stock: bool
    language: str
    shipped: bool = False


def read(paths: Iterable[Path]) -> list[Example]:
    """Read examples, one JSON object a line, those that a model can learn from; the same text counts once."""
    found: dict[str, Example] = {}
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            kind = row["kinds"][0] if row["kinds"] else GOOD
            if row["language"] == "en" and (kind == GOOD or kind in LEARNT):
                found.setdefault(
                    row["text"], Example(row["text"], kind, row.get("stock", True), row["language"])
                )
    return list(found.values())


def shipped() -> list[Example]:
    """The sentences of the shipped mails in English: ordinary ones, with nothing wrong with their tone."""
    files = [
        path
        for path in sorted((HERE.parent / "templates").glob("[a-z]*/*.md.j2"))
        if path.name.count(".") == 2
    ]
    found = [one.said for path in files for one in passages(spoken(path.read_text(encoding="utf-8")))]
    files += sorted((HERE.parent / "templates").glob("*/sequence.toml"))
    titles = [
        title
        for path in files
        for title in re.findall(r'^(?:title|subject) += "(.+)"', path.read_text(encoding="utf-8"), re.M)
    ]
    return [Example(said, GOOD, True, "en", shipped=True) for said in dict.fromkeys([*found, *titles])]


def features(example: Example) -> Features:
    """What the program would see in these words, were they one sentence."""
    said = " ".join(passage.said for passage in passages(example.text)) or example.text
    found = set_phrases(heard(said, example.language), example.language)
    return features_of(said, example.language, frozenset(found))


def fit(x: csr_matrix, kinds: Sequence[str]) -> LogisticRegression:
    """One multinomial regression: the kinds, and none."""
    return LogisticRegression(C=C, max_iter=400, tol=1e-3).fit(x, kinds)


def unseen_chances(seen: Sequence[Features], kinds: Sequence[str]) -> tuple[list[str], np.ndarray]:
    """The chances of every kind for every sentence, by regressions that did not see it."""
    names = sorted(set(kinds))
    labels = np.array(kinds)
    chances = np.zeros((len(seen), len(names)))
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(labels, labels):
        vocabulary = Vocabulary.of([seen[i] for i in train], weights=WEIGHTS, least=SEEN)
        head = fit(vocabulary.matrix([seen[i] for i in train]), labels[train])
        chances[test] = head.predict_proba(vocabulary.matrix([seen[i] for i in test]))
    return names, chances


def thresholds(
    names: Sequence[str], chances: np.ndarray, kinds: Sequence[str], close: np.ndarray
) -> list[float]:
    """How likely a fault must be to be reported, for texts of LENGTHS: so that few unseen good ones are.

    A sentence alone may be as close to a bad one as can be; most of those in a mail are ordinary.
    """
    good = np.array(kinds) == GOOD
    faulty = 1 - chances[:, names.index(GOOD)]
    alone = np.quantile(faulty[good & close], 1 - FALSE_ALARMS)
    among = [np.quantile(faulty[good], 1 - FALSE_ALARMS / length) for length in LENGTHS[1:]]
    return [float(round(level, 4)) for level in np.maximum.accumulate([alone, *among])]


def train(examples: Sequence[Example]) -> dict[str, Any]:
    """Fit on all examples; the threshold comes from cross-validation."""
    seen = [features(example) for example in examples]
    kinds = [example.kind for example in examples]
    names, chances = unseen_chances(seen, kinds)
    levels = thresholds(names, chances, kinds, np.array([not example.shipped for example in examples]))
    print(standing(names, chances, examples, levels[0]))
    vocabulary = Vocabulary.of(seen, weights=WEIGHTS, least=SEEN)
    head = fit(vocabulary.matrix(seen), kinds)
    loudness = vocabulary.loudness()
    weights = head.coef_ * loudness
    scale = float(np.abs(weights).max() / 127)
    blocks, start = {}, 0
    for block in BLOCKS:
        width = len(vocabulary.places[block])
        rows = np.rint(weights[:, start : start + width] / scale).astype(np.int8)
        start += width
        blocks[block] = {
            "features": list(vocabulary.places[block]),
            "idf": vocabulary.idf[block],
            "weights": base64.b85encode(np.ascontiguousarray(rows).tobytes()).decode(),
        }
    return {
        "outputs": list(head.classes_),
        "intercepts": [round(float(one), 5) for one in head.intercept_],
        "scale": round(scale, 8),
        "flagged_from": dict(zip(map(str, LENGTHS), levels, strict=True)),
        "blocks": blocks,
    }


def standing(names: Sequence[str], chances: np.ndarray, examples: Sequence[Example], level: float) -> str:
    """How the model alone does on sentences that it did not see, in cross-validation."""
    flagged = 1 - chances[:, names.index(GOOD)] >= level
    groups = {
        "stock": [e.kind != GOOD and e.stock for e in examples],
        "implied": [e.kind != GOOD and not e.stock for e in examples],
        "good": [e.kind == GOOD and not e.shipped for e in examples],
        "shipped": [e.shipped for e in examples],
    }
    parts = [f"{name} {flagged[np.array(group)].mean():.1%}" for name, group in groups.items()]
    return f"reported in cross-validation: {', '.join(parts)}"


def write(plain: dict[str, Any], path: Path) -> None:
    """Write the model; nothing in the file depends on when or where."""
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
    path.write_bytes(gzip.compress(text, 9, mtime=0))


def main() -> None:
    """Train on what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("more", nargs="*", type=Path, help="further sentences to learn from, as JSON Lines")
    parser.add_argument("--out", type=Path, default=MODEL)
    args = parser.parse_args()
    examples = read([*sorted((HERE / "tone").glob("*.jsonl")), *args.more]) + shipped()
    with threadpool_limits(1):  # sums in another order differ in the last bit
        plain = train(examples)
    write(plain, args.out)
    known = sum(len(block["features"]) for block in plain["blocks"].values())
    size = args.out.stat().st_size / 1e6
    print(f"learnt from {len(examples)} texts: {known} features, {size:.1f} MB, from {plain['flagged_from']}")


if __name__ == "__main__":
    main()

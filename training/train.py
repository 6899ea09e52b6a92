"""Trains the model that reads replies, and writes it where the program finds it.

    python -m training.train [--out FILE] [MORE.jsonl ...]

The same replies give the same file, byte for byte. More files of replies, such as corrections, are learnt
from as well.
"""

import argparse
import base64
import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from threadpoolctl import threadpool_limits

from cadence.core.replies import AUTOMATIC, Category, LossReason
from cadence.mail.intent.features import BLOCKS
from cadence.mail.intent.model import FIRM, reason_output
from training import vendors
from training.matrix import WEIGHTS, Reply, features, read, vocabulary_of
from training.vocabulary import Blocks

HERE = Path(__file__).parent
MODEL = HERE.parent / "cadence" / "mail" / "intent" / "model.json.gz"
SAMPLE = HERE.parent / "tests" / "mail" / "reading" / "model_sample.json"
"""What scikit-learn itself says of a few replies, for the test that the program says the same."""
EVERY = 150
CATEGORIES = [category.value for category in Category if category not in AUTOMATIC]
REASONS = [reason.value for reason in LossReason]
FOLDS = 5
LEAST_FIRM = 0.3
"""A firm no ends a sequence that would go on, so a faint one is not believed."""
CATEGORY_C, REASON_C, FIRM_C = 8.0, 8.0, 12.0
"""How closely the heads follow the replies; chosen by cross-validation."""
CATEGORY_YES, REASON_YES = 3, 2
"""How much more a reply that is of a category, or gives a reason, counts than one that is not."""
SMOOTH = 0.02
"""What every feature is taken to weigh besides what is seen, so that a rare one is not certain."""


def sources() -> list[Path]:
    """The files of replies to learn from."""
    tuned = HERE.parent / "tests" / "corpus" / "replies" / "tuned.jsonl"
    return [*sorted((HERE / "replies").glob("*.jsonl")), tuned]


@dataclass(frozen=True)
class Head:
    """What one yes-or-no question makes of the features: a weight each, and where it begins."""

    weights: np.ndarray
    start: float

    @classmethod
    def fit(cls, x: csr_matrix, y: list[bool], c: float, yes: int) -> "Head":
        """Fit a logistic regression on features as loud as naive Bayes finds them telling (NB-SVM).

        Wang and Manning, "Baselines and Bigrams" (2012), there for counts and the ratio itself; its root
        does better here.
        """
        loud = telling(x, np.array(y))
        fitted = LogisticRegression(
            C=c, solver="liblinear", class_weight={True: yes, False: 1}, tol=1e-3, random_state=0
        ).fit(x @ diags(loud), y)
        return cls(fitted.coef_[0] * loud, float(fitted.intercept_[0]))


def telling(x: csr_matrix, y: np.ndarray) -> np.ndarray:
    """How much each feature tells the replies that are meant from all others."""
    meant = np.asarray(x[y].sum(axis=0)).ravel() + SMOOTH
    others = np.asarray(x[~y].sum(axis=0)).ravel() + SMOOTH
    ratios: np.ndarray = np.abs(np.log((meant / meant.sum()) / (others / others.sum())))
    return np.sqrt(ratios)


class Heads:
    """A head for every category, for every reason where one is given, and for a firm no."""

    def __init__(self, x: csr_matrix, replies: list[Reply]) -> None:
        self.heads = [
            Head.fit(x, [reply.category == name for reply in replies], CATEGORY_C, CATEGORY_YES)
            for name in sorted(CATEGORIES)
        ]
        told = [place for place, reply in enumerate(replies) if reply.reasons]
        self.heads += [
            Head.fit(x[told], [name in replies[place].reasons for place in told], REASON_C, REASON_YES)
            for name in REASONS
        ]
        firm = LogisticRegression(C=FIRM_C, solver="liblinear", random_state=0)
        firm.fit(x, [reply.firm_no for reply in replies])
        self.heads.append(Head(firm.coef_[0], float(firm.intercept_[0])))

    def weights(self) -> tuple[list[str], np.ndarray, np.ndarray]:
        """Outputs, weights by output and feature, intercepts."""
        outputs = [*sorted(CATEGORIES), *map(reason_output, map(LossReason, REASONS)), FIRM]
        weights = np.vstack([head.weights for head in self.heads])
        return outputs, weights, np.array([head.start for head in self.heads])


def unseen_scores(replies: list[Reply], seen: list[Blocks], seed: int = 0) -> np.ndarray:
    """Scores of every output for every reply, by heads that did not see it."""
    y = [reply.category for reply in replies]
    scores = np.zeros((len(replies), len(CATEGORIES) + len(REASONS) + 1))
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(y, y):
        vocabulary = vocabulary_of([seen[i] for i in train])
        heads = Heads(vocabulary.matrix([seen[i] for i in train]), [replies[i] for i in train])
        _, weights, intercepts = heads.weights()
        scores[test] = vocabulary.matrix([seen[i] for i in test]) @ weights.T + intercepts
    return scores


def odds(scores: np.ndarray, sharpness: float) -> np.ndarray:
    """Chances of the categories, row by row."""
    raw = np.exp((scores - scores.max(axis=1, keepdims=True)) * sharpness)
    return raw / raw.sum(axis=1, keepdims=True)


def sharpness_of(scores: np.ndarray, replies: list[Reply]) -> float:
    """The factor that makes the odds of unseen replies honest (the least log loss)."""
    names = sorted(CATEGORIES)
    right = [names.index(reply.category) for reply in replies]
    rows = range(len(replies))

    def loss(factor: float) -> float:
        return float(-np.log(odds(scores, factor)[rows, right] + 1e-12).mean())

    return min((round(0.3 + 0.02 * step, 2) for step in range(90)), key=loss)


def reason_chances(scores: np.ndarray, sharpness: float) -> np.ndarray:
    """The chance of every reason: that one is given at all, times that it is this one."""
    n = len(CATEGORIES)
    given = odds(scores[:, :n], sharpness)[:, sorted(CATEGORIES).index(Category.FEEDBACK)]
    return chances_of(scores[:, n:-1]) * given[:, None]


def chances_of(scores: np.ndarray) -> np.ndarray:
    """Turn log odds into chances."""
    chances: np.ndarray = 1 / (1 + np.exp(-scores))
    return chances


def threshold_of(chances: np.ndarray, wanted: np.ndarray) -> float:
    """The chance from which saying yes gives the best F1 on unseen replies."""

    def f1(level: float) -> float:
        said = chances >= level
        return float(2 * (said & wanted).sum() / max(1, said.sum() + wanted.sum()))

    return max((round(0.05 + 0.01 * step, 2) for step in range(80)), key=f1)


def train(replies: list[Reply]) -> tuple[dict[str, Any], list[dict[str, Any]], np.ndarray]:
    """Fit on all replies; return the model, a sample of what it says and the scores of unseen replies.

    What depends on how sure the model may be comes from cross-validation.
    """
    seen = [features(reply.text) for reply in replies]
    scores = unseen_scores(replies, seen)
    n = len(CATEGORIES)
    sharpness = sharpness_of(scores[:, :n], replies)
    wanted = np.array([[r in reply.reasons for r in REASONS] for reply in replies])
    vocabulary = vocabulary_of(seen)
    x = vocabulary.matrix(seen)
    outputs, weights, intercepts = Heads(x, replies).weights()
    scales = np.abs(weights * vocabulary.loudness()).max(axis=1) / 127
    predicted = [sorted(CATEGORIES)[place] for place in scores[:, :n].argmax(axis=1)]
    common = vendors.common_words(replies, vendors.ELSEWHERE)
    named = vendors.named(replies, predicted, common)
    choices = vendors.unseen_choices(named)
    blocks, start = {}, 0
    for block in BLOCKS:
        width = len(vocabulary.places[block])
        part = weights[:, start : start + width] * WEIGHTS[block]
        start += width
        rows = np.rint(part / scales[:, None]).astype(np.int8).T
        blocks[block] = {
            "features": list(vocabulary.places[block]),
            "idf": vocabulary.idf[block],
            "weights": base64.b85encode(np.ascontiguousarray(rows).tobytes()).decode(),
        }
    plain = {
        "outputs": outputs,
        "scales": [round(float(scale), 8) for scale in scales],
        "intercepts": [round(float(one / scale), 4) for one, scale in zip(intercepts, scales, strict=True)],
        "sharpness": sharpness,
        "reason_from": threshold_of(reason_chances(scores, sharpness), wanted),
        "firm_from": max(
            LEAST_FIRM, threshold_of(chances_of(scores[:, -1]), np.array([r.firm_no for r in replies]))
        ),
        "vendor": vendors.learn(named),
        "vendor_from": vendors.threshold_of(choices, replies),
        "common": sorted(vendors.common_words(replies, 1)),
        "blocks": blocks,
    }
    raw = x[::EVERY] @ weights.T + intercepts
    sample = sample_of(replies[::EVERY], odds(raw[:, :n], sharpness), outputs[:n])
    return plain, sample, scores


def standing(replies: list[Reply], scores: np.ndarray) -> str:
    """How the heads do on replies that they did not see, in cross-validation."""
    names = sorted(CATEGORIES)
    n = len(names)
    right = [names[row.argmax()] == reply.category for row, reply in zip(scores[:, :n], replies, strict=True)]
    groups = {
        "hard English": [r.language == "en" and r.hard for r in replies],
        "plain English": [r.language == "en" and not r.hard for r in replies],
        "other languages": [r.language != "en" for r in replies],
    }
    parts = [
        f"{name} {np.mean(np.array(right)[member]):.1%}" for name, member in groups.items() if any(member)
    ]
    wanted = np.array([[r in reply.reasons for r in REASONS] for reply in replies])
    chances = reason_chances(scores, sharpness_of(scores[:, :n], replies))
    said = chances >= threshold_of(chances, wanted)
    f1 = 2 * (said & wanted).sum() / (said.sum() + wanted.sum())
    return f"right in cross-validation: {', '.join(parts)}; reasons F1 {f1:.2f}"


def sample_of(replies: list[Reply], chances: np.ndarray, names: list[str]) -> list[dict[str, Any]]:
    """The chances of the categories for some replies, as scikit-learn has them."""
    return [
        {"text": reply.text, "odds": {name: round(float(p), 4) for name, p in zip(names, row, strict=True)}}
        for reply, row in zip(replies, chances, strict=True)
    ]


def write(plain: dict[str, Any], path: Path) -> None:
    """Write the model; nothing in the file depends on when or where."""
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
    path.write_bytes(gzip.compress(text, 9, mtime=0))


def main() -> None:
    """Train on what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("more", nargs="*", type=Path, help="further replies to learn from, as JSON Lines")
    parser.add_argument("--out", type=Path, default=MODEL)
    args = parser.parse_args()
    replies = read([*sources(), *args.more])
    with threadpool_limits(1):  # sums in another order differ in the last bit
        plain, sample, scores = train(replies)
    write(plain, args.out)
    if args.out == MODEL:
        SAMPLE.write_text(json.dumps(sample, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(standing(replies, scores))
    known = sum(len(block["features"]) for block in plain["blocks"].values())
    print(f"learnt from {len(replies)} replies: {known} features, {args.out.stat().st_size / 1e6:.1f} MB")
    print({name: plain[name] for name in ("sharpness", "reason_from", "firm_from")})


if __name__ == "__main__":
    main()

"""Trains the model that reads replies, and writes it where the program finds it.

    python -m training.train [--out FILE] [MORE.jsonl ...]

The same replies give the same file, byte for byte. More files of replies, such as corrections, are learnt
from as well.
"""

import argparse
import base64
import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

from cadence.core import costs
from cadence.core.replies import Category
from cadence.mail.intent.features import BLOCKS
from training import vendors
from training.heads import CATEGORIES, REASONS, Heads
from training.matrix import WEIGHTS, Reply, features, read, vocabulary_of
from training.vocabulary import Blocks

HERE = Path(__file__).parent
MODEL = HERE.parent / "cadence" / "mail" / "intent" / "model.json.gz"
SAMPLE = HERE.parent / "tests" / "mail" / "reading" / "model_sample.json"
"""What scikit-learn itself says of a few replies, for the test that the program says the same."""
EVERY = 150
FOLDS = 5
LEAST_FIRM = 0.3
"""A firm no ends a sequence that would go on, so a faint one is not believed."""
EXPECTED = dict.fromkeys(CATEGORIES, 1.0) | {Category.FEEDBACK.value: 2.0}
"""How often replies of each category are taken to arrive: about evenly. Far more feedback is learnt from."""


def sources() -> list[Path]:
    """The files of replies to learn from."""
    tuned = HERE.parent / "tests" / "corpus" / "replies" / "tuned.jsonl"
    return [*sorted((HERE / "replies").glob("*.jsonl")), tuned]


def unseen_scores(replies: list[Reply], seen: list[Blocks]) -> np.ndarray:
    """Scores of every output for every reply, by heads that saw no reply of its author."""
    authors = [reply.author for reply in replies]
    scores = np.zeros((len(replies), len(CATEGORIES) + len(REASONS) + 1))
    for train, test in GroupKFold(FOLDS).split(authors, groups=authors):
        vocabulary = vocabulary_of([seen[i] for i in train])
        x = vocabulary.matrix([seen[i] for i in train])
        _, weights, intercepts = Heads(x, [replies[i] for i in train], vocabulary).weights()
        scores[test] = vocabulary.matrix([seen[i] for i in test]) @ weights.T + intercepts
    return scores


def odds(scores: np.ndarray, sharpness: float) -> np.ndarray:
    """Chances of the categories, row by row."""
    raw = np.exp((scores - scores.max(axis=1, keepdims=True)) * sharpness)
    return raw / raw.sum(axis=1, keepdims=True)


def shift_of(replies: list[Reply]) -> np.ndarray:
    """What turns odds learnt where replies are as frequent as here into odds where they are as expected."""
    counts = Counter(reply.category for reply in replies)
    there = np.array([EXPECTED[name] for name in CATEGORIES])
    here = np.array([counts[name] for name in CATEGORIES])
    shift: np.ndarray = np.log(there / there.sum()) - np.log(here / here.sum())
    return shift


def sharpness_of(scores: np.ndarray, replies: list[Reply], shift: np.ndarray) -> float:
    """The factor that makes the odds of unseen replies honest: the least log loss where all is as expected.

    Authors who did not write every category count for nothing here: without them the others know too little.
    """
    written: dict[str, set[str]] = {}
    for reply in replies:
        written.setdefault(reply.author, set()).add(reply.category)
    counted = [place for place, reply in enumerate(replies) if len(written[reply.author]) == len(CATEGORIES)]
    counts = Counter(replies[place].category for place in counted)
    right = [CATEGORIES.index(replies[place].category) for place in counted]
    weights = [EXPECTED[CATEGORIES[place]] / counts[CATEGORIES[place]] for place in right]

    def loss(factor: float) -> float:
        chances = odds(scores[counted] + shift / factor, factor)[range(len(counted)), right]
        return float(-np.average(np.log(chances + 1e-12), weights=weights))

    return min((round(0.3 + 0.02 * step, 2) for step in range(90)), key=loss)


def reason_chances(scores: np.ndarray, sharpness: float) -> np.ndarray:
    """The chance of every reason: that one is given at all, times that it is this one."""
    n = len(CATEGORIES)
    given = odds(scores[:, :n], sharpness)[:, CATEGORIES.index(Category.FEEDBACK)]
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
    shift = shift_of(replies)
    sharpness = sharpness_of(scores[:, :n], replies, shift)
    scores[:, :n] += shift / sharpness
    wanted = np.array([[r in reply.reasons for r in REASONS] for reply in replies])
    vocabulary = vocabulary_of(seen)
    x = vocabulary.matrix(seen)
    outputs, weights, intercepts = Heads(x, replies, vocabulary).weights()
    intercepts[:n] += shift / sharpness
    scales = np.abs(weights * vocabulary.loudness()).max(axis=1) / 127
    predicted = [CATEGORIES[place] for place in scores[:, :n].argmax(axis=1)]
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


def standing(replies: list[Reply], scores: np.ndarray, sharpness: float) -> str:
    """How the heads do on replies of authors that they did not see."""
    chances = odds(scores[:, : len(CATEGORIES)], sharpness)
    costly = np.array([[costs.COSTS[meant][taken] for taken in CATEGORIES] for meant in CATEGORIES])
    acting = chances @ costly
    acted = acting.min(axis=1) <= chances @ np.array([costs.ASKING[name] for name in CATEGORIES])
    meant = np.array([CATEGORIES.index(reply.category) for reply in replies])
    right = np.where(acted, acting.argmin(axis=1), chances.argmax(axis=1)) == meant
    groups = {
        "hard English": np.array([r.language == "en" and r.hard for r in replies]),
        "plain English": np.array([r.language == "en" and not r.hard for r in replies]),
        "other languages": np.array([r.language != "en" for r in replies]),
    }
    lines = [
        f"{name}: {right[of].mean():.1%} right, {acted[of].mean():.1%} acted on, "
        f"{right[of & acted].mean():.1%} of those right"
        for name, of in groups.items()
        if (of & acted).any()
    ]
    wanted = np.array([[r in reply.reasons for r in REASONS] for reply in replies])
    given = reason_chances(scores, sharpness)
    said = given >= threshold_of(given, wanted)
    f1 = 2 * (said & wanted).sum() / (said.sum() + wanted.sum())
    return "\n".join(["in cross-validation by author:", *lines, f"reasons: F1 {f1:.2f}"])


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
    print(standing(replies, scores, plain["sharpness"]))
    known = sum(len(block["features"]) for block in plain["blocks"].values())
    print(f"learnt from {len(replies)} replies: {known} features, {args.out.stat().st_size / 1e6:.1f} MB")
    print({name: plain[name] for name in ("sharpness", "reason_from", "firm_from")})


if __name__ == "__main__":
    main()

"""Decide how likely a reply means each category: the trained model, read once and asked in plain Python.

The file is gzipped JSON written by training/train.py: for each block of features their names, their
inverse document frequencies and one weight for every output, scaled to a byte. Outputs are the
categories, then the reasons for a loss, then the firm no. Within a block the values are
(1 + log count) * idf, normalized to length 1, as scikit-learn's TfidfVectorizer has them.
"""

import base64
import gzip
import json
import math
import struct
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from cadence.core.replies import Category, LossReason, Odds
from cadence.mail.intent.features import Features

FIRM = "firm_no"
VENDOR_BASE = "base"
SHORTEST_SHOWN = 4
"""Letters in words that may serve as evidence; shorter ones tell a person nothing."""
_ABOVE = 128
"""What makes every weight, a signed byte, a number that is not negative."""
_FINE = 1 << 36
"""Into how many steps a feature's value is cut. The sums stay far below the 64 bits of their lanes."""
_SPEAKING = ("words", "pairs", "triples", "concepts", "rules")
"""The blocks whose features a person understands."""


@dataclass(frozen=True, slots=True)
class Block:
    """The features of a kind: the place of each, their idf, and their weights, row by row."""

    places: Mapping[str, int]
    idf: tuple[float, ...]
    weights: memoryview
    _rows: dict[int, int] = field(default_factory=dict)

    def row(self, place: int, width: int) -> int:
        """The weights of a feature for all outputs as one number of lanes, each _ABOVE too great."""
        known = self._rows.get(place)
        if known is None:
            weights = self.weights[place * width : (place + 1) * width]
            lanes = struct.pack(f"<{width}Q", *(weight + _ABOVE for weight in weights))
            known = self._rows[place] = int.from_bytes(lanes, "little")
        return known


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the model thinks: odds of the categories, chances of each reason, of a firm no, and why."""

    odds: Odds
    reasons: Mapping[LossReason, float]
    firm_no: float
    because: tuple[tuple[Category, str], ...]


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model; scales: what a unit of an output's byte is worth; sharpness: of the odds;
    version: a digest of its file.
    """

    outputs: tuple[str, ...]
    blocks: Mapping[str, Block]
    scales: tuple[float, ...]
    intercepts: tuple[float, ...]
    sharpness: float
    reason_from: float
    firm_from: float
    vendor: Mapping[str, float]
    vendor_from: float
    common: frozenset[str]
    version: str = ""

    def vendor_score(self, traits: Iterable[str]) -> float:
        """How likely a name of these traits is the vendor they chose, in log odds."""
        return sum(self.vendor.get(trait, 0.0) for trait in (VENDOR_BASE, *traits))

    def ask(self, features: Features) -> Opinion:
        """Weigh the features of a reply."""
        scores = self._scores(self.values(features))
        raw = dict(zip(self.outputs, self._scaled(scores), strict=True))
        odds = self._odds(raw)
        chosen = max(odds, key=lambda pair: pair[1])[0]
        given = dict(odds)[Category.FEEDBACK]
        return Opinion(
            odds,
            {reason: given * _chance(raw[reason_output(reason)]) for reason in LossReason},
            _chance(raw[FIRM]),
            tuple((chosen, words) for words in self._because(features, chosen)),
        )

    def _scores(self, values: list[tuple[Block, int, float]]) -> list[float]:
        """Add the weights up for all outputs at once: one product of long numbers stands for many."""
        width, total, above = len(self.outputs), 0, 0
        for block, place, value in values:
            steps = round(value * _FINE)
            total += steps * block.row(place, width)
            above += steps * _ABOVE
        lanes = struct.unpack(f"<{width}Q", total.to_bytes(width * 8, "little"))
        return [start + (lane - above) / _FINE for start, lane in zip(self.intercepts, lanes, strict=True)]

    def _scaled(self, scores: list[float]) -> list[float]:
        """Intercepts are kept in the unit of the bytes, so that one factor fits the whole score."""
        return [score * scale for score, scale in zip(scores, self.scales, strict=True)]

    def _odds(self, raw: Mapping[str, float]) -> Odds:
        known = [category for category in Category if category.value in raw]
        most = max(raw[category] for category in known)
        parts = [math.exp((raw[category] - most) * self.sharpness) for category in known]
        whole = sum(parts)
        return tuple((category, part / whole) for category, part in zip(known, parts, strict=True))

    def values(self, features: Features) -> list[tuple[Block, int, float]]:
        """Return what is known of a reply: of each feature its block, its place in it, and its value."""
        values = []
        for name, block in self.blocks.items():
            found = [
                (place, (1 + math.log(count)) * block.idf[place])
                for feature, count in features.blocks[name].items()
                if (place := block.places.get(feature)) is not None
            ]
            length = math.sqrt(sum(value * value for _, value in found)) or 1.0
            values += [(block, place, value / length) for place, value in found]
        return values

    def _because(self, features: Features, chosen: Category, most: int = 3) -> list[str]:
        """The words and rules that spoke most for the category, against the average of the others."""
        width, column = len(self.outputs), self.outputs.index(chosen)
        categories = [place for place, output in enumerate(self.outputs) if output in _CATEGORIES]
        spoken: dict[str, float] = {}
        for name in _SPEAKING:
            block = self.blocks[name]
            for feature in features.blocks[name]:
                place = block.places.get(feature)
                if place is None:
                    continue
                row = [block.weights[place * width + other] * self.scales[other] for other in categories]
                gain = row[categories.index(column)] - sum(row) / len(row)
                words = features.shown.get(feature, feature if name in ("pairs", "triples") else "")
                words = words.strip("^$ ")
                if len(words) >= SHORTEST_SHOWN and gain > 0:
                    spoken[words] = max(spoken.get(words, 0.0), gain * block.idf[place])
        chosen_words: list[str] = []
        for words in sorted(spoken, key=lambda words: (-spoken[words], words)):
            if not any(words in longer for longer in chosen_words):
                chosen_words.append(words)
        return chosen_words[:most]


_CATEGORIES = frozenset(category.value for category in Category)


def reason_output(reason: LossReason) -> str:
    """The name of an output for a reason; "other" is a category as well."""
    return f"reason {reason.value}"


def _chance(score: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


_in_use: ContextVar[Model | None] = ContextVar("model in use", default=None)


def model() -> Model:
    """Return the model that reads: the one that `using` names, else the shipped one."""
    return _in_use.get() or load(shipped())


@contextmanager
def using(other: Model | None) -> Iterator[None]:
    """Let another model read as long as the body runs; None: the shipped one."""
    before = _in_use.set(other)
    try:
        yield
    finally:
        _in_use.reset(before)


@cache
def shipped() -> bytes:
    """Return the file of the model that is shipped, read at the first reply."""
    return (files(__package__) / "model.json.gz").read_bytes()


@lru_cache(maxsize=3)
def load(packed: bytes) -> Model:
    """Build the model of a file."""
    return replace(unpacked(json.loads(gzip.decompress(packed))), version=version_of(packed))


def version_of(packed: bytes) -> str:
    """Return what tells a model's file from any other."""
    return sha256(packed).hexdigest()[:12]


def unpacked(plain: Mapping[str, Any]) -> Model:
    """Build a model from what training/train.py writes."""
    return Model(
        outputs=tuple(plain["outputs"]),
        blocks={name: _block(block) for name, block in plain["blocks"].items()},
        scales=tuple(plain["scales"]),
        intercepts=tuple(plain["intercepts"]),
        sharpness=plain["sharpness"],
        reason_from=plain["reason_from"],
        firm_from=plain["firm_from"],
        vendor=plain["vendor"],
        vendor_from=plain["vendor_from"],
        common=frozenset(plain["common"]),
    )


def _block(plain: Mapping[str, Any]) -> Block:
    weights = memoryview(base64.b85decode(plain["weights"])).cast("b")
    places = {feature: place for place, feature in enumerate(plain["features"])}
    return Block(places, tuple(plain["idf"]), weights)

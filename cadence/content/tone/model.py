"""Decides how likely a sentence is of each kind of tone: a trained model, asked in plain Python.

The file is gzipped JSON written by training/train_tone.py: for each block of features their names, their
inverse document frequencies and a column of weights for every output, scaled to a byte. Within a block
the values are (1 + log count) * idf, normalized to length 1.
"""

import base64
import gzip
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from operator import itemgetter, mul
from typing import Any

from cadence.content.tone.features import Features
from cadence.content.tone.kinds import Kind

GOOD = "good"
"""The output of a sentence that has nothing wrong with its tone."""


@dataclass(frozen=True, slots=True)
class Block:
    """The features of a kind: the place of each, their idf, and their weights, a column an output."""

    places: Mapping[str, int]
    idf: tuple[float, ...]
    columns: tuple[memoryview, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model. scale: what a unit of a weight's byte is worth; flagged_from: how likely a fault of
    any kind must be for a sentence to be reported, in a text of at least so many sentences.
    """

    outputs: tuple[str, ...]
    intercepts: tuple[float, ...]
    scale: float
    flagged_from: tuple[tuple[int, float], ...]
    blocks: Mapping[str, Block]

    def chances(self, features: Features) -> Mapping[str, float]:
        """How likely a sentence is of each kind, and how likely it is good; they add up to 1."""
        scores = list(self.intercepts)
        for name, block in self.blocks.items():
            found = [
                (place, (1 + math.log(count)) * block.idf[place])
                for feature, count in features[name].items()
                if (place := block.places.get(feature)) is not None
            ]
            if found:
                _weigh(block, found, scores, self.scale)
        return dict(zip(self.outputs, _shares(scores), strict=True))

    def kinds(self, features: Features) -> tuple[float, tuple[Kind, ...]]:
        """How likely a sentence is of any kind, and the likeliest one, or two of which neither stands out."""
        chances = self.chances(features)
        ranked = sorted(((p, Kind(kind)) for kind, p in chances.items() if kind != GOOD), reverse=True)
        return 1 - chances[GOOD], tuple(kind for p, kind in ranked[:2] if p >= ranked[0][0] / 2)

    def level(self, sentences: int) -> float:
        """How likely a fault must be in a text of so many sentences, where each may go wrong."""
        return max((level for length, level in self.flagged_from if length <= sentences), default=1.0)


def _weigh(block: Block, found: list[tuple[int, float]], scores: list[float], scale: float) -> None:
    """Add to the scores what a block says; the loops over its features are the interpreter's own."""
    places, values = zip(*found, strict=True)
    factor = scale / math.sqrt(sum(map(mul, values, values)))
    chosen = itemgetter(*places, places[0])  # of one place alone it would give no tuple
    for output, column in enumerate(block.columns):
        scores[output] += factor * sum(map(mul, values, chosen(column)))


def _shares(scores: list[float]) -> list[float]:
    most = max(scores)
    parts = [math.exp(score - most) for score in scores]
    whole = sum(parts)
    return [part / whole for part in parts]


@cache
def model() -> Model:
    """Read the shipped model, once."""
    raw = (files(__package__) / "model.json.gz").read_bytes()
    return read_model(raw)


def read_model(raw: bytes) -> Model:
    """Read a model's file."""
    plain: dict[str, Any] = json.loads(gzip.decompress(raw))
    return Model(
        outputs=tuple(plain["outputs"]),
        intercepts=tuple(plain["intercepts"]),
        scale=plain["scale"],
        flagged_from=tuple((int(length), level) for length, level in plain["flagged_from"].items()),
        blocks={name: _block(block, len(plain["outputs"])) for name, block in plain["blocks"].items()},
    )


def _block(plain: Mapping[str, Any], outputs: int) -> Block:
    weights = memoryview(base64.b85decode(plain["weights"])).cast("b")
    places = {feature: place for place, feature in enumerate(plain["features"])}
    columns = tuple(weights[output * len(places) : (output + 1) * len(places)] for output in range(outputs))
    return Block(places, tuple(plain["idf"]), columns)

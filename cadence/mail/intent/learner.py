"""Decide what a model learns from corrections: it goes on from its weights, by old replies and new ones.

A few rounds of stochastic gradient descent. Of a corrected reply the category is wanted that a person gave;
of a reply that the model was made from, what the model said of it before, so that these hold it where it was
and nothing moves where nobody corrected anything. Only the categories are learnt: a correction says nothing
of reasons. The same lessons give the same model. Plain Python is enough: a reply has some 200 features.
"""

import base64
import gzip
import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from cadence.core.replies import Category
from cadence.mail.intent.features import BLOCKS, Features, features_of
from cadence.mail.intent.hearing import hear
from cadence.mail.intent.judge import shortened
from cadence.mail.language import language_of

ROUNDS = 4
RATE = 0.05
"""How far one reply moves the weights in the first round; a round later half as far, then a third."""
EMPHASIS = 3.0
"""How many shipped replies a correction weighs: it comes from where the model is used."""
AGAIN = 2
"""In how many corrections a word must occur before it is learnt as a word of its own."""
SLIGHT = 0.01
"""An error this small moves nothing."""
PARTS = (1.0, 0.5, 0.25)
"""How far to go where the lessons lead: a model that would be refused may pass half-way."""
LARGEST = 127
"""A weight is kept in a signed byte."""

Values = list[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Lesson:
    """The new words of a reply and what a person says that they mean; corrected: by a rep of ours."""

    text: str
    category: Category
    corrected: bool = False


def learnt(packed: bytes, lessons: Sequence[Lesson]) -> Iterator[bytes]:
    """Yield files of models that go on from another one's: all the way the lessons lead, half, a quarter.

    lessons: corrections, and the replies that the model was made from, so that it forgets nothing.
    """
    plain: dict[str, Any] = json.loads(gzip.decompress(packed))
    seen = [_features(lesson.text) for lesson in lessons]
    _add_words(plain, [one for one, lesson in zip(seen, lessons, strict=True) if lesson.corrected])
    pupil = _Pupil(plain)
    pupil.practice([pupil.values(one) for one in seen], lessons)
    for part in PARTS:
        pupil.write(plain, part)
        text = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
        yield gzip.compress(text, 9, mtime=0)


def _features(text: str) -> Features:
    text = shortened(text)
    return features_of(text, hear(text, language_of(text)))


def _add_words(plain: dict[str, Any], corrected: Sequence[Features]) -> None:
    """Make room for features that corrections repeat and the model does not know: they weigh nothing yet."""
    width = len(plain["outputs"])
    for name in BLOCKS:
        block = plain["blocks"][name]
        known = set(block["features"])
        counts = Counter(feature for one in corrected for feature in one.blocks[name])
        new = sorted(feature for feature, n in counts.items() if n >= AGAIN and feature not in known)
        block["features"] += new
        # As rare as the rarest that the model knows, since the shipped replies do not have it.
        block["idf"] += [max(block["idf"], default=1.0)] * len(new)
        rows = base64.b85decode(block["weights"]) + bytes(width * len(new))
        block["weights"] = base64.b85encode(rows).decode()


class _Pupil:
    """The weights of the categories as numbers that can move."""

    def __init__(self, plain: dict[str, Any]) -> None:
        self._names = [name for name in plain["outputs"] if not name.startswith("reason ")]
        self._names = [name for name in self._names if name in set(Category)]
        self._columns = [plain["outputs"].index(name) for name in self._names]
        scales = [plain["scales"][column] for column in self._columns]
        self._bias = [plain["intercepts"][c] * s for c, s in zip(self._columns, scales, strict=True)]
        self._began = {-1: list(self._bias)}  # what has moved, as it was; -1 stands for the bias
        self._places: dict[str, dict[str, int]] = {}
        self._idf: list[float] = []
        self._rows: list[list[float]] = []
        width = len(plain["outputs"])
        for name in BLOCKS:
            block = plain["blocks"][name]
            start = len(self._rows)
            self._places[name] = {feature: start + n for n, feature in enumerate(block["features"])}
            self._idf += block["idf"]
            weights = memoryview(base64.b85decode(block["weights"])).cast("b")
            for at in range(0, len(weights), width):
                self._rows.append([weights[at + c] * s for c, s in zip(self._columns, scales, strict=True)])

    def values(self, features: Features) -> Values:
        """The features that the model knows, weighed as it weighs them."""
        values: Values = []
        for name in BLOCKS:
            places = self._places[name]
            found = [
                (place, (1 + math.log(count)) * self._idf[place])
                for feature, count in features.blocks[name].items()
                if (place := places.get(feature)) is not None
            ]
            length = math.sqrt(sum(value * value for _, value in found)) or 1.0
            values += [(place, value / length) for place, value in found]
        return values

    def practice(self, seen: Sequence[Values], lessons: Sequence[Lesson]) -> None:
        """Go over all lessons some rounds."""
        wanted = [
            self._is(lesson.category) if lesson.corrected else self._chances(values)
            for values, lesson in zip(seen, lessons, strict=True)
        ]
        order = list(range(len(lessons)))
        shuffle = Random(0).shuffle  # noqa: S311 - an order, no secret
        for number in range(1, ROUNDS + 1):
            shuffle(order)
            for each in order:
                weight = EMPHASIS if lessons[each].corrected else 1.0
                self._step(seen[each], wanted[each], RATE * weight / number)

    def _is(self, category: Category) -> list[float]:
        return [float(name == category) for name in self._names]

    def _chances(self, values: Values) -> list[float]:
        scores = list(self._bias)
        for place, value in values:
            scores = [score + value * weight for score, weight in zip(scores, self._rows[place], strict=True)]
        most = max(scores)
        parts = [math.exp(score - most) for score in scores]
        whole = sum(parts)
        return [part / whole for part in parts]

    def _step(self, values: Values, wanted: list[float], rate: float) -> None:
        """One reply moves the weights towards what is wanted of it, as far as they are off."""
        errors = [have - want for have, want in zip(self._chances(values), wanted, strict=True)]
        moved = [(column, rate * error) for column, error in enumerate(errors) if abs(error) > SLIGHT]
        for place, value in values if moved else ():
            row = self._rows[place]
            if place not in self._began:
                self._began[place] = list(row)
            for column, amount in moved:
                row[column] -= amount * value
        for column, amount in moved:
            self._bias[column] -= amount

    def write(self, plain: dict[str, Any], part: float) -> None:
        """Put the weights back into bytes, moved so far; the other outputs stay as they are."""
        rows = [self._moved(place, row, part) for place, row in enumerate(self._rows)]
        bias = self._moved(-1, self._bias, part)
        scales = [max(map(abs, column)) / LARGEST or 1.0 for column in zip(*rows, strict=True)]
        for column, scale, start in zip(self._columns, scales, bias, strict=True):
            plain["scales"][column] = round(scale, 8)
            plain["intercepts"][column] = round(start / scale, 4)
        width, start_row = len(plain["outputs"]), 0
        for name in BLOCKS:
            block = plain["blocks"][name]
            weights = bytearray(base64.b85decode(block["weights"]))
            for number in range(len(block["features"])):
                for column, weight, scale in zip(
                    self._columns, rows[start_row + number], scales, strict=True
                ):
                    weights[number * width + column] = round(weight / scale) & 0xFF
            start_row += len(block["features"])
            block["weights"] = base64.b85encode(weights).decode()

    def _moved(self, place: int, now: list[float], part: float) -> list[float]:
        began = self._began.get(place)
        if began is None:
            return now
        return [old + part * (new - old) for old, new in zip(began, now, strict=True)]

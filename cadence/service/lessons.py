"""What a model can learn from and be measured on: the shipped replies, and what people corrected."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from cadence.core import costs
from cadence.core.learning import Reading
from cadence.core.replies import Category
from cadence.mail.intent import judge
from cadence.mail.intent.learner import Lesson
from cadence.mail.intent.model import load, using
from cadence.mail.language import language_of

HELD_BACK = 5
"""One correction in so many is never learnt from: a model is measured on it."""


@dataclass(frozen=True, slots=True)
class Book:
    """Replies whose meaning is known. shipped: the shipped model was made from them; unseen: none ever is."""

    shipped: Sequence[Lesson]
    unseen: Sequence[Lesson]


def shipped_book() -> Book:
    """The replies of the wheel, or of a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "_training"
    folder = inside if inside.is_dir() else package.parent / "training"
    shipped = list(_read(folder / "replies"))
    known = {lesson.text for lesson in shipped}
    return Book(shipped, [lesson for lesson in _read(folder / "unseen") if lesson.text not in known])


def _read(folder: Path) -> Iterator[Lesson]:
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                row = json.loads(line)
                yield Lesson(row["text"], Category(row["category"]))


def lessons_of(corrections: Iterable[Any]) -> tuple[list[Lesson], list[Lesson]]:
    """What there is to learn from corrections, and what is held back; the same words once, as said last.

    Only the new words of a reply are used. Of mail that a machine wrote there is nothing to learn: no
    model was asked.
    """
    said: dict[str, Lesson] = {}
    for row in corrections:
        text = (row.verdict.get("text") or "").strip()
        if text and not row.verdict.get("automatic"):
            said[text] = Lesson(text, Category(row.category), corrected=True)
    to_learn = [lesson for text, lesson in said.items() if not _is_held_back(text)]
    return to_learn, [lesson for text, lesson in said.items() if _is_held_back(text)]


def _is_held_back(text: str) -> bool:
    """By the words alone, so that a reply once held back is never learnt from, whoever writes it again."""
    return sha256(text.encode()).digest()[0] % HELD_BACK == 0


def readings(packed: bytes, lessons: Iterable[Lesson]) -> list[Reading]:
    """How the model of a file reads these replies."""
    with using(load(packed)):
        return [_reading(lesson) for lesson in lessons]


def _reading(lesson: Lesson) -> Reading:
    judgement = judge(lesson.text, language_of(lesson.text))
    odds = judgement.odds
    acted = bool(odds) and costs.of_acting(judgement.category, odds) <= costs.of_asking(odds)
    return Reading(lesson.category, judgement.category, acted)

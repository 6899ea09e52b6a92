"""Decide whether one small named rule fires on a sentence: its phrases, and what forbids it."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from cadence.core.replies import Category

_SPARE = r"(?:\S{1,30} ){0,4}?(?:\w{1,4}')?"
_ONE = r"(?:\S{1,30} ){0,1}?(?:\w{1,4}')?"


def fold(text: str) -> str:
    """Lower case, no accents, plain apostrophes, single spaces: the form in which phrases are compared."""
    text = (
        text.replace("’", "'")
        .replace("‘", "'")
        .replace("´", "'")
        .replace("`", "'")
        .replace("ß", "ss")
        .replace("œ", "oe")
    )
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return " ".join("".join(char for char in decomposed if not unicodedata.combining(char)).split())


def phrases(lines: str) -> re.Pattern[str]:
    """Compile phrases, one a line. A "~ " stands for up to four words, "_ " for one or none."""
    alternatives = [_fold_pattern(line) for line in lines.strip().split("\n") if line.strip()]
    joined = "|".join(alternatives).replace("~ ", _SPARE).replace("_ ", _ONE)
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)")


def _fold_pattern(line: str) -> str:
    """Fold a phrase, but not its escapes: \\S is no \\s. The blanks at its ends count."""
    parts = re.split(r"(\\.)", line)
    return "".join(part if number % 2 else _fold_letters(part) for number, part in enumerate(parts))


def _fold_letters(text: str) -> str:
    return " ".join(fold(word) for word in text.split(" "))


@dataclass(frozen=True)
class Rule:
    """One reason to see a category in a sentence.

    name: what evidence shows; strength: 0 to 1, how sure this alone makes; says: phrases by language,
    "*" for all; unless: phrases that forbid it in the same sentence; short: only in texts of at most so
    many words.
    """

    name: str
    category: Category
    strength: float
    description: str
    says: Mapping[str, str]
    unless: Mapping[str, str] = field(default_factory=dict)
    short: int | None = None

    @cached_property
    def _says(self) -> dict[str, re.Pattern[str]]:
        return {language: phrases(lines) for language, lines in self.says.items()}

    @cached_property
    def _unless(self) -> dict[str, re.Pattern[str]]:
        return {language: phrases(lines) for language, lines in self.unless.items()}

    def fires(self, sentence: str, languages: tuple[str, ...]) -> str | None:
        """Return the words of a folded sentence that this rule fires on."""
        for language in languages:
            pattern = self._says.get(language)
            found = pattern.search(sentence) if pattern else None
            if found and not any(
                self._unless[name].search(sentence) for name in languages if name in self._unless
            ):
                return found[0]
        return None

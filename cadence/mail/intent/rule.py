"""Decide whether one small named rule fires on a sentence: its phrases, and what forbids it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from cadence.core.phrases import phrases
from cadence.core.replies import Category


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

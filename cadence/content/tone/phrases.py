"""Decides which kinds of tone a sentence's set phrases show, by lists of phrases, one file a language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from cadence.content.tone.kinds import Kind
from cadence.core.phrases import phrases

_SPARED = "unless: "


@dataclass(frozen=True, slots=True)
class Says:
    """The phrases of a kind in a language, and those that spare a sentence."""

    kind: Kind
    says: re.Pattern[str]
    unless: re.Pattern[str] | None

    def finds(self, folded: str) -> str | None:
        """The words of a folded sentence that show the kind."""
        found = self.says.search(folded)
        if found is None or (self.unless and self.unless.search(folded)):
            return None
        return found[0].strip()


@cache
def lists(language: str) -> tuple[Says, ...]:
    """The phrases of a language; none where it has no list."""
    path = files(__package__) / f"phrases_{language}.txt"
    if not path.is_file():
        return ()
    sections: dict[Kind, list[str]] = {}
    lines: list[str] = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("[") and line.endswith("]"):
            lines = sections.setdefault(Kind(line[1:-1]), [])
        elif line and not line.startswith("#"):
            lines.append(line)
    return tuple(_says(kind, lines) for kind, lines in sections.items())


def _says(kind: Kind, lines: list[str]) -> Says:
    spared = "\n".join(line.removeprefix(_SPARED) for line in lines if line.startswith(_SPARED))
    says = phrases("\n".join(line for line in lines if not line.startswith(_SPARED)))
    return Says(kind, says, phrases(spared) if spared else None)


def set_phrases(folded: str, language: str) -> Mapping[Kind, str]:
    """The kinds that a folded sentence shows by its phrases, each with the words that do."""
    found = {says.kind: says.finds(folded) for says in lists(language)}
    return {kind: words for kind, words in found.items() if words}

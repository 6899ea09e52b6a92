"""Decides which concepts words stand for, by a list: "ink" and "countersigned" both are about signing.

A list is a text: a concept a line, its words and phrases after the colon, a star at the end of a stem.
Such lists give a trained model what a few thousand texts cannot teach it, the words that nobody happened
to use in them.
"""

from dataclasses import dataclass

from cadence.core.phrases import fold

LONGEST_PHRASE = 4
NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The concepts of whole words and phrases, and those of stems; lengths: of the stems, shortest first."""

    exact: dict[str, tuple[str, ...]]
    stems: dict[str, tuple[str, ...]]
    lengths: tuple[int, ...]

    def concepts(self, tokens: list[str]) -> list[list[str]]:
        """Return for each token the concepts of the words and phrases that begin with it, sorted."""
        return [self._at(tokens, start) for start in range(len(tokens))]

    def knows(self, word: str) -> bool:
        """Whether a word has a concept of its own."""
        return word in self.exact or any(word[:length] in self.stems for length in self.lengths)

    def _at(self, tokens: list[str], start: int) -> list[str]:
        if not tokens[start]:  # of a word that is all accents nothing is left
            return []
        found: set[str] = set()
        phrase = ""
        for token in tokens[start : start + LONGEST_PHRASE]:
            before, phrase = phrase, f"{phrase} {token}" if phrase else token
            found.update(self.exact.get(phrase, ()))
            for length in self.lengths:
                if len(before) < length <= len(phrase):
                    found.update(self.stems.get(phrase[:length], ()))
        if tokens[start][0].isdigit():
            found.add(NUMBER)
        return sorted(found)


def read_lexicon(text: str) -> Lexicon:
    """Read a list of words; lines that begin with # are notes."""
    exact: dict[str, set[str]] = {}
    stems: dict[str, set[str]] = {}
    for line in text.split("\n"):
        name, colon, words = line.partition(":")
        if not colon or line.startswith("#"):
            continue
        for word in map(fold, words.split(",")):
            stem = word.endswith("*")
            (stems if stem else exact).setdefault(word.rstrip("*"), set()).add(name)
    return Lexicon(
        {word: tuple(sorted(names)) for word, names in exact.items()},
        {stem: tuple(sorted(names)) for stem, names in stems.items()},
        tuple(sorted({len(stem) for stem in stems})),
    )

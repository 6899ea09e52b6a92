"""Decide which concepts the words of a reply stand for; the word lists are data beside this module."""

from functools import cache
from importlib.resources import files

from cadence.core.lexicon import Lexicon, read_lexicon


@cache
def lexicon(language: str) -> Lexicon:
    """Return the word list of a language; one without a list has no concepts."""
    path = files(__package__) / f"concepts_{language}.txt"
    return read_lexicon(path.read_text(encoding="utf-8") if path.is_file() else "")

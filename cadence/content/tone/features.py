"""Decides what the trained model is told of a sentence: words, concepts, phrases and form."""

import re
from collections import Counter
from functools import cache
from importlib.resources import files
from itertools import pairwise

from cadence.content.tone.passages import NAME
from cadence.core.lexicon import Lexicon, read_lexicon
from cadence.core.phrases import fold

BLOCKS = ("words", "pairs", "gaps", "letters", "concepts", "together", "form")
"""The kinds of features; each is weighed and normalized by itself."""
MOST_TOKENS = 80
NEGATED = 4
"""How many words behind a "not" it still reaches."""
NEAR = 3
MOST_CONCEPTS = 14
"""A sentence of more concepts pairs too many of them to say anything."""
Features = dict[str, Counter[str]]

_TOKEN = re.compile(r"[^\W\d_](?:[^\W_]|['&-](?=\w))*|\d[\d.,:/]*|[?!$£€%]|[^\w\s.,;:()\"'-]")
_ENDING = re.compile(r"(?:ingly|edly|ing|ies|ied|ed|es|ly|s)$")
_NAMED = re.compile(r"(?<=[\w,;] )(?!I\b|I')[A-ZÄÖÜÉ][\w'’-]{1,30}")
_KEPT = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august"
    r"|september|october|november|december|easter|christmas|ceo|cfo|linkedin"
)


@cache
def lexicon(language: str) -> Lexicon:
    """Return the word list of a language; one without a list has no concepts."""
    path = files(__package__) / f"words_{language}.txt"
    return read_lexicon(path.read_text(encoding="utf-8") if path.is_file() else "")


def heard(said: str, language: str) -> str:
    """A sentence in the form in which words are compared; names in mid-sentence are all alike."""
    named = said if language == "de" else _NAMED.sub(_name, said)
    return fold(named)


def _name(found: re.Match[str]) -> str:
    return found[0] if _KEPT.fullmatch(found[0].lower()) or found[0].isupper() else NAME


def features_of(said: str, language: str, phrases: frozenset[str]) -> Features:
    """Count the features of a sentence; phrases: the kinds whose phrases were heard in it."""
    found: Features = {block: Counter() for block in BLOCKS}
    folded = heard(said, language)
    tokens = _TOKEN.findall(folded)[:MOST_TOKENS]
    _words(tokens, found)
    _concepts(tokens, language, found)
    _letters(folded, found["letters"])
    _form(said, tokens, phrases, found["form"])
    return found


def _words(tokens: list[str], found: Features) -> None:
    stems = [_stem(token) for token in tokens]
    found["words"].update(stems)
    edged = ["^", *stems, "$"]
    found["pairs"].update(f"{one} {other}" for one, other in pairwise(edged))
    found["gaps"].update(f"{one} … {other}" for one, other in zip(edged, edged[2:], strict=False))


def _stem(token: str) -> str:
    """Cut an English ending off; what is left need be no word, only the same for "signed" and "signs"."""
    if len(token) <= 4:
        return token
    cut = _ENDING.sub("", token)
    return cut if len(cut) >= 3 else token


def _concepts(tokens: list[str], language: str, found: Features) -> None:
    meant = lexicon(language).concepts(tokens)
    negated = -NEGATED - 1
    for place, concepts in enumerate(meant):
        if "negation" in concepts:
            negated = place
        for concept in concepts:
            found["concepts"][concept] += 1
            if 0 < place - negated <= NEGATED:
                found["concepts"][f"not {concept}"] += 1
    _together([concepts for concepts in meant if concepts], found["together"])


def _together(meant: list[list[str]], counts: Counter[str]) -> None:
    """Concepts one soon after the other, the first of all, and those that share a sentence."""
    for start, concepts in enumerate(meant):
        for after in meant[start + 1 : start + 1 + NEAR]:
            counts.update(f"{one}>{other}" for one in concepts for other in after if one != other)
    counts.update(f"^{concept}" for concept in (meant[0] if meant else ()))
    everything = sorted({concept for concepts in meant for concept in concepts})
    if len(everything) <= MOST_CONCEPTS:
        for place, one in enumerate(everything):
            counts.update(f"{one}+{other}" for other in everything[place + 1 :])


def _letters(text: str, counts: Counter[str]) -> None:
    for word in text.split():
        edged = f" {word[:40]} "
        for length in (3, 4, 5):
            counts.update(edged[start : start + length] for start in range(len(edged) - length + 1))


def _form(said: str, tokens: list[str], phrases: frozenset[str], counts: Counter[str]) -> None:
    counts.update(f"phrase {kind}" for kind in phrases)
    marks = {
        f"words {min(9, int(len(tokens) ** 0.5))}": True,
        "asks": "?" in said,
        "calls": "!" in said,
        "number": any(token[0].isdigit() for token in tokens),
        "name": NAME in heard(said, "en"),
        "begins small": said[:1].islower(),
        "colon": ":" in said,
        "semicolon": ";" in said,
        "commas": said.count(",") > 1,
    }
    counts.update(mark for mark, true in marks.items() if true)

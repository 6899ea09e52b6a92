"""Decide which name in a reply is the vendor they chose: every name is weighed by its words and neighbors.

Names are runs of capitalized words and, in replies that hardly use capitals, words that nobody knows.
What is told about each is counted in `traits`; their weights come with the model (mail/intent/model.py).
"""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from itertools import islice

from cadence.core.phrases import fold
from cadence.core.replies import Category
from cadence.mail.intent.concepts import lexicon
from cadence.mail.intent.model import model
from cadence.mail.names import competitor_in, is_no_vendor

LONGEST_TEXT = 4_000
MOST_WORDS = 600
LONGEST_NAME = 4
MOST_NAMES = 400
LEAST_LETTERS = 4
"""In a word without a capital that may be a name."""
FEW_CAPITALS = 3
BESIDE = 4
"""How many words before and after a name are read for what they are about."""
_WORD = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Hr|Fr|Sr|Sra|Sig|Mme|Prof|St)\.|[^\W_](?:[^\W_]|['’.&-](?=[^\W_]))*|&|[^\w\s]"
)
_TITLE_WORDS = """
mr. mrs. ms. dr. hr. fr. sr. sra. sig. mme. prof. mr mrs ms dr miss herr herrn frau mme monsieur madame señor
señora signor signora dott meneer mevrouw dhr mw senhor senhora dona
"""
_TITLES = frozenset(_TITLE_WORDS.split())
_APOSTROPHE = re.compile(r"['’](?:s|ll|ve|re|d|m|t)$", re.I)
_ENDS = frozenset(".!?:;…\n")
_LINK_WORDS = "& de del della di do da dos das du of van von la y e d"
_LINKS = frozenset(_LINK_WORDS.split())
_BUSINESS_WORDS = """
it software systems system systemhaus group groep grupo gruppo groupe gruppe partners partner bros sons
söhne co cloud labs lab data dati dados digital digitale telecom télécom logistics logistik energy gmbh ag
kg ltd inc llc plc bv nv spa srl sa sarl lda technik techniek tech technologies soft apps health media
services service studio studios consulting solutions networks security hosting analytics dynamics
"""
_BUSINESS = frozenset(_BUSINESS_WORDS.split())


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written, and the places of its first word and of the word behind its last."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a reply, folded as well, which of them are common words, and what each is about."""

    words: tuple[str, ...]
    folded: tuple[str, ...]
    common: tuple[bool, ...]
    concepts: tuple[frozenset[str], ...]
    language: str


def vendor_in(
    text: str, language: str | None, category: Category, own: frozenset[str] = frozenset()
) -> str | None:
    """Return the vendor that a reply of this category says they chose, as written; None for none.

    own: words, folded, that name the writer's company or ours.
    """
    asked = model()
    reading = read(text, language, asked.common)
    introduced = competitor_in(text)
    likeliest = max(
        (
            (asked.vendor_score(traits(reading, name, introduced, category)), -name.start, name.text)
            for name in islice(names(reading), MOST_NAMES)
            if not own & set(fold(name.text).split())
        ),
        default=None,
    )
    return likeliest[2] if likeliest and likeliest[0] >= asked.vendor_from else None


def read(text: str, language: str | None, common: Container[str]) -> Reading:
    """Split a reply into words; common: those, folded, that people use without naming anybody."""
    words = tuple(_WORD.findall(text[:LONGEST_TEXT].replace("\n", " \u2026 "))[:MOST_WORDS])
    folded = tuple(fold(word) for word in words)
    meant = lexicon(language or "en").concepts(list(folded)) if words else []
    usual = tuple(_APOSTROPHE.sub("", word) in common for word in folded)
    return Reading(words, folded, usual, tuple(map(frozenset, meant)), language or "en")


def names(reading: Reading) -> Iterator[Name]:
    """Every run of words that may be a name, longer and shorter ones."""
    capitals = [_is_capitalized(word) for word in reading.words]
    sparing = sum(capitals) <= FEW_CAPITALS
    starts = [
        capital or (sparing and not usual and len(word) >= LEAST_LETTERS and word[0].isalpha())
        for capital, usual, word in zip(capitals, reading.common, reading.folded, strict=True)
    ]
    for start, begins in enumerate(starts):
        if not begins or any(
            word.lower() in _TITLES for word in reading.words[max(0, start - 1) : start + 1]
        ):
            continue
        for end in range(start + 1, min(start + 2 * LONGEST_NAME, len(starts) + 1)):
            if starts[end - 1]:
                yield _name(reading, start, end)
            elif reading.words[end - 1].lower() not in _LINKS:
                break


def _is_capitalized(word: str) -> bool:
    return word[0].isupper() or (word[0].islower() and any(map(str.isupper, word)))


def _name(reading: Reading, start: int, end: int) -> Name:
    written = " ".join(reading.words[start:end])
    return Name(_APOSTROPHE.sub("", written), start, end)


def traits(reading: Reading, name: Name, introduced: str | None, category: Category) -> list[str]:
    """What is told about a name: its form, its neighbors, what they are about, what a phrase introduces."""
    words, folded = reading.words, reading.folded
    before = [*reversed(folded[max(0, name.start - 2) : name.start]), "^", "^"][:2]
    after = [*folded[name.end : name.end + 2], "$", "$"][:2]
    inside = [_APOSTROPHE.sub("", word) for word in folded[name.start : name.end]]
    usual = reading.common[name.start : name.end]
    opens = name.start == 0 or words[name.start - 1] in _ENDS
    found = [
        f"category {category}",
        f"length {len(inside)}",
        f"1 before {before[0]}",
        f"2 before {before[1]}",
        f"before {before[1]} {before[0]}",
        f"1 after {after[0]}",
        f"2 after {after[1]}",
        f"after {after[0]} {after[1]}",
        f"ending {reading.language} {inside[-1][-3:]}",
        f"introduced {_overlap(name.text, introduced)}",
    ]
    marks = {
        "opens": opens,
        "owner": bool(_APOSTROPHE.search(words[name.end - 1])),
        "lower": not _is_capitalized(words[name.start]),
        "loud": words[name.end - 1].isupper(),
        "inner capital": any(map(str.isupper, words[name.start][1:])) and not words[name.start].isupper(),
        "business": inside[-1] in _BUSINESS,
        "linked": any(word in _LINKS for word in inside),
        "more before": name.start > 0 and _is_capitalized(words[name.start - 1]),
        "more after": name.end < len(words) and _is_capitalized(words[name.end]),
        "strange": not any(usual),
        "common": all(usual),
        "begins common": usual[0],
        "ends common": usual[-1],
        "opens strange": opens and not usual[0],
        "opens common": opens and usual[0],
        "no vendor": is_no_vendor(inside[0]),
        "has a meaning": bool(reading.concepts[name.start]),
        "again": folded.count(folded[name.start]) > 1,
        "address": "@" in words,
    }
    found += [mark for mark, true in marks.items() if true]
    found += [f"{category} {mark}" for mark in ("strange", "opens strange") if marks[mark]]
    found += [f"opens {mark}" for mark in (f"1 after {after[0]}",) if opens]
    found += [f"about before {one}" for one in _about(reading, name.start - BESIDE, name.start)]
    found += [f"about after {one}" for one in _about(reading, name.end, name.end + BESIDE)]
    found += [f"word {word}" for word in inside]
    return found


def _overlap(name: str, introduced: str | None) -> str:
    if introduced is None:
        return "none"
    return "same" if name == introduced else "part" if name in introduced or introduced in name else "other"


def _about(reading: Reading, start: int, end: int) -> list[str]:
    near = reading.concepts[max(0, start) : max(0, end)]
    return sorted(frozenset().union(*near))

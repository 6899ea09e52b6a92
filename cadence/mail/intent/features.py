"""Decide what the trained model is told about a reply: words, their concepts, what the rules heard."""

import re
from collections import Counter
from dataclasses import dataclass, field

from cadence.mail.intent.concepts import lexicon
from cadence.mail.intent.hearing import Heard

BLOCKS = ("words", "pairs", "triples", "letters", "concepts", "together", "place", "rules", "form")
"""The kinds of features; each is weighed and normalized by itself."""
LONGEST_LETTERS = 3_000
MOST_TOKENS = 1_500
NEGATED = 4
"""How many words behind a "not" it still reaches."""
NEAR = 3
MOST_CONCEPTS = 13
"""A sentence of more concepts pairs too many of them to say anything."""
_TOKEN = re.compile(r"[^\W\d_](?:[^\W_]|['&-](?=\w))*|\d[\d.,:/]*|[?!$£€%]|[^\w\s.,;:()\"'-]")
_ENDING = re.compile(r"(?:ingly|edly|ing|ies|ied|ed|es|ly|s)$")
_FULL_NAME = re.compile(r"(?<![.!?\n] )(?<!^)\b[A-Z][a-z]+ [A-Z][a-z]+")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}")
_NUMBER = re.compile(r"\d{3,}.?\d{3,}")


@dataclass(slots=True)
class Features:
    """What is counted, by block; shown: the words behind a feature that does not speak for itself."""

    blocks: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in BLOCKS})
    shown: dict[str, str] = field(default_factory=dict)


def features_of(text: str, heard: Heard) -> Features:
    """Count the features of a reply; text: the new words as written, heard: what the rules made of them."""
    found = Features()
    left = MOST_TOKENS
    last = len(heard.sentences) - 1
    for number, sentence in enumerate(heard.sentences):
        tokens = _TOKEN.findall(sentence)[:left]
        left -= len(tokens)
        if tokens:
            _words(tokens, found)
            _concepts(tokens, heard.language, found, first=number == 0, last=number == last)
    _letters(" ".join(heard.sentences)[:LONGEST_LETTERS], found.blocks["letters"])
    _rules(heard, found)
    _form(text, heard, found.blocks["form"])
    return found


def _words(tokens: list[str], found: Features) -> None:
    stems = [_stem(token) for token in tokens]
    found.blocks["words"].update(stems)
    edged = ["^", *stems, "$"]
    for start in range(len(edged) - 1):
        found.blocks["pairs"][f"{edged[start]} {edged[start + 1]}"] += 1
    for first, second, third in zip(edged, edged[1:], edged[2:], strict=False):
        found.blocks["triples"][f"{first} {second} {third}"] += 1
        found.blocks["triples"][f"{first} … {third}"] += 1
    for token, stem in zip(tokens, stems, strict=True):
        found.shown.setdefault(stem, token)


def _stem(token: str) -> str:
    """Cut an English ending off; what is left need be no word, only the same for "signed" and "signs"."""
    if len(token) <= 4:
        return token
    cut = _ENDING.sub("", token)
    return cut if len(cut) >= 3 else token


def _concepts(tokens: list[str], language: str, found: Features, *, first: bool, last: bool) -> None:
    meant = lexicon(language).concepts(tokens)
    negated = -NEGATED - 1
    for place, concepts in enumerate(meant):
        if "negation" in concepts:
            negated = place
        for concept in concepts:
            found.blocks["concepts"][concept] += 1
            found.shown.setdefault(concept, " ".join(tokens[place : place + 2]))
            if 0 < place - negated <= NEGATED:
                found.blocks["concepts"][f"not {concept}"] += 1
                found.shown.setdefault(f"not {concept}", " ".join(tokens[negated : place + 1]))
            if first:
                found.blocks["place"][f"first {concept}"] += 1
            if last:
                found.blocks["place"][f"last {concept}"] += 1
    _together([concepts for concepts in meant if concepts], found.blocks["together"])


def _together(meant: list[list[str]], counts: Counter[str]) -> None:
    """Concepts one soon after the other, and those that share a sentence."""
    for start, concepts in enumerate(meant):
        for after in meant[start + 1 : start + 1 + NEAR]:
            counts.update(f"{one}>{other}" for one in concepts for other in after if one != other)
    everything = sorted({concept for concepts in meant for concept in concepts})
    if len(everything) <= MOST_CONCEPTS:
        for place, one in enumerate(everything):
            counts.update(f"{one}+{other}" for other in everything[place + 1 :])


def _letters(text: str, counts: Counter[str]) -> None:
    for word in text.split():
        edged = f" {word[:40]} "
        for length in (3, 4, 5):
            counts.update(edged[start : start + length] for start in range(len(edged) - length + 1))


def _rules(heard: Heard, found: Features) -> None:
    counts = found.blocks["rules"]
    for rule, words in heard.fired:
        counts[rule.name] = 1
        counts[f"some {rule.category}"] += 1
        found.shown.setdefault(rule.name, words)
    judged = heard.judgement
    counts[f"judged {judged.category}"] = 1
    counts[f"judged {judged.category} {int(judged.confidence * 5)}"] = 1
    counts.update(f"reason {reason}" for reason in judged.loss_reasons)


def _form(text: str, heard: Heard, counts: Counter[str]) -> None:
    sentences, head = heard.sentences, text[:LONGEST_LETTERS]
    marks = {
        f"words {min(9, int(heard.words**0.5))}": True,
        f"sentences {min(len(sentences), 6)}": True,
        f"questions {min(head.count('?'), 3)}": True,
        f"calls {min(head.count('!'), 2)}": True,
        f"language {heard.language}": True,
        "asks last": bool(sentences) and sentences[-1].endswith("?"),
        "loud": head.isupper(),
        "address": "@" in head,
        "long number": bool(_NUMBER.search(head)),
        "full name": bool(_FULL_NAME.search(head)),
        "name": bool(_NAME.search(head)),
    }
    counts.update(name for name, true in marks.items() if true)

"""Decide what each word of a text can mean in a phrase that names days, in its language."""

# ruff: noqa: E501 - phrases read best whole, one beside the other

import re
from dataclasses import dataclass
from datetime import date

from cadence.core.date_words import LEXICONS, UNITS, Lexicon

LONGEST_TEXT = 20_000
_TOKEN = re.compile(
    r"(?P<iso>\d{4}(?P<between>[-/])\d{1,2}(?P=between)\d{1,2}(?!\d))"
    r"|(?P<time>\d{1,2}(?::\d{2}(?::\d{2})?|h\d{2})(?:\s?(?:uhr|am|pm|h)\b)?|\d{1,2}(?:\s?[ap]\.?m\b|\suhr\b|\sheures\b|h\b))"
    r"|(?P<money>[$€£]\s?\d[\d.,]{0,14}k?|\d[\d.,]{0,14}\s?(?:[$€£%]|eur\b|usd\b|percent\b|prozent\b|k\b))"
    r"|(?P<numeric>\d{1,2}(?P<dot>[./])\d{1,2}(?:(?P=dot)(?:\d{4}|\d{2})?)?(?![\d/])|\d{1,2}-\d{1,2}-\d{4}(?!\d))"
    r"|(?P<short>(?:q|h|t|s|k|kw|cw|wk|kalenderwoche|calendar week)\.?\s?\d{1,2}(?![\w])|[1-4]q(?=\d{2}\b|\W|$))"
    r"|(?P<num>\d{1,9})(?P<suffix>st\b|nd\b|rd\b|th\b|er\b|ère\b|e\b|ème\b|ste\b|de\b|te[nr]?\b|[ºª°]|(?<!\d{3})\.(?=\s?(?:[-–/]|[^\W\d])))?"
    r"|(?P<word>(?:t/m|w/c)\b|[^\W\d_]+(?:-(?!feb|ma|ap|ju|au|se|oc|ok|no|de|ja|fé|fe(?!ira)|av|ag|en|gi|lu|ao|ou)[^\W\d_]+)*'?)"
    r"|(?P<stop>[.!?;:\n]+)|(?P<mark>[^\s\w])",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark of the text: its kind is a group of _TOKEN."""

    kind: str
    text: str
    start: int
    suffix: str = ""
    capital: bool = False


class Phrases:
    """The tokens of one text with the meanings their words can have in its language."""

    def __init__(self, text: str, sent: date, language: str, *, day_first: bool = True) -> None:
        self.sent = sent
        self.day_first = day_first
        self.language = language
        self.lexicon: Lexicon = LEXICONS.get(language, LEXICONS["en"])
        self.tokens = tokenize(text, self.lexicon, dotted_ordinals=language == "de")
        self._meanings: dict[int, dict[str, tuple[int, int]]] = {}

    def meaning(self, at: int, kind: str) -> tuple[int, int] | None:
        """Return (number of tokens, value) of the longest phrase of that kind at a token."""
        if not 0 <= at < len(self.tokens):
            return None
        if at not in self._meanings:
            self._meanings[at] = self._look_up(at)
        return self._meanings[at].get(kind)

    def means_anything(self, at: int) -> bool:
        """Whether any phrase begins at a token."""
        if at not in self._meanings:
            self._meanings[at] = self._look_up(at)
        return bool(self._meanings[at])

    def _look_up(self, at: int) -> dict[str, tuple[int, int]]:
        found: dict[str, tuple[int, int]] = {}
        words: list[str] = []
        for token in self.tokens[at : at + self.lexicon.longest]:
            words.append(token.text + ("" if token.kind != "num" else token.suffix))
            for kind, value in self.lexicon.meanings.get(tuple(words), {}).items():
                found[kind] = (len(words), value)
        if not found and (month := self.lexicon.misspelt_month(self.tokens[at].text)):
            found["month"] = (1, month)
        return found

    def skip(self, at: int, most: int = 3) -> int:
        """Return the next token that is no article or connecting word."""
        for _ in range(most):
            connecting = self.meaning(at, "of")
            if not connecting:
                break
            at += connecting[0]
        return at

    def token(self, at: int) -> Token | None:
        """The token there, or None beyond either end."""
        return self.tokens[at] if 0 <= at < len(self.tokens) else None

    def year(self, at: int) -> tuple[int, int] | None:
        """Return (tokens, year) of "2027", "of next year" or "'27" there."""
        skipped = self.skip(at, 2)
        token = self.token(skipped)
        if token and token.kind == "num" and token.text.isdigit() and 1990 < int(token.text) < 2100:
            return skipped + 1 - at, int(token.text)
        short = self.token(skipped + 1)
        if token and short and token.text == "'" and short.kind == "num" and len(short.text) == 2:
            return skipped + 2 - at, 2000 + int(short.text)
        for after in (skipped, at):
            for kind, years in (("next", 1), ("this", 0)):
                length = self._unit_with(after, kind, "year")
                if length:
                    return after + length - at, self.sent.year + years
        return None

    def _unit_with(self, at: int, kind: str, unit: str) -> int:
        """Return how many tokens "next year" or "année prochaine" takes there, 0 where it is not said."""
        for first, second in ((kind, "unit"), ("unit", kind)):
            one = self.meaning(at, first)
            two = self.meaning(at + one[0], second) if one else None
            if one and two:
                value = one[1] if first == "unit" else two[1]
                if UNITS[value] == unit:
                    return one[0] + two[0]
        return 0


def tokenize(text: str, lexicon: Lexicon, *, dotted_ordinals: bool = False) -> list[Token]:
    """Cut a text into tokens, in lower case; words joined by a hyphen stay whole where the language has them so.

    dotted_ordinals: whether the point behind a number makes it an ordinal ("14. März") rather than ends a sentence.
    """
    tokens: list[Token] = []
    for found in _TOKEN.finditer(text[:LONGEST_TEXT].replace("’", "'").replace("'s ", " s ")):
        kind = next(
            name
            for name in ("iso", "time", "money", "numeric", "short", "num", "word", "stop", "mark")
            if found[name]
        )
        value = found["num"] or found[0]
        if compound := lexicon.compounds.get(value.lower()):
            tokens.extend(Token("word", part, found.start()) for part in compound)
            continue
        if kind == "word" and "-" in value and (value.lower(),) not in lexicon.meanings:
            tokens.extend(
                Token("word", part.lower(), found.start(), "", part[:1].isupper())
                for part in value.split("-")
            )
            continue
        suffix = (found["suffix"] or "").lower()
        ends = suffix == "." and not dotted_ordinals
        tokens.append(Token(kind, value.lower(), found.start(), "" if ends else suffix, value[:1].isupper()))
        if ends:
            tokens.append(Token("stop", ".", found.end() - 1))
    return tokens

"""Decide which words of a mail are new: not quoted, not a signature, not a footer (top, bottom or inline)."""

import re
from collections.abc import Callable
from enum import Enum, auto
from itertools import takewhile

from cadence.mail import signatures
from cadence.mail.inline_answers import answers_inside
from cadence.mail.quote_marks import (
    SEPARATOR_LINE,
    attribution,
    header_block,
    is_original_mark,
    is_reply_above,
    words_before_attribution,
)
from cadence.mail.sign_off import trimmed, without_signature

MOST_LINES = 4_000
LONGEST_TEXT = 200_000
MOST_BANNER_LINES = 12
WRAPPED = 60
"""A line from this length on may be continued on the next."""
_QUOTED = re.compile(r"\s{0,3}(?:>|\|(?:\s|$)|[A-Za-z]{1,3}>(?:\s|$))")
_CUT = "\0"
"""Stands in the kept lines where quoted ones were cut out; no text holds it, it is removed first."""
_BLANK = " \t\0"
_FENCE = re.compile(r"\s{0,3}```")
_INVISIBLE = dict.fromkeys([0, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD])
_CLEAN = re.compile("[\xa0\u2007\u202f]")


class _Quote(Enum):
    """How a quote ends: where its marks do, or with the mail; BARE where only a sentence introduces it."""

    MARKED = auto()
    WHOLE = auto()
    BARE = auto()


def new_words(text: str, author: str = "", rich: str | None = None) -> str:
    """Return the words that the sender of this mail wrote, in order, or "" where there are none.

    author: the name the mail's sender shows; a block that it opens at the end is the signature.
    rich: the mail's HTML, whose colors tell answers between the lines of a quote without marks.
    """
    lines = [_CLEAN.sub(" ", line.translate(_INVISIBLE)).rstrip() for line in _cut(text)]
    kept = _without_quotes(lines, author, rich)
    lines = without_signature(_without_footers(kept), author)
    return "\n".join(lines).strip("\n").strip()


def _cut(text: str) -> list[str]:
    text = text[:LONGEST_TEXT].replace("\r", "")
    return text.split("\n", MOST_LINES)[:MOST_LINES]


def _without_quotes(lines: list[str], author: str, rich: str | None) -> list[str]:
    """Walk the lines; a quote without marks runs to the end, a marked one ends where its marks do."""
    kept: list[str] = []
    number, after_quote = 0, False
    while number < len(lines):
        line = lines[number]
        if _FENCE.match(line) and not after_quote:
            end = _fence_end(lines, number)
            kept.extend(lines[number:end])
            number = end
            continue
        if is_reply_above(line):
            if _says_something(kept):
                return kept
            number += 1  # a ticket system puts it first, above what the person wrote
            continue
        if _is_quoted(line, after_quote) or (after_quote and _goes_on(lines, number)):
            number, after_quote = number + 1, True
            kept.append(_CUT)
            continue
        if shared := words_before_attribution(lines, number):
            kept.append(shared)
            number, after_quote = number + 1, True
            continue
        opened = _opening(lines, number)
        if opened:
            number, opening = opened
            answers = []
            if opening is not _Quote.MARKED:
                answers = answers_inside(lines[number:], _words_of(kept), author, rich)
            if answers or opening is _Quote.WHOLE or (opening is _Quote.BARE and _says_something(kept)):
                return [*_drop_separator(kept), *answers]
            after_quote = True
            kept = _drop_separator(kept)
            continue
        kept.append(line)
        number += 1
    return kept


def _says_something(kept: list[str]) -> bool:
    return any(line.strip(_BLANK) for line in kept)


def _words_of(kept: list[str]) -> str:
    return "\n".join(line for line in kept if line != _CUT and not signatures.is_banner(line))


def _fence_end(lines: list[str], start: int) -> int:
    for number in range(start + 1, min(start + 300, len(lines))):
        if _FENCE.match(lines[number]):
            return number + 1
    return start + 1


def _is_quoted(line: str, after_quote: bool) -> bool:
    if line.lstrip()[:1] == "|":
        return after_quote
    return bool(_QUOTED.match(line))


def _goes_on(lines: list[str], number: int) -> bool:
    """A client that wraps long quoted lines leaves their ends without a mark, right between marked ones."""
    if number == 0 or number + 1 >= len(lines) or not lines[number].strip():
        return False
    above, below = lines[number - 1], lines[number + 1]
    full = len(above) >= WRAPPED and not above.endswith((".", "?", "!", ":"))
    link = above.count("(") > above.count(")") and ")" in lines[number]
    return (full or link) and bool(_QUOTED.match(above)) and bool(_QUOTED.match(below))


def _opening(lines: list[str], number: int) -> tuple[int, _Quote] | None:
    """Say where a quote that opens here has its first line, and how it ends."""
    if is_original_mark(lines[number]):
        start = number + 1
        while start < len(lines) and not lines[start].strip():
            start += 1
        below = header_block(lines, start) or attribution(lines, start) if start < len(lines) else 0
        return start + below, _Quote.MARKED if _marked_below(lines, start + below) else _Quote.WHOLE
    if count := header_block(lines, number):
        return number + count, _Quote.MARKED if _marked_below(lines, number + count) else _Quote.WHOLE
    if count := attribution(lines, number):
        return number + count, _Quote.MARKED if _marked_below(lines, number + count) else _Quote.BARE
    return None


def _marked_below(lines: list[str], start: int) -> bool:
    following = (line for line in lines[start : start + 12] if line.strip())
    first = next(following, "")
    return bool(_QUOTED.match(first))


def _drop_separator(kept: list[str]) -> list[str]:
    while kept and (not kept[-1].strip(_BLANK) or SEPARATOR_LINE.match(kept[-1])):
        kept.pop()
    return kept


def _without_footers(lines: list[str]) -> list[str]:
    kept: list[str] = []
    skipping, in_banner = False, False
    for number, text in enumerate(lines):
        line = text
        if in_banner or (len(kept) < MOST_BANNER_LINES and _is(signatures.is_banner, lines, number)):
            in_banner = _is_wrapped(line)
            continue
        if _opens_signature(lines, number) and _says_something(kept):
            skipping = True
            continue
        if line == _CUT:
            # A signature ends at the quote below it; what follows that quote is the answer again.
            skipping = False
            line = ""
        skipping = skipping or (_says_something(kept) and _is(signatures.is_legal, lines, number))
        if not skipping and not signatures.is_mobile(line):
            kept.append(line)
    return _squeeze(trimmed(kept))


def _is(kind: Callable[[str], bool], lines: list[str], number: int) -> bool:
    """Ask of a line, and where it may be wrapped, of it and the next together."""
    line = lines[number]
    joined = len(line) >= WRAPPED / 2 and not line.endswith(".") and number + 1 < len(lines)
    return kind(line) or (joined and bool(lines[number + 1]) and kind(f"{line} {lines[number + 1]}"))


def _is_wrapped(line: str) -> bool:
    return len(line) >= WRAPPED and line[-1] not in ".!?]*-_"


def _opens_signature(lines: list[str], number: int) -> bool:
    """A signature's delimiter, or a drawn line with a few lines below it, none of them set apart."""
    if number + 1 >= len(lines):
        return False
    if signatures.is_delimiter(lines[number]):
        return True
    if not (lines[number].startswith(("____", "----")) and SEPARATOR_LINE.match(lines[number])):
        return False
    below = list(takewhile(lambda line: line != _CUT, lines[number + 1 : number + 9]))
    return len(below) < 8 and all(line.strip() for line in trimmed(below))


def _squeeze(lines: list[str]) -> list[str]:
    result: list[str] = []
    for line in lines:
        if line.strip() or (result and result[-1].strip()):
            result.append(line)
    return result

"""Finds the number under which somebody can be called: the one below their words, where signatures stand."""

import re
from itertools import islice, takewhile

LINES = 25
LINES_OF_WORDS = 8
"""So many of the last words are looked through as well: not every signature is known as one."""
_NUMBER = re.compile(r"(?<![\w/.,-])(\+|00|\(?0)[\d ().\u00a0/-]{6,24}\d(?![\w/-])")
_NORTH_AMERICAN = re.compile(r"(?<![\w/.,+-])\(?([2-9]\d{2})\)?[ .-]([2-9]\d{2})[ .-](\d{4})(?![\w/-])")
_FAX = re.compile(r"\b(?:tele)?fax\b|^\s*f\s?[.:]", re.IGNORECASE)
_QUOTE = re.compile(
    r"\s{0,3}>|-{2,}\s?\w.{0,40}-{2,}\s*$|_{10,}|(?:on|am|le|el|op|il|em)\b.{5,120}:\s*$", re.IGNORECASE
)


def phone_below(text: str, words: str) -> str | None:
    """The first number in the last new words of a mail, or below them: digits, a leading plus where there
    was one; else None. Quoted mails, which hold our own number, end the search.
    """
    last = next((line.strip() for line in reversed(words.splitlines()) if line.strip()), "")
    lines = text.splitlines()
    begins = next((n + 1 for n, line in enumerate(lines) if last and last in line), 0)
    below = takewhile(lambda line: not _QUOTE.match(line), lines[max(begins - LINES_OF_WORDS, 0) :])
    for line in islice(below, LINES):
        short = line[:200]
        if _FAX.search(short):
            continue
        found = _NUMBER.search(short) or _NORTH_AMERICAN.search(short)
        digits = re.sub(r"\(0\)|\D", "", found[0]) if found else ""
        if found and 8 <= len(digits) <= 15:
            return f"+{digits}" if found[0].startswith("+") else digits
    return None

"""Decide which quarter, half or numbered week a phrase names: "Q2 2027", "quarter four", "KW 34"."""

import re
from datetime import date

from cadence.core.date_spans import DAY, Span, add_months
from cadence.core.date_tokens import Phrases
from cadence.core.date_words import UNITS

_LAST_WORDS = """
last final letzten letztes letzte letzter laatste ultimo ultima último última dernier dernière
"""
LAST = frozenset(_LAST_WORDS.split())


def part_of_year(p: Phrases, at: int) -> Span | None:
    """Read "Q2 2027", "second half of next year", "T3", "ersten Quartal"."""
    token = p.tokens[at]
    months, number, length = 0, 0, 1
    if token.kind == "short" and token.text[0].isdigit():
        months, number = 3, int(token.text[0])
    elif token.kind == "short":
        letter, number = token.text[0], int(re.findall(r"\d+", token.text)[0])
        if token.text.startswith(("kw", "cw", "wk", "kal", "cal")):
            return iso_week(p, at, at + 1, number)
        months = {
            "q": 3,
            "k": 3,
            "h": 6,
            "t": 3 if p.language in ("fr", "es", "it", "pt") else 0,
            "s": 6 if p.language in ("fr", "es") else 0,
        }.get(letter, 0)
    elif ordinal := p.meaning(at, "ordinal"):
        unit = p.meaning(at + ordinal[0], "unit")
        if unit and UNITS[unit[1]] in ("quarter", "half"):
            number, length = ordinal[1], ordinal[0] + unit[0]
            months = 3 if UNITS[unit[1]] == "quarter" else 6
    elif numbered := _numbered_part(p, at):
        number, length, months = numbered
    elif token.text in LAST and (last := _last_of_year(p, at + 1)):
        length, months = last
        number = 12 // months
    if not months or not 1 <= number <= 12 // months:
        return None
    return _of_year(p, at, at + length, months, number)


def _numbered_part(p: Phrases, at: int) -> tuple[int, int, int] | None:
    """Return (number, tokens, months) of "quarter four", "Quartal 2"."""
    unit = p.meaning(at, "unit")
    if not unit or UNITS[unit[1]] not in ("quarter", "half"):
        return None
    token, spelled = p.token(at + unit[0]), p.meaning(at + unit[0], "number")
    number = (
        int(token.text)
        if token and token.kind == "num" and not token.suffix
        else spelled[1]
        if spelled
        else 0
    )
    return (number, unit[0] + 1, 3 if UNITS[unit[1]] == "quarter" else 6) if 1 <= number <= 4 else None


def _last_of_year(p: Phrases, at: int) -> tuple[int, int] | None:
    """Return (tokens, months) of "quarter of the year" behind "last"; by itself the last quarter is past."""
    unit = p.meaning(at, "unit")
    if not unit or UNITS[unit[1]] not in ("quarter", "half"):
        return None
    after = at + unit[0]
    whole = [found for ahead in range(3) if (found := p.meaning(after + ahead, "unit"))]
    if not p.year(after) and not any(UNITS[found[1]] == "year" for found in whole):
        return None
    return 1 + unit[0], 3 if UNITS[unit[1]] == "quarter" else 6


def _of_year(p: Phrases, at: int, end: int, months: int, number: int) -> Span:
    year = p.year(end)
    month = (number - 1) * months + 1
    if year:
        first = date(year[1], month, 1)
    else:
        first = date(p.sent.year, month, 1)
        first = first if first > p.sent else date(p.sent.year + 1, month, 1)
    return Span(
        first,
        add_months(first, months) - DAY,
        at,
        end + (year[0] if year else 0),
        "period",
        dated=year is not None,
    )


def iso_week(p: Phrases, at: int, end: int, number: int) -> Span | None:
    """Return the ISO 8601 week of that number, this year's or the next one's."""
    if not 1 <= number <= 53:
        return None
    year = p.year(end)
    try:
        first = date.fromisocalendar(year[1] if year else p.sent.year, number, 1)
        if not year and first + 6 * DAY < p.sent:
            first = date.fromisocalendar(p.sent.year + 1, number, 1)
    except ValueError:
        return None
    return Span(first, first + 6 * DAY, at, end + (year[0] if year else 0), "period", dated=True)

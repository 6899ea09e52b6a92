"""Decide which months, quarters, halves, weeks and years a phrase names."""

import re
from datetime import date, timedelta

from cadence.core.date_spans import DAY, Span, add_months, period_after
from cadence.core.date_tokens import Phrases, Token
from cadence.core.date_words import UNITS

_AMBIGUOUS_WORDS = """
may march mar mag set sett ago do mo di mi fr so sat sun sex ter jan dec dom dez out nov mer sam gen
giu lug apr abr fri wed quarta quinta sexta segunda terça domingo second
"""
AMBIGUOUS = frozenset(_AMBIGUOUS_WORDS.split())
_LAST = frozenset({"last", "final", "letzten", "letztes", "letzte", "laatste", "ultimo", "último"})
_BEGINS = (
    "start",
    "begin",
    "fängt",
    "startet",
    "commence",
    "démarre",
    "empieza",
    "comienza",
    "inizia",
    "começa",
)


_PART_OF = frozenset({"of", "des", "de", "du", "del", "van", "do"})
"""Behind "start" and its like they tell of a part: "the start of next year"."""


def prepared(p: Phrases, at: int) -> bool:
    """Whether a word stands before the token that makes it a date ("until 14/3")."""
    for back in (1, 2, 3):
        if any(
            (found := p.meaning(at - back, kind)) and at - back + found[0] == at
            for kind in (
                "on",
                "until",
                "through",
                "after",
                "from",
                "to",
                "before",
                "early",
                "mid",
                "late",
                "end",
                "weekof",
                "in",
                "of",
                "ago",
                "next",
            )
        ):
            token = p.token(at - 1)
            return bool(token and token.kind != "stop" and token.text not in ",")
    return False


def month_at(p: Phrases, at: int) -> tuple[int, int] | None:
    """Return (tokens, month); words that are a month only sometimes need a sign of it."""
    found = p.meaning(at, "month")
    token = p.token(at)
    if not found or not token:
        return None
    length, month = found
    after = p.token(at + length)
    if after and after.text == "." and token.text in AMBIGUOUS | {"feb", "aug", "sep", "sept", "oct", "okt"}:
        length += 1
    if token.text in AMBIGUOUS:
        before = p.token(at - 1)
        near = (before and before.kind == "num") or (after and after.kind == "num")
        modal = (
            p.language == "en"
            and after
            and after.kind == "word"
            and token.text in ("may", "march")
            and not token.capital
        )
        told = near or p.year(at + length) or _stands_alone(before, token, after)
        if not told and (modal or not prepared(p, at)) and not _starts_with_modifier(p, at):
            return None
    return length, month


def _stands_alone(before: Token | None, token: Token, after: Token | None) -> bool:
    """Whether a capitalized word is a sentence of its own, or begins one as such ("May.", "May, please")."""
    opens = before is None or before.kind == "stop"
    return token.capital and opens and (after is None or after.kind == "stop" or after.text == ",")


def _next_month(sent: date, month: int) -> date:
    found = date(sent.year, month, 1)
    return found if found > sent else date(sent.year + 1, month, 1)


def _starts_with_modifier(p: Phrases, at: int) -> bool:
    for back in range(1, 5):
        for kind in ("early", "mid", "late", "end"):
            found = p.meaning(at - back, kind)
            if found and at - back + found[0] <= at and p.skip(at - back + found[0]) >= at:
                return True
    return False


def period(p: Phrases, at: int) -> Span | None:
    """Read a month, quarter, half or year, and "next week" and its kin."""
    if not p.token(at):
        return None
    month = month_at(p, at)
    if month:
        year = p.year(at + month[0])
        first = date(year[1], month[1], 1) if year else _next_month(p.sent, month[1])
        end = at + month[0] + (year[0] if year else 0)
        return Span(first, add_months(first, 1) - DAY, at, end, "month", dated=year is not None)
    return _part_of_year(p, at) or next_unit(p, at)


def _part_of_year(p: Phrases, at: int) -> Span | None:
    """Read "Q2 2027", "second half of next year", "T3", "ersten Quartal"."""
    token = p.tokens[at]
    months, number, length = 0, 0, 1
    if token.kind == "short":
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
    elif token.text in _LAST and (last := _last_of_year(p, at + 1)):
        length, months = last
        number = 12 // months
    if not months or not 1 <= number <= 12 // months:
        return None
    return _of_year(p, at, at + length, months, number)


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


def next_unit(p: Phrases, at: int) -> Span | None:
    """Read "next month", "la semaine prochaine", "this quarter", "the new year"."""
    for kind, count in (("afternext", 2), ("next", 1), ("this", 0)):
        for first, second in ((kind, "unit"), ("unit", kind)):
            one = p.meaning(at, first)
            two = p.meaning(at + one[0], second) if one else None
            if not one or not two:
                continue
            unit = UNITS[one[1] if first == "unit" else two[1]]
            period = period_after(p.sent, unit, count)
            end = at + one[0] + two[0]
            if period and not _is_said_to_begin(p, at, end):
                shape = "period" if count else "current"
                return _with_weekday(p, Span(*period, at, end, shape), unit)
    found = p.meaning(at, "newyear")
    if found:
        start = date(p.sent.year + 1, 1, 1)
        return Span(start, date(start.year, 12, 31), at, at + found[0], "period")
    return _year_end(p, at)


def _is_said_to_begin(p: Phrases, at: int, end: int) -> bool:
    """Whether its first day is told rather than meant ("the new financial year starts on 1 July")."""
    before = p.token(at - 1)
    if before and before.text in _PART_OF:
        return False
    near = (p.token(at - 2), before, p.token(end))
    return any(token.text.startswith(_BEGINS) for token in near if token)


def _year_end(p: Phrases, at: int) -> Span | None:
    """Read "Jahresende", but not "our year end is in March"."""
    found = p.meaning(at, "yearend")
    after = p.token(at + found[0]) if found else None
    if not found or (after and after.text in ("is", "was")):
        return None
    day = date(p.sent.year, 12, 31)
    return Span(day, day, at, at + found[0], "edge")


def _with_weekday(p: Phrases, span: Span, unit: str) -> Span:
    """Narrow "next week" to the day in "next week on Thursday"."""
    if unit == "week":
        at = p.skip(span.end, 2)
        named = p.meaning(at, "weekday")
        token = p.token(at)
        if named and token and (token.text not in AMBIGUOUS or p.language == "pt"):
            day = span.first + timedelta(days=named[1])
            return Span(day, day, span.start, at + named[0], "day", dated=True)
    return span


def year_number(p: Phrases, at: int) -> Span | None:
    """Read a year from this one on."""
    token = p.token(at)
    if (
        not token
        or token.kind != "num"
        or token.suffix
        or not p.sent.year <= int(token.text) <= p.sent.year + 15
    ):
        return None
    year = int(token.text)
    return Span(date(year, 1, 1), date(year, 12, 31), at, at + 1, "year", dated=True)


def year_alone(p: Phrases, at: int) -> Span | None:
    """Read a year to come where it stands by itself."""
    span = year_number(p, at)
    return span if span and span.first.year > p.sent.year else None


def named_day(p: Phrases, at: int) -> Span | None:
    """Read today, tomorrow and the day after tomorrow."""
    for kind, days in (("overmorrow", 2), ("tomorrow", 1), ("today", 0)):
        found = p.meaning(at, kind)
        if found:
            day = p.sent + timedelta(days=days)
            return Span(day, day, at, at + found[0], "current" if not days else "day", dated=True)
    return None

"""Decide which spans of days the phrases of a text name: "mid-March", "Q2", "in six months", "14.03.2027".

One pass over the words, looking at most a few words ahead, so its time is linear in the text.
"""

import re
from dataclasses import replace
from datetime import date, timedelta

from cadence.core.date_edges import edge
from cadence.core.date_holidays import holiday
from cadence.core.date_lengths import LEAST_YEAR, a_year_on, length_of_time
from cadence.core.date_offsets import offset
from cadence.core.date_ordinals import half_of_month, last_of_month, nth_week, nth_weekday, ordinal_day
from cadence.core.date_periods import (
    AMBIGUOUS,
    month_at,
    named_day,
    period,
    prepared,
    year_alone,
)
from cadence.core.date_quarters import iso_week
from cadence.core.date_spans import DAY, Span, add_months, safe_date
from cadence.core.date_tokens import Phrases
from cadence.core.date_weekdays import weekday
from cadence.core.date_words import UNITS

FIRST_YEAR, LAST_YEAR = 1990, 2100
NO_DATES = frozenset({"24/7"})
"""Round the clock."""
_FISCAL_WORDS = """
financial fiscal geschäftsjahr geschäftsjahres wirtschaftsjahr exercice ejercicio boekjaar esercizio exercício
"""
FISCAL = frozenset(_FISCAL_WORDS.split())
BETWEEN = 5
"""Tokens that may stand between a year and its month."""
_JOINTS = frozenset({"-", "–", "—", "to", "bis", "au", "al", "t/m", "tot", "a", "até"})
_BACK_ON = frozenset(
    {"returning", "return", "back", "zurück", "retour", "vuelvo", "terug", "rientro", "torno", "regresso"}
)
"""Words of a return that a numeric date may follow at once ("Back 3/16")."""


def spans(p: Phrases) -> tuple[Span, ...]:
    """Every phrase of a text that names days, in order, none overlapping."""
    found: list[Span] = []
    at = 0
    while at < len(p.tokens):
        span = _phrase(p, at, found[-1].first if found else p.sent)
        if span and FIRST_YEAR < span.first.year < LAST_YEAR:
            span = offset(p, span)
            while found and found[-1].end > span.start:
                found.pop()
            if found and (dated := _in_year(p, found[-1], span)):
                found[-1] = dated
            else:
                found.append(span)
            at = max(span.end, at + 1)
        else:
            at += 1
    return tuple(found)


def _in_year(p: Phrases, year: Span, span: Span) -> Span | None:
    """Return a month of the year that was named right before it ("next year, in March").

    Of a fiscal year it is the day on which that begins ("the new financial year, so 1 April").
    """
    whole = year.shape in ("period", "year") and (year.last - year.first).days >= LEAST_YEAR
    between = p.tokens[year.end : span.start]
    if not whole or span.dated or span.shape not in ("month", "edge", "day", "period"):
        return None
    if len(between) > BETWEEN or any(token.kind == "stop" for token in between):
        return None
    fiscal = any(token.text in FISCAL for token in p.tokens[year.start : year.end])
    months = 0 if fiscal else 12 * (year.first.year - span.first.year)
    return replace(
        span,
        first=add_months(span.first, months),
        last=add_months(span.last, months),
        start=year.start,
        dated=True,
    )


def _phrase(p: Phrases, at: int, earlier: date) -> Span | None:
    token = p.tokens[at]
    if token.kind in ("stop", "money", "time"):
        return None
    if token.kind in ("iso", "numeric"):
        return _numeric(p, at)
    if token.kind in ("word", "mark") and not p.means_anything(at):
        return None
    for rule in _RULES:
        span = rule(p, at)
        if span:
            return span
    return ordinal_day(p, at, earlier)


def _numeric(p: Phrases, at: int) -> Span | None:
    token = p.tokens[at]
    if token.text in NO_DATES:
        return None
    numbers = [int(number) for number in re.findall(r"\d+", token.text)]
    if token.kind == "iso":
        found = safe_date(*numbers[:3])
        return Span(found, found, at, at + 1, "day", dated=True) if found else None
    first, second = numbers[:2]
    swapped = not p.day_first and "." not in token.text
    day, month = (second, first) if swapped else (first, second)
    if month > 12 >= day:
        day, month = month, day
    year = numbers[2] if len(numbers) > 2 else None
    if year is not None and year < 100:
        year += 2000
    if year is None and not token.text.endswith(".") and not prepared(p, at):
        before = p.token(at - 1)
        if (before is None or before.text not in _BACK_ON) and not _in_range(p, at):
            return None
    found = safe_date(year, month, day) if year else _next_day(p.sent, month, day)
    return Span(found, found, at, at + 1, "day", dated=year is not None) if found else None


def _in_range(p: Phrases, at: int) -> bool:
    """Whether a numeric date is one end of a range of two ("3/2 - 3/13")."""
    for joint, other in ((at + 1, at + 2), (at - 1, at - 2)):
        between, end = p.token(joint), p.token(other)
        if between and end and between.text in _JOINTS and end.kind == "numeric":
            return True
    return False


def _next_day(sent: date, month: int, day: int) -> date | None:
    """The next such day; one that is barely past stays past, for it was surely meant."""
    found = safe_date(sent.year, month, day)
    if found is None:
        return safe_date(sent.year + 1, month, day)
    if found <= sent and (sent - found).days > 100:
        return safe_date(sent.year + 1, month, day)
    return found


def _day(p: Phrases, at: int) -> Span | None:
    """Read "14 March 2027", "14. März", "March 14th, 2027"."""
    token = p.tokens[at]
    named = p.meaning(at, "weekday")
    if named and (named[0] > 1 or token.text not in AMBIGUOUS or _dated_behind(p, at + named[0])):
        inner_at = p.skip(at + named[0], 3)
        inner = p.token(inner_at)
        if inner and inner.kind in ("num", "word", "numeric", "iso") and inner_at <= at + 4:
            span = _numeric(p, inner_at) if inner.kind in ("numeric", "iso") else _day(p, inner_at)
            if span and span.shape == "day":
                first = _on_weekday(span, named[1])
                return Span(first, first, at, span.end, "day", span.dated)
    number = _day_number(p, at)
    if number:
        length, day = number
        dash = p.token(at + length)
        place = at + length + 1 if dash and dash.text == "-" else p.skip(at + length, 2)
        if month := month_at(p, place):
            return _dated(p, at, place + month[0], month[1], day)
    month = month_at(p, at)
    if month:
        token_after = p.token(at + month[0])
        if token_after and token_after.text == "the":
            month = (month[0] + 1, month[1])
        following = _day_number(p, at + month[0])
        if following and p.language == "en":
            return _dated(p, at, at + month[0] + following[0], month[1], following[1])
    return None


def _on_weekday(span: Span, weekday: int) -> date:
    """The day of the year in which it falls on that weekday: this one's, else the next one's."""
    later = add_months(span.first, 12)
    return later if not span.dated and span.first.weekday() != weekday == later.weekday() else span.first


def _dated_behind(p: Phrases, at: int) -> bool:
    token = p.token(p.skip(at, 2))
    return bool(token and token.kind in ("num", "numeric", "iso"))


def _day_number(p: Phrases, at: int) -> tuple[int, int] | None:
    token = p.token(at)
    if token and token.kind == "num" and 1 <= int(token.text) <= 31:
        return 1, int(token.text)
    ordinal = p.meaning(at, "ordinal")
    return ordinal if ordinal and (ordinal[1] == 1 or p.language == "en") else None


def _dated(p: Phrases, at: int, end: int, month: int, day: int) -> Span | None:
    year = p.year(end)
    found = safe_date(year[1], month, day) if year else _next_day(p.sent, month, day)
    if not found:
        return None
    return Span(found, found, at, end + (year[0] if year else 0), "day", dated=year is not None)


def _week_of(p: Phrases, at: int) -> Span | None:
    found = p.meaning(at, "weekof")
    if not found:
        unit = p.meaning(at, "unit")
        token = p.token(at + unit[0]) if unit else None
        if (
            unit
            and UNITS[unit[1]] == "week"
            and token
            and token.kind == "num"
            and int(token.text) <= 53
            and p.language != "en"
        ):
            return iso_week(p, at, at + unit[0] + 1, int(token.text))
        return None
    start = p.skip(at + found[0], 2)
    token = p.token(start)
    inner = (
        (_numeric(p, start) if token and token.kind in ("iso", "numeric") else None)
        or (_day(p, start) if token else None)
        or (ordinal_day(p, start, p.sent) if token else None)
    )
    if not inner:
        return None
    monday = inner.first - timedelta(days=inner.first.weekday())
    return Span(monday, monday + 6 * DAY, at, inner.end, "period", dated=inner.dated)


_RULES = (
    _week_of, holiday, a_year_on, edge, last_of_month, nth_weekday, nth_week, half_of_month, length_of_time,
    _day, period, weekday, named_day, year_alone,
)  # fmt: skip

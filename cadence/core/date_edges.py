"""Decide which day early, mid, late, the end and the rest of a month or a longer period begin on."""

from calendar import monthrange
from datetime import date

from cadence.core.date_periods import period, year_number
from cadence.core.date_spans import DAY, Span, add_months, period_after
from cadence.core.date_tokens import Phrases
from cadence.core.date_words import UNITS

_LONGEST = {"week": 7, "month": 31, "quarter": 93, "half": 190, "year": 400}
"""Days that each unit stays below."""


def edge(p: Phrases, at: int) -> Span | None:
    """Read early, mid, late and end of a month or a longer period."""
    for kind in ("early", "mid", "late", "end", "rest"):
        found = p.meaning(at, kind)
        if not found:
            continue
        start = p.skip(at + found[0], 3)
        if start == at + found[0]:
            dash = p.token(start)
            start += 1 if dash and dash.text == "-" else 0
        inner = period(p, start) or _this_year(p, start) or year_number(p, start)
        if inner:
            return _narrow(p, inner if _says_this(p, start) else _to_come(p, kind, inner), kind, at)
    return None


def _says_this(p: Phrases, at: int) -> bool:
    return p.meaning(at, "this") is not None


def _this_year(p: Phrases, at: int) -> Span | None:
    """Read the bare unit of "end of the month", "fin d'année"."""
    found = p.meaning(at, "unit")
    period = period_after(p.sent, UNITS[found[1]], 0) if found else None
    return Span(*period, at, at + found[0], "current") if found and period else None


def _to_come(p: Phrases, kind: str, inner: Span) -> Span:
    """The next such period where that part of this one is over: "the start of the year"."""
    part = _narrow(p, inner, kind, inner.start)
    if inner.shape != "current" or part.first > p.sent or kind == "rest":
        return inner
    days = (inner.last - inner.first).days
    unit = next(unit for unit, most in _LONGEST.items() if days < most)
    period = period_after(p.sent, unit, 1)
    return Span(*period, inner.start, inner.end, "current") if period else inner


def _narrow(p: Phrases, inner: Span, kind: str, at: int) -> Span:
    if kind == "rest":
        return Span(inner.last + DAY, inner.last + DAY, at, inner.end, "rest", dated=True)
    days = (inner.last - inner.first).days
    if inner.shape == "month" or 27 <= days <= 31:
        first = {
            "early": inner.first,
            "mid": inner.first + 14 * DAY,
            "late": inner.first + 24 * DAY,
            "end": inner.last,
        }[kind]
    else:
        middle = add_months(
            inner.first, {89: 1, 90: 1, 91: 1}.get(days, 6 if days > 200 else 3 if days > 100 else 0)
        )
        late = add_months(inner.first, 9) if days > 200 else inner.last - 5 * DAY
        first = {
            "early": inner.first,
            "mid": middle if days > 7 else inner.first + 2 * DAY,
            "late": late,
            "end": inner.last,
        }[kind]
        if kind == "end" and days == 6:
            first = inner.first + 4 * DAY
    if inner.shape == "month" and not inner.dated and kind in ("mid", "late", "end"):
        first = _not_yet_over(p, first, inner)
    last = first if kind == "end" else inner.last
    return Span(first, max(first, last), at, inner.end, "edge", dated=inner.dated)


def _not_yet_over(p: Phrases, first: date, inner: Span) -> date:
    """In November "end of November" is still this year's."""
    if inner.first.month != p.sent.month or inner.first.year != p.sent.year + 1:
        return first
    this_year = date(p.sent.year, first.month, min(first.day, monthrange(p.sent.year, first.month)[1]))
    return this_year if this_year > p.sent else first

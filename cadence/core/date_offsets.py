"""Decide which day stands so and so far from another: "two weeks after Easter", "the Monday after 12 May"."""

from datetime import date, timedelta

from cadence.core.date_lengths import number_before, shifted
from cadence.core.date_periods import AMBIGUOUS
from cadence.core.date_spans import DAY, Span, add_months
from cadence.core.date_tokens import Phrases
from cadence.core.date_words import UNITS

REACH = 7
"""How many tokens may stand between "two weeks after" and the day ("... after we open on 1 June")."""
_TIES = ("after", "before", "starting")
_LASTING = ("day", "edge", "number", "month")


def offset(p: Phrases, span: Span) -> Span:
    """Return the day that a span is only told to stand near to, or the span itself.

    "Two weeks starting 9 March" is a stretch, its first and last day.
    """
    if span.shape not in _LASTING:
        return span
    for tie_at in range(span.start - 1, max(-1, span.start - REACH - 1), -1):
        if p.tokens[tie_at].kind == "stop":
            return span
        for tie in _TIES:
            found = p.meaning(tie_at, tie)
            if found and tie_at + found[0] <= span.start and (told := _told(p, tie_at, tie, span)):
                return told
    return span


def _told(p: Phrases, tie_at: int, tie: str, span: Span) -> Span | None:
    """What stands before the tie: a length of time, a bare unit, or a weekday."""
    weekday = p.meaning(tie_at - 1, "weekday")
    if weekday and tie == "after" and p.tokens[tie_at - 1].text not in AMBIGUOUS:
        day = span.last + timedelta(days=(weekday[1] - span.last.weekday() - 1) % 7 + 1)
        return Span(day, day, tie_at - 1, span.end, "day", span.dated)
    unit = p.meaning(tie_at - 1, "unit")
    if not unit or unit[0] != 1:
        return None
    amount, start = number_before(p, tie_at - 1)
    if tie == "starting":
        end = shifted(span.first, UNITS[unit[1]], amount) if amount else None
        return Span(span.first, end - DAY, start, span.end, "stretch", span.dated) if end else None
    sign = 1 if tie == "after" else -1
    base = span.last if tie == "after" and span.shape != "month" else span.first
    found = shifted(base, UNITS[unit[1]], sign * amount) if amount else _next_to(base, UNITS[unit[1]], sign)
    return Span(found, found, start, span.end, "day", span.dated) if found else None


def _next_to(day: date, unit: str, sign: int) -> date | None:
    """The day, or the first day of the week or month, that is next to a day on either side."""
    if unit == "day":
        return day + sign * DAY
    if unit == "week":
        return day - timedelta(days=day.weekday() - 7 * sign)
    return add_months(day.replace(day=1), sign) if unit == "month" else None

"""Decide which day a length of time ends on: "in six months", "in a fortnight", "this time next year"."""

from datetime import date, timedelta

from cadence.core.date_periods import next_unit
from cadence.core.date_spans import Span, add_months, period_after
from cadence.core.date_tokens import Phrases
from cadence.core.date_words import UNITS

_AFTER_A_WAIT = frozenset(
    {",", "please", "pls", "or", "max", "bitte", "svp", "graag", "então", "dann", "then"}
)
_ABOUT_WORDS = """
about around roughly approximately maybe perhaps say some good another the next
etwa ca circa rund gut knapp ungefähr vielleicht weiteren den nächsten environ peut-être les prochains
unos unas quizá quizás los próximos ongeveer zo'n misschien komende cerca circa forse prossimi uns umas
talvez os de
"""
_ABOUT = frozenset(_ABOUT_WORDS.split())
"""What may stand before a number without changing it."""
LEAST_YEAR = 364
"""Days."""


def length_of_time(p: Phrases, at: int) -> Span | None:
    """Read "in six months", "two weeks from now", "in einem halben Jahr"; "in a few months" names nothing."""
    opened = p.meaning(at, "in")
    start = at + opened[0] if opened else at
    amount, end = _amount(p, start)
    half = p.meaning(end, "halfyear")
    if half and (opened or p.meaning(end + half[0], "hence") or _asks_for_time(p, at, end + half[0])):
        day = add_months(p.sent, 6 if amount in (0, 1) else 6 * amount)
        return Span(day, day, at, end + half[0], "in", dated=True)
    if fortnight := _fortnight(p, at, end if amount else start):
        return fortnight
    unit = p.meaning(end, "unit")
    if not amount or not unit:
        return None
    end += unit[0]
    hence = p.meaning(end, "hence")
    token = p.token(end)
    if token and token.text in ("s", "'"):
        end += 1
        hence = p.meaning(end, "hence")
    waits = not opened and not hence and _asks_for_time(p, at, end)
    if not opened and not hence and not waits:
        return None
    ago = p.meaning(end, "ago")
    if ago and not hence:
        return None
    end += hence[0] if hence else 0
    first = _shifted(p.sent, UNITS[unit[1]], amount)
    if first and [token.text for token in p.tokens[end : end + 3]] == ["and", "a", "half"]:
        first, end = add_months(first, 6 if UNITS[unit[1]] == "year" else 0), end + 3
    return Span(first, first, at, end, "wait" if waits else "in", dated=True) if first else None


def _fortnight(p: Phrases, at: int, place: int) -> Span | None:
    """Read "in a fortnight", "sous quinzaine", which is a day longer."""
    found = p.meaning(place, "fortnight")
    end = place + found[0] if found else place
    if not found or not (p.meaning(at, "in") or p.meaning(end, "hence") or _asks_for_time(p, at, end)):
        return None
    day = p.sent + timedelta(days=15 if p.language in ("fr", "es") else 14)
    return Span(day, day, at, end, "in", dated=True)


def a_year_on(p: Phrases, at: int) -> Span | None:
    """Read "this time next year"."""
    found = p.meaning(at, "sametime")
    unit = next_unit(p, p.skip(at + found[0], 1)) if found else None
    if not unit or (unit.last - unit.first).days < LEAST_YEAR:
        return None
    day = add_months(p.sent, 12)
    return Span(day, day, at, unit.end, "in", dated=True)


def _asks_for_time(p: Phrases, at: int, end: int) -> bool:
    """Whether a length of time is all that is said ("Three months, then."), or is asked for ("give me")."""
    before, after = p.token(at - 1), p.token(end)
    for back in (1, 2, 3):
        asked = p.meaning(at - back, "wait")
        if asked and back - asked[0] <= 1:
            return True
    return (before is None or before.kind == "stop") and (
        after is None or after.kind == "stop" or after.text in _AFTER_A_WAIT
    )


def _amount(p: Phrases, at: int) -> tuple[int, int]:
    """Return (number, next token) of "6", "six", "the next six", "about 6"; 0 where no number stands."""
    for _ in range(3):
        token = p.token(at)
        if token and token.text in _ABOUT:
            at += 1
    token = p.token(at)
    if token and token.kind == "num" and int(token.text) <= 1_000:
        dash = p.token(at + 1)
        return int(token.text), at + (2 if dash and dash.text == "-" else 1)
    number = p.meaning(at, "number")
    return (number[1], at + number[0]) if number else (0, at)


def _shifted(sent: date, unit: str, amount: int) -> date | None:
    if unit in ("day", "week"):
        return sent + timedelta(days=amount * (7 if unit == "week" else 1)) if amount < 2_000 else None
    if unit in ("quarter", "half"):
        period = period_after(sent, unit, amount)
        return period[0] if period else None
    return add_months(sent, amount * (12 if unit == "year" else 1)) if amount < 100 else None

"""Decide on which days the holidays fall that people name instead of a date: Easter, Ferragosto, Thanksgiving."""

# ruff: noqa: E501 - phrases read best whole, one beside the other

from datetime import date, timedelta

from dateutil.easter import easter

from cadence.core.date_periods import prepared
from cadence.core.date_spans import DAY, Span
from cadence.core.date_tokens import Phrases
from cadence.core.date_words import HOLIDAYS

_FIXED = {
    "new year": (1, 1), "epiphany": (1, 6), "labour": (5, 1), "assumption": (8, 15), "unity": (10, 3),
    "all saints": (11, 1), "all souls": (11, 2), "saint nicholas": (12, 5), "christmas": (12, 25),
    "new year's eve": (12, 31),
}  # fmt: skip
_FROM_EASTER = {"good friday": -2, "easter": 0, "ascension": 39, "pentecost": 49, "corpus christi": 60}
"""Days after Easter Sunday."""
_TWO_DAYS = {"easter": "en de fr nl it", "pentecost": "en de fr nl", "christmas": "de nl"}
"""Where the day after is a holiday, too, in what people call by that name."""
_MONDAY, _THURSDAY = 0, 3
_ALSO_NAMES = frozenset({"reyes"})
"""What is a person's name as well, unless something stands before it that makes it a day."""


def holiday(p: Phrases, at: int) -> Span | None:
    """Read the name of a holiday: this year's, or the next one's where that is over."""
    found = p.meaning(at, "holiday")
    if not found or (p.tokens[at].text in _ALSO_NAMES and not prepared(p, at)):
        return None
    length, number = found
    name = HOLIDAYS[number]
    year = p.year(at + length)
    first = _day_of(name, year[1]) if year else _next(name, p.sent)
    two = p.language in _TWO_DAYS.get(name, "").split()
    end = at + length + (year[0] if year else 0)
    return Span(first, first + DAY if two else first, at, end, "day", dated=year is not None)


def _next(name: str, sent: date) -> date:
    this_year = _day_of(name, sent.year)
    return this_year if this_year > sent else _day_of(name, sent.year + 1)


def _day_of(name: str, year: int) -> date:
    if name in _FIXED:
        return date(year, *_FIXED[name])
    if name in _FROM_EASTER:
        return easter(year) + timedelta(days=_FROM_EASTER[name])
    if name == "holy week":
        return easter(year)
    if name == "thanksgiving":
        return _nth(year, 11, _THURSDAY, 4)
    return _nth(year, 9, _MONDAY, 1)


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))

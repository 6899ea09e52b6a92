"""Decide which day a length of time ends on: "in six months", "in a fortnight", "this time next year"."""

from datetime import date, timedelta

from cadence.core.date_periods import next_unit
from cadence.core.date_spans import DAY, Span, add_months, period_after
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
_GOOD = frozenset(
    {"good", "guten", "gutes", "guter", "knappen", "knappes", "knapper", "bon", "bonne", "goed", "goede"}
)
"""What may stand behind it: "in einem guten Jahr"."""
_OR = frozenset({"-", "–", "to", "or", "bis", "oder", "à", "ou", "o", "a", "of", "tot"})
"""Of "two or three months" the first number counts."""
LEAST_YEAR = 364
LONGEST = 2_500
"""Days. Who says "not in ten years" names no date."""
_HALVES = {"month": 15, "week": 3}
"""Days in half a unit."""
_AND_A_HALF = [
    words.split()
    for words in (
        "and a half",
        "et demi",
        "et demie",
        "y medio",
        "y media",
        "e mezzo",
        "e mezza",
        "e meio",
        "e meia",
    )
]


def length_of_time(p: Phrases, at: int) -> Span | None:
    """Read "in six months", "two weeks from now", "in einem halben Jahr"; "in a few months" names nothing."""
    opened = p.meaning(at, "in")
    start = at + opened[0] if opened else at
    amount, end = _amount(p, start)
    half = p.meaning(end, "halfyear")
    if half and (opened or p.meaning(end + half[0], "hence") or _asks_for_time(p, at, end + half[0])):
        day = add_months(p.sent, 6 if amount in (0, 1) else 6 * amount)
        return Span(day, day, at, end + half[0], "in", dated=True)
    fortnight = _fortnight(p, at, end if amount else start)
    return fortnight or (_counted(p, at, amount, end) if amount else None)


def _counted(p: Phrases, at: int, amount: int, end: int) -> Span | None:
    """Read the unit behind a number, what stands behind it, and whether the length is meant to pass."""
    before, end = _and_a_half(p, end)
    unit = p.meaning(end, "unit")
    if not unit:
        return None
    kind = UNITS[unit[1]]
    behind, end = _and_a_half(p, end + unit[0])
    token = p.token(end)
    end += token is not None and token.text in ("s", "'")
    hence = p.meaning(end, "hence")
    shape = "in" if p.meaning(at, "in") or hence else _passing(p, at, end)
    if not shape or (p.meaning(end, "ago") and not hence):
        return None
    end += hence[0] if hence else 0
    first = shifted(p.sent, kind, amount)
    if first and (before or behind):
        first = add_months(first, 6) if kind == "year" else first + _HALVES.get(kind, 0) * DAY
    if not first or (first - p.sent).days > LONGEST:
        return None
    if kind == "week" and p.meaning(at, "in") and (named := _weekday_behind(p, end)):
        first, end = first + timedelta(days=named[1] - first.weekday()), end + named[0]
    return Span(first, first, at, end, shape, dated=True)


def _passing(p: Phrases, at: int, end: int) -> str:
    """Return "wait" for a length of time that is asked for, "lasting" for one that something lasts."""
    if _asks_for_time(p, at, end):
        return "wait"
    lasts = any((found := p.meaning(at - back, "lasting")) and found[0] == back for back in (1, 2, 3))
    return "lasting" if lasts else ""


def _weekday_behind(p: Phrases, end: int) -> tuple[int, int] | None:
    """Return (tokens, weekday) of "on Monday" behind "in two weeks"."""
    tie = p.meaning(end, "on")
    named = p.meaning(end + tie[0], "weekday") if tie else None
    return (tie[0] + named[0], named[1]) if tie and named else None


def _and_a_half(p: Phrases, at: int) -> tuple[bool, int]:
    """Return whether "and a half" stands there, and the token behind it."""
    for words in _AND_A_HALF:
        if [token.text for token in p.tokens[at : at + len(words)]] == words:
            return True, at + len(words)
    return False, at


def _fortnight(p: Phrases, at: int, place: int) -> Span | None:
    """Read "in a fortnight", "sous quinzaine", which is a day longer."""
    found = p.meaning(place, "fortnight")
    end = place + found[0] if found else place
    if not found or not (p.meaning(at, "in") or p.meaning(end, "hence") or _asks_for_time(p, at, end)):
        return None
    day = p.sent + timedelta(days=15 if p.language in ("fr", "es") else 14)
    return Span(day, day, at, end, "in", dated=True)


def a_year_on(p: Phrases, at: int) -> Span | None:
    """Read "this time next year", "this time next month"."""
    found = p.meaning(at, "sametime")
    unit = next_unit(p, p.skip(at + found[0], 1)) if found else None
    if not unit or unit.shape == "current":
        return None
    days = (unit.last - unit.first).days
    day = p.sent + timedelta(days=7) if days < 7 else add_months(p.sent, 12 if days >= LEAST_YEAR else 1)
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
        if token and (token.text in _ABOUT or token.text == ","):
            at += 1
    number, end = _number(p, at)
    joint = p.token(end)
    if number and joint and joint.text in _OR and (end - at == 1 or joint.text != "-"):
        other, behind = _number(p, end + 1)
        end = behind if other > number else end
    dash = p.token(end)
    return number, end + (bool(number) and dash is not None and (dash.text == "-" or dash.text in _GOOD))


def _number(p: Phrases, at: int) -> tuple[int, int]:
    """Return (number, next token) of "6" or "six"; 0 where no number stands."""
    token = p.token(at)
    if token and token.kind == "num" and not token.suffix and int(token.text) <= 1_000:
        return int(token.text), at + 1
    number = p.meaning(at, "number")
    return (number[1], at + number[0]) if number else (0, at)


def number_before(p: Phrases, at: int) -> tuple[int, int]:
    """Return (number, its first token) of the number that ends before a token; 0 where there is none."""
    for back in (1, 2):
        token, number = p.token(at - back), p.meaning(at - back, "number")
        if number and number[0] == back:
            return number[1], at - back
        if token and back == 1 and token.kind == "num" and int(token.text) <= 1_000:
            return int(token.text), at - 1
    return 0, at


def shifted(sent: date, unit: str, amount: int) -> date | None:
    """Return the day so many units on; so many quarters or halves on is the beginning of that one."""
    if unit in ("day", "week"):
        return sent + timedelta(days=amount * (7 if unit == "week" else 1)) if abs(amount) < 2_000 else None
    if unit in ("quarter", "half"):
        period = period_after(sent, unit, amount)
        return period[0] if period else None
    return add_months(sent, amount * (12 if unit == "year" else 1)) if abs(amount) < 100 else None

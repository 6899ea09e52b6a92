"""Decide which months, quarters, halves, weeks and years a phrase names."""

from datetime import date, timedelta

from cadence.core.date_quarters import part_of_year
from cadence.core.date_spans import DAY, Span, add_months, period_after
from cadence.core.date_tokens import Phrases, Token
from cadence.core.date_words import UNITS

_AMBIGUOUS_WORDS = """
may march mar mag set sett ago do mo di mi fr so sat sun sex ter jan dec dom dez out nov mer sam gen
giu lug apr abr fri wed quarta quinta sexta segunda terça domingo second
"""
AMBIGUOUS = frozenset(_AMBIGUOUS_WORDS.split())
_PLURAL_WORDS = """
days weeks months quarters years wochen monate monaten quartale quartalen jahre jahren tage tagen
semaines jours trimestres années semanas meses años trimestri weken maanden kwartalen jaren
settimane mesi anni anos prochains próximos próximas prossimi prossime
"""
_PLURAL = frozenset(_PLURAL_WORDS.split())
"""In "the coming months" no month is named."""
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
                "by",
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
    return part_of_year(p, at) or next_unit(p, at)


def next_unit(p: Phrases, at: int) -> Span | None:
    """Read "next month", "la semaine prochaine", "this quarter", "the new year"."""
    for kind, count in (("afternext", 2), ("next", 1), ("this", 0)):
        for first, second in ((kind, "unit"), ("unit", kind)):
            one = p.meaning(at, first)
            two = p.meaning(at + one[0], second) if one else None
            if not one or not two or {p.tokens[at].text, p.tokens[at + one[0]].text} & _PLURAL:
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
        return Span(start, start, at, at + found[0], "period")
    return _year_end(p, at)


def _is_said_to_begin(p: Phrases, at: int, end: int) -> bool:
    """Whether its first day is told rather than meant ("the new financial year starts on 1 July")."""
    before = p.token(at - 1)
    if before and before.text in _PART_OF:
        return False
    near = (p.token(at - 2), before, *p.tokens[end : end + 3])
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
            later, end = _weeks_from(p, at, at + found[0])
            day = p.sent + timedelta(days=days + 7 * later)
            return Span(day, day, at, end, "day" if days or later else "current", dated=True)
    return None


def _weeks_from(p: Phrases, at: int, end: int) -> tuple[int, int]:
    """Return (weeks, end) of "a week tomorrow" and "tomorrow week", which English has."""
    before, behind = [token.text for token in p.tokens[max(0, at - 2) : at]], p.token(end)
    if p.language != "en":
        return 0, end
    if behind and behind.text in ("week", "fortnight"):
        return (1 if behind.text == "week" else 2), end + 1
    return int(before in (["a", "week"], ["one", "week"])), end

"""Decide which days a number names: "the 14th", "the first Monday in October", "the second week of May"."""

from datetime import date

from cadence.core.date_periods import next_unit, period, prepared
from cadence.core.date_spans import DAY, Span, add_months, safe_date
from cadence.core.date_tokens import Phrases
from cadence.core.date_words import UNITS

_HALVES = frozenset(
    {"half", "hälfte", "moitié", "quinzaine", "quincena", "mitad", "helft", "metà", "quinzena", "metade"}
)


def nth_weekday(p: Phrases, at: int) -> Span | None:
    """Read "the first Monday in October", "am zweiten Dienstag im Mai", "le premier lundi de juin"."""
    ordinal = p.meaning(at, "ordinal")
    named = p.meaning(at + ordinal[0], "weekday") if ordinal else None
    if not ordinal or not named or ordinal[1] > 4:
        return None
    month = period(p, p.skip(at + ordinal[0] + named[0]))
    if not month or not 27 <= (month.last - month.first).days <= 31:
        return None
    ahead = (named[1] - month.first.weekday()) % 7 + 7 * (ordinal[1] - 1)
    day = month.first + ahead * DAY
    return Span(day, day, at, month.end, "day", dated=month.dated)


def half_of_month(p: Phrases, at: int) -> Span | None:
    """Read "the second half of June", "la segunda quincena de junio"; the second half begins on the 16th."""
    ordinal = p.meaning(at, "ordinal")
    half = p.token(at + ordinal[0]) if ordinal else None
    if not ordinal or not half or half.text not in _HALVES or ordinal[1] > 2:
        return None
    month = period(p, p.skip(at + ordinal[0] + 1, 2))
    if not month or not 27 <= (month.last - month.first).days <= 31:
        return None
    middle = month.first + 14 * DAY
    first, last = (month.first, middle) if ordinal[1] == 1 else (middle + DAY, month.last)
    return Span(first, last, at, month.end, "period", dated=month.dated)


def nth_week(p: Phrases, at: int) -> Span | None:
    """Read "the second week of May", "der dritten Woche im Juni"; weeks count from the first day."""
    ordinal = p.meaning(at, "ordinal")
    unit = p.meaning(at + ordinal[0], "unit") if ordinal else None
    if not ordinal or not unit or UNITS[unit[1]] != "week" or ordinal[1] > 4:
        return None
    month = period(p, p.skip(at + ordinal[0] + unit[0], 2))
    if not month or not 27 <= (month.last - month.first).days <= 31:
        return None
    first = month.first + 7 * (ordinal[1] - 1) * DAY
    return Span(first, first + 6 * DAY, at, month.end, "period", dated=month.dated)


def _of_next_month(p: Phrases, at: int, day: int) -> Span | None:
    """Read what follows in "the 15th of next month"."""
    month = next_unit(p, p.skip(at + 1, 2))
    if not month or not 27 <= (month.last - month.first).days <= 31:
        return None
    found = safe_date(month.first.year, month.first.month, day)
    return Span(found, found, at, month.end, "day") if found else None


def ordinal_day(p: Phrases, at: int, earlier: date) -> Span | None:
    """Read "the 14th", "am 15.", "le 15", "dia 15": the next such day of a month.

    earlier: the day named before it, from which it counts ("we launch on 9 June; on the 10th I am free").
    """
    token = p.tokens[at]
    if token.kind != "num" or not 1 <= int(token.text) <= 31:
        return None
    if relative := _of_next_month(p, at, int(token.text)):
        return relative
    after = p.token(at + 1)
    plain = (
        p.language in ("fr", "es", "it", "pt", "nl")
        and prepared(p, at)
        and not (after and after.kind == "word" and not p.meaning(at + 1, "of"))
    )
    english = p.language == "en" and token.suffix in ("st", "nd", "rd", "th") and prepared(p, at)
    german = p.language == "de" and token.suffix == "." and prepared(p, at)
    closing = (
        p.language == "de"
        and not token.suffix
        and after is not None
        and after.text.startswith(".")
        and prepared(p, at)
    )
    if not (plain or english or german or closing) or p.meaning(at + 1, "unit"):
        return None
    day = int(token.text)
    since = max(p.sent, earlier)
    for months in range(4):
        start = add_months(since.replace(day=1), months)
        found = safe_date(start.year, start.month, day)
        if found and found > since:
            return Span(found, found, at, at + 1, "number")
    return None

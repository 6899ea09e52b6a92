"""Decide which days a number names: "the 14th", "the first Monday in October", "the second week of May"."""

from datetime import date

from cadence.core.date_periods import next_unit, period, prepared
from cadence.core.date_quarters import LAST
from cadence.core.date_spans import DAY, Span, add_months, safe_date
from cadence.core.date_tokens import Phrases
from cadence.core.date_words import UNITS

_ARTICLE_WORDS = """
el del al día dia il dal o do ao le du au de
"""
_TIE_WORDS = """
partir desde hasta de dal fino al até a jusqu' dès dia día vanaf tot
"""
_COUNTED_WORDS = """
floor time party attempt round place year week quarter half generation edition version phase batch grade
option reminder email e mail call line mailing message letter item person guy one year's day in quote
"""
_ARTICLES, _TIES = frozenset(_ARTICLE_WORDS.split()), frozenset(_TIE_WORDS.split())
_COUNTED = frozenset(_COUNTED_WORDS.split())
"""What an ordinal counts where it is no day."""
_HALVES = frozenset(
    {"half", "hälfte", "moitié", "quinzaine", "quincena", "mitad", "helft", "metà", "quinzena", "metade"}
)


LONGEST_QUARTER = 92
"""Days."""


def last_of_month(p: Phrases, at: int) -> Span | None:
    """Read "the last Friday in May", "the last week of April" (its Monday), "the last day of June"."""
    if p.tokens[at].text not in LAST:
        return None
    named, unit = p.meaning(at + 1, "weekday"), p.meaning(at + 1, "unit")
    kind = UNITS[unit[1]] if unit else ""
    if not named and kind not in ("day", "week"):
        return None
    length = named[0] if named else unit[0] if unit else 0
    month = period(p, p.skip(at + 1 + length, 2))
    if not month or not 27 <= (month.last - month.first).days <= 31:
        return None
    weekday = named[1] if named else 0 if kind == "week" else month.last.weekday()
    day = month.last - (month.last.weekday() - weekday) % 7 * DAY
    last = day if kind != "week" else month.last
    return Span(day, last, at, month.end, "period" if kind == "week" else "day", dated=month.dated)


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
    """Read "the second half of June", "la segunda quincena de junio"; the second half begins on the 16th.

    That of a quarter begins on the 16th of its second month.
    """
    ordinal = p.meaning(at, "ordinal")
    half = p.token(at + ordinal[0]) if ordinal else None
    if not ordinal or not half or half.text not in _HALVES or ordinal[1] > 2:
        return None
    whole = period(p, p.skip(at + ordinal[0] + 1, 2))
    if not whole or not 27 <= (whole.last - whole.first).days <= LONGEST_QUARTER:
        return None
    middle = whole.first + 14 * DAY if whole.shape == "month" else add_months(whole.first, 1) + 14 * DAY
    first, last = (whole.first, middle) if ordinal[1] == 1 else (middle + DAY, whole.last)
    return Span(first, last, at, whole.end, "period", dated=whole.dated)


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


def _said_of_a_day(p: Phrases, at: int) -> bool:
    """Whether "from" or "until" and an article stand before a number ("a partir del 24 me localiza")."""
    article, tie = p.token(at - 1), p.token(at - 2)
    return bool(article and article.text in _ARTICLES and tie and tie.text in _TIES)


def ordinal_day(p: Phrases, at: int, earlier: date) -> Span | None:
    """Read "the 14th", "am 15.", "le 15", "dia 15": the next such day of a month.

    earlier: the day named before it, from which it counts ("we launch on 9 June; on the 10th I am free").
    """
    token = p.tokens[at]
    if spelled := _spelled(p, at):
        return _next_such_day(p, spelled, at, earlier)
    if token.kind != "num" or not 1 <= int(token.text) <= 31:
        return None
    if relative := _of_next_month(p, at, int(token.text)):
        return relative
    after = p.token(at + 1)
    plain = (
        p.language in ("fr", "es", "it", "pt", "nl")
        and prepared(p, at)
        and (_said_of_a_day(p, at) or not (after and after.kind == "word" and not p.meaning(at + 1, "of")))
    )
    english = (
        p.language == "en"
        and token.suffix in ("st", "nd", "rd", "th")
        and prepared(p, at)
        and not (after and after.text in _COUNTED)
    )
    german = p.language == "de" and token.suffix in (".", "te", "ten", "ter") and prepared(p, at)
    closing = (
        p.language == "de"
        and not token.suffix
        and after is not None
        and after.text.startswith(".")
        and prepared(p, at)
    )
    if not (plain or english or german or closing) or p.meaning(at + 1, "unit"):
        return None
    return _next_such_day(p, int(token.text), at, earlier)


def _spelled(p: Phrases, at: int) -> int:
    """Return the day of "on the first" where nothing follows that it could count, else 0."""
    ordinal, article = p.meaning(at, "ordinal"), p.token(at - 1)
    if not ordinal or p.language != "en" or article is None or article.text != "the" or not prepared(p, at):
        return 0
    after = p.token(at + ordinal[0])
    return ordinal[1] if after is None or after.kind == "stop" or after.text == "," else 0


def _next_such_day(p: Phrases, day: int, at: int, earlier: date) -> Span | None:
    since = max(p.sent, earlier)
    for months in range(4):
        start = add_months(since.replace(day=1), months)
        found = safe_date(start.year, start.month, day)
        if found and found > since:
            return Span(found, found, at, at + 1, "number")
    return None

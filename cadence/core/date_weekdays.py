"""Decide which day a weekday names: "next Monday", "Tuesday the 17th", "Donnerstag in zwei Wochen"."""

from datetime import timedelta

from cadence.core.date_lengths import length_of_time
from cadence.core.date_periods import AMBIGUOUS, next_unit, prepared
from cadence.core.date_spans import DAY, Span, add_months, safe_date
from cadence.core.date_tokens import Phrases

MOST_WEEKS = 8
_EVERY = frozenset(
    {"every", "each", "jeden", "chaque", "cada", "elke", "iedere", "ogni", "toda", "todas", "todo"}
)


def weekday(p: Phrases, at: int) -> Span | None:
    """Read "Monday", "next Monday", "lundi prochain", "Thursday next week"."""
    following = p.meaning(at, "next")
    start = at + following[0] if following else at
    named = p.meaning(start, "weekday")
    token = p.token(start)
    if not named or not token:
        return None
    before = p.token(at - 1)
    if before and before.text in _EVERY:
        return None
    weak = token.text in AMBIGUOUS and named[0] == 1
    if weak and not (following or (prepared(p, start) and p.language in ("pt", "en", "it", "es"))):
        return None
    end = start + named[0]
    return (
        _numbered(p, at, end, named[1]) or _in_weeks(p, at, end, named[1]) or _next_such(p, at, end, named[1])
    )


def _next_such(p: Phrases, at: int, end: int, day_of_week: int) -> Span:
    ago = p.meaning(end, "ago") or p.meaning(at - 1, "ago")
    ahead = (day_of_week - p.sent.weekday() - 1) % 7 + 1
    day = p.sent + timedelta(days=ahead if not ago else ahead - 7)
    if p.language == "en" and (later := _a_week_later(p, at, end)):
        return Span(day + 7 * DAY, day + 7 * DAY, at, end + later - 1, "day", dated=True)
    trailing = p.meaning(end, "next")
    return Span(day, day, at, end + (trailing[0] if trailing else 0), "weekday")


def _in_weeks(p: Phrases, at: int, end: int, day_of_week: int) -> Span | None:
    """Read "Donnerstag in zwei Wochen", "jeudi en huit", "Thursday next week"."""
    if weeks := _weeks_on(p, end):
        behind, count, from_tomorrow = weeks
        ahead = (day_of_week - p.sent.weekday() - from_tomorrow) % 7 + from_tomorrow
        day = p.sent + timedelta(days=ahead, weeks=count)
        return Span(day, day, at, behind, "day", dated=True)
    week = next_unit(p, p.skip(end, 2))
    if not week or week.shape != "period" or (week.last - week.first).days != 6:
        return None
    day = week.first + timedelta(days=day_of_week)
    return Span(day, day, at, week.end, "day", dated=True)


def _weeks_on(p: Phrases, end: int) -> tuple[int, int, int] | None:
    """Return (end, weeks, 1 where today's weekday is not meant) of "in zwei Wochen", "en huit"."""
    words = [token.text for token in p.tokens[end : end + 2]]
    if words in (["en", "huit"], ["en", "quinze"]):
        return end + 2, 1 if words[1] == "huit" else 2, 1
    length = length_of_time(p, end) if p.meaning(end, "in") else None
    weeks, rest = divmod((length.first - p.sent).days, 7) if length and length.shape == "in" else (0, 1)
    return (length.end, weeks, 0) if length and not rest and weeks <= MOST_WEEKS else None


def _numbered(p: Phrases, at: int, end: int, weekday: int) -> Span | None:
    """Read "Tuesday the 17th", "mardi 17": the next such day that falls on that weekday."""
    place = p.skip(end, 3)
    token = p.token(place)
    if (
        not token
        or token.kind != "num"
        or not (token.suffix or p.language != "en")
        or p.meaning(place + 1, "unit")
    ):
        return None
    for months in range(3):
        start = add_months(p.sent.replace(day=1), months)
        found = safe_date(start.year, start.month, int(token.text)) if int(token.text) <= 31 else None
        if found and found > p.sent and found.weekday() == weekday:
            return Span(found, found, at, place + 1, "day", dated=True)
    return None


def _a_week_later(p: Phrases, at: int, end: int) -> int:
    """Return 1 for "a week on Monday" and "a week from Monday", 2 for both words of "Monday week", else 0."""
    after = p.token(end)
    if after and after.text == "week":
        return 2
    before = [token.text if (token := p.token(at - back)) else "" for back in (3, 2, 1)]
    return int(before[0] in ("a", "one") and before[1] == "week" and before[2] in ("on", "from"))

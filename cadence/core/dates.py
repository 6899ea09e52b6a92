"""Decide on which day a reply asks us to come back, or its writer returns to the office.

docs/replies.md holds the rules. Relative dates count from the reply's own date; what names no day
("in a few months", "after the summer") gives none, and so does a return that is already past.
"""

from datetime import date

from cadence.core.date_roles import Mention, Role, mentions_in
from cadence.core.date_signs import ASKS, AWAY_TODAY, BACK, COMING, NEGATED, PAST, UNTIL, WISH
from cadence.core.date_spans import DAY, add_months
from cadence.core.date_sums import contract_end
from cadence.core.date_tokens import Phrases

WEEKEND = 3
"""Days by which the day of return may follow the end of the absence."""
_ENDS = (Role.UNTIL, Role.THROUGH, Role.RANGE_END)
MONTH_FIRST_COUNTRIES = frozenset({"us", "ph", "pw", "fm", "mh"})


def resume_on(
    text: str,
    sent: date,
    *,
    language: str = "en",
    day_first: bool = True,
    away: bool = False,
    asked: bool = True,
) -> date | None:
    """Return when to come back, or with `away` the return to the office; None where no day is named.

    sent: the day of the reply where it was written; language: ISO 639-1; day_first: the order of
    numeric dates, see `is_day_first`; asked: whether the reply as a whole asks to wait, so that any
    future day is meant; otherwise a day counts only where its sentence speaks of coming back.
    """
    phrases = Phrases(text, sent, language, day_first=day_first)
    if not away and (summed := contract_end(phrases, text)):
        return summed
    mentions = mentions_in(phrases, text)
    return _return(mentions, sent) if away else _come_back(mentions, sent, asked=asked)


def is_day_first(
    *,
    language: str | None,
    content_language: str = "",
    country: str | None = None,
    utc_offset: float | None = None,
) -> bool:
    """Decide the order of numeric dates: from Content-Language, the text's language, the country or zone.

    utc_offset: hours. English alone does not tell: its American zones write the month first.
    """
    tag = content_language.strip().lower().replace("_", "-")[:5]
    if tag.startswith("en-"):
        return tag[3:] not in MONTH_FIRST_COUNTRIES
    if tag and not tag.startswith("en"):
        return True
    if language not in (None, "en"):
        return True
    if country:
        return country.lower() not in MONTH_FIRST_COUNTRIES
    return utc_offset is None or not -10 <= utc_offset <= -4


def next_working_day(day: date) -> date:
    """The first Monday to Friday after a day."""
    day += DAY
    while day.weekday() > 4:
        day += DAY
    return day


def _value(mention: Mention, sent: date, *, away: bool) -> date | None:
    span = mention.span
    if mention.role is Role.AFTER:
        return _day_after(mention, sent)
    if mention.role is Role.THROUGH or (mention.role is Role.RANGE_END and away):
        return next_working_day(span.last)
    if mention.role is Role.PAST:
        return None
    return span.first


def _day_after(mention: Mention, sent: date) -> date:
    """In February "after Q1" is after this one, not after the next that begins."""
    span = mention.span
    end = span.last + DAY
    this_one = add_months(end, -12)
    undated = not span.dated and span.shape in ("month", "period") and span.first > sent
    return this_one if undated and this_one > sent else end


def _return(mentions: list[Mention], sent: date) -> date | None:
    """The return of one who is away: a day of return named as such first, then the end of the absence."""
    chosen = _pick_return(mentions)
    if chosen is None:
        return _whole_span(mentions)
    value = _value(chosen, sent, away=True)
    if value is None or value <= sent:
        return _end_of_absence(mentions, chosen, sent)
    return value


def _end_of_absence(mentions: list[Mention], begun: Mention, sent: date) -> date | None:
    """The end that a sentence names besides a day that is past ("away from 2 March, back on the 16th")."""
    for mention in mentions:
        value = _value(mention, sent, away=True)
        if mention.sentence == begun.sentence and mention.role in _ENDS and value and value > sent:
            return value
    return None


def _pick_return(mentions: list[Mention]) -> Mention | None:
    usable = [
        m
        for m in mentions
        if m.role not in (Role.PAST, Role.BEFORE) and m.span.shape not in ("current", "wait")
    ]
    named = [m for m in usable if m.role in (Role.PLAIN, Role.AFTER) and BACK.search(m.sentence)]
    if named:
        return named[-1] if len(named) == 1 or named[0].span.first < named[-1].span.first else named[0]
    for roles in ((Role.THROUGH,), (Role.RANGE_END,), (Role.UNTIL,), (Role.AFTER,)):
        matching = [m for m in usable if m.role in roles]
        if matching:
            return matching[-1] if roles == (Role.RANGE_END,) else matching[0]
    plain = [
        m for m in usable if m.span.shape in ("day", "edge", "weekday") and not AWAY_TODAY.search(m.sentence)
    ]
    return plain[-1] if plain else None


def _whole_span(mentions: list[Mention]) -> date | None:
    """Away "today", "this week" or "next week": back on the next working day after it."""
    for mention in mentions:
        told = mention.role is Role.PLAIN and AWAY_TODAY.search(mention.sentence)
        brief = (mention.span.last - mention.span.first).days <= 31
        if told and brief and mention.span.shape in ("current", "period", "day"):
            return next_working_day(mention.span.last)
    return None


def _come_back(mentions: list[Mention], sent: date, *, asked: bool) -> date | None:
    """The day a person wants to hear from us again: the first future one that is not told as past."""
    candidates: list[tuple[int, bool, int, date]] = []
    for mention in mentions:
        value = _value(mention, sent, away=False)
        if value is None or (mention.span.shape == "current" and mention.role is not Role.AFTER):
            continue
        told = mention.meant_again or (asked and NEGATED.search(mention.sentence))
        if mention.role is Role.BEFORE and not told:
            continue
        if mention.span.shape == "wait" and not asked:
            continue
        if value <= sent or (mention.span.shape in ("weekday",) and _past(mention)):
            continue
        if _past(mention) and mention.role is not Role.AFTER and not WISH.search(mention.sentence):
            continue
        if (
            _past(mention)
            and not mention.span.dated
            and mention.span.shape in ("month", "day", "edge", "weekday")
            and mention.role is Role.PLAIN
        ):
            continue
        rank = _rank(mention)
        if rank > 1 and not asked:
            continue
        candidates.append((rank, _in_passing(mention), mention.position, value))
    return _chosen(candidates, mentions)


def _rank(mention: Mention) -> int:
    """How plainly a sentence asks to come back: 0 asks, 1 names an end, 2 speaks of such things."""
    if mention.meant_again or ASKS.search(mention.sentence):
        return 0
    for rank, signs in enumerate((UNTIL, WISH), start=1):
        if signs.search(mention.sentence):
            return rank
    return 2 if BACK.search(mention.sentence) else 3


def _in_passing(mention: Mention) -> bool:
    """Whether the sentence speaks of an absence, or asks, in another of its clauses."""
    clause = mention.clause
    asks = ASKS.search(clause) or mention.meant_again
    return not asks and bool(AWAY_TODAY.search(clause) or ASKS.search(mention.sentence))


def _chosen(candidates: list[tuple[int, bool, int, date]], mentions: list[Mention]) -> date | None:
    """The first of those asked for most plainly, unless a later one says when the absence is over.

    "Closed until 14 August. On the 17th I am back", "away from Friday, back on 9 April".
    """
    if not candidates:
        return None
    _, _, position, value = min(candidates)
    away = any(m.position == position and AWAY_TODAY.search(m.sentence) for m in mentions)
    for *_, later, other in sorted(candidates, key=lambda candidate: candidate[2]):
        gap = (other - value).days
        if later > position and (0 < gap <= WEEKEND or (away and gap > 0)):
            return other
    return value


def _past(mention: Mention) -> bool:
    sentence = mention.sentence[:200]
    return bool(PAST.search(sentence)) and not COMING.search(sentence)

"""Decide on which day a reply asks us to come back, or its writer returns to the office.

docs/replies.md holds the rules. Relative dates count from the reply's own date; what names no day
("in a few months", "after the summer") gives none, and so does a return that is already past.
"""

from datetime import date

from cadence.core.date_roles import Mention, Role, mentions_in
from cadence.core.date_signs import (
    ASKS,
    AWAY_TODAY,
    BACK,
    COMING,
    NAMELY,
    NEGATED,
    PAST,
    TOO_EARLY,
    UNTIL,
    WANTED,
    WISH,
)
from cadence.core.date_spans import DAY, add_months
from cadence.core.date_sums import contract_end
from cadence.core.date_tokens import Phrases

YEAR = 365
WEEKEND = 3
"""Days by which the day of return may follow the end of the absence."""
LONGEST_ABSENCE = 31
"""Days that are taken for an absence as a whole."""
_ENDS = (Role.UNTIL, Role.THROUGH, Role.RANGE_END)
Candidate = tuple[bool, int, bool, int, date]
"""A day that may be meant: if it is called too early, its rank, if it is said in passing, its place."""
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
    if away:
        return _return(mentions, sent) or _asked_while_away(mentions, sent)
    return _come_back(mentions, sent, asked=asked)


def _asked_while_away(mentions: list[Mention], sent: date) -> date | None:
    """The day on which one who tells of no return wants to be asked ("I'm travelling, call me next week")."""
    asking = [m for m in mentions if ASKS.search(m.clause) and m.role in (Role.PLAIN, Role.AFTER)]
    return _come_back(asking, sent, asked=False)


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
    if span.shape == "stretch":
        return next_working_day(span.last) if away else span.last + DAY
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
        return _whole_span(mentions, sent)
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
        if m.role not in (Role.PAST, Role.BEFORE, Role.BY)
        and m.span.shape not in ("current", "wait", "lasting", "rest", "stretch")
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


def _whole_span(mentions: list[Mention], sent: date) -> date | None:
    """Away "today", "next week" or "in March": back on the next working day after it."""
    for mention in mentions:
        span = mention.span
        away = AWAY_TODAY.search(mention.sentence) and not ASKS.search(mention.clause)
        if mention.role is not Role.PLAIN or not away or (span.last - span.first).days > LONGEST_ABSENCE:
            continue
        if span.shape in ("wait", "lasting", "rest"):
            return next_working_day(span.first - DAY)
        if span.shape in ("current", "period", "day", "weekday", "month", "stretch"):
            this_month = span.shape == "month" and not span.dated and span.first.month == sent.month
            return next_working_day(add_months(span.last, -12) if this_month else span.last)
    return None


def _come_back(mentions: list[Mention], sent: date, *, asked: bool) -> date | None:
    """The day a person wants to hear from us again: the first future one that is not told as past."""
    candidates: list[Candidate] = []
    for mention in mentions:
        value = _value(mention, sent, away=False)
        if value is None or value <= sent or not _counts(mention, sent, asked=asked):
            continue
        rank = _rank(mention, asked=asked)
        if asked or rank == 0:
            early = bool(TOO_EARLY.search(mention.clause))
            candidates.append((early, rank, _in_passing(mention), mention.position, value))
    return _chosen(candidates, mentions)


def _counts(mention: Mention, sent: date, *, asked: bool) -> bool:
    """Whether a mention can be the day at all, by its role, its shape and what its sentence tells."""
    shape, role = mention.span.shape, mention.role
    if shape == "current" and role is not Role.AFTER:
        return False
    if role in (Role.BEFORE, Role.BY) and not (mention.meant_again or (asked and _may_wait(mention))):
        return False
    if shape in ("wait", "lasting") and not asked:
        return False
    if shape == "lasting" and not NEGATED.search(mention.sentence):
        return False
    return mention.meant_again or not _is_past(mention, sent, asked=asked)


def _may_wait(mention: Mention) -> bool:
    """Whether a limit is waited for ("not before May", "by mid-June we'll know")."""
    told = mention.role is Role.BY and COMING.search(mention.sentence)
    return bool(told or NEGATED.search(mention.clause))


def _is_past(mention: Mention, sent: date, *, asked: bool) -> bool:
    """Whether the sentence tells of what was, or of what could have been."""
    shape, role = mention.span.shape, mention.role
    if shape in ("in", "wait", "lasting"):
        return False
    if not asked and WANTED.search(mention.sentence[:200]):
        return True
    if not _past(mention) or (asked and shape in ("month", "edge", "day") and _nearer_ahead(mention, sent)):
        return False
    tied = role is Role.AFTER or WISH.search(mention.sentence)
    undated = role is Role.PLAIN and not mention.span.dated and shape in ("month", "day", "edge")
    return shape == "weekday" or not tied or undated


def _nearer_ahead(mention: Mention, sent: date) -> bool:
    """In March "we had a word and September is the month" means the one to come; January is the last one."""
    return (mention.span.first - sent).days < YEAR / 2


def _rank(mention: Mention, *, asked: bool) -> int:
    """How plainly a sentence asks to come back: 0 asks, 1 names an end, 2 speaks of such things.

    In a reply that does not ask to wait the asking has to stand in the same clause.
    """
    asking = mention.sentence if asked or NAMELY.search(mention.clause) else mention.clause
    if mention.meant_again or ASKS.search(asking):
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


def _chosen(candidates: list[Candidate], mentions: list[Mention]) -> date | None:
    """The first of those asked for most plainly, unless a later one says when the absence is over.

    "Closed until 14 August. On the 17th I am back", "away from Friday, back on 9 April".
    """
    if not candidates:
        return None
    *_, position, value = min(candidates)
    away = any(m.position == position and AWAY_TODAY.search(m.sentence) for m in mentions)
    for *_, later, other in sorted(candidates, key=lambda candidate: candidate[-2]):
        gap = (other - value).days
        if later > position and (0 < gap <= WEEKEND or (away and gap > 0)):
            return other
    return value


def _past(mention: Mention) -> bool:
    sentence = mention.sentence[:200]
    return bool(PAST.search(sentence)) and not COMING.search(sentence)

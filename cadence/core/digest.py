"""What a week taught, as it is told in a chat on Monday morning: why deals were lost, and what reopened.

A week has few answers, so each share comes with the range in which it lies; of a week that taught nothing
nothing is told.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from cadence.core import calendar
from cadence.core.intervals import Share
from cadence.core.model import Place
from cadence.core.notices import Notice, Part, Topic, links

AT = time(9)
WEEK = timedelta(days=7)
MOST_REASONS = 5
MOST_NAMES = 10
HOW_SURE = "In brackets: the range in which the true share lies, 19 times out of 20."


@dataclass(frozen=True, slots=True)
class Reason:
    """Why deals were lost. share: of the deals of which somebody told why; words: of the newest answer."""

    name: str
    share: Share
    words: str
    company: str


@dataclass(frozen=True, slots=True)
class Week:
    """What was learned. reasons: the most frequent first; reopened: companies."""

    reasons: tuple[Reason, ...]
    reopened: tuple[str, ...]


def next_digest(now: datetime, zone: str) -> datetime:
    """The next Monday, 9 o'clock, on the clocks of a zone (IANA); after `now`."""
    place = Place(zone)
    monday = calendar.local(now, place).date()
    monday -= timedelta(days=monday.weekday())
    this = calendar.instant(datetime.combine(monday, AT), place)
    return this if this > now else calendar.instant(datetime.combine(monday + WEEK, AT), place)


def digest(week: Week, workplace: str | None) -> Notice | None:
    """The digest of a week; None where there is nothing to tell."""
    if not week.reasons and not week.reopened:
        return None
    parts = [part for reason in week.reasons[:MOST_REASONS] for part in _told(reason)]
    if week.reasons:
        parts.append(Part(HOW_SURE))
    if week.reopened:
        parts.append(Part(f"Talking to us again: {_named(week.reopened)}."))
    to = links(workplace, ("What we learn", "/learn"))
    return Notice(Topic.DIGEST, "What the last week taught", tuple(parts), to)


def _told(reason: Reason) -> list[Part]:
    low, high = reason.share.interval
    share = f"{reason.share.count} of {reason.share.of} who told us why ({low:.0%}–{high:.0%})"
    return [Part(f"{reason.name}: {share}"), Part(f"{reason.words}\n— {reason.company}", quoted=True)]


def _named(companies: tuple[str, ...]) -> str:
    more = len(companies) - MOST_NAMES
    names = ", ".join(companies[:MOST_NAMES])
    return f"{names} and {more} more" if more > 0 else names

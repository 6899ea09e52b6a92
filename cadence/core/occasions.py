"""What an event is that people are invited to: when and where it is, and what somebody answered.

An event is told like a story, so its name stands where a story's would: "events/open-day". What tells the
invited that it changed is told under that name and a number: "events/open-day/2".
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

EVENTS = "events"
"""The folder of events, and how the name of each begins."""


class Rsvp(StrEnum):
    """What somebody answers to an invitation; the names of PARTSTAT (RFC 5545 §3.2.12) in small letters."""

    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Occasion:
    """When and where an event is. starts, ends: aware, in the zone of the place, which is a key of the IANA
    database; place, link: at least one is known; capacity: how many may come, None sets no limit.
    """

    starts: datetime
    ends: datetime
    zone: str
    place: str | None = None
    link: str | None = None
    capacity: int | None = None
    cancelled: bool = False

    def differs(self, told: "Occasion") -> bool:
        """Whether people who were told of it would come at a wrong time, to a wrong place, or in vain."""
        before = (told.starts, told.ends, told.place, told.link, told.cancelled)
        return (self.starts, self.ends, self.place, self.link, self.cancelled) != before


def event_of(told: str | None) -> str | None:
    """The event that a mail told of: "events/open-day"; None where it told a story, or nothing."""
    parts = (told or "").split("/")
    return "/".join(parts[:2]) if parts[0] == EVENTS and len(parts) > 1 else None


def change_of(told: str) -> int:
    """Which change of an event a mail told of, 0 for the invitation: the SEQUENCE of RFC 5545 §3.8.7.4."""
    parts = told.split("/")
    return int(parts[2]) if len(parts) > 2 else 0

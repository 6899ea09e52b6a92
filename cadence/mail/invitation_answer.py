"""Reads the answer that a calendar program sends for a person: accepted, declined or perhaps (RFC 6047).

It looks like automatic mail, yet a person pressed a button. What cannot be read is no answer.
"""

from dataclasses import dataclass

from icalendar import Calendar

from cadence.core.occasions import Rsvp
from cadence.mail.parse import Received

LARGEST_CALENDAR = 64_000
"""Bytes; an answer to an invitation has two thousand."""
LONGEST_COMMENT = 2_000
_ANSWERS = {"ACCEPTED": Rsvp.ACCEPTED, "DECLINED": Rsvp.DECLINED, "TENTATIVE": Rsvp.TENTATIVE}


@dataclass(frozen=True, slots=True)
class Answered:
    """What a calendar program says. uid: of the invitation; comment: what the person wrote to it."""

    rsvp: Rsvp
    uid: str
    comment: str


def read_answer(received: Received) -> Answered | None:
    """The answer to an invitation in a mail, None where it is none; never raises."""
    for part in received.parts:
        if part.content_type == "text/calendar" and len(part.body) <= LARGEST_CALENDAR:
            if b"REPLY" not in part.body.upper():
                continue
            try:
                return _read(part.text)
            except Exception:  # noqa: S112 - whatever the library stumbles over, it is no answer
                continue
    return None


def _read(text: str) -> Answered | None:
    calendar = Calendar.from_ical(text)
    if str(calendar.get("METHOD", "")).strip().upper() != "REPLY":
        return None
    for event in calendar.walk("VEVENT"):
        guests = event.get("ATTENDEE", [])
        for guest in guests if isinstance(guests, list) else [guests]:
            said = str(getattr(guest, "params", {}).get("PARTSTAT", "")).upper()
            uid = str(event.get("UID", "")).strip()
            if said in _ANSWERS and uid:
                return Answered(_ANSWERS[said], uid[:990], _comment(event.get("COMMENT")))
    return None


def _comment(value: object) -> str:
    first = value[0] if isinstance(value, list) and value else value
    return str(first)[:LONGEST_COMMENT].strip() if first is not None else ""

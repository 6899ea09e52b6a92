"""Writes an invitation to an event so that mail programs offer to answer it (RFC 5545, RFC 5546, RFC 6047).

Gmail and Outlook offer Yes, Maybe and No only for METHOD:REQUEST, where the reader is an attendee who is
asked for an answer, and send that to the organizer's address. So PUBLISH would be a date without a guest.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from icalendar import Calendar, Event, vCalAddress, vText, vUri

from cadence.mail.address import Address

FILENAME = "invite.ics"


@dataclass(frozen=True, slots=True)
class Invitation:
    """An event as one person is invited to it.

    uid: the same for this person and event, whatever changes; change: 0 for the first invitation, then
    rising (SEQUENCE); starts, ends: aware; cancelled: it does not take place; words: what it is about.
    """

    uid: str
    change: int
    title: str
    starts: datetime
    ends: datetime
    place: str | None = None
    link: str | None = None
    cancelled: bool = False
    words: str = ""

    @property
    def method(self) -> str:
        """What the reader's calendar is to do (RFC 5546 §1.4)."""
        return "CANCEL" if self.cancelled else "REQUEST"


def as_calendar(invitation: Invitation, organizer: Address, attendee: Address, at: datetime) -> bytes:
    """The calendar that goes along with the mail; at: when it is written. The times are in UTC, which needs
    no table of zones and is understood everywhere.
    """
    event = Event()
    event.add("uid", invitation.uid)
    event.add("dtstamp", at.astimezone(UTC))
    event.add("dtstart", invitation.starts.astimezone(UTC))
    event.add("dtend", invitation.ends.astimezone(UTC))
    event.add("sequence", invitation.change)
    event.add("status", "CANCELLED" if invitation.cancelled else "CONFIRMED")
    event.add("summary", invitation.title)
    event.add("transp", "OPAQUE")
    if invitation.words:
        event.add("description", invitation.words)
    if where := invitation.place or invitation.link:
        event.add("location", where)
    if invitation.link:
        event["url"] = vUri(invitation.link)
    event["organizer"] = _person(organizer)
    event.add("attendee", _guest(attendee), encode=False)
    calendar = Calendar()
    calendar.add("prodid", "-//Cadence//Invitations//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", invitation.method)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _person(address: Address) -> vCalAddress:
    person = vCalAddress(f"mailto:{address.email}")
    if address.name:
        person.params["CN"] = vText(address.name)
    return person


def _guest(address: Address) -> vCalAddress:
    guest = _person(address)
    asked = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
    for name, value in asked.items():
        guest.params[name] = vText(value)
    return guest

"""Over real sockets: somebody is invited to an event, and answers by the button in their mail program."""

import email
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from icalendar import Calendar

from cadence.core.occasions import Rsvp
from cadence.service import occasions, publishing
from tests.service.conftest import SEQUENCE

EVENT = """+++
title = "A morning at the oven"
starts = {day}T09:00:00
ends = {day}T11:30:00
zone = "Europe/Berlin"
place = "Hamburg"
+++
Come to {{{{ event.place }}}}.
"""
STORIES = '[[step]]\nname = "story"\nafter = "2 hours"\nrepeat = "60 days"\npool = "stories"\n'


async def test_an_invitation_is_answered_by_the_button_of_a_calendar(office):
    templates = office.folder / "templates"
    (templates / "lost/sequence.toml").write_text(SEQUENCE.partition("[[step]]")[0] + STORIES)
    (templates / "events").mkdir()
    day = (office.clock() + timedelta(days=30)).date()
    (templates / "events/oven.md.j2").write_text(EVENT.format(day=day))
    await publishing.publish(office.app, templates, "lost")
    dana = await office.prospect()
    await office.enroll(dana.address)
    await office.after(hours=2)
    (mail,) = await office.received(dana)
    part = next(part for part in mail.parts if part.content_type == "text/calendar")
    assert part.parameters["method"] == "REQUEST"
    (event,) = Calendar.from_ical(part.text).walk("VEVENT")
    await office.writes(dana, accepts(office, dana, event))
    await office.read()
    (gathering,) = await occasions.every(office.app)
    assert [(guest.email, guest.answer) for guest in gathering.guests] == [(dana.address, Rsvp.ACCEPTED)]


def accepts(office, account, event) -> bytes:
    """What a calendar program sends: nothing in its fields names our mail."""
    answer = EmailMessage()
    answer["From"], answer["To"] = account.address, event["ORGANIZER"].removeprefix("mailto:")
    answer["Subject"], answer["Date"] = "Accepted: A morning at the oven", format_datetime(office.clock())
    answer["Message-ID"], answer["Auto-Submitted"] = make_msgid(domain="calendar.test"), "auto-generated"
    answer.set_content("Accepted.")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Made up//EN", "METHOD:REPLY", "BEGIN:VEVENT"]
    lines += [f"UID:{event['UID']}", f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{account.address}"]
    lines += ["DTSTAMP:20260501T080000Z", "END:VEVENT", "END:VCALENDAR", ""]
    answer.add_alternative("\n".join(lines), subtype="calendar", params={"method": "REPLY"})
    return answer.as_bytes(policy=email.policy.SMTP)

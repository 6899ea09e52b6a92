"""Events: who is invited, what they answer, and who is told of a change, over the trips that mails take."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.utils import format_datetime

import pytest
from icalendar import Calendar

from cadence.content.files import read_snapshot
from cadence.core.errors import Conflict, NotFound
from cadence.core.model import TaskKind
from cadence.core.occasions import Rsvp
from cadence.core.people import CONSOLE
from cadence.service import answering, occasions, publishing
from cadence.store import events, inbound, tasks
from tests.content.test_shipped import TEMPLATES
from tests.service.conftest import SEQUENCE, World
from tests.service.fakes import reply

EVENT = """+++
title = "A morning at the oven"
{more}
starts = 2026-07-10T09:00:00
ends = 2026-07-10T11:30:00
zone = "Europe/Berlin"
place = "Hamburg"
+++
Come on {{{{ event.day | date }}}} to {{{{ event.place }}}}.
"""
STORIES = (
    SEQUENCE.partition("[[step]]")[0]
    + """
[[step]]
name    = "hello"
after   = "1 hour"
subject = "Hello"

[[step]]
name    = "story"
after   = "45 days"
repeat  = "20 days"
pool    = "stories"
"""
)


async def publish(world: World, more: str = "", words: str = EVENT) -> None:
    (world.templates / "events").mkdir(exist_ok=True)
    (world.templates / "events/oven.md.j2").write_text(words.format(more=more))
    await publishing.publish(world.app, world.templates, "lost")


@pytest.fixture
async def invited(world: World) -> World:
    """Dana has an invitation to an event on 10 July 2026."""
    for path, content in read_snapshot(TEMPLATES, "referral").items():
        if path in ("_shared/events.md.j2", "_shared/macros.md.j2"):
            (world.templates / path).write_bytes(content)
    (world.templates / "lost/sequence.toml").write_text(STORIES)
    (world.templates / "lost/hello.md.j2").write_text("Hello.")
    await publish(world)
    await world.enroll(first_name="Dana")
    for days in (1, 46):
        await world.after(days=days)
    return world


def calendars(world: World) -> list[Calendar]:
    """The calendars that went along with mails, in their order."""
    found = []
    for mail in world.sent:
        parts = message_from_bytes(mail.raw).walk()
        found += [
            part.get_payload(decode=True) for part in parts if part.get_content_type() == "text/calendar"
        ]
    return [Calendar.from_ical(raw) for raw in found]


def pressed(
    world: World, partstat: str, *, comment: str = "", number: int = 9, program: str = "google"
) -> bytes:
    """What a calendar program sends for whoever pressed a button; it names our mail in its UID only."""
    (event,) = calendars(world)[0].walk("VEVENT")
    lines = [
        "BEGIN:VCALENDAR",
        "PRODID:-//Made up//EN",
        "VERSION:2.0",
        "METHOD:REPLY",
        "BEGIN:VEVENT",
        f"UID:{event['UID']}",
        f'ATTENDEE;CN="Dana; L";PARTSTAT={partstat};X-NUM-GUESTS=0:mailto:dana@lost.example',
        "DTSTAMP:20260501T080000Z",
        *([f"COMMENT:{comment}"] if comment else []),
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    message = EmailMessage()
    message["From"], message["To"] = "Dana <dana@lost.example>", "rep@vendor.test"
    message["Subject"] = f"{partstat.title()}: A morning at the oven"
    message["Date"], message["Message-ID"] = format_datetime(world.now), f"<calendar-{number}@lost.example>"
    if program == "google":
        message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"Dana has {partstat.lower()} this invitation.")
    message.add_alternative("\n".join(lines), subtype="calendar", params={"method": "REPLY"})
    return message.as_bytes()


async def kept(world: World, *kinds: str) -> list[str]:
    async with world.app.db.read() as tx:
        return [row.kind for row in await events.of_prospect(tx, 1) if row.kind.startswith(kinds)]


async def open_kinds(world: World) -> list[str]:
    async with world.app.db.read() as tx:
        return [task.kind for task in await tasks.opened(tx)]


async def says(world: World, words: str) -> None:
    mail = next(m for m in world.sent if b"text/calendar" in m.raw)
    await world.arrives(reply(words, to=mail.raw, sender="dana@lost.example", at=world.now, number=7))


async def only(world: World) -> occasions.Gathering:
    (one,) = await occasions.every(world.app)
    return one


async def test_the_mail_asks_the_reader_s_calendar_for_an_answer(invited: World) -> None:
    (calendar,) = calendars(invited)
    (event,) = calendar.walk("VEVENT")
    assert (calendar["METHOD"], event["SEQUENCE"], event["STATUS"]) == ("REQUEST", 0, "CONFIRMED")
    assert event["DTSTART"].dt == datetime(2026, 7, 10, 7, tzinfo=UTC)
    assert event["ORGANIZER"] == "mailto:rep@vendor.test"
    assert event["ATTENDEE"] == "mailto:dana@lost.example"
    assert event["ATTENDEE"].params["RSVP"] == "TRUE"
    mail = next(m for m in invited.sent if b"text/calendar" in m.raw)
    assert message_from_bytes(mail.raw)["Message-ID"] == f"<{event['UID']}>"


async def test_nobody_at_a_company_is_invited_twice(invited: World) -> None:
    for days in (21, 21):
        await invited.after(days=days)
    assert len(calendars(invited)) == 1


async def test_a_button_that_was_pressed_is_an_answer_and_no_automatic_mail(invited: World) -> None:
    await invited.arrives(pressed(invited, "ACCEPTED"))
    (guest,) = (await only(invited)).guests
    assert (guest.answer, guest.email) == (Rsvp.ACCEPTED, "dana@lost.example")
    assert await kept(invited, "event.", "reply.") == ["reply.acknowledgement", "event.accepted"]
    assert await open_kinds(invited) == [TaskKind.EVENT_GUEST]


@pytest.mark.parametrize("program", ["google", "other"])
async def test_whoever_declines_an_event_has_not_said_no(invited: World, program: str) -> None:
    raw = pressed(invited, "DECLINED", program=program, comment="Sorry, I can't make it, not interested.")
    await invited.arrives(raw)
    assert (await only(invited)).guests[0].answer is Rsvp.DECLINED
    assert await kept(invited, "event.", "enrollment.") == ["enrollment.active", "event.declined"]
    assert await open_kinds(invited) == []


async def test_a_wish_typed_beside_the_button_is_heard(invited: World) -> None:
    await invited.arrives(pressed(invited, "DECLINED", comment="Please take me off your mailing list."))
    assert "enrollment.opted_out" in await kept(invited, "enrollment.")


async def test_words_are_an_answer_too_and_the_sequence_goes_on(invited: World) -> None:
    await says(invited, "Unfortunately I can't make it.")
    assert (await only(invited)).guests[0].answer is Rsvp.DECLINED
    assert await kept(invited, "enrollment.") == ["enrollment.active"]


async def test_what_is_said_besides_is_acted_on(invited: World) -> None:
    await says(invited, "I'll be there. By the way, nothing is signed yet: we are still deciding.")
    assert (await only(invited)).guests[0].answer is Rsvp.ACCEPTED
    assert set(await open_kinds(invited)) == {TaskKind.DECISION_OPEN, TaskKind.EVENT_GUEST}


async def test_the_same_words_in_answer_to_another_mail_are_no_answer(invited: World) -> None:
    mail = invited.sent[0]
    raw = reply("I'll be there.", to=mail.raw, sender="dana@lost.example", at=invited.now, number=8)
    await invited.arrives(raw)
    assert (await only(invited)).guests[0].answer is None


async def test_the_latest_answer_counts_and_settles_the_task(invited: World) -> None:
    await invited.arrives(pressed(invited, "ACCEPTED"))
    await invited.arrives(pressed(invited, "DECLINED", number=10))
    assert (await only(invited)).guests[0].answer is Rsvp.DECLINED
    assert await open_kinds(invited) == []


async def test_a_person_can_enter_what_they_were_told(invited: World) -> None:
    await occasions.answer(invited.app, CONSOLE, "Dana@lost.example", "oven", Rsvp.ACCEPTED)
    assert (await only(invited)).guests[0].answer is Rsvp.ACCEPTED
    with pytest.raises(NotFound, match="was not invited"):
        await occasions.answer(invited.app, CONSOLE, "kim@lost.example", "oven", Rsvp.ACCEPTED)
    with pytest.raises(NotFound, match="no published sequence has an event"):
        await occasions.show(invited.app, "stove")


async def test_nobody_is_invited_once_all_places_are_taken(invited: World) -> None:
    await publish(invited, "capacity = 1")
    await invited.arrives(pressed(invited, "ACCEPTED"))
    await invited.enroll("kim@other.example", company="Other")
    for days in (1, 46):
        await invited.after(days=days)
    assert len(calendars(invited)) == 1


async def approve_all(world: World) -> None:
    async with world.app.db.read() as tx:
        waiting = [task for task in await tasks.opened(tx) if task.kind == TaskKind.APPROVE_DRAFT]
    for task in waiting:
        await answering.answer(world.app, task.id, "yes")


async def test_a_change_is_told_to_the_invited_after_a_yes(invited: World) -> None:
    await invited.arrives(pressed(invited, "ACCEPTED"))
    with pytest.raises(Conflict, match="knows when and where"):
        await occasions.notify(invited.app, CONSOLE, "oven")
    await publish(invited, words=EVENT.replace("2026-07-10", "2026-07-17"))
    assert [guest.email for guest in (await only(invited)).untold] == ["dana@lost.example"]
    assert (await occasions.notify(invited.app, CONSOLE, "oven")).drafts == 1
    await invited.after(minutes=5)
    assert len(calendars(invited)) == 1  # a draft: nothing leaves before a yes
    with pytest.raises(Conflict, match="still wait on Today"):
        await occasions.notify(invited.app, CONSOLE, "oven")
    await approve_all(invited)
    await invited.after(minutes=5)
    first, second = (next(iter(calendar.walk("VEVENT"))) for calendar in calendars(invited))
    assert second["UID"] == first["UID"]
    assert (second["SEQUENCE"], second["DTSTART"].dt.day) == (1, 17)
    assert b"17 July 2026" in invited.sent[-1].raw
    assert (await only(invited)).untold == []


async def test_a_cancelled_event_leaves_the_calendars_of_those_who_did_not_decline(invited: World) -> None:
    await publish(invited, "cancelled = true")
    await occasions.notify(invited.app, CONSOLE, "oven")
    await invited.after(minutes=5)
    await approve_all(invited)
    await invited.after(minutes=5)
    calendar = calendars(invited)[-1]
    (event,) = calendar.walk("VEVENT")
    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    assert b"cannot take place" in invited.sent[-1].raw


async def test_whoever_declined_is_left_in_peace(invited: World) -> None:
    await invited.arrives(pressed(invited, "DECLINED"))
    await publish(invited, "cancelled = true")
    with pytest.raises(Conflict, match="knows when and where"):
        await occasions.notify(invited.app, CONSOLE, "oven")


async def test_an_answer_is_kept_with_the_reply(invited: World) -> None:
    await invited.arrives(pressed(invited, "TENTATIVE"))
    async with invited.app.db.read() as tx:
        (row,) = await inbound.of_prospect(tx, 1)
    assert (row.category, row.verdict["rsvp"]) == ("acknowledgement", "tentative")
    assert row.matched_by == "their calendar names our invitation"
    assert timedelta() <= invited.now - row.received_at < timedelta(days=1)

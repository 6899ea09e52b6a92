"""Who plays, and what they write."""

from collections import Counter
from datetime import UTC, datetime
from email import message_from_bytes

import pytest

from cadence.core.replies import Category
from cadence.demo.cast import INVITATION as INVITED
from cadence.demo.cast import Act, Character, How, cast
from cadence.demo.people import People, Reply
from cadence.mail.parse import parse
from cadence.mail.quoting import new_words
from cadence.mail.sandbox import AcceptedMail

DEALS = cast()
PEOPLE = tuple(person for deal in DEALS for person in deal.people)
ACTS = [(person, act) for person in PEOPLE for act in person.acts]
WRITTEN = [(person, act) for person, act in ACTS if act.how is not How.PAGE]
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)

MAIL = """\
From: Priya Nair <priya.nair@larkfield.example>
To: {email}
Subject: About your decision
Message-ID: <{number}@larkfield.example>
Content-Type: text/plain; charset=utf-8

Hello,

What was the main thing that decided it? A line or two is plenty, by reply or on this page (https://mail.larkfield.example/q/abc).

Thank you,
"""
INVITATION = """\
From: Priya Nair <priya.nair@larkfield.example>
To: {email}
Subject: A morning in Leeds
Message-ID: <{number}@larkfield.example>
Content-Type: multipart/alternative; boundary="x"

--x
Content-Type: text/plain; charset=utf-8

Come.
--x
Content-Type: text/calendar; method=REQUEST; charset=utf-8

BEGIN:VCALENDAR
BEGIN:VEVENT
UID:a-morning-in-leeds-of-three-plants-and-what-they
 -learned@larkfield.example
END:VEVENT
END:VCALENDAR
--x--
"""


def mail_to(person: Character, number: int, text: str = MAIL) -> AcceptedMail:
    raw = text.format(email=person.email, number=number).replace("\n", "\r\n").encode()
    return AcceptedMail(number, "priya.nair", "priya.nair@larkfield.example", (person.email,), raw, NOON)


def replies_of(person: Character, *, seed: int = 1, mails: int = 12, invited: bool = True) -> list[Reply]:
    people = People(PEOPLE, seed)
    for number in range(mails):
        people.get(mail_to(person, number))
    if invited:
        people.get(mail_to(person, mails, INVITATION))
    return people.due(datetime(2027, 1, 1, tzinfo=UTC))


def reply_of(person: Character, act: Act) -> Reply:
    return next(reply for reply in replies_of(person) if reply.act == act)


def test_the_cast_is_made_up_and_mixed() -> None:
    assert 20 <= len(PEOPLE) <= 40
    assert not [email for email, n in Counter(person.email for person in PEOPLE).items() if n > 1]
    assert all(person.email.endswith(".example") for person in PEOPLE)
    assert {deal.sequence for deal in DEALS} == {"closed-lost", "former-client"}
    assert any(len(deal.people) > 1 for deal in DEALS) and any(deal.contract_months for deal in DEALS)
    assert len({person.place.country for person in PEOPLE}) >= 10


def test_they_behave_in_every_way_that_matters() -> None:
    means = {act.means for _, act in ACTS}
    assert means >= set(Category) - {Category.COMPLAINT, Category.OTHER}
    assert any(act.odd for _, act in ACTS) and any(act.writer for _, act in ACTS)
    assert any(person.refuses for person in PEOPLE) and any(person.busy_server for person in PEOPLE)
    assert sum(not person.acts for person in PEOPLE) >= 5, "most say nothing"


@pytest.mark.parametrize(("person", "act"), WRITTEN, ids=lambda one: getattr(one, "email", ""))
def test_nothing_in_an_answer_tells_the_reader_what_it_means(person: Character, act: Act) -> None:
    raw = reply_of(person, act).raw.decode()
    head = raw.partition("\r\n\r\n")[0]
    assert "cadence" not in raw.casefold()
    assert act.means not in head or act.how is How.UNSUBSCRIBE_BUTTON


@pytest.mark.parametrize(("person", "act"), WRITTEN, ids=lambda one: getattr(one, "email", ""))
def test_an_answer_is_a_mail_as_a_real_program_writes_it(person: Character, act: Act) -> None:
    reply = reply_of(person, act)
    mail = message_from_bytes(reply.raw)
    assert mail["Message-ID"] == reply.message_id and mail["Date"] and not mail.defects
    assert b"\n" not in reply.raw.replace(b"\r\n", b"")
    received = parse(reply.raw)
    assert received.unreadable is None
    if act.how in (How.GMAIL, How.OUTLOOK, How.APPLE, How.THUNDERBIRD):
        assert received.in_reply_to == (reply.answers,)
        assert act.mail == INVITED or "decided it" in received.text
        words = new_words(received.text)
        assert words.split()[:3] == act.says.format(rep="Priya", back="", month="").split()[:3]
        assert "decided it" not in words


def test_a_calendar_answers_the_event_and_no_mail() -> None:
    person, act = next((person, act) for person, act in WRITTEN if act.how is How.CALENDAR)
    received = parse(reply_of(person, act).raw)
    part = next(part for part in received.parts if part.content_type == "text/calendar")
    assert "UID:a-morning-in-leeds-of-three-plants-and-what-they-learned@" in part.text
    assert (received.in_reply_to, "PARTSTAT=ACCEPTED" in part.text) == ((), True)


def test_whoever_answers_on_the_page_follows_the_link() -> None:
    person, act = next((person, act) for person, act in ACTS if act.how is How.PAGE)
    reply = reply_of(person, act)
    assert (reply.page, reply.words, reply.raw) == ("/q/abc", act.says, b"")


def test_they_answer_the_mail_they_are_said_to_answer_and_no_other() -> None:
    person, act = next((person, act) for person, act in ACTS if act.mail == 2 and len(person.acts) == 1)
    assert replies_of(person, mails=1, invited=False) == []
    assert [(reply.act, reply.answers) for reply in replies_of(person)] == [(act, "<1@larkfield.example>")]


def test_the_same_mail_again_is_no_new_one() -> None:
    person = next(person for person, act in ACTS if act.mail == 2)
    people = People(PEOPLE, 1)
    people.get(mail_to(person, 1))
    people.get(mail_to(person, 1))
    assert people.next_at() is None


def test_a_seed_gives_the_same_answers_and_another_one_others() -> None:
    first, again, other = (replies_of(PEOPLE[0], seed=seed)[0] for seed in (3, 3, 4))
    assert (first.at, first.message_id) == (again.at, again.message_id)
    assert first.at != other.at

"""Events: when and where they are is read, and what is wrong with that is found."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from cadence.content.lint import lint
from cadence.content.skeleton import event_files, sequence_files
from tests.content.test_skeleton import snapshot

POOL = '[[step]]\nname = "hello"\nafter = "1 day"\npool = "stories"\n'
FULL = """\
+++
title = "A morning at the oven"
starts = 2027-03-12T09:00:00
ends = 2027-03-12T11:30:00
zone = "Europe/Berlin"
place = "Hamburg"
capacity = 12
+++
{{ event.day | weekday }}, {{ event.day | date }}, {{ event.starts }} to {{ event.ends }},
{{ event.place }} ({{ event.zone }}).
"""


def files(event: str) -> dict[str, str | None]:
    return {"events/oven.md.j2": event, "demo/hello.md.j2": None}


def test_the_facts_of_an_event_are_read(bench):
    (event,) = bench.load(files(FULL), steps=POOL).stories
    berlin = ZoneInfo("Europe/Berlin")
    assert event.name == "events/oven"
    assert event.occasion.starts == datetime(2027, 3, 12, 9, tzinfo=berlin)
    assert event.occasion.ends == datetime(2027, 3, 12, 11, 30, tzinfo=berlin)
    assert (event.occasion.place, event.occasion.link, event.occasion.capacity) == ("Hamburg", None, 12)
    assert (event.facts.takes_place, event.facts.fresh_until) == (date(2027, 3, 12), date(2027, 3, 11))
    assert not event.facts.withdrawn


def test_its_words_say_when_and_where_it_is(bench):
    mail = bench.load(files(FULL), steps=POOL).render("hello", bench.context, story="events/oven")
    assert mail.subject == "A morning at the oven"
    assert "Friday, 12 March 2027, 09:00 to 11:30, Hamburg (Berlin)." in mail.text


def test_a_translation_is_chosen_by_the_reader_s_language(bench):
    german = '+++\ntitle = "Ein Morgen am Ofen"\n+++\n{{ event.day | weekday }}, {{ event.day | date }}\n'
    content = bench.load({**files(FULL), "events/oven.de.md.j2": german}, steps=POOL)
    mail = content.render("hello", bench.context, story="events/oven", language="de")
    assert (mail.subject, "Freitag, 12. März 2027" in mail.text) == ("Ein Morgen am Ofen", True)


@pytest.mark.parametrize(
    ("was", "becomes", "line", "words"),
    [
        ("starts = 2027-03-12T09:00:00", "", 2, "`starts` takes day and time"),
        ("2027-03-12T09:00:00", "2027-03-12T09:00:00Z", 3, "by the clocks of the place"),
        ("T11:30:00", "T08:30:00", 4, "ends before it begins"),
        ("Europe/Berlin", "Europe/Berlim", 5, 'did you mean "Europe/Berlin"?'),
        ('place = "Hamburg"', "", 2, "a `place`, a `link`, or both"),
        ('place = "Hamburg"', 'link = "ftp://x.example"', 6, "`link` takes a link"),
        ("capacity = 12", "capacity = 0", 7, "a whole number from 1"),
        ("capacity = 12", "until = 2027-03-13", 7, "nobody can be invited after it began"),
        ("capacity = 12", "until = 2027-03-01T10:00:00", 7, "a day without quotes"),
        ("capacity = 12", 'cancelled = "yes"', 7, "true or false"),
        ("capacity = 12", "fresh_until = 2027-03-01", 7, "an event has no key `fresh_until`"),
    ],
)
def test_a_fault_is_found_at_its_line(was, becomes, line, words, bench):
    found = bench.lint(files(FULL.replace(was, becomes)), steps=POOL)
    assert any(f.startswith(f"events/oven.md.j2:{line}: error: ") and words in f for f in found), found


def test_only_the_words_of_an_event_can_say_when_it_is(bench, finds):
    finds(
        "demo/hello.md.j2:1: error", "`event` is known only in the words of an event", words="{{ event.day }}"
    )


def test_a_new_event_has_no_fault_and_invites_nobody():
    board = sequence_files("visit")
    board["visit/sequence.toml"] += '\n[[step]]\nname = "more"\nafter = "9 days"\npool = "stories"\n'
    made = snapshot(board, event_files("open-day", date(2027, 3, 12)))
    assert [str(finding) for finding in lint(made, "visit")] == []
    assert b"cancelled    = true" in made["events/open-day.md.j2"]

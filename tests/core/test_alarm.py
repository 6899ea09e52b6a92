"""Who hears of an answer that calls for a person, and in which words."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cadence.core.alarm import Alarm, hearers, subject, suggestion, text
from cadence.core.model import TaskKind
from cadence.core.people import Owner, Role, User

AT = datetime(2026, 3, 3, tzinfo=UTC)
BOX = "rep@vendor.test"
ALARM = Alarm(
    kind=TaskKind.DECISION_OPEN,
    first_name="Dana",
    name="Dana Miller",
    email="dana@lost.example",
    company="Lost Inc.",
    deal="Roofing",
    language="en",
    words="We have not signed yet.\n\nThe board meets on Friday.",
    rep="Robin Rep",
    mailbox=BOX,
)


def user(number: int, role: Role, team: str = "north", **more: object) -> User:
    return User(number, f"{role}{number}@vendor.test", "Name", role, team, "UTC", AT, **more)  # type: ignore[arg-type]


def test_the_rep_and_the_managers_of_their_team_hear_of_it() -> None:
    everybody = [user(1, Role.REP), user(2, Role.MANAGER), user(3, Role.MANAGER, "south"), user(4, Role.REP)]
    assert hearers(everybody, Owner(1, "north"), BOX) == ("rep1@vendor.test", "manager2@vendor.test")


def test_a_mailbox_of_nobody_hears_of_it_itself() -> None:
    assert hearers([user(3, Role.AUTHOR), user(4, Role.ADMINISTRATOR)], None, BOX) == (BOX,)


def test_who_left_hears_of_nothing() -> None:
    everybody = [user(1, Role.REP, deactivated_at=AT), user(2, Role.MANAGER, is_invited=True)]
    assert hearers(everybody, Owner(1, "north"), BOX) == (BOX,)


def test_the_words_are_quoted_and_a_reply_is_there_to_begin_with() -> None:
    told = text(ALARM, "https://cadence.vendor.test/replies/7")
    assert subject(ALARM) == "Still undecided: Dana Miller, Lost Inc."
    assert "> We have not signed yet.\n>\n> The board meets on Friday." in told
    assert "    Hello Dana,\n" in told
    assert told.endswith("Answer from here: https://cadence.vendor.test/replies/7\n")
    assert f"Answer from the mailbox {BOX}." in text(ALARM, None)


@pytest.mark.parametrize("kind", [TaskKind.DECISION_OPEN, TaskKind.INTERESTED])
@pytest.mark.parametrize(
    ("language", "hello"),
    [
        ("en", "Hello Dana,"),
        ("de-AT", "Guten Tag Dana Miller,"),
        ("fr", "Bonjour Dana Miller,"),
        ("es", "Buenos días, Dana Miller:"),
        ("fi", "Hello Dana,"),
        (None, "Hello Dana,"),
    ],
)
def test_the_reply_speaks_the_reader_s_language_and_asks_one_thing(
    kind: TaskKind, language: str | None, hello: str
) -> None:
    words = suggestion(replace(ALARM, kind=kind, language=language))
    assert words.startswith(hello)
    assert words.count("?") == 1
    assert words.endswith("\nRobin Rep")


def test_who_has_no_name_is_greeted_all_the_same() -> None:
    nameless = replace(ALARM, first_name=None, name=None)
    assert suggestion(nameless).startswith("Hello,")
    assert suggestion(replace(nameless, language="es")).startswith("Buenos días:")
    assert subject(nameless) == "Still undecided: dana@lost.example, Lost Inc."

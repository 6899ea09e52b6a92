"""How a lost deal stands, in the words that its CRM is told."""

from datetime import UTC, date, datetime

import pytest

from cadence.core.crm_setup import TOLD
from cadence.core.crm_telling import LONGEST, PersonOfDeal, Standing, Told, note, standing
from cadence.core.model import EnrollmentState as E
from cadence.core.model import ProspectStatus as P


def person(status: P = P.CONTACTED, state: E = E.ACTIVE, *, waits: bool = False) -> PersonOfDeal:
    return PersonOfDeal(status, state, waits)


@pytest.mark.parametrize(
    ("people", "stands"),
    [
        ([], Standing.OVER),
        ([person()], Standing.WRITTEN_TO),
        ([person(state=E.PAUSED, waits=True)], Standing.WAITS),
        ([person(state=E.PAUSED)], Standing.PAUSED),
        ([person(state=E.PAUSED, waits=True), person(state=E.PAUSED)], Standing.PAUSED),
        ([person(state=E.PAUSED), person()], Standing.WRITTEN_TO),
        ([person(state=E.STOPPED)], Standing.OVER),
        ([person(P.BOUNCED, E.BOUNCED)], Standing.OVER),
        ([person(P.FEEDBACK_GIVEN)], Standing.FEEDBACK),
        ([person(P.NOT_INTERESTED, E.REPLIED), person(P.SNOOZED, E.PAUSED)], Standing.SNOOZED),
        ([person(P.FEEDBACK_GIVEN), person(P.REOPENED, E.REOPENED)], Standing.REOPENED),
        ([person(P.UNSUBSCRIBED, E.OPTED_OUT)], Standing.UNSUBSCRIBED),
    ],
)
def test_of_several_people_what_counts_most_is_told(people: list[PersonOfDeal], stands: Standing) -> None:
    assert standing(None, people) is stands


def test_what_became_of_the_deal_counts_more_than_anybody() -> None:
    assert standing("won", [person(P.UNSUBSCRIBED)]) is Standing.WON
    assert standing("let_go", []) is Standing.LET_GO


def test_every_field_has_a_value_and_what_is_not_known_is_empty() -> None:
    assert set(Told(Standing.OVER).values()) == set(TOLD)
    told = Told(Standing.FEEDBACK, ("price", "trust"), ("Too dear.", "We worried."), date(2026, 5, 1))
    assert told.values() == {
        "status": "told us why",
        "told_reason": "price; trust",
        "told_words": "Too dear. … We worried.",
        "next_touch": "2026-05-01",
        "last_reply": "",
    }


def test_words_are_cut_between_words() -> None:
    words = Told(Standing.FEEDBACK, words=("word " * 400,)).values()["told_words"]

    assert len(words) <= LONGEST
    assert words.endswith("word …")


def test_a_note_says_who_when_and_what() -> None:
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    assert note("Dana", "dana@lost.test", at, " Too dear. ", "feedback") == (
        "Dana <dana@lost.test> answered on 2026-03-02 (feedback):\n\nToo dear."
    )

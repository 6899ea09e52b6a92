"""A forecast follows the rules of the live path, and says why."""

import itertools
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cadence.core.forecast import forecast
from cadence.core.model import Enrollment, EnrollmentState, Mailbox, Place
from cadence.core.outlook import Answer, Case, Entry, Happening, Shelf
from cadence.core.planning import Course
from cadence.core.relevance import Profile, StoryFacts
from cadence.core.replies import Category
from cadence.core.sequence import Anchor, Audience, Duration, From, Sequence, Spacing, Step, Thread
from cadence.core.windows import is_open

BERLIN = Place("Europe/Berlin", "DE")
NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)  # a Monday
YEARS = NOW + timedelta(days=800)
BOX = Mailbox(1, "rep@vendor.example", "Robin Rep", From.REP, "", "", "", NOW)
STEPS = (
    Step("thank-you", after=Duration.parse("2 hours"), within=Duration.parse("24 hours")),
    Step(
        "feedback",
        after=Duration.parse("4 business days"),
        sender=From.EXECUTIVE,
        unless=frozenset({Category.FEEDBACK}),
    ),
    Step("offer", after=Duration.parse("10 business days")),
    Step("story", after=Duration.parse("45 days"), repeat=Duration.parse("60 days"), pool="stories"),
    Step("thanks", on=Category.FEEDBACK, after=Duration.parse("4 hours"), thread=Thread.REPLY, review=True),
    Step("renewal", at=Anchor("deal.competitor_contract_end", -1, Duration.parse("90 days"))),
)
SEQUENCE = Sequence("lost", "Lost", Audience.LOST, Duration.parse("18 months"), STEPS)
STORIES = (StoryFacts("a-bakery"), StoryFacts("b-depot"))


def case(
    lost_at: datetime = NOW,
    place: Place = BERLIN,
    executive: Mailbox | None = BOX,
    sequence: Sequence = SEQUENCE,
    stories: tuple[StoryFacts, ...] = STORIES,
) -> Case:
    dates = {"deal.lost_at": lost_at, "deal.competitor_contract_end": date(2027, 9, 30)}
    state = EnrollmentState.ACTIVE
    return Case(
        course=Course(sequence, place, NOW, dates),
        enrollment=Enrollment(1, 1, 1, "lost", 1, 1, state, NOW),
        rep=BOX,
        executive=executive,
        profile=Profile(),
        shelf=Shelf(stories),
    )


def told(entries: list[Entry]) -> list[tuple[str, str | None, str]]:
    return [(entry.what.value, entry.step, f"{entry.at:%Y-%m-%d %H:%M}") for entry in entries]


def run(the_case: Case, *answers: Answer, until: datetime = YEARS) -> list[Entry]:
    return forecast(the_case, now=NOW, until=until, answers=answers)


def at(entries: list[Entry], step: str) -> list[datetime]:
    return [entry.at for entry in entries if entry.step == step and entry.what is Happening.SENT]


def test_the_chain_follows_and_every_date_has_its_reason() -> None:
    entries = run(case())
    assert told(entries)[:4] == [
        ("sent", "thank-you", "2026-11-16 11:00"),
        ("sent", "feedback", "2026-11-20 11:00"),
        ("sent", "offer", "2026-12-04 11:00"),
        ("sent", "story", "2027-01-18 11:00"),
    ]
    assert all(entry.why for entry in entries)
    assert entries[0].why == "2 hours after the deal was lost"


def test_no_story_is_told_twice_and_none_means_skipped() -> None:
    stories = [entry for entry in run(case()) if entry.step == "story"]
    assert [entry.story for entry in stories[:2]] == ["a-bakery", "b-depot"]
    assert all(entry.what is Happening.SKIPPED for entry in stories[2:])
    assert len(stories) > 4


def test_a_late_thank_you_is_skipped_and_the_next_step_still_comes() -> None:
    entries = run(case(lost_at=NOW - timedelta(days=3)))
    assert entries[0].what is Happening.SKIPPED
    assert "later than 24 hours" in entries[0].why
    assert at(entries, "feedback")


def test_a_step_without_its_sender_is_held_and_the_rest_of_the_chain_waits() -> None:
    entries = run(case(executive=None))
    assert [entry.what for entry in entries if entry.step == "feedback"] == [Happening.HELD]
    assert not at(entries, "offer")
    assert at(entries, "renewal")


def test_mails_of_a_date_keep_the_distance_to_the_chain() -> None:
    contract = Step("renewal", at=Anchor("deal.competitor_contract_end", -1, Duration.parse("312 days")))
    close = Sequence("lost", "Lost", Audience.LOST, Duration.parse("18 months"), (*STEPS[:3], contract))
    entries = run(case(sequence=close))
    sent = [entry for entry in entries if entry.what is Happening.SENT]
    assert [entry.step for entry in sent][:3] == ["thank-you", "feedback", "renewal"]
    assert "kept 3 business days from the last mail to this person" in sent[2].why


def test_it_ends_where_the_sequence_ends_and_where_one_stops_looking() -> None:
    assert run(case())[-1].what is Happening.ENDED
    soon = run(case(), until=NOW + timedelta(days=10))
    assert [entry.step for entry in soon] == ["thank-you", "feedback"]


def test_feedback_leads_into_its_branch_and_the_question_is_not_asked_again() -> None:
    entries = run(case(), Answer(Category.FEEDBACK, NOW + timedelta(days=2)))
    assert ("reply", None, "2026-11-18 09:00") in told(entries)
    thanks = next(entry for entry in entries if entry.step == "thanks")
    assert thanks.what is Happening.SENT
    assert "as soon as the rep says yes" in thanks.why
    asked = next(entry for entry in entries if entry.step == "feedback")
    assert asked.what is Happening.SKIPPED


def test_not_now_pauses_and_what_is_overdue_is_spaced_anew() -> None:
    entries = run(case(), Answer(Category.NOT_NOW, NOW + timedelta(days=5)))
    whats = [entry.what for entry in entries]
    assert whats[2:5] == [Happening.REPLY, Happening.PAUSED, Happening.RESUMED]
    resumed = entries[4].at
    assert resumed >= NOW + timedelta(days=90)
    assert at(entries, "offer")[0] >= resumed


def test_whoever_asks_to_be_left_alone_gets_nothing_more() -> None:
    entries = run(case(), Answer(Category.UNSUBSCRIBE, NOW + timedelta(days=2)))
    assert [entry.what for entry in entries] == [Happening.SENT, Happening.REPLY, Happening.ENDED]
    assert entries[-1].why.startswith("opted_out")


def test_a_question_waits_for_a_person() -> None:
    entries = run(case(), Answer(Category.QUESTION, NOW + timedelta(days=2)))
    assert entries[-1].what is Happening.PAUSED
    assert "until a person says so" in entries[-1].why


def test_who_keeps_in_touch_goes_straight_to_the_stories() -> None:
    entries = run(case(), Answer(Category.KEEP_IN_TOUCH, NOW + timedelta(days=5)))
    assert not at(entries, "offer")
    assert at(entries, "story")[0] >= NOW + timedelta(days=64)


@given(
    hours=st.integers(0, 24 * 14),
    place=st.sampled_from([BERLIN, Place("America/New_York", "US"), Place("Asia/Dubai", "AE"), Place()]),
    answers=st.lists(st.tuples(st.sampled_from(sorted(Category)), st.integers(0, 500)), max_size=3),
)
def test_whatever_happens_mails_leave_in_the_window_apart_and_once(
    hours: int, place: Place, answers: list[tuple[Category, int]]
) -> None:
    supposed = [Answer(category, NOW + timedelta(days=days)) for category, days in answers]
    entries = run(case(lost_at=NOW - timedelta(hours=hours), place=place), *supposed)
    sent = [entry for entry in entries if entry.what is Happening.SENT]
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    assert all(is_open(SEQUENCE.window, place, entry.at) for entry in sent)
    assert all(b.at - a.at >= timedelta(days=2) for a, b in itertools.pairwise(sent))
    assert len({(entry.step, entry.occurrence) for entry in sent}) == len(sent)
    ended = [index for index, entry in enumerate(entries) if entry.what is Happening.ENDED]
    assert ended in ([], [len(entries) - 1])


def test_without_spacing_two_mails_may_leave_together() -> None:
    tight = Sequence(
        "lost", "Lost", Audience.LOST, Duration.parse("18 months"), STEPS, spacing=Spacing(None, None)
    )
    assert run(case(sequence=tight))

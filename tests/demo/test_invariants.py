"""The demo's referee sees every foul, and none where there was none."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from cadence.core.model import Place, TaskKind
from cadence.core.replies import Category
from cadence.demo.cast import Act, Character, How, LostDeal
from cadence.demo.evidence import Delivered, Evidence
from cadence.demo.invariants import after_reply, check, duplicates
from cadence.demo.people import Reply

LONDON = Place("Europe/London", "GB")
ALICE = Character("Alice", "Hart", "alice@acme.example", "Acme", place=LONDON)
BOB = Character("Bob", "Lund", "bob@acme.example", "Acme", place=LONDON)
DEAL = LostDeal(
    "closed-lost", "Acme", "food", 50, "Acme", "r@v.example", timedelta(), timedelta(), (ALICE, BOB)
)
MONDAY = datetime(2026, 3, 9, 10, tzinfo=UTC)


def mail(days: float = 0, *, to: Character = ALICE, step: str = "feedback", **changes: object) -> Delivered:
    at = MONDAY + timedelta(days=days)
    made = Delivered(at, to, DEAL, f"<{to.first}{days}{step}>", f"Words of {step} {days}", step, 1, None)
    return replace(made, **changes)  # type: ignore[arg-type]


def reply(
    means: Category, days: float, *, person: Character = ALICE, until: date | None = None, odd: bool = False
) -> Reply:
    act = Act(1, 0, How.GMAIL, means, "", odd=odd)
    at = MONDAY + timedelta(days=days)
    return Reply(at, person, act, "r@v.example", f"<{means}{days}>", "<Alice0feedback>", until, b"")


def seen(*mails: Delivered, replies: tuple[Reply, ...] = (), **changes: object) -> Evidence:
    ids = Counter(one.message_id for one in replies)
    evidence = Evidence(
        mails=mails,
        replies=replies,
        answered=(),
        lost_at={ALICE.email: MONDAY - timedelta(hours=3), BOB.email: MONDAY - timedelta(hours=3)},
        ingested=ids,
        inboxes=Counter(ids),
        flags=frozenset(),
        filed=Counter({one.message_id for one in mails}),
        wrote=0,
        refused=Counter(),
        faults=(),
        understood={},
        invited=((MONDAY, ALICE.email),),
        guests={ALICE.email: None},
        starts=MONDAY + timedelta(days=30),
        tried={"a": sum(one.step == "thank-you" for one in mails)},
        winner=None,
    )
    return replace(evidence, **changes)  # type: ignore[arg-type]


def broken(evidence: Evidence) -> list[str]:
    return [finding.says for finding in check(evidence) if finding.broken]


def test_a_fair_game_has_no_fouls() -> None:
    answers = (reply(Category.FEEDBACK, 1), reply(Category.OUT_OF_OFFICE, 7.1, until=date(2026, 3, 20)))
    mails = (mail(), mail(7, step="backup"), mail(14, step="story", story="bees"))
    assert broken(seen(*mails, replies=answers)) == []


def test_an_answer_is_no_foul_however_soon_and_any_other_mail_is() -> None:
    answers = (reply(Category.FEEDBACK, 0.01),)
    for step, fouls in (("feedback-thanks", 0), ("backup", 1)):
        assert len(broken(seen(mail(), mail(0.1, step=step), replies=answers))) == fouls


@pytest.mark.parametrize(
    ("foul", "evidence"),
    [
        ("twice", seen(mail(), mail(7, step="feedback", text="others"))),
        ("left alone", seen(mail(4, to=BOB), replies=(reply(Category.FEEDBACK, 1),))),
        ("left alone", seen(mail(21, to=BOB), replies=(reply(Category.INTERESTED, 1),))),
        ("working hours", seen(mail(0.5))),
        ("working hours", seen(mail(5))),
        ("distance", seen(mail(), mail(2, step="other"))),
        ("distance", seen(mail(), mail(0.1, to=BOB))),
        ("thank-you", seen(mail(2, step="thank-you"))),
        ("story twice", seen(mail(0, step="story", story="x"), mail(7, to=BOB, step="story", story="x"))),
        ("server said no", seen(refused=Counter({"x@y.example": 2}))),
        ("exactly once", seen(replies=(reply(Category.FEEDBACK, 1),), ingested=Counter())),
        ("exactly once", seen(ingested=Counter({"<never written>": 1}))),
        ("marked", seen(flags=frozenset({"\\Seen"}))),
        ("in Sent", seen(mail(), filed=Counter())),
        ("on its list", seen(invited=((MONDAY, ALICE.email), (MONDAY, ALICE.email)))),
        ("on its list", seen(invited=((MONDAY + timedelta(days=31), ALICE.email),))),
        ("on its list", seen(guests={})),
        ("on its list", seen(guests={ALICE.email: "accepted"})),
        ("tried fairly", seen(tried={"a": 1})),
        ("tried fairly", seen(winner="b")),
        ("held back", seen(faults=("alice: held",))),
    ],
)
def test_every_foul_is_seen(foul: str, evidence: Evidence) -> None:
    assert any(foul in says for says in broken(evidence))


@pytest.mark.parametrize("means", [Category.UNSUBSCRIBE, Category.BOUNCE_HARD, Category.DECISION_OPEN])
def test_a_mail_after_an_answer_that_stops_is_seen(means: Category) -> None:
    assert len(list(after_reply(seen(mail(), mail(70), replies=(reply(means, 1),))))) == 1


def test_a_mail_inside_a_pause_is_seen_and_one_after_it_is_fair() -> None:
    away = (reply(Category.OUT_OF_OFFICE, 1, until=date(2026, 3, 20)),)
    count: Callable[[float], int] = lambda days: len(list(after_reply(seen(mail(days), replies=away))))  # noqa: E731
    assert (count(8), count(14)) == (1, 0)


@pytest.mark.parametrize(("means", "odd"), [(Category.QUESTION, False), (Category.ACKNOWLEDGEMENT, True)])
def test_until_the_rep_has_answered_nothing_may_leave(means: Category, odd: bool) -> None:
    kind = TaskKind.REVIEW_REPLY if odd else TaskKind.QUESTION
    answered = ((MONDAY + timedelta(days=9), ALICE.email, kind, "resume"),)
    early = seen(mail(7), mail(14), replies=(reply(means, 1, odd=odd),), answered=answered)
    assert [line.split(":")[0] for line in after_reply(early)] == [ALICE.email]


def test_a_mail_that_came_back_may_leave_again_once() -> None:
    again = [mail(message_id="<1>", text="same", step="a") for _ in range(2)]
    back = replace(reply(Category.BOUNCE_SOFT, 0.1), answers="<1>")
    assert not list(duplicates(seen(*again, replies=(back,))))
    assert list(duplicates(seen(*again)))

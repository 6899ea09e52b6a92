"""Who lives in the simulation: people and their companies, the reps' mailboxes, the sequences, the post."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from random import Random

from cadence.core.delivery import Outcome, OutcomeKind
from cadence.core.model import Enrollment, EnrollmentState, Mailbox, Pace, Place
from cadence.core.replies import Bounce, Category, Verdict
from cadence.core.sequence import (
    Anchor,
    Audience,
    Duration,
    From,
    Sequence,
    Spacing,
    Step,
    Thread,
    Window,
)
from tests.faults.simulation.office import Person

EPOCH = datetime(2026, 2, 27, 6, 0, tzinfo=UTC)
"""A Friday, one month before clocks change in Europe and a week before they do in America."""
PLACES = (
    Place("Europe/Berlin", "DE", "BE"),
    Place("America/New_York", "US"),
    Place("Asia/Dubai", "AE"),
    Place("Australia/Sydney", "AU"),
)
REP, OTHER_REP, EXECUTIVE = 1, 2, 3
DEALS, NEIGHBORS = 16, 24


def _after(text: str, name: str, **more: object) -> Step:
    return Step(name, after=Duration.parse(text), **more)  # type: ignore[arg-type]


_ROUND_THE_CLOCK = Window(frozenset(range(7)), time(0), time.max, skip_holidays=False)
_STEPS = (
    _after("2 hours", "thank-you", within=Duration.parse("24 hours"), window=_ROUND_THE_CLOCK),
    _after("4 business days", "feedback", sender=From.EXECUTIVE, unless=frozenset({Category.FEEDBACK})),
    _after("3 business days", "offer", review=True),
    _after("20 days", "story", repeat=Duration.parse("14 days"), times=6),
    _after("4 hours", "thanks", on=Category.FEEDBACK, thread=Thread.REPLY),
    _after("1 business day", "why-we-ask", on=Category.FEEDBACK_DECLINED),
    Step("renewal", at=Anchor("deal.competitor_contract_end", -1, Duration.parse("30 days"))),
)
_SPACING = Spacing(Duration.parse("3 business days"), Duration.parse("1 business day"))


def lost(*, offer: bool = True, hours: time = time(9)) -> Sequence:
    """The long sequence. offer: whether that step is in it; hours: when its window opens."""
    steps = tuple(step for step in _STEPS if offer or step.name != "offer")
    window = Window(opens=hours, closes=time(16, 30))
    return Sequence("lost", "Lost", Audience.LOST, Duration.parse("6 weeks"), steps, window, _SPACING)


def brief(*, first: str = "1 hour") -> Sequence:
    """A short one in the same inboxes. first: how long it waits."""
    steps = (_after(first, "hello"), _after("2 business days", "again"), _after("1 week", "last"))
    ends = Duration.parse("11 days")
    return Sequence("brief", "Brief", Audience.REFERRAL, ends, steps, _ROUND_THE_CLOCK, _SPACING)


def revisions() -> Iterator[Sequence]:
    """What the author publishes, over and over."""
    while True:
        yield lost(offer=False)
        yield brief(first="3 hours")
        yield lost(hours=time(8))
        yield brief()
        yield lost()


def mailboxes() -> dict[int, Mailbox]:
    """Two reps and an executive, each with a pace that is soon reached."""
    paces = {
        REP: Pace(daily_cap=6, ramp_from=3, ramp_step=1, gap=60, jitter=60),
        OTHER_REP: Pace(daily_cap=40, ramp_from=20, ramp_step=5, gap=0, jitter=0),
        EXECUTIVE: Pace(daily_cap=3, ramp_from=3, ramp_step=0, gap=600, jitter=30),
    }
    return {
        number: Mailbox(
            number,
            f"box{number}@vendor.test",
            "Somebody",
            From.EXECUTIVE if number == EXECUTIVE else From.REP,
            "",
            "",
            "",
            EPOCH,
            pace=pace,
            place=PLACES[0],
        )
        for number, pace in paces.items()
    }


def people(chance: Random) -> dict[int, Person]:
    """The first ones."""
    return {number: person(number, chance.randint(1, DEALS), chance) for number in range(1, NEIGHBORS)}


def person(number: int, deal: int, chance: Random) -> Person:
    """A contact of a deal; two of the deals have one company."""
    return Person(number, max(deal - 1, 1), deal, chance.choice(PLACES), EPOCH, EPOCH)


def enrollment(number: int, person: Person, at: datetime, chance: Random) -> Enrollment:
    """Somebody enters a sequence."""
    executive = EXECUTIVE if chance.random() < 0.95 else None
    rep, name = chance.choice((REP, OTHER_REP)), "lost" if chance.random() < 0.7 else "brief"
    return Enrollment(number, person.id, person.deal, name, rep, executive, EnrollmentState.ACTIVE, at)


# --- the mail server, and who answers ---

_ENDS = (
    (0.90, Outcome(OutcomeKind.ACCEPTED, 250), True),
    (0.93, Outcome(OutcomeKind.DEFERRED, 451, "4.3.0", "later"), False),
    (0.94, Outcome(OutcomeKind.REFUSED, 550, "5.1.1", "no such user"), False),
    (0.945, Outcome(OutcomeKind.REFUSED, 554, "5.6.0", "not this mail"), False),
    (0.965, Outcome(OutcomeKind.IN_DOUBT, text="cut after the final dot"), True),
    (0.975, Outcome(OutcomeKind.IN_DOUBT, text="cut after the final dot"), False),
    (0.98, Outcome(OutcomeKind.MAILBOX_FAULT, 535, "5.7.8", "log in again"), False),
    (1.0, Outcome(OutcomeKind.ACCEPTED, 250), True),
)
CUT = Outcome(OutcomeKind.DEFERRED, text="the connection was gone")


def answer_of_server(chance: Random) -> tuple[Outcome, bool]:
    """How a hand-over ends for us, and whether the server has the mail."""
    drawn = chance.random()
    return next((outcome, taken) for below, outcome, taken in _ENDS if drawn < below)


_REPLIES = (
    *((category, 1) for category in Category if category is not Category.COMPLAINT),
    (Category.ACKNOWLEDGEMENT, 4),
    (Category.OUT_OF_OFFICE, 3),
    (Category.FEEDBACK, 2),
)
_CATEGORIES = [category for category, weight in _REPLIES for _ in range(weight)]


def reply_of(chance: Random, now: datetime) -> Verdict:
    """What a reader answers, as it is understood."""
    category = chance.choice(_CATEGORIES)
    back = (now + timedelta(days=chance.randint(1, 40))).date() if chance.random() < 0.3 else None
    unsure = 0.5 if chance.random() < 0.1 else 0.95
    bounce = (
        Bounce(None, None, None, delayed=chance.random() < 0.3) if category is Category.BOUNCE_SOFT else None
    )
    return Verdict(category, unsure, ("drawn",), resume_on=back, bounce=bounce)


@dataclass(slots=True, eq=False)
class Letter:
    """A reply on its way. row: the mail it answers; arrives_at: by the right clock."""

    row: int
    verdict: Verdict
    arrives_at: datetime


@dataclass(slots=True)
class Post:
    """The mail server. taken: how often it took each mail; sent_folder: from when on a copy is there."""

    taken: dict[int, int] = field(default_factory=dict)
    sent_folder: dict[int, datetime] = field(default_factory=dict)
    letters: dict[int, list[Letter]] = field(default_factory=dict)

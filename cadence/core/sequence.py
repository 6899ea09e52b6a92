"""What a sequence is: steps in order, the window in which they may leave, and their spacing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum

from cadence.core.replies import Category


class Unit(StrEnum):
    """Units of a duration. Days and longer are calendar units in the prospect's zone."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    BUSINESS_DAYS = "business days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


_DURATION = re.compile(r"(\d{1,5})\s+(minute|hour|business day|day|week|month|year)s?")


@dataclass(frozen=True, slots=True)
class Duration:
    """A span as an author writes it: "2 hours", "4 business days", "18 months"."""

    amount: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> "Duration":
        """Read "4 business days"; raises ValueError with what would be right."""
        found = _DURATION.fullmatch(" ".join(text.split()).lower())
        if not found:
            raise ValueError(
                f"{text!r} is not a duration; write a whole number and a unit, "
                'such as "2 hours", "4 business days" or "18 months"'
            )
        return cls(int(found[1]), Unit(found[2] + "s"))

    def __str__(self) -> str:
        unit = self.unit.value[:-1] if self.amount == 1 else self.unit.value
        return f"{self.amount} {unit}"


class Audience(StrEnum):
    """Whom a sequence is written for."""

    LOST = "lost"
    FORMER = "former"
    REFERRAL = "referral"


class From(StrEnum):
    """Who signs a step: the rep, or someone other than the person they turned down."""

    REP = "rep"
    EXECUTIVE = "executive"


class Thread(StrEnum):
    """Whether a step opens a conversation or answers in the latest one of the same sender."""

    NEW = "new"
    REPLY = "reply"


@dataclass(frozen=True, slots=True)
class Window:
    """When mails may leave, in the prospect's local time.

    days: weekdays, Monday is 0; opens and closes: the hours, closes after opens; closes at
    time.max means midnight. skip_holidays: public holidays of the prospect's country are closed.
    Days without Saturday and Sunday mean the working week, so the country's own weekend is closed too.
    """

    days: frozenset[int] = frozenset(range(5))
    opens: time = time(9)
    closes: time = time(16, 30)
    skip_holidays: bool = True


@dataclass(frozen=True, slots=True)
class Spacing:
    """The least distance between mails, across all sequences; None sets no limit."""

    prospect: Duration | None = Duration(3, Unit.BUSINESS_DAYS)
    account: Duration | None = Duration(1, Unit.BUSINESS_DAYS)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A date of the deal and a span from it: `deal.competitor_contract_end - 90 days`.

    field: "deal.lost_at", "deal.competitor_contract_end" ...; sign: -1 before, +1 after.
    """

    field: str
    sign: int = 1
    offset: Duration = Duration(0, Unit.DAYS)

    def __str__(self) -> str:
        if not self.offset.amount:
            return self.field
        return f"{self.field} {'-' if self.sign < 0 else '+'} {self.offset}"


@dataclass(frozen=True, slots=True)
class Step:
    """One mail of a sequence.

    Exactly one of three forms: in the chain (`after` the step before it), anchored (`at` a date of
    the deal), or a branch (`on` a category of reply, `after` that reply).

    within: the step is skipped when it would leave later than this after its due time's base;
    repeat and times: sent again and again until the sequence ends, or this often in all;
    pool: "stories", the mail is the most relevant story not yet sent to the account;
    review: drafted, and waits for the rep's yes; unless: not sent once such a reply came;
    unless_sent: of a branch, which does not begin once that step left; window: hours of its own, None
    takes the sequence's.
    """

    name: str
    after: Duration | None = None
    within: Duration | None = None
    at: Anchor | None = None
    on: Category | None = None
    repeat: Duration | None = None
    times: int | None = None
    pool: str | None = None
    review: bool = False
    sender: From = From.REP
    thread: Thread = Thread.NEW
    subject: str | None = None
    unless: frozenset[Category] = frozenset()
    unless_sent: str | None = None
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class Sequence:
    """A sequence as published: who, when and in which order; the words are in its templates.

    name: the folder's name, by which everything refers to it; ends: how long an enrollment lasts;
    snooze: how long `not_now` without a date waits; away: the same for `out_of_office`.
    """

    name: str
    title: str
    audience: Audience
    ends: Duration
    steps: tuple[Step, ...]
    window: Window = field(default_factory=Window)
    spacing: Spacing = field(default_factory=Spacing)
    snooze: Duration = Duration(90, Unit.DAYS)
    away: Duration = Duration(7, Unit.DAYS)
    chain: tuple[Step, ...] = field(init=False, repr=False, compare=False)
    """The steps that follow one another while nobody answers."""
    _named: Mapping[str, Step] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        chain = tuple(s for s in self.steps if s.at is None and s.on is None)
        object.__setattr__(self, "chain", chain)
        object.__setattr__(self, "_named", {s.name: s for s in reversed(self.steps)})

    @property
    def anchored(self) -> tuple[Step, ...]:
        """The steps that hang on a date of the deal."""
        return tuple(s for s in self.steps if s.at is not None)

    def branch(self, category: Category) -> tuple[Step, ...]:
        """The steps that follow a reply of this category, in order."""
        return tuple(s for s in self.steps if s.on is category)

    @property
    def stay_in_touch(self) -> Step | None:
        """The step that keeps in touch: the first of the chain that repeats."""
        return next((s for s in self.chain if s.repeat), None)

    def window_of(self, step: Step) -> Window:
        """The hours in which this step may leave."""
        return step.window or self.window

    def step(self, name: str) -> Step | None:
        """The step of that name, or None where this revision has none."""
        return self._named.get(name)


MAX_OCCURRENCES = 500
"""No repeating step runs longer than this, whatever a file says."""

SHORTEST_REPEAT = timedelta(days=7)
"""Closer than this is no longer "from time to time"; lint refuses it."""

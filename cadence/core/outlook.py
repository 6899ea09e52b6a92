"""What a forecast starts from, and the lines of the calendar it gives."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from cadence.core.legal import Ground
from cadence.core.model import Enrollment, Mailbox, OutboundMessage
from cadence.core.planning import Course
from cadence.core.relevance import Choice, Profile, StoryFacts, choose
from cadence.core.replies import Category
from cadence.core.sequence import From


class Happening(StrEnum):
    """What an entry of a forecast is."""

    SENT = "sent"
    SKIPPED = "skipped"
    HELD = "held"
    REPLY = "reply"
    PAUSED = "paused"
    RESUMED = "resumed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the calendar. step: None for what is no mail; sender: who signs; story: of a pool step."""

    at: datetime
    what: Happening
    why: str
    step: str | None = None
    occurrence: int = 0
    sender: From | None = None
    story: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply to suppose: it arrives at `at`, and says no date."""

    category: Category
    at: datetime


class Shelf:
    """The stories there are; remembers its choices, since many people of a kind get the same ones."""

    def __init__(self, stories: Iterable[StoryFacts] = ()) -> None:
        self._stories = tuple(stories)
        self._chosen: dict[tuple[Profile, frozenset[str], date], Choice | None] = {}

    def choose(self, profile: Profile, sent: frozenset[str], today: date) -> Choice | None:
        """The most relevant story, see relevance.py."""
        key = (profile, sent, today)
        if key not in self._chosen:
            self._chosen[key] = choose(self._stories, profile, sent, today)
        return self._chosen[key]


@dataclass(frozen=True, slots=True)
class Case:
    """One enrollment as a forecast needs it.

    waiting: its mails in the queue, None for a new one that has none yet; left: the steps of which a mail
    left before; stories_sent: what the account
    has had; last_to_prospect, last_to_account: the latest mail to each, over all sequences; suppressed,
    unreachable, ground: as in dispatch.Facts.
    """

    course: Course
    enrollment: Enrollment
    rep: Mailbox
    executive: Mailbox | None
    profile: Profile = field(default_factory=Profile)
    shelf: Shelf = field(default_factory=Shelf)
    stories_sent: frozenset[str] = frozenset()
    waiting: Sequence[OutboundMessage] | None = None
    left: frozenset[str] = frozenset()
    ends_at: datetime | None = None
    last_to_prospect: datetime | None = None
    last_to_account: datetime | None = None
    suppressed: str | None = None
    unreachable: bool = False
    ground: Ground | None = None

"""The kinds of long work that somebody can ask for, and the states it goes through.

draft → checking → ready → running → done; cancelled from each but the last, failed from each that works. An
import begins as a draft, until somebody says which column is what; whoever is told something new was shown
before, so that begins with `running`. Nothing is changed before.
"""

from dataclasses import dataclass
from enum import StrEnum

from cadence.core.lifecycle import Fact
from cadence.core.rights import Right


class JobKind(StrEnum):
    """What is to be done to many people."""

    IMPORT = "import"
    ENROLL = "enroll"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    REMOVE = "remove"
    TELL = "tell"
    SPARE = "spare"

    @property
    def fact(self) -> Fact | None:
        """What happens to each enrollment, None where people are let in, or told something new, or not."""
        return None if self in _LETTING_IN else Fact(self.value)

    @property
    def right(self) -> Right:
        """Who may ask for it."""
        return Right.ENROLL if self.fact is None else Right.CHANGE_PROSPECTS

    @property
    def is_about_known(self) -> bool:
        """Whether it is done to people who are picked among those who are known."""
        return self not in (JobKind.IMPORT, JobKind.TELL, JobKind.SPARE)


_LETTING_IN = frozenset({JobKind.IMPORT, JobKind.ENROLL, JobKind.TELL, JobKind.SPARE})


class JobState(StrEnum):
    """How far it is."""

    DRAFT = "draft"
    CHECKING = "checking"
    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


AT_WORK = frozenset({JobState.CHECKING, JobState.RUNNING})
ENDED = frozenset({JobState.DONE, JobState.CANCELLED, JobState.FAILED})
TOLD = frozenset({JobState.READY, JobState.DONE, JobState.FAILED})
"""What whoever asked for it wants to hear of: it waits for a yes, or it ended by itself."""
AFTER = {JobState.CHECKING: JobState.READY, JobState.RUNNING: JobState.DONE}
"""What follows once all of it is done."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Somebody who was left out, or would be. row: of the file, or the person's id; cells: of the row."""

    row: int
    email: str
    reason: str
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What was done at once. position: up to where, in the work's own count; is_last: nothing is left."""

    position: int
    done: int
    counts: dict[str, int]
    rejects: tuple[Reject, ...]
    is_last: bool

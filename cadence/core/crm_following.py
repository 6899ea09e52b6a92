"""What follows here from how a deal stands in its CRM, and whose value of a field counts.

Loops cannot come about: of every field it is remembered what either side said when they agreed last. What
was written there comes back as that, so it is no news, and what was read from there is never written back.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

from cadence.core.crm import DealState, RemoteDeal


class Step(StrEnum):
    """What follows from how a deal stands."""

    LEAVE = "leave"
    """Nothing: it does not concern us."""
    BEGIN = "begin"
    """It was lost: its contacts are enrolled, or its rep is asked."""
    REFRESH = "refresh"
    """It is as lost as before: facts and contacts are brought up to date."""
    STOP = "stop"
    """It is open there again: nothing more is sent for it."""
    WIN = "win"
    """It was won there: nothing more is sent for it, and it counts as won back."""


def step(before: DealState | None, deal: RemoteDeal, since: datetime) -> Step:
    """What follows. before: how it stood when it was last followed, None if it never was; since: deals that
    were lost before are none of ours.
    """
    if deal.state is DealState.LOST:
        if before is not None:
            return Step.REFRESH if before is DealState.LOST else Step.BEGIN
        return Step.BEGIN if (deal.closed_at or deal.updated_at) >= since else Step.LEAVE
    if before is None or before is deal.state:
        return Step.LEAVE
    return Step.WIN if deal.state is DealState.WON else Step.STOP


class Merge(StrEnum):
    """Whose value of a field counts."""

    SETTLED = "settled"
    """Both say the same, or what they said when they agreed last."""
    THEIRS = "theirs"
    """Only the CRM's changed."""
    OURS = "ours"
    """Only ours changed."""
    CONFLICT = "conflict"
    """Both did, to different values: a person decides."""


@dataclass(frozen=True, slots=True)
class Base:
    """What either side said of a field when they agreed last, as fingerprints: a CRM may write a value in its
    own way.
    """

    ours: str
    theirs: str

    @classmethod
    def of(cls, ours: str, theirs: str) -> "Base":
        """That both agree now."""
        return cls(fingerprint(ours), fingerprint(theirs))


def fingerprint(value: str) -> str:
    """Names a value without saying it; spaces and line breaks do not count."""
    return sha256(" ".join(value.split()).encode()).hexdigest()[:32]


NOTHING = Base.of("", "")
"""On which both agree before anything was said."""


def merge(base: Base, ours: str, theirs: str) -> Merge:
    """Whose value counts."""
    now = Base.of(ours, theirs)
    changed = (now.ours != base.ours, now.theirs != base.theirs)
    if now.ours == now.theirs or changed == (False, False):
        return Merge.SETTLED
    return {(True, False): Merge.OURS, (False, True): Merge.THEIRS}.get(changed, Merge.CONFLICT)


def day(said: str) -> date | None:
    """The day of a date or an instant in ISO 8601, None for what is none."""
    try:
        return date.fromisoformat(said.strip()[:10])
    except ValueError:
        return None

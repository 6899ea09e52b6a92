"""What the audience of the demo is told, as it happens."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Kind(StrEnum):
    """What happened."""

    SENT = "sent"
    REFUSED = "refused"
    REPLY = "reply"
    STATUS = "status"
    STATE = "state"
    REP = "rep"
    PAGE = "page"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened to one person; words: the subject of a mail, a category, a status ..."""

    at: datetime
    kind: Kind
    email: str
    words: str


class Audience(Protocol):
    """Whoever watches: a live table, plain lines, or nobody."""

    def tell(self, happening: Happening) -> None:
        """Something happened."""

    def tick(self, now: datetime) -> None:
        """The clock moved."""


class Nobody:
    """Watches nothing."""

    def tell(self, happening: Happening) -> None:
        """Look away."""

    def tick(self, now: datetime) -> None:
        """Look away."""

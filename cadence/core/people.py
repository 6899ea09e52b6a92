"""The people who work with Cadence, as plain frozen records; what they may do is in rights.py."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What somebody is here for."""

    REP = "rep"
    MANAGER = "manager"
    AUTHOR = "author"
    ADMINISTRATOR = "administrator"

    @property
    def with_article(self) -> str:
        """As a sentence says it: a rep, an author."""
        return f"{'an' if self[0] in 'aeiou' else 'a'} {self.value}"


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may log in.

    team: people of one team have the same text here; zone: IANA name, in which they read times;
    is_invited: no password was set yet; deactivated_at: since when they may not log in any more; language:
    ISO 639-1, in which they read pages, None: the browser's.
    """

    id: int
    email: str
    name: str
    role: Role
    team: str
    zone: str
    created_at: datetime
    is_invited: bool = False
    has_second_factor: bool = False
    deactivated_at: datetime | None = None
    language: str | None = None

    @property
    def is_active(self) -> bool:
        """Whether they may log in."""
        return self.deactivated_at is None and not self.is_invited


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a mailbox is."""

    user_id: int
    team: str


@dataclass(frozen=True, slots=True)
class Actor:
    """By whose hand something is done, for the audit trail. address: from where, None for the console."""

    user_id: int | None
    name: str
    address: str | None


CONSOLE = Actor(None, "console", None)
"""Whoever has a shell on the machine."""

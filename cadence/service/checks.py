"""What a check found: in order, something to mind, or a fault, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a finding matters."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Check:
    """One finding in one line. remedy: what a person can do about it, None where nothing needs doing."""

    name: str
    level: Level
    text: str
    remedy: str | None = None

    @property
    def is_fault(self) -> bool:
        """Whether it keeps things from working."""
        return self.level is Level.FAULT


def ok(name: str, text: str) -> Check:
    """All is well."""
    return Check(name, Level.OK, text)


def warning(name: str, text: str, remedy: str) -> Check:
    """It works, but less well than it should."""
    return Check(name, Level.WARNING, text, remedy)


def fault(name: str, text: str, remedy: str) -> Check:
    """It does not work."""
    return Check(name, Level.FAULT, text, remedy)

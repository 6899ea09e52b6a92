"""How a fault in an author's file is reported: where it is, how grave, and what would be right."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from cadence.core.errors import ContentError


class Severity(StrEnum):
    """An error keeps a sequence from being published; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing an author should look at. path: relative to the templates folder; line: from 1."""

    path: str
    line: int
    severity: Severity
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.severity}: {self.message}"

    def as_error(self) -> ContentError:
        """The finding as an exception, for those who want the first fault only."""
        return ContentError(self.message, self.path, self.line)


class Report:
    """Collects findings, each only once."""

    def __init__(self) -> None:
        self._findings: dict[Finding, None] = {}

    def error(self, path: str, line: int, message: str) -> None:
        """Something that must be put right before anything is sent."""
        self._findings[Finding(path, line, Severity.ERROR, message)] = None

    def warning(self, path: str, line: int, message: str) -> None:
        """Something that is probably not meant."""
        self._findings[Finding(path, line, Severity.WARNING, message)] = None

    def add(self, other: "Report") -> None:
        """What another report holds."""
        self._findings |= other._findings

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything reported, by file and line."""
        return tuple(sorted(self._findings))

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What keeps the sequence from being published."""
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return '; did you mean "…"?' for the nearest known word, or what there is to choose from."""
    names = list(known)
    near = get_close_matches(word.lower(), names, n=1, cutoff=0.6)
    if near:
        return f'; did you mean "{near[0]}"?'
    return f"; there is: {', '.join(names)}" if 0 < len(names) <= 12 else ""

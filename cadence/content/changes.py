"""What differs between two states of a sequence's files, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from cadence.content.catalogue import Snapshot

AROUND = 3
"""Lines that are the same and shown around what changed."""
MOST_LINES = 5_000
"""Of a file; a longer one is only said to differ."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the line before and after, each with its number; None where there is none."""

    old: int | None
    before: str | None
    new: int | None
    after: str | None

    @property
    def is_same(self) -> bool:
        """Whether it is only there for orientation."""
        return self.before == self.after


@dataclass(frozen=True, slots=True)
class Change:
    """One file that differs. kind: "new", "gone" or "changed"; parts: what is shown; without: no text."""

    path: str
    kind: str
    parts: tuple[tuple[Line, ...], ...] = ()


def changes(old: Snapshot, new: Snapshot) -> tuple[Change, ...]:
    """Every file that differs, by path."""
    found = []
    for path in sorted({*old, *new}):
        before, after = old.get(path), new.get(path)
        if before != after:
            kind = "new" if before is None else "gone" if after is None else "changed"
            found.append(Change(path, kind, tuple(_parts(_lines(before), _lines(after)))))
    return tuple(found)


def _lines(content: bytes | None) -> list[str] | None:
    """The lines of a text, None for what is no text or is too long to be compared."""
    try:
        lines = (content or b"").decode().splitlines()
    except UnicodeDecodeError:
        return None
    return lines if len(lines) <= MOST_LINES else None


def _parts(old: list[str] | None, new: list[str] | None) -> Iterator[tuple[Line, ...]]:
    if old is None or new is None:
        return
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND):
        yield tuple(line for opcode in group for line in _rows(old, new, *opcode[1:]))


def _rows(old: list[str], new: list[str], i1: int, i2: int, j1: int, j2: int) -> Iterator[Line]:
    for offset in range(max(i2 - i1, j2 - j1)):
        i, j = i1 + offset, j1 + offset
        yield Line(
            i + 1 if i < i2 else None,
            old[i] if i < i2 else None,
            j + 1 if j < j2 else None,
            new[j] if j < j2 else None,
        )

"""Reads a sequence's files into a snapshot, and says which file of a snapshot is for what.

A snapshot maps paths relative to the templates folder to bytes. Everything is loaded from snapshots, so
a draft on disk and a published revision in the database are read by the same code.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from mimetypes import MimeTypes
from pathlib import Path

from cadence.content.findings import did_you_mean
from cadence.content.keys import LANGUAGE_PATTERN, NAME_PATTERN, VARIANT_PATTERN
from cadence.content.run import Mode
from cadence.core.errors import InvalidInput, NotFound
from cadence.core.occasions import EVENTS

Snapshot = Mapping[str, bytes]

SHARED = "_shared"
STORIES = "stories"
POOLS = (STORIES, EVENTS)
"""The folders of what all sequences tell."""
LAYOUT = "layout"
LARGEST_FILE = 10_000_000
"""Bytes; mail servers refuse more, and so would readers."""

_TEMPLATE = re.compile(
    rf"(?P<name>{NAME_PATTERN})(?:~(?P<variant>{VARIANT_PATTERN}))?"
    rf"(?:\.(?P<language>{LANGUAGE_PATTERN}))?\.(?P<mode>md|txt|html)\.j2"
)
_TYPES = MimeTypes(filenames=())  # no system files: the same answer on every machine


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """A template by its name: `thank-you~b.de.md.j2` is "thank-you" in "de", a Markdown body, variant "b"."""

    path: str
    name: str
    language: str | None
    mode: Mode
    variant: str | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that is sent with a mail."""

    filename: str
    content_type: str
    content: bytes


def sequence_names(folder: Path) -> tuple[str, ...]:
    """The sequences of a templates folder: its folders with a sequence.toml."""
    return tuple(sorted(path.parent.name for path in folder.glob("*/sequence.toml")))


def read_snapshot(folder: Path, name: str) -> dict[str, bytes]:
    """Read a sequence's folder, and those that all share. Hidden files, editors' backups and links are left
    out. Raises NotFound, and InvalidInput for a file that is too large or cannot be read.
    """
    known = sequence_names(folder)
    if name not in known:
        there = did_you_mean(name, known) if known else f"; {folder} holds no sequence"
        raise NotFound(f'there is no sequence "{name}"{there}')
    snapshot: dict[str, bytes] = {}
    for part in (name, SHARED, *POOLS):
        for path in _files(folder / part):
            try:
                if path.stat().st_size > LARGEST_FILE:
                    raise InvalidInput(f"{path}: larger than {LARGEST_FILE // 1_000_000} MB")
                snapshot[path.relative_to(folder).as_posix()] = path.read_bytes()
            except OSError as error:
                raise InvalidInput(f"{path}: {error.strerror}") from None
    return snapshot


def _files(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "#")) or path.name.endswith("~") or path.is_symlink():
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.is_file():
            yield path


def state_of(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """What changes when a file below the folder is saved, made or removed: path, time in ns, bytes."""

    def files() -> Iterator[tuple[str, int, int]]:
        for path in folder.rglob("*"):
            try:
                stat = path.stat()
            except OSError:
                continue  # removed while we looked
            if not path.name.startswith((".", "#")):
                yield str(path), stat.st_mtime_ns, stat.st_size

    return tuple(sorted(files()))


def digest(snapshot: Snapshot) -> str:
    """Return a hexadecimal SHA-256 of paths and contents: equal snapshots, and no others, share it."""
    total = hashlib.sha256()
    for path in sorted(snapshot):
        for part in (path.encode(), snapshot[path]):
            total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()


def template_file(path: str) -> TemplateFile | None:
    """Understand the name of a template, or None where it is not one."""
    found = _TEMPLATE.fullmatch(path.rpartition("/")[2])
    if not found:
        return None
    return TemplateFile(path, found["name"], found["language"], Mode(found["mode"]), found["variant"])


def template_files(paths: Iterable[str], folder: str) -> tuple[TemplateFile, ...]:
    """The templates that stand in a folder itself."""
    inside = (path for path in paths if path.rpartition("/")[0] == folder)
    return tuple(file for path in inside if (file := template_file(path)))


def attachments(snapshot: Snapshot, sequence: str, step: str) -> tuple[Attachment, ...]:
    """The files in the step's own folder, by name; they are sent with its mail."""
    prefix = f"{sequence}/{step}/"
    return tuple(
        Attachment(
            path[len(prefix) :], _TYPES.guess_type(path)[0] or "application/octet-stream", snapshot[path]
        )
        for path in sorted(snapshot)
        if path.startswith(prefix) and "/" not in path[len(prefix) :]
    )

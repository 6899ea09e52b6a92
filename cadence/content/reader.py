"""Reads sequence.toml into a core Sequence, and reports every key and value that is not right."""

from collections.abc import Mapping
from collections.abc import Sequence as List
from dataclasses import dataclass, replace
from typing import Any

from cadence.content.findings import Report, did_you_mean
from cadence.content.keys import SEQUENCE, STEP, TABLES, WINDOW, Key, Kind
from cadence.content.toml import Document
from cadence.content.values import convert
from cadence.core.sequence import Audience, Duration, From, Sequence, Spacing, Step, Thread, Window

Values = dict[str, Any]
_NAMES = {0: "a sequence", 2: "a step"}
"""What the table at a path of that length is called; others are named as they are written."""
_NEEDED_TO_READ_ON = Duration.parse("1 day")


@dataclass(frozen=True, slots=True)
class SequenceFile:
    """A sequence as read, with what only the files know of it.

    language: of the files and subjects that name none; subjects: (step name, language) → subject;
    positions: of each step of `sequence` in the file, for its lines.
    """

    sequence: Sequence
    document: Document
    language: str
    subjects: Mapping[tuple[str, str], str]
    positions: tuple[int, ...]

    def index(self, step: Step) -> int:
        """Which [[step]] of the file it is, from 0."""
        return self.positions[next(i for i, s in enumerate(self.sequence.steps) if s is step)]

    def line(self, step: Step, key: str | None = None) -> int:
        """The line of a step's key, or of the step where it has no such key."""
        path = ("step", self.index(step))
        return self.document.line(*path, key) if key else self.document.line(*path)


def read_sequence(document: Document, name: str, report: Report) -> SequenceFile:
    """Read a whole file. What could not be read is reported and left out, so that reading goes on."""
    values = read_keys(document, (), SEQUENCE, document.values, report)
    window = Window(**_window(document, ("window",), report))
    spacing = read_table(document, ("spacing",), TABLES["spacing"], document.values.get("spacing"), report)
    replies = read_table(document, ("replies",), TABLES["replies"], document.values.get("replies"), report)
    steps, subjects, positions = _steps(document, window, report)
    waits = {
        new: replies[old] for old, new in (("not_now", "snooze"), ("out_of_office", "away")) if old in replies
    }
    sequence = Sequence(
        name=name,
        title=values.get("name", name),
        audience=Audience(values.get("audience", Audience.LOST)),
        ends=values.get("ends", _NEEDED_TO_READ_ON),
        steps=tuple(steps),
        window=window,
        spacing=Spacing(**spacing),
        **waits,
    )
    return SequenceFile(sequence, document, values.get("language", "en"), subjects, tuple(positions))


def read_keys(
    document: Document,
    path: tuple[str | int, ...],
    keys: List[Key],
    table: Mapping[str, object],
    report: Report,
) -> Values:
    """Check one table against its keys; return the good values under their keys' names."""
    known = {key.name: key for key in keys}
    values: Values = {}
    for name, value in table.items():
        line = document.line(*path, name)
        if name not in known:
            where = _NAMES.get(len(path), f"[{_label(path)}]")
            report.error(document.path, line, f"{where} has no key `{name}`{did_you_mean(name, known)}")
        elif known[name].kind not in (Kind.TABLE, Kind.STEPS):
            try:
                values[name] = convert(known[name], value)
            except ValueError as error:
                report.error(document.path, line, str(error))
    for key in keys:
        if key.required and key.name not in table:
            line = document.line(*path) if path else document.first_line
            report.error(document.path, line, f"`{key.name}` is missing: {key.meaning}")
    return values


def read_table(
    document: Document, path: tuple[str | int, ...], keys: List[Key], table: object, report: Report
) -> Values:
    """Check a table that may be absent."""
    if table is None:
        return {}
    if not isinstance(table, dict):
        names = ", ".join(key.name for key in keys)
        report.error(document.path, document.line(*path), f"`{path[-1]}` is a table with the keys {names}")
        return {}
    return read_keys(document, path, keys, table, report)


def _label(path: tuple[str | int, ...]) -> str:
    return ".".join(part for part in path if isinstance(part, str))


def _window(document: Document, path: tuple[str | int, ...], report: Report) -> Values:
    table: Any = document.values
    for part in path:
        table = table.get(part) if isinstance(table, dict) else table[part] if isinstance(part, int) else None
    read = read_table(document, path, WINDOW, table, report)
    window: Values = {}
    if "days" in read:
        window["days"] = read["days"]
    if "hours" in read:
        window["opens"], window["closes"] = read["hours"]
    if "holidays" in read:
        window["skip_holidays"] = read["holidays"] == "skip"
    return window


def _steps(
    document: Document, window: Window, report: Report
) -> tuple[list[Step], dict[tuple[str, str], str], list[int]]:
    tables = document.values.get("step")
    steps: list[Step] = []
    subjects: dict[tuple[str, str], str] = {}
    positions: list[int] = []
    if tables is not None and (not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables)):
        report.error(
            document.path, document.line("step"), "write [[step]], with two brackets, above each step"
        )
        return steps, subjects, positions
    for index, table in enumerate(tables or ()):
        path = ("step", index)
        values = read_keys(document, path, STEP, table, report)
        if "name" not in values:
            continue
        own = _window(document, (*path, "window"), report)
        subjects |= {(values["name"], code): text for code, text in values.pop("subjects", {}).items()}
        steps.append(_step(values, replace(window, **own) if own else None))
        positions.append(index)
    return steps, subjects, positions


def _step(values: Values, window: Window | None) -> Step:
    sender = From(values.pop("from", From.REP))
    thread = Thread(values.pop("thread", Thread.NEW))
    return Step(sender=sender, thread=thread, window=window, **values)

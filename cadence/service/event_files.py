"""Writes the file of an event that other software announces, and publishes it where nothing else waits.

The file stays the truth: it is the one that an author would write, looked over as theirs would be.
"""

import asyncio
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from cadence.content import drafts
from cadence.content.files import Snapshot, digest, read_snapshot, sequence_names
from cadence.content.outline import outline
from cadence.core.errors import CadenceError, Conflict, InvalidInput, NotFound
from cadence.core.occasions import EVENTS
from cadence.core.rights import Visitor
from cadence.service import auditing, authoring
from cadence.service.app import App
from cadence.service.confined import confined
from cadence.store import revisions


@dataclass(frozen=True, slots=True)
class Announcement:
    """An event as an author would write it. starts, ends: by the clocks of the place, without an offset;
    zone: IANA; words: the whole mail, in Jinja and Markdown; the others as in docs/authors.md.
    """

    title: str
    starts: datetime
    ends: datetime
    zone: str
    words: str
    place: str | None = None
    link: str | None = None
    capacity: int | None = None
    until: date | None = None
    cancelled: bool = False
    industries: Collection[str] = ()
    loss_reasons: Collection[str] = ()
    languages: Collection[str] = ()
    size_min: int | None = None
    size_max: int | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """The sequences that tell of an event from now on, and why the others do not yet."""

    published: tuple[str, ...]
    left: dict[str, str]


async def save(app: App, visitor: Visitor, name: str, said: Announcement) -> list[str]:
    """Write the file of an event, a new one or in place of the old; gives which sequences could tell of it.

    Nobody is invited before it is published. Raises InvalidInput, and Conflict where there is no folder.
    """
    folder, path = authoring.folder_of(app), _path(name)
    text = _text(said)
    tellers = await asyncio.to_thread(sequence_names, folder)
    if not tellers:
        raise InvalidInput("There is no sequence that could tell of an event.")
    snapshot = await asyncio.to_thread(read_snapshot, folder, tellers[0]) | {path: text.encode()}
    found = await confined(outline, snapshot, tellers[0], seconds=authoring.LINT_SECONDS)
    wrong = [finding for finding in found.findings if finding.path == path and finding.severity == "error"]
    if wrong:
        raise InvalidInput("; ".join(finding.message for finding in wrong))
    await asyncio.to_thread(_write, folder, path, text)
    await auditing.note(app, visitor.actor, "event.saved", path)
    return list(tellers)


async def publish(app: App, visitor: Visitor, name: str) -> Published:
    """Publish an event in each published sequence that is otherwise as it was; raises NotFound, Conflict."""
    folder, path = authoring.folder_of(app), _path(name)
    done, left = [], {}
    async with app.db.read() as tx:
        heads = await revisions.heads(tx)
        before = {one: (await revisions.get(tx, heads[one][0])).files for one in heads}
    for one in await asyncio.to_thread(sequence_names, folder):
        after = await asyncio.to_thread(read_snapshot, folder, one)
        if path not in after:
            raise NotFound(f"There is no file {path}.")
        changed = _changed(before.get(one, {}), after)
        if one not in before:
            left[one] = "it is not published itself"
        elif changed - {path}:
            left[one] = f"other files changed as well: {', '.join(sorted(changed - {path})[:5])}"
        else:
            try:
                await authoring.publish(app, visitor, one, digest(after), drop=False)
                done.append(one)
            except CadenceError as fault:
                left[one] = str(fault)
    return Published(tuple(done), left)


def _path(name: str) -> str:
    path = f"{EVENTS}/{name}.md.j2"
    if "." in name or not drafts.is_editable(path, name):
        raise InvalidInput(f"{name[:100]!r} cannot be its name: use small letters, digits and hyphens.")
    return path


def _write(folder: Path, path: str, text: str) -> None:
    try:
        (folder / EVENTS).mkdir(exist_ok=True)
    except OSError as fault:
        raise Conflict(f"The folder {EVENTS} cannot be made here: {fault.strerror}.") from fault
    try:
        version = drafts.read(folder, path).version
    except NotFound:
        version = ""
    drafts.save(folder, path, text, version)


def _changed(before: Snapshot, after: Snapshot) -> set[str]:
    return {path for path in {*before, *after} if before.get(path) != after.get(path)}


def _text(said: Announcement) -> str:
    """The file: facts in TOML, whose strings are those of JSON, above the words."""
    facts = {
        "title": _quoted(said.title),
        "industries": _list(said.industries),
        "sizes": _sizes(said.size_min, said.size_max),
        "loss_reasons": _list(said.loss_reasons),
        "languages": _list(said.languages),
        "starts": said.starts.replace(microsecond=0).isoformat(),
        "ends": said.ends.replace(microsecond=0).isoformat(),
        "zone": _quoted(said.zone),
        "place": _quoted(said.place) if said.place else "",
        "link": _quoted(said.link) if said.link else "",
        "capacity": str(said.capacity) if said.capacity else "",
        "until": said.until.isoformat() if said.until else "",
        "cancelled": "true" if said.cancelled else "",
    }
    lines = [f"{key} = {value}" for key, value in facts.items() if value]
    return "\n".join(["+++", *lines, "+++", said.words.strip()]) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _list(texts: Collection[str]) -> str:
    return json.dumps(list(texts), ensure_ascii=False) if texts else ""


def _sizes(least: int | None, most: int | None) -> str:
    known = [f"{key} = {value}" for key, value in (("min", least), ("max", most)) if value]
    return f"{{ {', '.join(known)} }}" if known else ""

"""Sequences as their authors work on them in the browser: what there is, what changed, saving, publishing.

The files of this process's templates folder are the truth. Whatever reads or renders a draft runs
confined; what comes of it is kept by the files' digest, so that a page that is looked at again costs nothing.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.content import drafts
from cadence.content.changes import Change, changes
from cadence.content.drafts import Source
from cadence.content.files import Snapshot, digest, read_snapshot, sequence_names
from cadence.content.findings import Finding
from cadence.content.lint import lint
from cadence.content.outline import Outline, outline
from cadence.core.errors import Conflict, ContentError, InvalidInput, NotFound
from cadence.core.lifecycle import LIVE
from cadence.core.rights import Visitor
from cadence.core.sequence import Sequence
from cadence.service import auditing, counting, publishing, rehearsing, tallies
from cadence.service.app import App
from cadence.service.confined import confined
from cadence.service.publishing import Publication
from cadence.service.rehearsing import Progress
from cadence.store import revisions
from cadence.store.revisions import Head

NO_FOLDER = (
    "This server has no templates folder of its own, so sequences are not edited here: set "
    "CADENCE_TEMPLATES to the folder of the files, or use the commands lint, preview and publish."
)
PATIENCE = 60.0
"""Seconds that publishing waits until the mails were tried on the people who are enrolled."""
LINT_SECONDS = 20.0
"""Processor time for looking a whole sequence over; a single mail has less."""
_MOST_OUTLINES = 64


@dataclass(frozen=True, slots=True)
class Listed:
    """One sequence in the list. head: what is published, None: nothing yet; on_disk: this server has its
    files; differs: they are not what is published; waits: somebody saved them here and did not publish; live,
    everybody: people, None while they are counted for the first time.
    """

    name: str
    head: Head | None
    on_disk: bool
    differs: bool
    waits: bool
    live: int | None
    everybody: int | None


def folder_of(app: App) -> Path:
    """The folder that authors write in; raises Conflict where this process has none."""
    if app.templates is None:
        raise Conflict(NO_FOLDER)
    return app.templates


async def listed(app: App) -> list[Listed]:
    """Every sequence that is published, or that there are files of."""
    async with app.db.read() as tx:
        heads = await revisions.newest(tx)
    people = await tallies.people(app)
    digests, waiting = await asyncio.to_thread(_digests, app.templates)
    found = []
    for name in sorted({*heads, *digests}):
        head, states = heads.get(name), people.get(name, {}) if people is not None else None
        found.append(
            Listed(
                name=name,
                head=head,
                on_disk=name in digests,
                differs=name in digests and (head is None or head.digest != digests[name]),
                waits=name in waiting,
                live=None if states is None else sum(states.get(state, 0) for state in LIVE),
                everybody=None if states is None else sum(states.values()),
            )
        )
    return found


def _digests(folder: Path | None) -> tuple[dict[str, str], frozenset[str]]:
    if folder is None:
        return {}, frozenset()
    names = sequence_names(folder)
    return {name: digest(read_snapshot(folder, name)) for name in names}, drafts.held_back(folder)


async def one(app: App, name: str) -> Listed:
    """One sequence of the list; raises NotFound."""
    for each in await listed(app):
        if each.name == name:
            return each
    raise NotFound(f"There is no sequence {name}.")


async def published(app: App, name: str) -> Sequence:
    """A sequence as mails are sent from it; raises NotFound."""
    async with app.db.read() as tx:
        return (await app.library.published(tx, name)).content.sequence


# --- drafts ---


async def draft(app: App, name: str) -> Snapshot:
    """The files as they are on disk; raises NotFound or Conflict."""
    return await asyncio.to_thread(read_snapshot, folder_of(app), name)


_outlines: OrderedDict[tuple[str, str], Outline] = OrderedDict()


async def outline_of(name: str, snapshot: Snapshot) -> Outline:
    """A draft in short, with what is wrong in it."""
    key = (name, digest(snapshot))
    if key not in _outlines:
        _outlines[key] = await confined(outline, snapshot, name, seconds=LINT_SECONDS)
        while len(_outlines) > _MOST_OUTLINES:
            _outlines.popitem(last=False)
    return _outlines[key]


async def files(app: App, name: str) -> list[str]:
    """The files of a sequence that can be edited here."""
    return await asyncio.to_thread(drafts.editable, folder_of(app), name)


async def source(app: App, name: str, path: str) -> Source:
    """One of them; an empty one where it is still to be written."""
    _check(name, path)
    try:
        return await asyncio.to_thread(drafts.read, folder_of(app), path)
    except NotFound:
        return Source(path, "", "")


async def save(app: App, visitor: Visitor, name: str, path: str, text: str, version: str) -> Source:
    """Write a file; raises InvalidInput, and Conflict where somebody else changed it meanwhile."""
    folder = folder_of(app)
    _check(name, path)
    await asyncio.to_thread(read_snapshot, folder, name)  # the sequence is there
    saved = await asyncio.to_thread(partial(drafts.save, folder, path, text, version))
    await auditing.note(app, visitor.actor, "sequence.saved", path)
    return saved


def _check(name: str, path: str) -> None:
    if not drafts.is_editable(path, name):
        raise InvalidInput(f"{path[:200]!r} is no file of {name} that can be edited here.")


# --- publishing ---


@dataclass(frozen=True, slots=True)
class Difference:
    """What publishing would change. digest: of the files that were looked at; would: what it means for the
    people who are enrolled, as it was looked at lately: None where there are errors, or while that is done;
    progress: how far it is; fault: why it cannot be published.
    """

    digest: str
    files: tuple[Change, ...]
    would: Publication | None
    fault: str
    progress: Progress


async def difference(app: App, name: str) -> Difference:
    """Compare the files on disk with what is published."""
    snapshot = await draft(app, name)
    async with app.db.read() as tx:
        head = (await revisions.newest(tx)).get(name)
        before: Snapshot = (await revisions.get(tx, head.id)).files if head else {}
    found = await confined(changes, before, snapshot, seconds=LINT_SECONDS)
    would, fault, known = None, "", Progress(0, 0)
    if (await outline_of(name, snapshot)).has_errors:
        fault = "There are errors in the files: they are listed below."
    elif found:
        key = _key(name, head.id if head else None, snapshot)
        would, fault = await _foreseen(app, name, key)
        known = await rehearsing.progress(app, f"{key}, how far")
    return Difference(digest(snapshot), found, would, fault, known)


def _key(name: str, head: int | None, snapshot: Snapshot) -> str:
    """Names what is published, and what would be."""
    return f"publishing {name} {head} {digest(snapshot)}"


async def _foreseen(
    app: App, name: str, key: str, *, patience: float | None = None
) -> tuple[Publication | None, str]:
    """What publishing would mean for the people, and why it cannot be; (None, "") while that is looked at."""

    async def rehearse(app: App, snapshot: Snapshot, name: str) -> tuple[Finding, ...]:
        people = publishing.enrolled_people(app, name)
        return await rehearsing.rehearse(app, f"{key}, how far", snapshot, name, people)

    async def look(_: AsyncConnection) -> dict[str, Any]:
        try:
            would = await publishing.publish(app, folder_of(app), name, dry_run=True, tries=rehearse)
        except ContentError as error:
            return {"fault": f"A mail to somebody who is enrolled would be wrong: {error}"}
        except (InvalidInput, Conflict) as error:
            return {"fault": str(error)}
        return {"enrolled": would.enrolled, "moved": would.moved, "trials": would.trials}

    kept = await counting.kept(app, key, look, patience=patience)
    if kept is None or "fault" in kept.body:
        return None, kept.body["fault"] if kept else ""
    moved = {step: (count, target) for step, (count, target) in kept.body["moved"].items()}
    return Publication(name, None, kept.body["enrolled"], moved, trials=kept.body["trials"]), ""


async def end_look(app: App, name: str) -> None:
    """End the look at what publishing would mean."""
    await rehearsing.end(app, f"{_key(name, await _head(app, name), await draft(app, name))}, how far")


async def look_again(app: App, name: str) -> None:
    """Forget what the last look found, so that the next one begins anew."""
    key = _key(name, await _head(app, name), await draft(app, name))
    async with app.db.write() as tx:
        await counting.forget(tx, key)


async def _head(app: App, name: str) -> int | None:
    async with app.db.read() as tx:
        head = (await revisions.newest(tx)).get(name)
    return head.id if head else None


async def _of_samples(_: App, snapshot: Snapshot, name: str) -> tuple[Finding, ...]:
    """What is wrong with the mails to made-up people; those to enrolled ones were tried before."""
    return await confined(lint, snapshot, name, seconds=LINT_SECONDS)


async def publish(app: App, visitor: Visitor, name: str, seen: str, *, drop: bool) -> Publication:
    """Publish what somebody has looked at. seen: its digest; drop: see publishing.publish.

    Raises Conflict where the files changed since, InvalidInput where they cannot be published.
    """
    snapshot = await draft(app, name)
    if digest(snapshot) != seen:
        raise Conflict("The files changed since you looked at them: look again, then publish.")
    if (await outline_of(name, snapshot)).has_errors:
        raise InvalidInput("There are errors in the files.")
    head = await _head(app, name)
    would, fault = await _foreseen(app, name, _key(name, head, snapshot), patience=PATIENCE)
    if would is None:
        raise InvalidInput(fault or "The mails are still tried on the people who are enrolled: publish then.")
    done = await publishing.publish(app, folder_of(app), name, drop_to_next=drop, tries=_of_samples)
    if done.changed:
        await auditing.note(app, visitor.actor, "sequence.published", f"{name}, revision {done.number}")
    return done

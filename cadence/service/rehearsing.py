"""Tries every mail on everybody who is enrolled before a revision goes out, beside everything else.

It is done in portions, confined: pages stay quick meanwhile, can say how far it is, and can end it. What came
of it is kept for the files that were tried, so it is done once, not again when they are published.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from cadence.content.catalogue import Snapshot
from cadence.content.findings import Finding, Severity
from cadence.content.lint import lint
from cadence.content.samples import Sample
from cadence.core.errors import Conflict
from cadence.service.app import App
from cadence.service.confined import confined
from cadence.store import reports

PORTION_SECONDS = 20.0
"""Processor time of one portion."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: of how many people, all mails were tried on so many; is_ended: somebody ended it."""

    done: int
    total: int
    is_ended: bool = False


async def rehearse(
    app: App, key: str, snapshot: Snapshot, name: str, people: AsyncIterator[tuple[list[Sample], int]]
) -> tuple[Finding, ...]:
    """Every finding, as `lint` gives them, up to the first portion with an error.

    key: of the progress; people: portions of them, and how many they are in all. Raises Conflict where
    somebody ends it.
    """
    found = dict.fromkeys(await confined(lint, snapshot, name, seconds=PORTION_SECONDS))
    done = 0
    await _note(app, key, Progress(0, 0))
    async for portion, total in people:
        found |= dict.fromkeys(await confined(_of_people, snapshot, name, portion, seconds=PORTION_SECONDS))
        if any(one.severity is Severity.ERROR for one in found):
            break  # they cannot go out, and the rest would say the same of others
        done += len(portion)
        if (await progress(app, key)).is_ended:
            raise Conflict("It was ended before all mails were tried.")
        await _note(app, key, Progress(done, total))
    return tuple(found)


def _of_people(snapshot: Snapshot, name: str, people: list[Sample]) -> tuple[Finding, ...]:
    return lint(snapshot, name, people=people)


async def progress(app: App, key: str) -> Progress:
    """How far it is."""
    async with app.db.read() as tx:
        kept = await reports.find(tx, key)
    return Progress(**kept.body) if kept else Progress(0, 0)


async def end(app: App, key: str) -> None:
    """Let it end before the next portion."""
    known = await progress(app, key)
    await _note(app, key, Progress(known.done, known.total, is_ended=True))


async def _note(app: App, key: str, known: Progress) -> None:
    body = {"done": known.done, "total": known.total, "is_ended": known.is_ended}
    async with app.db.write() as tx:
        await reports.note(tx, key, body, app.clock())

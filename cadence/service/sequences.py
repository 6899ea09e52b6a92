"""What is published: the sequences that mails are sent from, their files, and the stories they tell."""

from dataclasses import dataclass
from datetime import datetime

from cadence.content.stories import Story
from cadence.core.sequence import Sequence
from cadence.service.app import App
from cadence.store import revisions
from cadence.store.revisions import Revision


@dataclass(frozen=True, slots=True)
class Shown:
    """A published sequence. number: of its revision."""

    sequence: Sequence
    number: int
    published_at: datetime
    language: str


async def published(app: App) -> list[Shown]:
    """Every published sequence, by name."""
    async with app.db.read() as tx:
        names = sorted(await revisions.heads(tx))
    return [await show(app, name) for name in names]


async def show(app: App, name: str) -> Shown:
    """One published sequence; raises NotFound."""
    async with app.db.read() as tx:
        found = await app.library.published(tx, name)
        revision = await revisions.get(tx, found.revision_id)
    content = found.content
    return Shown(content.sequence, revision.number, revision.published_at, content.language)


async def revision(app: App, name: str) -> Revision:
    """What a sequence is sent from, with its files; raises NotFound."""
    async with app.db.read() as tx:
        found = await app.library.published(tx, name)
        return await revisions.get(tx, found.revision_id)


async def stories(app: App) -> list[Story]:
    """The stories of all published sequences, by name."""
    async with app.db.read() as tx:
        names = sorted(await revisions.heads(tx))
        every = [(await app.library.published(tx, name)).content.stories for name in names]
    known = {story.name: story for told in every for story in told}
    return [known[name] for name in sorted(known)]

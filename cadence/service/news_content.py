"""How something new is told: by a sequence of one step, whose story the newest sequence that has it lends."""

from collections.abc import AsyncIterator, Mapping

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.content.catalogue import SequenceContent, load
from cadence.content.files import SHARED, STORIES, template_file
from cadence.core.errors import NotFound
from cadence.core.news import Answers
from cadence.service.app import App
from cadence.service.news_readers import sequence_of
from cadence.store import revisions
from cadence.store.news import News

STEP = "news"
_SEQUENCE = """name     = "What is new: {answers}"
audience = "lost"
ends     = "90 days"

[spacing]
prospect = "3 business days"
account  = "1 business day"

[[step]]
name    = "{step}"
after   = "1 hour"
from    = "rep"
pool    = "stories"
subject = "{{{{ story.title }}}}"
"""


async def content_of(app: App, tx: AsyncConnection, one: News) -> SequenceContent:
    """The sequence that tells it: as it was published at the first yes, else as it would be now."""
    name = sequence_of(one.id)
    if name in await revisions.heads(tx):
        return (await app.library.published(tx, name)).content
    return load(await snapshot(tx, one.id, Answers.parse(one.answers), one.story), name)


async def stories(tx: AsyncConnection) -> set[str]:
    """The names of all published stories."""
    return {name async for files in _newest_first(tx) for name in _stories(files)}


async def snapshot(tx: AsyncConnection, news_id: int, answers: Answers, story: str) -> dict[str, bytes]:
    """The files of a sequence that tells one story, which the newest sequence that has it lends.

    Raises NotFound for a story that is not published.
    """
    async for files in _newest_first(tx):
        if story in (found := _stories(files)):
            shared = {path: content for path, content in files.items() if path.startswith(f"{SHARED}/")}
            chosen = {path: files[path] for path in found[story]}
            words = _SEQUENCE.format(answers=str(answers).replace('"', "'"), step=STEP)
            return shared | chosen | {f"{sequence_of(news_id)}/sequence.toml": words.encode()}
    known = ", ".join(sorted(await stories(tx))) or "none"
    raise NotFound(f"no published sequence has a story {story!r}; there are: {known}")


async def _newest_first(tx: AsyncConnection) -> AsyncIterator[Mapping[str, bytes]]:
    """The files of each published sequence."""
    for revision_id, _ in sorted((await revisions.heads(tx)).values(), reverse=True):
        yield (await revisions.get(tx, revision_id)).files


def _stories(files: Mapping[str, bytes]) -> dict[str, list[str]]:
    """Story → the paths of its files."""
    found: dict[str, list[str]] = {}
    for path in files:
        file = template_file(path) if path.startswith(f"{STORIES}/") else None
        if file:
            found.setdefault(file.name, []).append(path)
    return found

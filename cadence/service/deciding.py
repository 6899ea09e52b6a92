"""What a user decides through other software: only about what they reach, else as from a shell."""

from cadence.core.rights import Visitor
from cadence.service import answering, correcting, lists
from cadence.service.app import App
from cadence.store import listing


async def answer(app: App, visitor: Visitor, task_id: int, words: str) -> str:
    """Answer a task; raises NotFound, Conflict or InvalidInput."""
    await lists.one(app, listing.task_list(visitor.user), task_id)
    return await answering.answer(app, task_id, words, visitor.actor)


async def correct(app: App, visitor: Visitor, inbound_id: int, category: str) -> str:
    """Say what a reply means; raises NotFound, Conflict or InvalidInput."""
    await lists.one(app, listing.reply_list(visitor.user), inbound_id)
    return await correcting.correct(app, inbound_id, category, visitor.actor)

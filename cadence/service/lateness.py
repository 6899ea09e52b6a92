"""A mail that came too late to be sent: the rep is told, with what to do instead."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.model import OutboundMessage, TaskKind
from cadence.core.schedule import add
from cadence.core.sequence import Sequence, Step
from cadence.service.app import App
from cadence.store import tasks
from cadence.store.enrollments import Case

STILL_OF_USE = timedelta(days=7)
"""So long a rep can make up for it. Of losses that are older when people are enrolled, often many at once,
nobody is asked anything."""


async def tell(
    app: App, tx: AsyncConnection, case: Case, sequence: Sequence, message: OutboundMessage
) -> None:
    """Ask the rep to do by themselves what a mail that was just left out is too late for."""
    step = sequence.step(message.step)
    if step is None or not _is_late(app, case, step, message):
        return
    chain = [one.name for one in sequence.chain]
    rest = chain[chain.index(step.name) + 1 :] if step.name in chain else []
    text = (
        f"{step.name}: it could not leave within {step.within}, and later it would be worse than none. Call "
        f"them, or write a line of your own that says it comes late"
    )
    if rest:
        text += f"; the sequence goes on with {rest[0]}"
    about = {"prospect_id": case.prospect.id, "enrollment_id": case.enrollment.id, "message_id": message.id}
    await tasks.add(tx, TaskKind.TOO_LATE, text, now=app.clock(), **about)


def _is_late(app: App, case: Case, step: Step, message: OutboundMessage) -> bool:
    now = app.clock()
    if step.within is None or now - message.base_at > STILL_OF_USE:
        return False
    return now > add(message.base_at, step.within, case.prospect.place)

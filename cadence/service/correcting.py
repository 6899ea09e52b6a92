"""What follows when a person says what a reply means: recorded for good, and the reply acts anew."""

from dataclasses import replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.errors import Conflict, InvalidInput, NotFound
from cadence.core.model import ProspectStatus, TaskKind
from cadence.core.people import CONSOLE, Actor
from cadence.core.reactions import status_after
from cadence.core.replies import AUTOMATIC, Category, Verdict
from cadence.service import reacting, transitions, undoing
from cadence.service.app import App
from cadence.service.tracing import key_of
from cadence.store import audit, corrections, enrollments, events, inbound, prospects, tasks

MEANINGS = tuple(category.value for category in Category if category not in AUTOMATIC)
"""What a person can say that a reply means."""


async def correct(app: App, inbound_id: int, category: str, actor: Actor = CONSOLE) -> str:
    """Let a reply mean what a person says, whether the product asked or acted; says what was done.

    Raises NotFound, InvalidInput, or Conflict for a mail that belongs to no enrollment.
    """
    if category not in MEANINGS:
        raise InvalidInput(f"a reply can mean: {', '.join(MEANINGS)}")
    async with app.db.write() as tx:
        row = await inbound.find(tx, inbound_id)
        if row is None:
            raise NotFound(f"there is no reply {inbound_id}")
        meant = Category(category)
        undoable = row.prospect_id if meant is not Category.UNSUBSCRIBE else None
        async with undoing.remembered(app, tx, actor, undoable, f"corrected: {category}"):
            done = await record(app, tx, inbound_id, meant, actor)
            about = {"inbound_id": inbound_id}
            await tasks.close_about(tx, TaskKind.REVIEW_REPLY, category, now=app.clock(), **about)
        await events.add(
            tx,
            "reply.corrected",
            f"{row.corrected or row.category} → {category}",
            at=app.clock(),
            prospect_id=row.prospect_id,
            enrollment_id=row.enrollment_id,
            inbound_id=inbound_id,
            mailbox_id=row.mailbox_id,
        )
        await audit.record(tx, actor, "reply.corrected", f"reply {inbound_id}: {category}", at=app.clock())
        return done


async def record(app: App, tx: AsyncConnection, inbound_id: int, category: Category, actor: Actor) -> str:
    """Keep a correction beside the product's own verdict, and let the reply act as that category."""
    row = await inbound.get(tx, inbound_id)
    if row.verdict is None or row.enrollment_id is None:
        raise Conflict("that mail belongs to no enrollment")
    await corrections.add(tx, inbound_id, category, verdict=row.verdict, actor=actor, at=app.clock())
    await inbound.correct(tx, inbound_id, category)
    await tasks.close_about_reply(tx, inbound_id, category, now=app.clock())
    meant = replace(
        inbound.unpack_verdict(row.verdict),
        category=category,
        confidence=1.0,
        evidence=("a person said so",),
        odds=(),
    )
    return await act_anew(app, tx, row, meant, f"a person read the reply: {category}")


async def act_anew(app: App, tx: AsyncConnection, row: Any, verdict: Verdict, why: str) -> str:
    """Let a reply that was waited with act as this verdict; row: as it is kept."""
    case = await enrollments.case(tx, row.enrollment_id)
    await transitions.resume(app, tx, case.enrollment.id, why)
    await prospects.set_status(tx, case.prospect.id, await _status_before(tx, case.prospect.id, row.id))
    case = await enrollments.case(tx, row.enrollment_id)
    reaction = await reacting.react_to(
        app,
        tx,
        case,
        replace(verdict, rsvp=None),  # which was kept when the reply came
        inbound_id=row.id,
        outbound_id=row.outbound_id,
        sender=key_of(row.sender) if row.sender else None,
        written_at=app.clock(),
    )
    return f"{case.prospect.email}: {reaction.reason}"


async def _status_before(tx: AsyncConnection, prospect_id: int, inbound_id: int) -> ProspectStatus:
    """What was known of a person before a reply that nobody had understood."""
    earlier = [row for row in await inbound.of_prospect(tx, prospect_id) if row.id < inbound_id]
    said = (Category(row.corrected or row.category) for row in reversed(earlier) if row.category)
    return next(filter(None, map(status_after, said)), ProspectStatus.CONTACTED)

"""What follows from a decision not to send a mail now: it waits, is left out, is held, or all of it ends."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.dispatch import Decision, End, Hold, Skip, Wait
from cadence.core.lateness import made_up_for
from cadence.core.model import MessageState, OutboundMessage, TaskKind
from cadence.core.planning import delayed
from cadence.service import courses, transitions
from cadence.service.app import App
from cadence.store import enrollments, events, locks, messages, tasks


@dataclass(frozen=True, slots=True)
class Settled:
    """A mail that does not leave now, and why."""

    message: OutboundMessage
    decision: Decision


async def carry_out(app: App, settled: Sequence[Settled]) -> Counter[str]:
    """Record decisions not to send now; counts them."""
    if not settled:
        return Counter()
    async with app.db.write() as tx:
        await locks.companies_of_mails(tx, [one.message.id for one in settled])
        return Counter([await _settle(app, tx, one.message, one.decision) for one in settled])


async def _settle(app: App, tx: AsyncConnection, message: OutboundMessage, decision: Decision) -> str:
    """Record a decision not to send now."""
    match decision:
        case Wait(until, why):
            await messages.postpone(tx, message, until, delayed(message.why, why))
            return "wait"
        case Skip(why):
            await skip(app, tx, message, why)
            return "skip"
        case Hold(why, kind):
            await _hold(app, tx, message, why, kind)
            return "hold"
        case End(fact, why):
            await transitions.apply(app, tx, message.enrollment_id, fact, why)
            await messages.cancel_open(tx, message.enrollment_id, why)
            return "end"
        case _:
            raise AssertionError(f"{decision} is not a decision against sending")


async def _hold(app: App, tx: AsyncConnection, message: OutboundMessage, why: str, kind: TaskKind) -> None:
    if not await messages.move(tx, message.id, MessageState.HELD, outcome=why):
        return
    enrollment = await enrollments.get(tx, message.enrollment_id)
    text, ids = f"{message.step}: {why}", (enrollment.prospect_id, enrollment.id, message.id)
    about = dict(zip(("prospect_id", "enrollment_id", "message_id"), ids, strict=True))
    await events.add(tx, "message.held", text, at=app.clock(), data={"task": kind}, **about)
    await tasks.add(tx, kind, text, now=app.clock(), **about)


async def skip(app: App, tx: AsyncConnection, message: OutboundMessage, why: str) -> None:
    """Leave a mail out, and go on with what follows it."""
    if not await messages.move(tx, message.id, MessageState.SKIPPED, outcome=why):
        return
    case = await enrollments.case(tx, message.enrollment_id)
    sequence = (await app.library.published(tx, case.enrollment.sequence)).content.sequence
    now = app.clock()
    about: dict[str, Any] = {
        "prospect_id": case.prospect.id,
        "enrollment_id": case.enrollment.id,
        "message_id": message.id,
    }
    await events.add(tx, "message.skipped", f"{message.step}: {why}", at=now, **about)
    if asked := made_up_for(sequence, message, case.prospect.place, now):
        await tasks.add(tx, TaskKind.TOO_LATE, asked, now=now, **about)
    await courses.plan_following(tx, [courses.Passed(case, sequence, message, now)])
    await transitions.finish_if_done(app, tx, [case.enrollment.id])

"""How a fact changes an enrollment in the database: its state, its mails in the queue, and the record."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core import schedule
from cadence.core.lifecycle import LIVE, Fact, later_pause, transition
from cadence.core.model import Enrollment, EnrollmentState, MessageState
from cadence.core.planning import AT_ITS_END, delayed
from cadence.service.app import App
from cadence.service.courses import course_of
from cadence.store import enrollments, events, locks, messages, prospects


async def apply(
    app: App,
    tx: AsyncConnection,
    enrollment_id: int,
    fact: Fact,
    why: str,
    *,
    resume_at: datetime | None = None,
    paused_by: int | None = None,
    inbound_id: int | None = None,
) -> bool:
    """Let a fact act on an enrollment; False where the table of transitions says that it changes nothing."""
    enrollment = await enrollments.get(tx, enrollment_id)
    if await locks.company_of(tx, enrollment.prospect_id):
        enrollment = await enrollments.get(tx, enrollment_id)
    if fact is Fact.PAUSE and enrollment.state is EnrollmentState.PAUSED:
        await _pause_longer(tx, enrollment, why, resume_at)
        return False
    state = transition(enrollment.state, fact)
    if state is None or not await enrollments.set_state(
        tx, enrollment, state, reason=why, resume_at=resume_at, paused_by=paused_by
    ):
        return False
    await events.add(
        tx,
        f"enrollment.{state}",
        why,
        at=app.clock(),
        prospect_id=enrollment.prospect_id,
        enrollment_id=enrollment_id,
        inbound_id=inbound_id,
        data={"resume_at": resume_at.isoformat()} if resume_at else None,
    )
    if state is EnrollmentState.PAUSED:
        await messages.park(tx, enrollment_id)
    elif state is EnrollmentState.ACTIVE:
        await _space_anew(app, tx, enrollment_id)
    elif state not in LIVE:
        await messages.cancel_open(tx, enrollment_id, why)
    return True


async def resume(app: App, tx: AsyncConnection, enrollment_id: int, why: str) -> bool:
    """Resume an enrollment, and with it those that waited only because of it."""
    resumed = await apply(app, tx, enrollment_id, Fact.RESUME, why)
    if resumed:
        for colleague in await enrollments.paused_by(tx, enrollment_id):
            await apply(app, tx, colleague.id, Fact.RESUME, why)
    return resumed


async def finish_if_done(app: App, tx: AsyncConnection, enrollment_ids: Iterable[int]) -> None:
    """End those of these enrollments that have nothing more to say."""
    for enrollment_id in await messages.without_more(tx, enrollment_ids):
        await apply(app, tx, enrollment_id, Fact.FINISH, AT_ITS_END)


async def settle_down(tx: AsyncConnection, changed: Iterable[Enrollment]) -> None:
    """Mails that came into the queue wait where their enrollment does, and are cancelled where it is over."""
    for enrollment in changed:
        if enrollment.state is EnrollmentState.PAUSED:
            await messages.park(tx, enrollment.id)
        elif enrollment.state not in LIVE:
            await messages.cancel_open(tx, enrollment.id, enrollment.state_reason or "")


async def _pause_longer(
    tx: AsyncConnection, enrollment: Enrollment, why: str, resume_at: datetime | None
) -> None:
    until = later_pause(enrollment.resume_at, resume_at)
    if until != enrollment.resume_at:
        await enrollments.move_resume(tx, enrollment.id, until, why)


async def _space_anew(app: App, tx: AsyncConnection, enrollment_id: int) -> None:
    """Give the open mails of a resumed enrollment new dates: never a burst."""
    case = await enrollments.case(tx, enrollment_id)
    sequence = (await app.library.published(tx, case.enrollment.sequence)).content.sequence
    course = course_of(case, sequence)
    waiting = [m for m in await messages.open_of(tx, enrollment_id) if m.state is not MessageState.HELD]
    last = await prospects.last_mail(tx, case.prospect.id, case.account.id)
    slots = schedule.resumed(
        [message.due_at for message in waiting],
        now=app.clock(),
        last_to_prospect=last.to_prospect,
        last_to_account=last.to_account,
        spacing=sequence.spacing,
        window=sequence.window,
        place=course.place,
    )
    for message, slot in zip(waiting, slots, strict=True):
        why = message.why if slot.at == message.due_at else delayed(message.why, slot.why)
        await messages.postpone(tx, message, slot.at, why)

"""What a person decides: tasks answered, replies corrected, drafts approved, doubts resolved."""

from dataclasses import replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.errors import Conflict, InvalidInput, NotFound
from cadence.core.lifecycle import Fact, status_after
from cadence.core.model import EnrollmentState, MessageState, ProspectStatus, TaskKind
from cadence.core.replies import AUTOMATIC, Category
from cadence.service import outcomes, reacting, sending, transitions
from cadence.service.app import App
from cadence.service.tracing import key_of
from cadence.store import enrollments, events, inbound, locks, mailboxes, messages, prospects, tasks

_PEOPLE = tuple(category.value for category in Category if category not in AUTOMATIC)

ANSWERS: dict[TaskKind, tuple[str, ...]] = {
    TaskKind.DECISION_OPEN: ("done",),
    TaskKind.INTERESTED: ("done",),
    TaskKind.QUESTION: ("resume", "stop"),
    TaskKind.REVIEW_REPLY: _PEOPLE,
    TaskKind.APPROVE_DRAFT: ("yes", "no"),
    TaskKind.IN_DOUBT: ("sent", "not-sent"),
    TaskKind.HELD: ("retry", "skip"),
    TaskKind.MAILBOX_FAULT: ("done",),
    TaskKind.NOT_READ: ("done",),
    TaskKind.REFERRAL: ("done",),
    TaskKind.SUCCESSOR: ("done",),
    TaskKind.UNREADABLE: ("resume", "stop"),
    TaskKind.COLLEAGUES: ("resume", "stop"),
    TaskKind.TOOK_OVER: ("resume", "stop"),
}
"""What each kind of task can be answered with."""


async def answer(app: App, task_id: int, words: str) -> str:
    """Answer a task and carry the answer out; says what was done.

    Raises NotFound, Conflict (answered before) or InvalidInput (not an answer to this kind of task).
    """
    async with app.db.write() as tx:
        task = await tasks.get(tx, task_id)
        if task is None:
            raise NotFound(f"there is no task {task_id}")
        if task.done_at is not None:
            raise Conflict(f"task {task_id} was answered before: {task.answer}")
        kind = TaskKind(task.kind)
        if words not in ANSWERS[kind]:
            raise InvalidInput(f"task {task_id} can be answered with: {', '.join(ANSWERS[kind])}")
        await tasks.close(tx, task_id, words, now=app.clock())
        await events.add(
            tx,
            "task.answered",
            f"{kind}: {words}",
            at=app.clock(),
            prospect_id=task.prospect_id,
            enrollment_id=task.enrollment_id,
            message_id=task.message_id,
            inbound_id=task.inbound_id,
            mailbox_id=task.mailbox_id,
        )
        return await _carry_out(app, tx, task, kind, words)


async def _carry_out(app: App, tx: AsyncConnection, task: Any, kind: TaskKind, words: str) -> str:
    if kind is TaskKind.REVIEW_REPLY:
        return await correct(app, tx, task.inbound_id, Category(words))
    if kind is TaskKind.IN_DOUBT:
        return await _resolve_doubt(app, tx, task.message_id, words)
    if kind in (TaskKind.APPROVE_DRAFT, TaskKind.HELD):
        return await _release(app, tx, task.message_id, words)
    if words == "resume":
        return await _resume(app, tx, task)
    if words == "stop":
        return await _stop(app, tx, task)
    return "noted"


async def correct(app: App, tx: AsyncConnection, inbound_id: int, category: Category) -> str:
    """Let a reply act as the category that a person says it is; the product's own verdict is kept."""
    row = await inbound.get(tx, inbound_id)
    if row.verdict is None or row.enrollment_id is None:
        raise Conflict("that mail belongs to no enrollment")
    await inbound.correct(tx, inbound_id, category)
    verdict = replace(
        inbound.unpack_verdict(row.verdict), category=category, confidence=1.0, evidence=("a person said so",)
    )
    case = await enrollments.case(tx, row.enrollment_id)
    await transitions.resume(app, tx, case.enrollment.id, f"a person read the reply: {category}")
    await prospects.set_status(tx, case.prospect.id, await _status_before(tx, case.prospect.id, inbound_id))
    case = await enrollments.case(tx, row.enrollment_id)
    reaction = await reacting.react_to(
        app,
        tx,
        case,
        verdict,
        inbound_id=inbound_id,
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


async def _resolve_doubt(app: App, tx: AsyncConnection, message_id: int, words: str) -> str:
    await locks.companies_of_mails(tx, [message_id])
    message = await messages.get(tx, message_id)
    if message.state is not MessageState.IN_DOUBT:
        raise Conflict("that mail is not in doubt any more")
    assert message.mailbox_id is not None
    if words == "sent":
        mailbox = await mailboxes.get(tx, message.mailbox_id)
        await outcomes.accepted(app, tx, mailbox, [(message, "a person says that it left")])
        return f"{message.step}: counted as sent"
    now = app.clock()
    why = "a person says that it did not leave"
    await messages.move(
        tx, message_id, MessageState.DEFERRED, sent_at=None, wake_at=now, due_at=now, outcome=why, why=why
    )
    return f"{message.step}: will be sent again"


async def _release(app: App, tx: AsyncConnection, message_id: int, words: str) -> str:
    await locks.companies_of_mails(tx, [message_id])
    message = await messages.get(tx, message_id)
    if words in ("no", "skip"):
        await sending.skip(app, tx, message, "a person said no" if words == "no" else "a person left it out")
        return f"{message.step}: left out"
    now = app.clock()
    moved = await messages.move(
        tx, message_id, MessageState.PLANNED, wake_at=now, due_at=now, approved=words == "yes", outcome=None
    )
    if not moved:
        raise Conflict(f"{message.step} is {message.state}, not held")
    if (await enrollments.get(tx, message.enrollment_id)).state is EnrollmentState.PAUSED:
        await messages.park(tx, message.enrollment_id)
    return f"{message.step}: goes out as soon as it may"


async def _resume(app: App, tx: AsyncConnection, task: Any) -> str:
    why = "a person said to go on"
    if task.kind == TaskKind.COLLEAGUES:
        waiting = await enrollments.paused_by(tx, task.enrollment_id)
        for other in waiting:
            await transitions.apply(app, tx, other.id, Fact.RESUME, why)
        return f"{len(waiting)} resumed"
    if task.enrollment_id is None:
        return "noted"
    resumed = await transitions.resume(app, tx, task.enrollment_id, why)
    return "resumed" if resumed else "it was not paused"


async def _stop(app: App, tx: AsyncConnection, task: Any) -> str:
    why = "a person said to stop"
    if task.kind == TaskKind.COLLEAGUES:
        waiting = await enrollments.paused_by(tx, task.enrollment_id)
        for other in waiting:
            await transitions.apply(app, tx, other.id, Fact.STOP, why)
        return f"{len(waiting)} stopped"
    if task.enrollment_id is None:
        return "noted"
    await transitions.apply(app, tx, task.enrollment_id, Fact.STOP, why)
    return "stopped"

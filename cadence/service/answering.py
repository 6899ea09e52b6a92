"""What a person decides: tasks answered, replies corrected, drafts approved, doubts resolved."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.errors import Conflict, InvalidInput, NotFound
from cadence.core.lifecycle import Fact
from cadence.core.model import EnrollmentState, MessageState, TaskKind
from cadence.core.people import CONSOLE, Actor
from cadence.core.replies import Category
from cadence.service import correcting, outcomes, settling, transitions, undoing
from cadence.service.app import App
from cadence.service.correcting import MEANINGS
from cadence.store import audit, enrollments, events, letters, locks, mailboxes, messages, tasks
from cadence.store.letters import LetterState

ANSWERS: dict[TaskKind, tuple[str, ...]] = {
    TaskKind.DECISION_OPEN: ("done",),
    TaskKind.INTERESTED: ("done",),
    TaskKind.QUESTION: ("resume", "stop"),
    TaskKind.REVIEW_REPLY: (*MEANINGS, "stop"),
    TaskKind.APPROVE_DRAFT: ("yes", "no", "stop"),
    TaskKind.CONFIRM_ENROLLMENT: ("resume", "stop"),
    TaskKind.IN_DOUBT: ("sent", "not-sent"),
    TaskKind.HELD: ("retry", "skip", "stop"),
    TaskKind.MAILBOX_FAULT: ("done",),
    TaskKind.NOT_READ: ("done",),
    TaskKind.TOO_LATE: ("done",),
    TaskKind.EVENT_GUEST: ("done",),
    TaskKind.REFERRAL: ("done",),
    TaskKind.SUCCESSOR: ("done",),
    TaskKind.THANK_REFERRER: ("done",),
    TaskKind.UNREADABLE: ("resume", "stop"),
    TaskKind.COLLEAGUES: ("resume", "stop"),
    TaskKind.TOOK_OVER: ("resume", "stop"),
    TaskKind.WEBHOOK_DISABLED: ("done",),
    TaskKind.CRM_FAULT: ("done",),
}
"""What each kind of task can be answered with."""


async def answer(app: App, task_id: int, words: str, actor: Actor = CONSOLE) -> str:
    """Answer a task and carry the answer out; says what was done. actor: by whom.

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
        async with undoing.remembered(app, tx, actor, _undoable(task, kind, words), f"{kind}: {words}"):
            if not await tasks.close(tx, task_id, words, now=app.clock()):
                raise Conflict("somebody else answered it at the same moment")
            done = await _carry_out(app, tx, task, kind, words, actor)
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
        await audit.record(tx, actor, "task.answered", f"task {task_id}, {kind}: {words}", at=app.clock())
        return done


def _undoable(task: Any, kind: TaskKind, words: str) -> int | None:
    """About whom this can be taken back; what may have left, and who wants no more mail, is none of it."""
    lasting = kind is TaskKind.IN_DOUBT or words == Category.UNSUBSCRIBE
    return None if lasting else task.prospect_id


async def _carry_out(
    app: App, tx: AsyncConnection, task: Any, kind: TaskKind, words: str, actor: Actor
) -> str:
    if words == "stop":
        return await _stop(app, tx, task)
    if kind is TaskKind.REVIEW_REPLY:
        return await correcting.record(app, tx, task.inbound_id, Category(words), actor)
    if kind is TaskKind.IN_DOUBT:
        resolve = _resolve_doubt if task.message_id is not None else _resolve_doubt_of_letters
        return await resolve(app, tx, task, words)
    if kind in (TaskKind.APPROVE_DRAFT, TaskKind.HELD):
        return await _release(app, tx, task.message_id, words)
    if words == "resume":
        return await _resume(app, tx, task)
    return "noted"


async def _resolve_doubt(app: App, tx: AsyncConnection, task: Any, words: str) -> str:
    await locks.companies_of_mails(tx, [task.message_id])
    message = await messages.get(tx, task.message_id)
    if message.state is not MessageState.IN_DOUBT:
        raise Conflict("that mail is not in doubt any more")
    assert message.mailbox_id is not None
    if words == "sent":
        mailbox = await mailboxes.get(tx, message.mailbox_id)
        await outcomes.accepted(app, tx, mailbox, [(message, "a person says that it left")])
        return f"{message.step}: counted as sent"
    await outcomes.put_back(app, tx, message, "a person says that it did not leave")
    return f"{message.step}: will be sent again"


async def _resolve_doubt_of_letters(app: App, tx: AsyncConnection, task: Any, words: str) -> str:
    """An answer that a person wrote from here: it is theirs to write it again."""
    did_leave = words == "sent"
    state = LetterState.SENT if did_leave else LetterState.REFUSED
    outcome = f"a person says that it {'left' if did_leave else 'did not leave'}"
    for letter in await letters.in_doubt(tx, task.inbound_id):
        await letters.settle(tx, letter.id, state, outcome, app.clock() if did_leave else None)
    return "your answer counts as sent" if did_leave else "your answer did not leave: write it again"


async def _release(app: App, tx: AsyncConnection, message_id: int, words: str) -> str:
    await locks.companies_of_mails(tx, [message_id])
    message = await messages.get(tx, message_id)
    if words in ("no", "skip"):
        await settling.skip(app, tx, message, "a person said no" if words == "no" else "a person left it out")
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

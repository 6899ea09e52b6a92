"""What waits for somebody: their open tasks, most urgent first; putting one off, looking at a draft."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from cadence.core.errors import Conflict, InvalidInput, NotFound
from cadence.core.model import MessageState, TaskKind
from cadence.core.rights import REACH, Reach, Visitor
from cadence.service import writing
from cadence.service.app import App
from cadence.service.paging import Part, cursor, position
from cadence.service.writing import Draft
from cadence.store import audit, desk, enrollments, events, jobs, messages, tasks
from cadence.store.desk import Waiting

MORNING = time(8)
LONGEST_SNOOZE_DAYS = 366
PART = 30
"""Of tasks a page: each brings its forms along, and a page has at most 150 kB."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One part of what waits. counts: of all of it by kind, most urgent first; put_off: how many wait for
    their date.
    """

    part: Part[Waiting]
    counts: Mapping[TaskKind, int]
    put_off: int

    @property
    def total(self) -> int:
        """How many need somebody now."""
        return sum(self.counts.values())


async def look(
    app: App, visitor: Visitor, *, kind: str = "", put_off: bool = False, after: str = "", limit: int = PART
) -> Desk:
    """What waits for a visitor; raises InvalidInput for a kind or a cursor that is none.

    put_off: what nobody is asked before a date, instead of what needs somebody now.
    """
    if kind and kind not in set(TaskKind):
        raise InvalidInput(f"There is no kind of task {kind[:50]!r}.")
    only, behind = TaskKind(kind) if kind else None, position(after, int, int)
    now, user = app.clock(), visitor.user
    async with app.db.read() as tx:
        counts, later = await desk.counts(tx, user, now=now)
        keys = await desk.page(
            tx,
            user,
            now=now,
            kind=only,
            put_off=put_off,
            after=behind,
            limit=limit + 1,
        )
        known = await desk.in_full(tx, [task_id for _, task_id in keys[:limit]], user)
    shown = [known[task_id] for _, task_id in keys[:limit] if task_id in known]
    return Desk(Part(shown, cursor(*keys[limit - 1]) if len(keys) > limit else None), counts, later)


async def find(app: App, visitor: Visitor, task_id: int) -> Waiting:
    """One task, answered or not; raises NotFound, also for one that is somebody else's."""
    async with app.db.read() as tx:
        found = (await desk.in_full(tx, [task_id], visitor.user)).get(task_id)
    if found is None:
        raise NotFound("There is no such task.")
    return found


async def snooze(app: App, visitor: Visitor, task_id: int, until: date | None) -> datetime | None:
    """Ask again on the morning of a day, where the visitor lives; None: ask again now. Gives the instant.

    Raises NotFound, Conflict for what was answered, or InvalidInput for a day that is past or too far.
    """
    task = await find(app, visitor, task_id)
    if task.done_at is not None:
        raise Conflict("It was answered meanwhile.")
    now, zone = app.clock(), ZoneInfo(visitor.user.zone)
    at = None
    if until is not None:
        days = (until - now.astimezone(zone).date()).days
        if not 0 < days <= LONGEST_SNOOZE_DAYS:
            raise InvalidInput("Choose a day after today, within a year.")
        at = datetime.combine(until, MORNING, zone)
    why = f"{task.kind}: put off until {until}" if until else f"{task.kind}: asked again now"
    async with app.db.write() as tx:
        await tasks.snooze(tx, task_id, at)
        await events.add(
            tx, "task.snoozed", why, at=now, prospect_id=task.prospect_id, enrollment_id=task.enrollment_id
        )
        await audit.record(tx, visitor.actor, "task.snoozed", f"task {task_id}, {why}", at=now)
    return at


async def draft(app: App, visitor: Visitor, task_id: int) -> tuple[Waiting, Draft]:
    """The mail that waits for a yes, as it would leave now.

    Raises NotFound, Conflict where it waits no more, ContentError or InvalidInput where it cannot be written.
    """
    task = await find(app, visitor, task_id)
    if task.message_id is None or task.kind not in (TaskKind.APPROVE_DRAFT, TaskKind.HELD):
        raise NotFound("There is no draft here.")
    async with app.db.read() as tx:
        message = await messages.get(tx, task.message_id)
        if message.state is not MessageState.HELD or message.mailbox_id is None:
            raise Conflict("This draft does not wait for anybody any more.")
        case = await enrollments.case(tx, message.enrollment_id)
        published = await app.library.published(tx, case.enrollment.sequence)
        step, story = published.content.sequence.step(message.step), None
        if step is None:
            raise Conflict(f"The sequence has no step {message.step} any more.")
        if step.pool:
            choice = await writing.choose_story(app, tx, case, step, published.content)
            if choice is None:
                raise Conflict("There is nothing relevant to say: it would be left out.")
            story = choice.story.name
        mailbox = case.mailbox
        if message.mailbox_id != mailbox.id and case.executive is not None:
            mailbox = case.executive
        return task, await writing.draft(app, tx, case, message, published, mailbox, story)


# --- whether anything changed ---


async def stamp(app: App) -> str:
    """Another text whenever what waits for anybody may be something else; cheap, for asking every second."""
    async with app.db.read() as tx:
        return await desk.stamp(tx, app.clock())


Concern = tuple[Literal["mailbox", "user"], int | None]
"""Whom news are for: those who reach a mailbox, or one user."""


async def standing(app: App) -> dict[Concern, tuple[int, ...]]:
    """What waits in each mailbox, and how far each user's work is, as numbers that change with it."""
    async with app.db.read() as tx:
        waiting, work = await desk.standing(tx, app.clock()), await jobs.standing(tx)
    return {("mailbox", id_): numbers for id_, numbers in waiting.items()} | {
        ("user", id_): numbers for id_, numbers in work.items()
    }


async def concerns(app: App, visitor: Visitor) -> frozenset[Concern] | None:
    """What concerns a visitor, None: everything."""
    if REACH[visitor.user.role] is Reach.ALL:
        return None
    async with app.db.read() as tx:
        reached = await desk.mailboxes_of(tx, visitor.user)
    return frozenset[Concern](("mailbox", id_) for id_ in reached) | {("user", visitor.user.id)}

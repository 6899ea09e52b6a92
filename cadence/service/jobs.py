"""Long work that somebody asks for: looked through first, then, after a yes, carried out step by step.

It stands in the database, so neither a page that is closed nor a process that ends stops it. Each step is one
transaction, which also says how far it is: whoever goes on begins with the next.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from typing import Protocol
from uuid import uuid4

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.errors import CadenceError, Conflict, DatabaseAway, NotFound
from cadence.core.jobs import JobKind, JobState, Reject, Step
from cadence.core.rights import REACH, RIGHTS, Reach, Visitor
from cadence.service import importing_jobs, news_jobs, selections
from cadence.service.app import App
from cadence.service.paging import Part, cursor, position
from cadence.store import audit, jobs, users
from cadence.store.jobs import Job

log = structlog.get_logger()

LEASE = timedelta(seconds=20)
"""How long a job waits for the process that held it; a step takes far less."""
SHOWN = 20
KEPT_FOR = timedelta(days=90)
"""How long a job is shown, and who was left out by it."""
TOLD_FOR = timedelta(days=1)
"""How long Today tells what came of a job."""
_MOST_TOLD = 5
_AT_ONCE = 1000


class Work(Protocol):
    """One kind of work, made ready for a job."""

    async def step(self, tx: AsyncConnection, job: Job) -> Step:
        """Take the step behind the job's position, or only say what it would do while the job is checked."""


# --- looking at it ---


async def mine(app: App, visitor: Visitor, *, after: str = "", limit: int = 30) -> Part[Job]:
    """One part of what a visitor asked for, everybody's for who reaches all; raises InvalidInput."""
    behind = position(after, int)
    whose = None if REACH[visitor.user.role] is Reach.ALL else visitor.user.id
    async with app.db.read() as tx:
        found = await jobs.page(tx, user_id=whose, before=behind[0] if behind else None, limit=limit + 1)
    return Part(found[:limit], cursor(found[limit - 1].id) if len(found) > limit else None)


async def told(app: App, visitor: Visitor) -> list[Job]:
    """What came of a visitor's jobs in the last day, or waits for their yes, the newest first."""
    async with app.db.read() as tx:
        return await jobs.told(tx, visitor.user.id, since=app.clock() - TOLD_FOR, limit=_MOST_TOLD)


async def look(app: App, visitor: Visitor, job_id: int) -> tuple[Job, Sequence[Reject]]:
    """A job, and the first of those whom it leaves out; raises NotFound, also for somebody else's."""
    async with app.db.read() as tx:
        job = await known(tx, visitor, job_id)
        return job, list(await jobs.rejects(tx, job_id, phase_of(job), after=None, limit=SHOWN))


async def known(tx: AsyncConnection, visitor: Visitor, job_id: int) -> Job:
    """A job of a visitor's; raises NotFound."""
    job = await jobs.get(tx, job_id)
    if job is None or (job.user_id != visitor.user.id and REACH[visitor.user.role] is not Reach.ALL):
        raise NotFound("There is no such work, or somebody else asked for it.")
    return job


def phase_of(job: Job) -> JobState:
    """Whose rejects count: those of carrying it out, as soon as that has begun."""
    return JobState.RUNNING if job.state is JobState.RUNNING or job.result else JobState.CHECKING


async def rejected(app: App, job: Job) -> AsyncIterator[Reject]:
    """Everybody whom a job left out, or would, by row."""
    after: int | None = None
    while True:
        async with app.db.read() as tx:
            found = list(await jobs.rejects(tx, job.id, phase_of(job), after=after, limit=_AT_ONCE))
        for one in found:
            yield one
        if len(found) < _AT_ONCE:
            return
        after = found[-1].row


# --- saying what is to become of it ---


async def approve(app: App, visitor: Visitor, job_id: int) -> Job:
    """Carry out what was looked through; raises NotFound, Conflict."""
    now = app.clock()
    async with app.db.write() as tx:
        job = await known(tx, visitor, job_id)
        if job.state is not JobState.READY or not await jobs.change(
            tx, job, now, state=JobState.RUNNING, done=0, result={"begun": 0}
        ):
            raise Conflict(f"It is {job.state} by now.")
        await audit.record(tx, visitor.actor, f"job.{job.kind}", f"{job.id}: {job.title}", at=now)
    return job


async def cancel(app: App, visitor: Visitor, job_id: int) -> Job:
    """Do no more of it; what was done stays. Raises NotFound, or Conflict where it has ended."""
    now = app.clock()
    async with app.db.write() as tx:
        job = await known(tx, visitor, job_id)
        if job.has_ended or not await jobs.change(tx, job, now, state=JobState.CANCELLED):
            raise Conflict(f"It is {job.state} by now.")
        await jobs.drop_file(tx, job_id)
        await audit.record(tx, visitor.actor, "job.cancelled", f"{job.id}: {job.title}", at=now)
    return job


# --- working on it ---


async def work(app: App, *, stopping: Callable[[], bool] = lambda: False) -> int:
    """Work on what waits, one job after the other, until nothing is left or we are to stop; counts steps."""
    steps = 0
    who = uuid4().hex
    while not stopping():
        now = app.clock()
        async with app.db.write() as tx:
            job = await jobs.claim(tx, who, now=now, until=now + LEASE)
        if job is None:
            break
        steps += await _carry_on(app, job, who, stopping)
    if steps:
        async with app.db.write() as tx:
            await jobs.forget_old(tx, app.clock() - KEPT_FOR)
    return steps


async def is_waiting(app: App) -> bool:
    """Whether there is work to take up."""
    async with app.db.read() as tx:
        return await jobs.is_waiting(tx, app.clock())


async def _carry_on(app: App, job: Job, who: str, stopping: Callable[[], bool]) -> int:
    """Take steps until the job is done, taken from us or cancelled; a fault of its own ends it."""
    steps = 0
    try:
        doing = await _work_on(app, job)
        while not stopping():
            async with app.db.write() as tx:
                if not await jobs.hold(tx, job, who, app.clock() + LEASE):
                    return steps
                step = await doing.step(tx, job)
                is_running = job.state is JobState.RUNNING
                job = await jobs.advance(tx, job, step, app.clock())
                if job.has_ended:
                    await jobs.drop_file(tx, job.id)
            steps += 1
            if is_running:
                await app.wake()
            if step.is_last:
                return steps
    except DatabaseAway:
        raise
    except CadenceError as fault:
        await _fail(app, job, str(fault))
    except Exception:
        log.exception("background work failed", job=job.id, kind=job.kind)
        await _fail(app, job, "The fault is ours, and it was written to the log.")
    else:
        async with app.db.write() as tx:
            await jobs.let_go(tx, job, who)
    return steps


async def _fail(app: App, job: Job, why: str) -> None:
    async with app.db.write() as tx:
        await jobs.change(tx, job, app.clock(), state=JobState.FAILED, fault=why)


async def _work_on(app: App, job: Job) -> Work:
    """The work of a job, with the rights that its user has now; raises Conflict where that is none."""
    async with app.db.read() as tx:
        user = await users.get(tx, job.user_id)
        uploaded = await jobs.file(tx, job.id) if job.kind is JobKind.IMPORT else None
    if user is None or not user.is_active or job.kind.right not in RIGHTS[user.role]:
        raise Conflict("Whoever asked for it may not do this any more.")
    visitor = Visitor(user, RIGHTS[user.role], "")
    if job.kind is JobKind.IMPORT:
        return await importing_jobs.ready(app, visitor, job, uploaded)
    if not job.kind.is_about_known:
        return news_jobs.Telling(app, visitor)
    return selections.ready(app, visitor, job)

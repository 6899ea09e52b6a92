"""Long work as rows: who holds it, how far it is, what it found and whom it left out.

Whoever works on a job holds it by a lease, and takes each step in one transaction together with what the
step did: a process that dies loses at most the step that it was at, and no step is taken twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.jobs import AFTER, AT_WORK, ENDED, TOLD, JobKind, JobState, Reject, Step
from cadence.store.database import insert
from cadence.store.tables import job_files, job_rejects, jobs, users


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of long work. asked: what, and to whom; found: what would happen; result: what did."""

    id: int
    kind: JobKind
    state: JobState
    user_id: int
    title: str
    asked: dict[str, Any]
    position: int | None
    done: int
    total: int
    found: dict[str, Any]
    result: dict[str, Any]
    fault: str | None
    created_at: datetime
    changed_at: datetime
    owner: str = ""

    @property
    def is_at_work(self) -> bool:
        """Whether somebody works on it, or soon will."""
        return self.state in AT_WORK

    @property
    def has_ended(self) -> bool:
        """Whether nothing more happens to it."""
        return self.state in ENDED


def _job(row: Any) -> Job:
    values = {name: getattr(row, name) for name in Job.__dataclass_fields__}
    return Job(**values | {"kind": JobKind(row.kind), "state": JobState(row.state)})


_JOBS = sa.select(jobs, users.c.name.label("owner")).join(users, users.c.id == jobs.c.user_id)


async def add(
    tx: AsyncConnection,
    kind: JobKind,
    state: JobState,
    *,
    user_id: int,
    title: str,
    asked: dict[str, Any],
    total: int,
    now: datetime,
) -> int:
    """Keep new work, and give its id."""
    blank: dict[str, Any] = {"done": 0, "found": {}, "result": {}, "created_at": now, "changed_at": now}
    about = {"kind": kind, "state": state, "user_id": user_id, "title": title, "asked": asked, "total": total}
    return await insert(tx, jobs, **about, **blank)


async def get(tx: AsyncConnection, job_id: int) -> Job | None:
    """The job of this id."""
    row = (await tx.execute(_JOBS.where(jobs.c.id == job_id))).one_or_none()
    return _job(row) if row else None


async def page(tx: AsyncConnection, *, user_id: int | None, before: int | None, limit: int) -> list[Job]:
    """Jobs, the newest first. user_id: only of this user; before: only older ones than this id."""
    query = _JOBS.order_by(jobs.c.id.desc()).limit(limit)
    if user_id is not None:
        query = query.where(jobs.c.user_id == user_id)
    if before is not None:
        query = query.where(jobs.c.id < before)
    return [_job(row) for row in await tx.execute(query)]


async def told(tx: AsyncConnection, user_id: int, *, since: datetime, limit: int) -> list[Job]:
    """What came of a user's jobs, or waits for their yes, since an instant, the newest first."""
    mine = jobs.c.user_id == user_id, jobs.c.state.in_(TOLD), jobs.c.changed_at >= since
    query = _JOBS.where(*mine).order_by(jobs.c.changed_at.desc(), jobs.c.id.desc()).limit(limit)
    return [_job(row) for row in await tx.execute(query)]


async def standing(tx: AsyncConnection) -> dict[int, tuple[int, ...]]:
    """By user how many of their jobs are how far, as numbers that change with it."""
    states = sorted(TOLD)
    counted = (sa.func.count().filter(jobs.c.state == state) for state in states)
    query = sa.select(jobs.c.user_id, *counted).where(jobs.c.state.in_(states)).group_by(jobs.c.user_id)
    return {row[0]: tuple(row[1:]) for row in await tx.execute(query)}


async def forget_old(tx: AsyncConnection, before: datetime) -> None:
    """Forget what nobody has worked on, or said yes to, since an instant, and all that belongs to it."""
    old = sa.select(jobs.c.id).where(jobs.c.state.not_in(AT_WORK), jobs.c.changed_at < before)
    for table in (job_files, job_rejects):
        await tx.execute(table.delete().where(table.c.job_id.in_(old)))
    await tx.execute(jobs.delete().where(jobs.c.id.in_(old)))


async def change(tx: AsyncConnection, job: Job, now: datetime, **values: Any) -> bool:
    """Set some columns of a job that stands as we know it; False where it does not any more."""
    changed = jobs.update().where(jobs.c.id == job.id, jobs.c.state == job.state)
    return bool((await tx.execute(changed.values(changed_at=now, **values))).rowcount)


# --- working on it ---


async def claim(tx: AsyncConnection, who: str, *, now: datetime, until: datetime) -> Job | None:
    """Hold the oldest job that waits for somebody to work on it, or whose worker is gone."""
    free = sa.or_(jobs.c.held_until.is_(None), jobs.c.held_until <= now)
    waiting = sa.select(jobs.c.id).where(jobs.c.state.in_(AT_WORK), free).order_by(jobs.c.id).limit(1)
    job_id = (await tx.execute(waiting.with_for_update(skip_locked=True))).scalar_one_or_none()
    if job_id is None:
        return None
    await tx.execute(jobs.update().where(jobs.c.id == job_id).values(held_by=who, held_until=until))
    return await get(tx, job_id)


async def hold(tx: AsyncConnection, job: Job, who: str, until: datetime) -> bool:
    """Go on holding a job, before a step of it; False where it was cancelled, or somebody else took it."""
    same = (
        jobs.c.id == job.id,
        jobs.c.state == job.state,
        jobs.c.held_by == who,
        jobs.c.position.is_not_distinct_from(job.position),
    )
    return bool((await tx.execute(jobs.update().where(*same).values(held_until=until))).rowcount)


async def advance(tx: AsyncConnection, job: Job, step: Step, now: datetime) -> Job:
    """Record a step, in the transaction that it was taken in; gives how the job stands then."""
    column = "found" if job.state is JobState.CHECKING else "result"
    counts = dict(getattr(job, column))
    for name, number in step.counts.items():
        counts[name] = counts.get(name, 0) + number
    values: dict[str, Any] = {"position": step.position, "done": job.done + step.done, column: counts}
    if step.is_last:
        values |= {"state": AFTER[job.state], "held_by": None, "held_until": None}
        values |= {"position": None, "total": values["done"]} if job.state is JobState.CHECKING else {}
    await tx.execute(jobs.update().where(jobs.c.id == job.id).values(changed_at=now, **values))
    if step.rejects:
        await tx.execute(job_rejects.insert(), [_row(job, one) for one in step.rejects])
    found = await get(tx, job.id)
    assert found is not None
    return found


def _row(job: Job, one: Reject) -> dict[str, Any]:
    about = {"row": one.row, "email": one.email, "reason": one.reason, "cells": list(one.cells)}
    return {"job_id": job.id, "phase": job.state, **about}


async def let_go(tx: AsyncConnection, job: Job, who: str) -> None:
    """Hold a job no more, so that somebody else may go on at once."""
    mine = jobs.update().where(jobs.c.id == job.id, jobs.c.held_by == who)
    await tx.execute(mine.values(held_by=None, held_until=None))


# --- what belongs to it ---


async def put_file(tx: AsyncConnection, job_id: int, name: str, packed: bytes) -> None:
    """Keep what was uploaded. packed: compressed by zlib."""
    await tx.execute(job_files.insert().values(job_id=job_id, name=name, raw=packed))


async def file(tx: AsyncConnection, job_id: int) -> tuple[str, bytes] | None:
    """Under which name something was uploaded, and what, compressed by zlib."""
    row = (await tx.execute(sa.select(job_files).where(job_files.c.job_id == job_id))).one_or_none()
    return (row.name, row.raw) if row else None


async def drop_file(tx: AsyncConnection, job_id: int) -> None:
    """Keep what was uploaded no longer: the work has ended."""
    await tx.execute(job_files.delete().where(job_files.c.job_id == job_id))


async def forget_rejects(tx: AsyncConnection, job_id: int) -> None:
    """Begin the list of those who are left out anew."""
    await tx.execute(job_rejects.delete().where(job_rejects.c.job_id == job_id))


async def rejects(
    tx: AsyncConnection, job_id: int, phase: JobState, *, after: int | None, limit: int
) -> Iterable[Reject]:
    """Whom a job left out, or would, by row. after: only behind this row."""
    query = sa.select(job_rejects).where(job_rejects.c.job_id == job_id, job_rejects.c.phase == phase)
    if after is not None:
        query = query.where(job_rejects.c.row > after)
    rows = await tx.execute(query.order_by(job_rejects.c.row).limit(limit))
    return [Reject(row.row, row.email, row.reason, tuple(row.cells)) for row in rows]


async def is_waiting(tx: AsyncConnection, now: datetime) -> bool:
    """Whether a job waits for somebody to work on it."""
    free = sa.or_(jobs.c.held_until.is_(None), jobs.c.held_until <= now)
    return (
        await tx.execute(sa.select(jobs.c.id).where(jobs.c.state.in_(AT_WORK), free).limit(1))
    ).first() is not None

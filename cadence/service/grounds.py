"""On which ground somebody is written to: what was said of them, else what their enrollment tells."""

from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.address import normalize
from cadence.core.calendar import local
from cadence.core.errors import NotFound
from cadence.core.legal import Ground, last_day, missing, rule_of, supposed
from cadence.core.model import MessageState, Prospect, TaskKind
from cadence.core.people import Actor
from cadence.core.sequence import Sequence
from cadence.service.app import App
from cadence.service.requests import check_ground
from cadence.store import audit, enrollments, events, locks, messages, prospects, tasks
from cadence.store.enrollments import Case


def of(case: Case, sequence: Sequence) -> Ground:
    """The ground to write to the person of an enrollment."""
    said, place = case.prospect.ground, case.prospect.place
    ended, enrolled = (local(at, place).date() for at in (case.deal.lost_at, case.enrollment.started_at))
    return said or supposed(sequence.audience, ended, enrolled)


def told(ground: Ground, country: str | None, today: date) -> dict[str, Any]:
    """A ground as plain data: what it is, how long it counts, and which law says so."""
    rule, last = rule_of(ground.basis, country), last_day(ground, country)
    return {
        "basis": ground.basis.value,
        "source": ground.source,
        "since": ground.since.isoformat(),
        "until": last.isoformat() if last else None,
        "law": rule.law,
        "note": rule.note or None,
        "missing": missing(ground, country, today),
    }


async def record(app: App, actor: Actor, email: str, ground: Ground | None) -> None:
    """Keep on which ground somebody is written to; what was held for want of one goes on.

    ground: None for what their enrollment tells. Raises InvalidInput, NotFound.
    """
    now = app.clock()
    if ground is not None:
        check_ground(ground, now)
    async with app.db.write() as tx:
        person = await prospects.find(tx, normalize(email))
        if person is None:
            raise NotFound(f"nobody of the address {email} was ever enrolled")
        await locks.company_of(tx, person.id)
        await put(app, tx, actor, person, ground)


async def put(app: App, tx: AsyncConnection, actor: Actor, person: Prospect, ground: Ground | None) -> None:
    """Keep a ground that was checked; whoever calls holds the company."""
    now = app.clock()
    held = await _held_for_want_of_one(app, tx, person)
    await prospects.change(tx, person.id, **prospects.ground_columns(ground))
    said = f"{ground.basis} since {ground.since}: {ground.source}" if ground else "what the enrollment tells"
    await events.add(tx, "prospect.ground", said, at=now, prospect_id=person.id)
    await audit.record(tx, actor, "prospect.ground", f"{person.email}: {said}", at=now)
    for message_id in held:
        await messages.move(tx, message_id, MessageState.PLANNED, wake_at=now, due_at=now, outcome=None)
        await tasks.close_about(tx, TaskKind.HELD, "a ground was named", now=now, message_id=message_id)


async def _held_for_want_of_one(app: App, tx: AsyncConnection, person: Prospect) -> list[int]:
    """The mails that wait only because the ground of before has ended or is none."""
    today, found = local(app.clock(), person.place).date(), []
    for enrollment in await enrollments.of_prospect(tx, person.id):
        case = await enrollments.case(tx, enrollment.id)
        sequence = (await app.library.published(tx, enrollment.sequence)).content.sequence
        why = missing(of(case, sequence), person.place.country, today)
        waiting = await messages.open_of(tx, enrollment.id) if why else ()
        found += [one.id for one in waiting if one.state is MessageState.HELD and one.outcome == why]
    return found

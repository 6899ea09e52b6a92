"""Keeps mails in line with the dates of deals: whatever writes a date calls `follow`, in its transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.calendar import local
from cadence.core.lifecycle import LIVE
from cadence.core.model import Deal, MessageState
from cadence.core.people import Actor
from cadence.core.redating import Dropped, Moved, Planned, Redated, redated
from cadence.core.sequence import Sequence
from cadence.service import courses, transitions
from cadence.service.app import App
from cadence.service.requests import Request, check
from cadence.store import audit, crm_writes, deals, enrollments, events, locks, messages
from cadence.store.enrollments import Case


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of one mail. at: when it is due now, None where it is skipped; zone: the reader's."""

    email: str
    zone: str
    step: str
    at: datetime | None
    why: str


async def say(app: App, actor: Actor, deal_id: int, dates: Mapping[str, date | None]) -> list[Followed]:
    """Keep some of competitor_contract_end and missing_ships of a deal, None for one that is not known.

    Gives what became of the mails that hang on them; raises InvalidInput, and then changes nothing.
    """
    now = app.clock()
    check(Request("", "", deal=dict(dates)), now)
    async with app.db.write() as tx:
        await hold(tx, deal_id)
        before = await deals.get(tx, deal_id)
        await deals.change(tx, [deal_id], **dates)
        await crm_writes.tell_of(tx, [deal_id], now=now)
        said = ", ".join(f"{name} {on or 'not known'}" for name, on in sorted(dates.items()))
        await audit.record(tx, actor, "deal.changed", f"{deal_id}: {said}", at=now)
        return await follow(app, tx, [before])


async def hold(tx: AsyncConnection, deal_id: int) -> None:
    """Hold the companies of everybody of a deal before its own row, as whoever erases somebody does."""
    live = await enrollments.of_deal(tx, deal_id)
    await locks.companies_of(tx, {one.prospect_id for one in live})


async def follow(app: App, tx: AsyncConnection, before: Iterable[Deal]) -> list[Followed]:
    """Plan, move or skip the mails of everybody who is enrolled for deals whose dates changed.

    before: the deals as they were, of each the oldest first; those that still have the same dates cost
    one query in all. Mails of who is paused wait for the end of the pause.
    """
    was: dict[int, Deal] = {}
    for deal in before:
        was.setdefault(deal.id, deal)
    known = await deals.of_ids(tx, was) if was else {}
    changed = [deal for deal in known.values() if courses.dates_of(deal) != courses.dates_of(was[deal.id])]
    live = [one.id for deal in changed for one in await enrollments.of_deal(tx, deal.id)]
    followed: list[Followed] = []
    for case in await _held(tx, live):
        followed += await _follow_one(app, tx, case, was[case.deal.id])
    return followed


async def _held(tx: AsyncConnection, enrollment_ids: list[int]) -> list[Case]:
    """Those of these enrollments that are still live, while their companies are held."""
    if not enrollment_ids:
        return []
    cases = await enrollments.cases(tx, enrollment_ids)
    await locks.companies_of(tx, {case.prospect.id for case in cases.values()})
    cases = await enrollments.cases(tx, enrollment_ids)
    return [case for case in cases.values() if case.enrollment.state in LIVE]


async def _follow_one(app: App, tx: AsyncConnection, case: Case, was: Deal) -> list[Followed]:
    now, enrollment = app.clock(), case.enrollment
    sequence = (await app.library.published(tx, enrollment.sequence)).content.sequence
    course = courses.course_of(case, sequence)
    mails = await messages.of_enrollment(tx, enrollment.id)
    done = []
    for one in redated(course, courses.dates_of(was), mails, local(now, course.place).date()):
        if followed := await _carry_out(tx, case, sequence, one):
            await _record(tx, case, one, followed, now)
            done.append(followed)
    if done:
        await transitions.settle_down(tx, [enrollment])
        await transitions.finish_if_done(app, tx, [enrollment.id])
    return done


async def _carry_out(tx: AsyncConnection, case: Case, sequence: Sequence, one: Redated) -> Followed | None:
    """None where somebody dealt with the mail meanwhile."""
    who = case.prospect
    match one:
        case Planned(plan):
            await courses.put_plans(tx, case, sequence, [plan])
        case Moved(mail, plan):
            if not await messages.redate(tx, mail.id, plan):
                return None
        case Dropped(mail, why):
            if not await messages.move(tx, mail.id, MessageState.SKIPPED, outcome=why):
                return None
            return Followed(who.email, who.place.zone, mail.step, None, why)
    return Followed(who.email, who.place.zone, plan.step, plan.due_at, plan.why)


async def _record(tx: AsyncConnection, case: Case, one: Redated, followed: Followed, now: datetime) -> None:
    kinds = {Planned: "message.planned", Moved: "message.moved", Dropped: "message.skipped"}
    await events.add(
        tx,
        kinds[type(one)],
        f"{followed.step}: {followed.why}",
        at=now,
        prospect_id=case.prospect.id,
        enrollment_id=case.enrollment.id,
        message_id=None if isinstance(one, Planned) else one.mail.id,
    )

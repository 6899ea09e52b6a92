"""Carries out what lifecycle.react decided about a reply, in the transaction that keeps the reply."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core import planning
from cadence.core.address import normalize
from cadence.core.lifecycle import LIVE, Fact, Reaction, react
from cadence.core.model import Enrollment, EnrollmentState, MessageState, TaskKind
from cadence.core.replies import AUTOMATIC, Action, Category, Verdict, action
from cadence.core.sequence import Sequence
from cadence.service import courses, transitions
from cadence.service.app import App
from cadence.store import correspondence, enrollments, messages, prospects, tasks
from cadence.store.enrollments import Case

AFTER_A_SOFT_BOUNCE = timedelta(days=1)


async def react_to(
    app: App,
    tx: AsyncConnection,
    case: Case,
    verdict: Verdict,
    *,
    inbound_id: int,
    outbound_id: int | None,
    sender: str | None,
    written_at: datetime,
) -> Reaction:
    """Let a reply act on its enrollment, its person, its deal and its company.

    sender: the normalized address it came from, which may be a colleague's; written_at: its date.
    """
    sequence = (await app.library.published(tx, case.enrollment.sequence)).content.sequence
    soft_bounces = await prospects.soft_bounces(tx, case.prospect.id)
    reaction = react(
        verdict,
        sequence=sequence,
        place=case.prospect.place,
        received_at=written_at,
        soft_bounces=soft_bounces,
    )
    if verdict.category not in AUTOMATIC and action(verdict) is Action.ACT:
        await enrollments.hear(tx, case.enrollment, verdict.category)
    await _count_bounces(tx, case, verdict, reaction, soft_bounces)
    if reaction.status is not None:
        await prospects.set_status(tx, case.prospect.id, reaction.status)
    await _move(app, tx, case, reaction, inbound_id)
    await _suppress(app, tx, case, reaction, verdict, sender)
    await _tell_others(app, tx, case, reaction)
    await _replan(app, tx, case, sequence, reaction, outbound_id)
    await _ask_people(app, tx, case, reaction, verdict, inbound_id)
    return reaction


async def _count_bounces(
    tx: AsyncConnection, case: Case, verdict: Verdict, reaction: Reaction, before: int
) -> None:
    if reaction.retry:
        await prospects.set_soft_bounces(tx, case.prospect.id, before + 1)
    elif before and verdict.category not in AUTOMATIC:
        await prospects.set_soft_bounces(tx, case.prospect.id, 0)
    if reaction.fact is Fact.BOUNCE:
        await prospects.mark_unreachable(tx, case.prospect.id)


async def _move(app: App, tx: AsyncConnection, case: Case, reaction: Reaction, inbound_id: int) -> None:
    if reaction.fact is not None:
        await transitions.apply(
            app,
            tx,
            case.enrollment.id,
            reaction.fact,
            reaction.reason,
            resume_at=reaction.resume_at,
            inbound_id=inbound_id,
        )


async def _suppress(
    app: App, tx: AsyncConnection, case: Case, reaction: Reaction, verdict: Verdict, sender: str | None
) -> None:
    """Who asks us to stop is never written to again: the person of the thread, and whoever asked."""
    if not reaction.suppress:
        return
    addresses = {normalize(case.prospect.email)} | ({sender} if sender else set())
    for address in sorted(addresses):
        await prospects.suppress(
            tx, address, reason=reaction.reason, source=verdict.category, now=app.clock()
        )
        known = await prospects.find(tx, address)
        for other in await enrollments.of_prospect(tx, known.id) if known else []:
            await transitions.apply(app, tx, other.id, Fact.OPT_OUT, reaction.reason)


async def _tell_others(app: App, tx: AsyncConnection, case: Case, reaction: Reaction) -> None:
    """What a reply means for the same address, for the other people of the deal and of the company."""
    own = case.enrollment.id
    if reaction.address is not None:
        for other in await enrollments.of_prospect(tx, case.prospect.id):
            if other.id != own:
                await transitions.apply(app, tx, other.id, reaction.address, reaction.reason)
    if reaction.account is not None:
        for other in await enrollments.of_account(tx, case.account.id):
            if other.id != own:
                why = f"{case.prospect.email}: {reaction.reason}"
                await transitions.apply(app, tx, other.id, reaction.account, why)
        return
    if reaction.deal is not None:
        await _spare_colleagues(app, tx, case, reaction)


async def _spare_colleagues(app: App, tx: AsyncConnection, case: Case, reaction: Reaction) -> None:
    spared: list[Enrollment] = []
    for other in await enrollments.of_deal(tx, case.deal.id):
        if other.id == case.enrollment.id:
            continue
        why = f"a colleague answered: {case.prospect.email} {reaction.reason}"
        if await transitions.apply(
            app,
            tx,
            other.id,
            Fact.PAUSE,
            why,
            resume_at=reaction.deal_resume_at,
            paused_by=case.enrollment.id,
        ):
            spared.append(other)
    over = reaction.fact is not None and reaction.fact is not Fact.PAUSE
    if spared and over:
        who = f"{case.prospect.email} {reaction.reason}"
        text = f"{who}; {len(spared)} of the same deal wait: resume or stop them"
        await tasks.add(
            tx,
            TaskKind.COLLEAGUES,
            text,
            now=app.clock(),
            prospect_id=case.prospect.id,
            enrollment_id=case.enrollment.id,
        )


async def _replan(
    app: App,
    tx: AsyncConnection,
    case: Case,
    sequence: Sequence,
    reaction: Reaction,
    outbound_id: int | None,
) -> None:
    """Which mails come next now."""
    now = app.clock()
    enrollment = await enrollments.get(tx, case.enrollment.id)
    if enrollment.state not in LIVE:
        return
    course = courses.course_of(case, sequence)
    at, of = now, "their reply"
    if reaction.stay_in_touch:
        await _go_to_stay_in_touch(tx, case, sequence, course, now)
    elif reaction.branch is not None:
        branch = planning.on_reply(course, reaction.branch, now)
        await courses.put_plans(tx, case, sequence, [branch])
        at, of = (branch.due_at, branch.step) if branch else (at, of)
    if reaction.reply and reaction.fact is None:
        await courses.keep_distance(tx, case, course, at, of)
    if reaction.retry and outbound_id is not None:
        await _retry(app, tx, outbound_id)
    if enrollment.state is EnrollmentState.PAUSED:
        await messages.park(tx, enrollment.id)


async def _go_to_stay_in_touch(
    tx: AsyncConnection, case: Case, sequence: Sequence, course: planning.Course, now: datetime
) -> None:
    step = sequence.stay_in_touch
    if step is None:
        return
    occurrence = await correspondence.last_occurrence(tx, case.enrollment.id, step.name)
    waiting = await messages.open_of(tx, case.enrollment.id)
    if any(message.step == step.name for message in waiting):
        occurrence -= 1
    plan = planning.stay_in_touch(course, occurrence + 1, now)
    chain = {s.name for s in sequence.chain}
    for message in waiting:
        if message.step in chain and message.step != step.name:
            why = planning.GLAD_TO_STAY_IN_TOUCH
            await messages.move(tx, message.id, MessageState.SKIPPED, outcome=why)
    await courses.put_plans(tx, case, sequence, [plan])


async def _retry(app: App, tx: AsyncConnection, outbound_id: int) -> None:
    """Send the bounced mail again, the same mail: it was never delivered."""
    again = app.clock() + AFTER_A_SOFT_BOUNCE
    await messages.move(
        tx,
        outbound_id,
        MessageState.DEFERRED,
        sent_at=None,
        wake_at=again,
        due_at=again,
        outcome="could not be delivered for now",
        why="tried again after a soft bounce",
    )


async def _ask_people(
    app: App, tx: AsyncConnection, case: Case, reaction: Reaction, verdict: Verdict, inbound_id: int
) -> None:
    for task in reaction.tasks:
        await tasks.add(
            tx,
            task.kind,
            task.text,
            now=app.clock(),
            prospect_id=case.prospect.id,
            enrollment_id=case.enrollment.id,
            inbound_id=inbound_id,
        )
    if reaction.suggestions:
        kind = "referral" if verdict.category is Category.REFERRAL else "successor"
        await tasks.suggest(tx, reaction.suggestions, kind=kind, inbound_id=inbound_id, now=app.clock())

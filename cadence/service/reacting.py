"""Carries out what reactions.react decided about replies, in the transaction that keeps them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core import planning
from cadence.core.address import domain_of, normalize
from cadence.core.lifecycle import LIVE, Fact, later_pause, transition
from cadence.core.model import (
    Enrollment,
    EnrollmentState,
    MessageState,
    OutboundMessage,
    ProspectStatus,
    TaskKind,
)
from cadence.core.occasions import Rsvp, event_of
from cadence.core.planning import Plan
from cadence.core.reactions import Reaction, react
from cadence.core.replies import AUTOMATIC, Action, Category, Person, Verdict, action
from cadence.core.sequence import Sequence
from cadence.service import courses
from cadence.service.app import App
from cadence.store import posting
from cadence.store.enrollments import Case
from cadence.store.ledger import Ledger
from cadence.store.moves import MOVED

AFTER_A_SOFT_BOUNCE = timedelta(days=1)
SAID = {
    Rsvp.ACCEPTED: "Comes to",
    Rsvp.TENTATIVE: "May come to",
    Rsvp.DECLINED: "Does not come to",
}
"""How an answer to an invitation is told."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply that was kept, and what is to follow from it.

    outbound_id: the mail of ours that it answers; sender: the normalized address it came from, which may
    be a colleague's; written_at: its date.
    """

    enrollment_id: int
    inbound_id: int
    outbound_id: int | None
    verdict: Verdict
    sender: str | None
    written_at: datetime


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
    """Let one reply act on its enrollment, its person, its deal and its company."""
    reply = Reply(case.enrollment.id, inbound_id, outbound_id, verdict, sender, written_at)
    ledger = await posting.read(tx, {reply.enrollment_id}, {sender} if sender else set())
    sequence = (await app.library.published(tx, case.enrollment.sequence)).content.sequence
    reaction = act(ledger, reply, sequence, app.clock())
    await posting.write(tx, ledger)
    return reaction


def act(ledger: Ledger, reply: Reply, sequence: Sequence, now: datetime) -> Reaction:
    """Enter everything that follows from a reply; sequence: the one of its enrollment."""
    case = ledger.case(reply.enrollment_id)
    verdict = _of_whom(reply, case)
    reaction = react(
        verdict,
        sequence=sequence,
        place=case.prospect.place,
        received_at=reply.written_at,
        soft_bounces=ledger.reader(case.prospect.id).soft_bounces,
    )
    if verdict.category not in AUTOMATIC and action(verdict) is Action.ACT:
        ledger.change(case.enrollment.id, heard=case.enrollment.heard | {verdict.category})
    _count_bounces(ledger, case, verdict, reaction)
    if reaction.status is not None:
        ledger.change_reader(case.prospect.id, status=reaction.status)
    if reaction.fact is not None:
        apply(
            ledger,
            case.enrollment.id,
            reaction.fact,
            reaction.reason,
            now,
            resume_at=reaction.resume_at,
            inbound_id=reply.inbound_id,
        )
    _suppress(ledger, case, reaction, reply, now)
    _tell_others(ledger, case, reaction, now)
    if reaction.moved is not None:
        ledger.change_reader(
            case.prospect.id, unreachable=True, status=reaction.status or ProspectStatus.LEFT
        )
    _replan(ledger, case, sequence, reaction, reply.outbound_id, now)
    _ask_people(ledger, case, reaction, reply, now)
    _expect(ledger, case, reply, now)
    return reaction


def _of_whom(reply: Reply, case: Case) -> Verdict:
    """A colleague who answers in the thread and has moved is not the person that it is about."""
    theirs = reply.sender in (None, normalize(case.prospect.email))
    return reply.verdict if theirs else replace(reply.verdict, moved=None)


def apply(
    ledger: Ledger,
    enrollment_id: int,
    fact: Fact,
    why: str,
    now: datetime,
    *,
    resume_at: datetime | None = None,
    paused_by: int | None = None,
    inbound_id: int | None = None,
) -> bool:
    """Let a fact that a reply brings act on an enrollment, as transitions.apply lets any."""
    enrollment = ledger.enrollment(enrollment_id)
    if fact is Fact.PAUSE and enrollment.state is EnrollmentState.PAUSED:
        until = later_pause(enrollment.resume_at, resume_at)
        if until != enrollment.resume_at:
            ledger.change(enrollment_id, resume_at=until, state_reason=why)
        return False
    state = transition(enrollment.state, fact)
    if state is None:
        return False
    ledger.change(enrollment_id, state=state, state_reason=why, resume_at=resume_at, paused_by=paused_by)
    ledger.note(
        f"enrollment.{state}",
        why,
        at=now,
        prospect_id=enrollment.prospect_id,
        enrollment_id=enrollment_id,
        inbound_id=inbound_id,
        data={"resume_at": resume_at.isoformat()} if resume_at else None,
    )
    if state is EnrollmentState.PAUSED:
        ledger.park(enrollment_id)
    elif state not in LIVE:
        ledger.cancel_open(enrollment_id, why)
    return True


def _count_bounces(ledger: Ledger, case: Case, verdict: Verdict, reaction: Reaction) -> None:
    before = ledger.reader(case.prospect.id).soft_bounces
    if reaction.retry:
        ledger.change_reader(case.prospect.id, soft_bounces=before + 1)
    elif before and verdict.category not in AUTOMATIC:
        ledger.change_reader(case.prospect.id, soft_bounces=0)
    if reaction.fact is Fact.BOUNCE:
        ledger.change_reader(case.prospect.id, unreachable=True)


def _suppress(ledger: Ledger, case: Case, reaction: Reaction, reply: Reply, now: datetime) -> None:
    """Who asks us to stop is never written to again: the person of the thread, and whoever asked."""
    if not reaction.suppress:
        return
    addresses = {normalize(case.prospect.email)} | ({reply.sender} if reply.sender else set())
    if reaction.moved is not None and reaction.moved.email:
        addresses.add(normalize(reaction.moved.email))
    for address in sorted(addresses):
        ledger.suppress(address, reason=reaction.reason, source=reply.verdict.category, now=now)
        known = ledger.find(address)
        for other in ledger.of_prospect(known.id) if known else []:
            apply(ledger, other.id, Fact.OPT_OUT, reaction.reason, now)


def _tell_others(ledger: Ledger, case: Case, reaction: Reaction, now: datetime) -> None:
    """What a reply means for the same address, for the other people of the deal and of the company."""
    own = case.enrollment.id
    if reaction.address is not None:
        for other in ledger.of_prospect(case.prospect.id):
            if other.id != own:
                apply(ledger, other.id, reaction.address, reaction.reason, now)
    if reaction.account is not None:
        for other in ledger.of_account(case.account.id):
            if other.id != own:
                why = f"{case.prospect.email}: {reaction.reason}"
                apply(ledger, other.id, reaction.account, why, now)
        return
    if reaction.deal is not None:
        _spare_colleagues(ledger, case, reaction, now)


def _spare_colleagues(ledger: Ledger, case: Case, reaction: Reaction, now: datetime) -> None:
    spared: list[Enrollment] = []
    for other in ledger.of_deal(case.deal.id):
        if other.id == case.enrollment.id:
            continue
        why = f"a colleague answered: {case.prospect.email} {reaction.reason}"
        if apply(
            ledger,
            other.id,
            Fact.PAUSE,
            why,
            now,
            resume_at=reaction.deal_resume_at,
            paused_by=case.enrollment.id,
        ):
            spared.append(other)
    over = reaction.fact is not None and reaction.fact is not Fact.PAUSE
    if spared and over:
        who = f"{case.prospect.email} {reaction.reason}"
        text = f"{who}; {len(spared)} of the same deal wait: resume or stop them"
        ledger.ask(
            TaskKind.COLLEAGUES, text, now=now, prospect_id=case.prospect.id, enrollment_id=case.enrollment.id
        )


def _replan(
    ledger: Ledger,
    case: Case,
    sequence: Sequence,
    reaction: Reaction,
    outbound_id: int | None,
    now: datetime,
) -> None:
    """Which mails come next now."""
    enrollment = ledger.enrollment(case.enrollment.id)
    if enrollment.state not in LIVE:
        return
    course = courses.course_of(case, sequence)
    at, of = now, "their reply"
    if reaction.stay_in_touch:
        _go_to_stay_in_touch(ledger, case, sequence, course, now)
    elif reaction.branch is not None:
        branch = planning.on_reply(course, reaction.branch, now, ledger.left(enrollment.id))
        if branch is not None:
            ledger.plan(branch, **courses.about(case, sequence, branch))
            at, of = branch.due_at, branch.step
    if reaction.reply and reaction.fact is None:
        _keep_distance(ledger, case, course, at, of)
    if reaction.retry and outbound_id is not None:
        _retry(ledger, ledger.mail(enrollment.id, outbound_id), now)
    if enrollment.state is EnrollmentState.PAUSED:
        ledger.park(enrollment.id)


def _go_to_stay_in_touch(
    ledger: Ledger, case: Case, sequence: Sequence, course: planning.Course, now: datetime
) -> None:
    step = sequence.stay_in_touch
    if step is None:
        return
    occurrence = ledger.last_occurrence(case.enrollment.id, step.name)
    waiting = ledger.open_mails(case.enrollment.id)
    if any(mail.step == step.name for mail in waiting):
        occurrence -= 1
    plan = planning.stay_in_touch(course, occurrence + 1, now)
    chain = {s.name for s in sequence.chain}
    for mail in waiting:
        if mail.step in chain and mail.step != step.name:
            ledger.move(mail, MessageState.SKIPPED, outcome=planning.GLAD_TO_STAY_IN_TOUCH)
    if plan is not None:
        ledger.plan(plan, **courses.about(case, sequence, plan))
    elif not ledger.has_more(case.enrollment.id):
        apply(ledger, case.enrollment.id, Fact.FINISH, planning.AT_ITS_END, now)


def _keep_distance(ledger: Ledger, case: Case, course: planning.Course, at: datetime, of: str) -> None:
    """Move the open mails of the chain away from the reply, or from the mail that answers it."""
    for mail in ledger.open_mails(case.enrollment.id):
        if mail.state is MessageState.HELD:
            continue
        plan = Plan(mail.step, mail.occurrence, mail.due_at, mail.base_at, mail.why)
        moved = planning.after_a_reply(course, plan, at, of)
        if moved.due_at > mail.due_at:
            ledger.postpone(mail, moved.due_at, moved.why)


def _retry(ledger: Ledger, mail: OutboundMessage, now: datetime) -> None:
    """Send the bounced mail again, the same mail: it was never delivered."""
    again = now + AFTER_A_SOFT_BOUNCE
    ledger.move(
        mail,
        MessageState.DEFERRED,
        wake_at=again,
        sent_at=None,
        due_at=again,
        outcome="could not be delivered for now",
        why="tried again after a soft bounce",
    )


def _expect(ledger: Ledger, case: Case, reply: Reply, now: datetime) -> None:
    """Somebody answered an invitation: it is kept, and whoever comes is somebody's to prepare for."""
    rsvp, invitation = reply.verdict.rsvp, reply.outbound_id
    if rsvp is None or invitation is None:
        return
    mail = ledger.mail(case.enrollment.id, invitation)
    about: Any = {"prospect_id": case.prospect.id, "enrollment_id": case.enrollment.id}
    about |= {"message_id": mail.id, "inbound_id": reply.inbound_id}
    ledger.invited(mail.id, rsvp, inbound_id=reply.inbound_id, now=now)
    text = f"{SAID[rsvp]} “{mail.subject}” ({event_of(mail.story)})"
    ledger.note(f"event.{rsvp}", text, at=now, **about)
    if rsvp is Rsvp.ACCEPTED:
        ledger.ask(TaskKind.EVENT_GUEST, f"{text}: look forward to them", now=now, **about)


def _ask_people(ledger: Ledger, case: Case, reaction: Reaction, reply: Reply, now: datetime) -> None:
    for task in reaction.tasks:
        ledger.ask(
            task.kind,
            task.text,
            now=now,
            prospect_id=case.prospect.id,
            enrollment_id=case.enrollment.id,
            inbound_id=reply.inbound_id,
        )
    if reaction.suggestions:
        kind = "referral" if reply.verdict.category is Category.REFERRAL else "successor"
        ledger.suggest(reaction.suggestions, kind=kind, inbound_id=reply.inbound_id, now=now)
    if reaction.moved is not None and not reaction.suppress:
        _suggest_both_ends(ledger, case, reaction, reply, now)


def _suggest_both_ends(ledger: Ledger, case: Case, reaction: Reaction, reply: Reply, now: datetime) -> None:
    """Where somebody is now, and the seat that they left, whoever sits there."""
    moved = reaction.moved
    about: Any = {"inbound_id": reply.inbound_id, "now": now}
    assert moved is not None and moved.email is not None
    ledger.suggest([moved], kind=MOVED, **about)
    has_left = domain_of(normalize(moved.email)) != domain_of(normalize(case.prospect.email))
    if has_left and not reaction.suggestions:
        ledger.suggest([Person()], kind="old_seat", **about)

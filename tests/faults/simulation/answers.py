"""What follows from a reply, as service/reacting.py carries it out; `react` of the core decides."""

from datetime import datetime, timedelta

from cadence.core import planning
from cadence.core.lifecycle import LIVE, Fact
from cadence.core.model import Enrollment, EnrollmentState, MessageState, TaskKind
from cadence.core.planning import Course
from cadence.core.reactions import Reaction, react
from cadence.core.replies import AUTOMATIC, Action, Verdict, action
from tests.faults.simulation.book import Row, Task
from tests.faults.simulation.office import Office, Person

M = MessageState
AFTER_A_SOFT_BOUNCE = timedelta(days=1)


def take_in(office: Office, row: Row, verdict: Verdict, written_at: datetime, now: datetime) -> Reaction:
    """Let a reply act on its enrollment, its person, its deal and its company."""
    own = office.book.enrollments[row.enrollment]
    person, before = office.people[row.prospect], office.book.soft_bounces[row.prospect]
    reaction = react(
        verdict,
        sequence=office.book.sequence(own),
        place=person.place,
        received_at=written_at,
        soft_bounces=before,
    )
    if verdict.category not in AUTOMATIC and action(verdict) is Action.ACT:
        office.book.change(own.id, heard=own.heard | {verdict.category})
    if reaction.retry:
        office.book.soft_bounces[row.prospect] = before + 1
    elif verdict.category not in AUTOMATIC:
        office.book.soft_bounces[row.prospect] = 0
    if reaction.fact is Fact.BOUNCE:
        office.book.unreachable.add(row.prospect)
    if reaction.fact is not None:
        office.apply(own.id, reaction.fact, reaction.reason, now, resume_at=reaction.resume_at)
    if reaction.suppress:
        office.opt_out(row.prospect, reaction.reason, now)
    _tell_others(office, own, person, reaction, now)
    _replan(office, own.id, row, reaction, now)
    office.book.tasks += [Task(task.kind, own.id) for task in reaction.tasks]
    return reaction


def _tell_others(office: Office, own: Enrollment, person: Person, reaction: Reaction, now: datetime) -> None:
    if reaction.address is not None:
        for other in office.of_prospect(person.id):
            if other != own.id:
                office.apply(other, reaction.address, reaction.reason, now)
    others = [one for one in office.book.live() if one.id != own.id]
    if reaction.account is not None:
        for one in others:
            if office.people[one.prospect_id].account == person.account:
                office.apply(one.id, reaction.account, reaction.reason, now)
    elif reaction.deal is not None:
        of_deal = [one.id for one in others if one.deal_id == own.deal_id]
        _spare(office, of_deal, own.id, reaction, now)


def _spare(office: Office, colleagues: list[int], own: int, reaction: Reaction, now: datetime) -> None:
    """The other people of the deal rest; where the answer ends things, a person decides how they go on."""
    why, until = "a colleague answered", reaction.deal_resume_at
    for colleague in colleagues:
        office.apply(colleague, Fact.PAUSE, why, now, resume_at=until, paused_by=own)
    if reaction.fact is not None and office.waiting_for(own):
        office.book.tasks.append(Task(TaskKind.COLLEAGUES, own))


def _replan(office: Office, enrollment_id: int, row: Row, reaction: Reaction, now: datetime) -> None:
    enrollment = office.book.enrollments[enrollment_id]
    if enrollment.state not in LIVE:
        return
    course, at, of = office.course(enrollment), now, "their reply"
    if reaction.stay_in_touch:
        _go_to_stay_in_touch(office, enrollment, course, now)
    elif reaction.branch is not None:
        branch = planning.on_reply(course, reaction.branch, now)
        office.plan(enrollment, branch)
        at, of = (branch.due_at, branch.step) if branch else (at, of)
    if reaction.reply and reaction.fact is None:
        office.keep_distance(enrollment, at, of)
    if reaction.retry and office.book.move(row, M.DEFERRED, wake_at=now + AFTER_A_SOFT_BOUNCE):
        row.sent_at, row.due_at = None, now + AFTER_A_SOFT_BOUNCE
    if enrollment.state is EnrollmentState.PAUSED:
        office.book.park(enrollment_id)


def _go_to_stay_in_touch(office: Office, enrollment: Enrollment, course: Course, now: datetime) -> None:
    step = course.sequence.stay_in_touch
    if step is None:
        return
    rows, waiting = office.book.of_enrollment[enrollment.id], office.book.open_of(enrollment.id)
    last = max((row.occurrence for row in rows if row.step == step.name), default=0)
    if any(row.step == step.name for row in waiting):
        last -= 1
    plan = planning.stay_in_touch(course, last + 1, now)
    chain = {each.name for each in course.sequence.chain}
    for row in waiting:
        if row.step in chain and row.step != step.name:
            office.book.move(row, M.SKIPPED)
    office.plan(enrollment, plan)
    office.finish_if_done(enrollment.id, now)

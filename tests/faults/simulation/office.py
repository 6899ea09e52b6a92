"""What follows from what happens, as the services carry it out: the core decides, the book is changed.

Every function is called within one transaction of the simulation.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from cadence.core import planning, schedule
from cadence.core.delivery import Outcome, OutcomeKind, is_address_fault
from cadence.core.lifecycle import LIVE, Fact, later_pause, transition
from cadence.core.model import Enrollment, EnrollmentState, MailboxState, MessageState, Place, TaskKind
from cadence.core.pace import retry_at
from cadence.core.planning import Course, Plan, delayed
from cadence.core.sequence import From, Sequence, Step
from tests.faults.simulation.book import IN_FLIGHT, OPEN, Book, Row, Task

M = MessageState


@dataclass(slots=True)
class Person:
    """A prospect: where, of which company, over which deal."""

    id: int
    account: int
    deal: int
    place: Place
    lost_at: datetime
    contract_end: datetime


@dataclass(slots=True)
class Office:
    """The use cases, on a book. courses: what planning knows of an enrollment, by enrollment and revision."""

    book: Book
    people: Mapping[int, Person]
    courses: dict[tuple[int, str, int], Course] = field(default_factory=dict)

    # --- courses ---

    def course(self, enrollment: Enrollment) -> Course:
        """What planning needs to know of an enrollment."""
        number, sequence = self.book.revisions[enrollment.sequence]
        known = self.courses.get((enrollment.id, sequence.name, number))
        if known is None:
            person = self.people[enrollment.prospect_id]
            end = person.contract_end.date()
            dates = {"deal.lost_at": person.lost_at, "deal.competitor_contract_end": end}
            known = Course(sequence, person.place, enrollment.started_at, dates)
            self.courses[enrollment.id, sequence.name, number] = known
        return known

    def mailbox_for(self, enrollment: Enrollment, step: Step | None) -> int | None:
        """Who signs a step."""
        if step is not None and step.sender is From.EXECUTIVE:
            return enrollment.executive_mailbox_id
        return enrollment.mailbox_id

    def enroll(self, enrollment: Enrollment) -> None:
        """Let somebody into a sequence."""
        self.book.enrollments[enrollment.id] = enrollment
        self.book.moved[enrollment.id] = None
        course = self.course(enrollment)
        self.book.ends[enrollment.id] = course.ends_at
        for plan in planning.opening(course):
            self.plan(enrollment, plan)

    def plan(self, enrollment: Enrollment, plan: Plan | None) -> None:
        """Put a mail to come into the queue."""
        if plan is not None:
            step = self.book.sequence(enrollment).step(plan.step)
            account = self.people[enrollment.prospect_id].account
            mailbox = self.mailbox_for(enrollment, step)
            self.book.plan(plan, enrollment=enrollment, account=account, mailbox=mailbox)

    def _plan_following(self, enrollment: Enrollment, row: Row, at: datetime) -> None:
        course = self.course(enrollment)
        step = course.sequence.step(row.step)
        plan = planning.following(course, row.step, row.occurrence, at)
        self.plan(enrollment, plan)
        if step is not None and step.on is not None:
            self.keep_distance(enrollment, *((plan.due_at, plan.step) if plan else (at, step.name)))

    def keep_distance(self, enrollment: Enrollment, at: datetime, of: str) -> None:
        """Move the open mails of the chain away from a reply, or from a mail that answers it."""
        course = self.course(enrollment)
        for row in self.book.open_of(enrollment.id):
            if row.state is not M.HELD:
                plan = Plan(row.step, row.occurrence, row.due_at, row.base_at, row.why)
                moved = planning.after_a_reply(course, plan, at, of)
                if moved.due_at > row.due_at:
                    self.book.postpone(row, moved.due_at, moved.why)

    # --- transitions ---

    def apply(
        self,
        enrollment_id: int,
        fact: Fact,
        why: str,
        now: datetime,
        *,
        resume_at: datetime | None = None,
        paused_by: int | None = None,
    ) -> bool:
        """Let a fact act on an enrollment; False where it changes nothing."""
        enrollment = self.book.enrollments[enrollment_id]
        if fact is Fact.PAUSE and enrollment.state is EnrollmentState.PAUSED:
            until = later_pause(enrollment.resume_at, resume_at)
            self.book.change(enrollment_id, resume_at=until)
            return False
        state = transition(enrollment.state, fact)
        if state is None:
            return False
        self.book.change(
            enrollment_id, state=state, state_reason=why, resume_at=resume_at, paused_by=paused_by
        )
        if state is EnrollmentState.PAUSED:
            self.book.park(enrollment_id)
        elif state is EnrollmentState.ACTIVE:
            self._space_anew(enrollment_id, now)
        else:
            self.book.cancel_open(enrollment_id)
        return True

    def resume(self, enrollment_id: int, why: str, now: datetime) -> bool:
        """Resume an enrollment, and with it those that waited only because of it."""
        resumed = self.apply(enrollment_id, Fact.RESUME, why, now)
        if resumed:
            for other in self.waiting_for(enrollment_id):
                self.apply(other, Fact.RESUME, why, now)
        return resumed

    def waiting_for(self, enrollment_id: int) -> list[int]:
        """The enrollments that a reply to this one paused."""
        paused = EnrollmentState.PAUSED
        everybody = self.book.enrollments.values()
        return [other.id for other in everybody if other.paused_by == enrollment_id and other.state is paused]

    def _space_anew(self, enrollment_id: int, now: datetime) -> None:
        enrollment = self.book.enrollments[enrollment_id]
        course = self.course(enrollment)
        waiting = [row for row in self.book.open_of(enrollment_id) if row.state is not M.HELD]
        to_prospect, to_account = self.last_mail(enrollment, 0)
        slots = schedule.resumed(
            [row.due_at for row in waiting],
            now=now,
            last_to_prospect=to_prospect,
            last_to_account=to_account,
            spacing=course.sequence.spacing,
            window=course.sequence.window,
            place=course.place,
        )
        for row, slot in zip(waiting, slots, strict=True):
            self.book.postpone(row, slot.at, row.why if slot.at == row.due_at else delayed(row.why, slot.why))

    def last_mail(self, enrollment: Enrollment, but: int) -> tuple[datetime | None, datetime | None]:
        """The latest mails that left or may have left to the person and to the company, but for one."""
        to_prospect: datetime | None = None
        to_account: datetime | None = None
        for row in self.book.of_account[self.people[enrollment.prospect_id].account]:
            if row.sent_at is not None and row.id != but:
                to_account = row.sent_at if to_account is None else max(to_account, row.sent_at)
                if row.prospect == enrollment.prospect_id:
                    to_prospect = row.sent_at if to_prospect is None else max(to_prospect, row.sent_at)
        return to_prospect, to_account

    def finish_if_done(self, enrollment_id: int, now: datetime) -> None:
        """End an enrollment that has nothing more to say."""
        states = {row.state for row in self.book.of_enrollment[enrollment_id]}
        if not states & {*OPEN, *IN_FLIGHT}:
            self.apply(enrollment_id, Fact.FINISH, "the sequence is at its end", now)

    # --- outcomes of sending ---

    def record(self, row: Row, attempt: int, outcome: Outcome, now: datetime) -> None:
        """Record the outcome of one attempt, once; a mail that is settled, or tried anew, stays as it is.

        One that waits to be tried anew is settled by the news that it left after all.
        """
        late = outcome.kind is OutcomeKind.ACCEPTED and row.state is M.DEFERRED
        if not late and (row.state not in IN_FLIGHT or row.attempts != attempt):
            return
        match outcome.kind:
            case OutcomeKind.ACCEPTED:
                self.accepted(row, now)
            case OutcomeKind.REFUSED:
                self._refused(row, outcome, now)
            case OutcomeKind.DEFERRED:
                row.sent_at = None
                again = retry_at(row.first_attempt_at or now, row.attempts, row.record().key, now=now)
                self.try_again(row, again, now)
            case OutcomeKind.IN_DOUBT:
                self.in_doubt(row)
            case OutcomeKind.MAILBOX_FAULT:
                row.sent_at = None
                self.try_again(row, now, now)
                self._fault(row.mailbox)

    def accepted(self, row: Row, now: datetime) -> None:
        """The mail left: plan what follows."""
        at = row.sent_at or now
        if not self.book.move(row, M.SENT):
            return
        row.sent_at, row.attempts = at, max(row.attempts, 1)
        enrollment = self.book.enrollments[row.enrollment]
        if enrollment.state in LIVE:
            self._plan_following(enrollment, row, at)
            self.finish_if_done(row.enrollment, now)
            if enrollment.state is EnrollmentState.PAUSED:
                self.book.park(row.enrollment)

    def try_again(self, row: Row, again: datetime | None, now: datetime) -> None:
        """A mail that did not leave goes back into the queue, if anything of its enrollment may leave."""
        if not self.book.move(row, M.DEFERRED, wake_at=again):
            return
        if again is None:
            self.book.move(row, M.REFUSED)
            self.apply(row.enrollment, Fact.FAIL, "could not be delivered within five days", now)
            return
        row.due_at = again
        self.back_in_the_queue(row)

    def back_in_the_queue(self, row: Row) -> None:
        """A mail waits again: not of somebody who is paused, and for ever of somebody who is done."""
        state = self.book.enrollments[row.enrollment].state
        if state is EnrollmentState.PAUSED:
            self.book.park(row.enrollment)
        elif state not in LIVE:
            self.book.cancel_open(row.enrollment)

    def in_doubt(self, row: Row) -> None:
        """Nobody knows whether the mail left."""
        if self.book.move(row, M.IN_DOUBT):
            self.book.tasks.append(Task(TaskKind.IN_DOUBT, row.id))

    def _refused(self, row: Row, outcome: Outcome, now: datetime) -> None:
        row.sent_at = None
        if not self.book.move(row, M.REFUSED):
            return
        if not is_address_fault(outcome):
            self.apply(row.enrollment, Fact.FAIL, "their server will not take this mail", now)
            return
        self.book.unreachable.add(row.prospect)
        for other in self.of_prospect(row.prospect):
            self.apply(other, Fact.BOUNCE, "the address cannot be reached", now)

    def of_prospect(self, prospect: int) -> list[int]:
        """Every enrollment of a person."""
        return [one.id for one in self.book.enrollments.values() if one.prospect_id == prospect]

    def _fault(self, mailbox: int | None) -> None:
        assert mailbox is not None
        self.set_mailbox(mailbox, MailboxState.FAULT)
        self.book.tasks.append(Task(TaskKind.MAILBOX_FAULT, mailbox))

    def set_mailbox(self, mailbox: int, state: MailboxState) -> None:
        """Stop a mailbox, or let it go on."""
        self.book.mailboxes[mailbox] = replace(self.book.mailboxes[mailbox], state=state)

    def skip(self, row: Row, now: datetime) -> None:
        """Leave a mail out, and go on with what follows it."""
        if self.book.move(row, M.SKIPPED):
            self._plan_following(self.book.enrollments[row.enrollment], row, now)
            self.finish_if_done(row.enrollment, now)

    # --- people and authors ---

    def opt_out(self, prospect: int, why: str, now: datetime) -> None:
        """Nobody writes to this address again."""
        self.book.suppressed[prospect] = why
        for other in self.of_prospect(prospect):
            self.apply(other, Fact.OPT_OUT, why, now)

    def publish(self, sequence: Sequence, now: datetime) -> None:
        """Publish a revision; who waits on a step that is gone goes on to the next one."""
        number, old = self.book.revisions[sequence.name]
        gone = [step.name for step in old.steps if sequence.step(step.name) is None]
        chain = [step.name for step in old.chain]
        self.book.revisions[sequence.name] = number + 1, sequence
        for enrollment in self.book.live():
            if enrollment.sequence != sequence.name:
                continue
            for row in self.book.open_of(enrollment.id):
                if row.step in gone:
                    later = chain[chain.index(row.step) + 1 :] if row.step in chain else []
                    target = next((name for name in later if sequence.step(name)), None)
                    if target is not None:
                        course = self.course(enrollment)
                        self.plan(enrollment, planning.entering(course, target, row.due_at))
                    self.skip(row, now)
            if enrollment.state is EnrollmentState.PAUSED:
                self.book.park(enrollment.id)

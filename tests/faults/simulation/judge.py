"""What must hold after each event, said anew in plain words: nothing here asks the code that is tried.

The judge keeps books of its own, from what visibly happened: which facts were committed, what the mail
server took. `look` then checks whatever the event touched.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cadence.core import calendar
from cadence.core.model import EnrollmentState, Mailbox, MessageState, Place
from cadence.core.reactions import Reaction
from cadence.core.replies import AUTOMATIC, Category, Verdict
from cadence.core.sequence import Duration, Unit, Window
from tests.faults.simulation.book import IN_FLIGHT, Book, Row
from tests.faults.simulation.office import Person

if TYPE_CHECKING:
    from tests.faults.simulation.world import Process

M = MessageState
BARRIER = timedelta(seconds=60)
_LIVE = (EnrollmentState.ACTIVE, EnrollmentState.PAUSED)
_SILENCE = {Category.UNSUBSCRIBE, Category.COMPLAINT}
_OVER = {Category.NOT_INTERESTED, Category.INTERESTED, Category.DECISION_OPEN, Category.WRONG_PERSON}
_REST = {Category.OUT_OF_OFFICE, Category.NOT_NOW, Category.QUESTION, Category.OTHER}


class Broken(AssertionError):
    """Something that must always hold did not."""


@dataclass(slots=True)
class Judge:
    """Sits over one world.

    silent: addresses nobody may write to; over, resting: enrollments that get no mail, for good or for
    now; left_at: of each mail that the server took, when it had been marked; again: how often a mail may
    leave once more, since it bounced; excused: mails that may be in doubt, since a fault hid their end;
    read: for each mailbox the right time of its last look, and what the reader's clock said then.
    """

    book: Book
    people: Mapping[int, Person]
    silent: set[int] = field(default_factory=set)
    over: set[int] = field(default_factory=set)
    resting: set[int] = field(default_factory=set)
    taken: Counter[int] = field(default_factory=Counter)
    left_at: dict[int, datetime] = field(default_factory=dict)
    again: Counter[int] = field(default_factory=Counter)
    excused: set[int] = field(default_factory=set)
    read: dict[int, tuple[datetime, datetime]] = field(default_factory=dict)
    first_day: dict[int, date] = field(default_factory=dict)
    occurrences: set[tuple[int, str, int]] = field(default_factory=set)
    planned: set[int] = field(default_factory=set)

    # --- what happens ---

    def took_in(self, row: Row, verdict: Verdict, reaction: Reaction) -> None:
        """A reply was committed."""
        own, category = row.enrollment, verdict.category
        if category in AUTOMATIC or verdict.confidence > 0.9:
            if category in _SILENCE or category is Category.BOUNCE_HARD:
                self.silent.add(row.prospect)
            elif category in _OVER:
                self.over.add(own)
            elif category in _REST and self.book.enrollments[own].state in _LIVE:
                self.resting.add(own)
        elif self.book.enrollments[own].state in _LIVE:
            self.resting.add(own)
        if reaction.retry and row.state is M.DEFERRED:
            self.again[row.id] += 1
            self.left_at.pop(row.id, None)

    def went_on(self, enrollment: int) -> None:
        """Somebody's pause was ended by a commit."""
        self.resting.discard(enrollment)

    def was_read(self, mailbox: int, right: datetime, began: datetime) -> None:
        """A mailbox was read whole; right: when that began, by the right clock."""
        self.read[mailbox] = right, began

    def doubted(self, row: Row, me: "Process") -> None:
        """Somebody who looked after things put a mail in doubt; with a wrong clock that is no fault."""
        if me.skew:
            self.excused.add(row.id)

    def begun(self, row: Row, me: "Process") -> None:
        """A mail was marked as being sent."""
        if me.skew:
            self.excused.add(row.id)
        who = f"mail {row.id} ({row.step} {row.occurrence}) of enrollment {row.enrollment}"
        enrollment = self.book.enrollments[row.enrollment]
        self._must(row.prospect not in self.silent, f"{who}: nobody may write to this address")
        self._must(row.enrollment not in self.over, f"{who}: a reply had ended it")
        self._must(row.enrollment not in self.resting, f"{who}: it was paused")
        self._must(enrollment.state is EnrollmentState.ACTIVE, f"{who}: it is {enrollment.state}")
        sequence = self.book.sequence(enrollment)
        step = sequence.step(row.step)
        self._must(step is not None, f"{who}: the step is gone")
        assert step is not None and row.mailbox is not None
        place = self.people[row.prospect].place
        self._must(_is_open(sequence.window_of(step), place, me.now), f"{who}: at {me.now} in {place.zone}")
        self._must(not step.unless & enrollment.heard, f"{who}: they answered that")
        self._must(not step.review or row.approved, f"{who}: no yes of the rep's")
        self._must(me.now <= self.book.ends[row.enrollment], f"{who}: its time was over")
        if step.within is not None:
            latest = row.base_at + timedelta(hours=step.within.amount)
            self._must(me.now <= latest, f"{who}: later than {step.within}")
        others = [x for x in self.book.of_enrollment[row.enrollment] if x is not row]
        self._must(not any(x.state in IN_FLIGHT for x in others), f"{who}: another one is in flight or doubt")
        is_answer = step.on is not None and sequence.branch(step.on)[0] == step
        since = row.base_at if is_answer else None
        self._spaced(row, me.now, sequence.spacing.prospect, sequence.spacing.account, place, who, since)
        self._paced(row, self.book.mailboxes[row.mailbox], me.now, who)
        self._was_read(row, me, who)

    def accepted(self, row: Row) -> None:
        """The mail server took a mail."""
        self.taken[row.id] += 1
        allowed = 1 + self.again[row.id]
        self._must(self.taken[row.id] <= allowed, f"mail {row.id} was taken {self.taken[row.id]} times")
        began = row.sent_at
        self._must(began is not None, f"mail {row.id} left while the book says that it did not begin to")
        assert began is not None
        self.left_at[row.id] = began

    # --- what must hold ---

    def look(self) -> None:
        """Check everything that the last event touched."""
        book = self.book
        for row in book.touched:
            self._row(row)
        for enrollment in book.moved:
            for row in book.of_enrollment[enrollment]:
                self._row(row)
        book.touched.clear()
        book.moved.clear()

    def _row(self, row: Row) -> None:
        who, state = f"mail {row.id} ({row.step})", row.state
        if row.id not in self.planned:
            name = (row.enrollment, row.step, row.occurrence)
            self._must(name not in self.occurrences, f"{who} is planned a second time")
            self.planned.add(row.id)
            self.occurrences.add(name)
        standing = self.book.enrollments[row.enrollment].state
        if state in (M.PLANNED, M.DEFERRED):
            self._must(standing in _LIVE, f"{who} is open, and its enrollment {standing}")
            is_queued = row.wake_at is not None or standing is not EnrollmentState.ACTIVE
            self._must(is_queued, f"{who} waits, and nobody will ever look at it")
            unknown = self.taken[row.id] > self.again[row.id]
            self._must(not unknown, f"{who} was taken by the server, and waits to be sent")
        elif state is M.SENDING:
            self._must(row.wake_at is not None, f"{who} is in flight, and nobody will look after it")
        elif state is M.IN_DOUBT:
            self._must(row.id in self.excused, f"{who} is in doubt, and nothing went wrong")
        elif state is M.SENT:
            self._must(self.taken[row.id] > 0, f"{who} is sent by the book, and the server never saw it")
        elif self.taken[row.id]:
            self._must(self.again[row.id] >= self.taken[row.id], f"{who} left, and the book says {state}")
        if state is M.HELD:
            self._must(standing in _LIVE, f"{who} is held, and its enrollment {standing}")

    def _spaced(
        self,
        row: Row,
        now: datetime,
        to_prospect: Duration | None,
        to_account: Duration | None,
        place: Place,
        who: str,
        since: datetime | None,
    ) -> None:
        others = {
            x: at
            for x in self.book.of_account[row.account]
            if x is not row and (at := self.left_at.get(x.id) or x.sent_at)  # it left, or may have left
            if since is None or at >= since  # what answers a reply comes after no mail before that
        }
        for distance, whom, those in (
            (to_account, "company", list(others)),
            (to_prospect, "person", [x for x in others if x.prospect == row.prospect]),
        ):
            if distance is not None and those:
                last = max(others[x] for x in those)
                self._must(_apart(last, now, distance, place), f"{who}: too soon for the {whom}")

    def _paced(self, row: Row, mailbox: Mailbox, now: datetime, who: str) -> None:
        zone, pace = ZoneInfo(mailbox.place.zone), mailbox.pace
        today = now.astimezone(zone).date()
        first = self.first_day.setdefault(mailbox.id, today)
        sent = [
            self.left_at[x.id]
            for x in self.book.of_mailbox[mailbox.id]
            if x.id in self.left_at and x is not row
        ]
        cap = min(pace.daily_cap, pace.ramp_from + pace.ramp_step * max((today - first).days, 0))
        so_far = sum(at.astimezone(zone).date() == today for at in sent)
        self._must(so_far < cap, f"{who}: the mailbox had sent its {cap} of the day")
        gap = timedelta(seconds=pace.gap)
        self._must(all(abs(now - at) >= gap for at in sent), f"{who}: no gap of {gap}")

    def _was_read(self, row: Row, me: "Process", who: str) -> None:
        wrote = {x.mailbox for x in self.book.of_account[row.account] if x.id in self.left_at}
        for mailbox in sorted(each for each in {*wrote, row.mailbox} if each is not None):
            self._must(mailbox in self.read, f"{who}: mailbox {mailbox} was never read")
            right, began = self.read[mailbox]
            if began - right == me.skew:  # else two clocks disagree, and nobody can know
                self._must(me.now - began <= BARRIER, f"{who}: mailbox {mailbox} was read at {right}")

    def at_rest(self, now: datetime, patience: timedelta) -> None:
        """After a time without faults: nothing is overdue, nothing in flight, nobody rests too long."""
        for row in self.book.rows.values():
            who = f"mail {row.id} ({row.step})"
            is_late = row.state is M.SENDING and row.sent_at is not None and row.sent_at < now - patience
            self._must(not is_late, f"{who} is in flight since {row.sent_at}")
            if row.state in (M.PLANNED, M.DEFERRED) and row.wake_at is not None:
                self._must(row.wake_at > now - patience, f"{who} was due at {row.wake_at}, it is {now}")
        for one in self.book.enrollments.values():
            if one.state is EnrollmentState.PAUSED and one.resume_at is not None:
                self._must(one.resume_at > now - patience, f"enrollment {one.id} rests since {one.resume_at}")
            if one.state is EnrollmentState.ACTIVE:
                states = {row.state for row in self.book.of_enrollment[one.id]}
                lives = states & {M.PLANNED, M.DEFERRED, M.HELD, *IN_FLIGHT}
                self._must(bool(lives), f"enrollment {one.id} is active, and nothing will ever happen")

    @staticmethod
    def _must(holds: bool, words: str) -> None:
        if not holds:
            raise Broken(words)


def _is_open(window: Window, place: Place, at: datetime) -> bool:
    here = at.astimezone(ZoneInfo(place.zone))
    if here.weekday() not in window.days or (
        window.skip_holidays and calendar.holiday(here.date(), place) is not None
    ):
        return False
    return window.opens <= here.time() and (here.time() < window.closes or window.closes == time.max)


def _apart(left: datetime, now: datetime, distance: Duration, place: Place) -> bool:
    """Business days, counted one by one."""
    assert distance.unit is Unit.BUSINESS_DAYS
    zone = ZoneInfo(place.zone)
    day, today, worked = left.astimezone(zone).date(), now.astimezone(zone).date(), 0
    while day < today and worked < distance.amount + 1:
        day += timedelta(days=1)
        worked += calendar.is_business_day(day, place)
    if worked != distance.amount or day < today:
        return worked > distance.amount
    return now.astimezone(zone).time() >= left.astimezone(zone).time() or not calendar.is_business_day(
        today, place
    )

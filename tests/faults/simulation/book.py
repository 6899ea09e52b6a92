"""The database as the simulation has it: the queue with the semantics of store/messages.py, in memory.

Each call is one statement; what happens between two yields of a process is one transaction.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from cadence.core.lifecycle import LIVE, MESSAGE_MOVES
from cadence.core.model import Enrollment, EnrollmentState, Mailbox, MessageState, OutboundMessage, TaskKind
from cadence.core.planning import Plan
from cadence.core.sequence import Sequence

M = MessageState
OPEN = (M.PLANNED, M.DEFERRED, M.HELD)
WAITING = (M.PLANNED, M.DEFERRED)
IN_FLIGHT = (M.SENDING, M.IN_DOUBT)


@dataclass(slots=True, eq=False)
class Row:
    """One mail; mutable, unlike the records that the core is given."""

    id: int
    enrollment: int
    prospect: int
    account: int
    mailbox: int | None
    step: str
    occurrence: int
    due_at: datetime
    base_at: datetime
    why: str
    state: MessageState = M.PLANNED
    wake_at: datetime | None = None
    attempts: int = 0
    first_attempt_at: datetime | None = None
    sent_at: datetime | None = None
    sent_by: str | None = None
    approved: bool = False

    def record(self) -> OutboundMessage:
        """The mail as the core knows it."""
        return OutboundMessage(
            id=self.id,
            enrollment_id=self.enrollment,
            step=self.step,
            occurrence=self.occurrence,
            state=self.state,
            due_at=self.due_at,
            base_at=self.base_at,
            message_id=f"<{self.id}@vendor.test>",
            why=self.why,
            mailbox_id=self.mailbox,
            attempts=self.attempts,
            first_attempt_at=self.first_attempt_at,
            sent_at=self.sent_at,
            approved=self.approved,
        )


@dataclass(slots=True)
class Use:
    """How a mailbox was used. files_sent: its provider files copies of what leaves."""

    synced_at: datetime | None = None
    last_sent_at: datetime | None = None
    first_sent_on: date | None = None
    files_sent: bool = False


@dataclass(slots=True)
class Task:
    """Something that the rep of the simulation will do. about: a mail, an enrollment or a mailbox."""

    kind: TaskKind
    about: int


@dataclass(slots=True)
class Book:
    """Every row there is. touched: the mails and enrollments that changed since the judge looked."""

    enrollments: dict[int, Enrollment] = field(default_factory=dict)
    ends: dict[int, datetime] = field(default_factory=dict)
    mailboxes: dict[int, Mailbox] = field(default_factory=dict)
    uses: dict[int, Use] = field(default_factory=dict)
    rows: dict[int, Row] = field(default_factory=dict)
    of_enrollment: dict[int, list[Row]] = field(default_factory=lambda: defaultdict(list))
    of_account: dict[int, list[Row]] = field(default_factory=lambda: defaultdict(list))
    of_mailbox: dict[int | None, list[Row]] = field(default_factory=lambda: defaultdict(list))
    suppressed: dict[int, str] = field(default_factory=dict)
    unreachable: set[int] = field(default_factory=set)
    soft_bounces: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    alive_until: dict[str, datetime] = field(default_factory=dict)
    revisions: dict[str, tuple[int, Sequence]] = field(default_factory=dict)
    tasks: list[Task] = field(default_factory=list)
    touched: dict[Row, None] = field(default_factory=dict)
    moved: dict[int, None] = field(default_factory=dict)
    ids: int = 0

    def sequence(self, enrollment: Enrollment) -> Sequence:
        """The published revision of somebody's sequence."""
        return self.revisions[enrollment.sequence][1]

    # --- the queue: see store/messages.py ---

    def plan(self, plan: Plan, *, enrollment: Enrollment, account: int, mailbox: int | None) -> Row | None:
        """Put a mail into the queue; None if this occurrence of the step was planned before."""
        for known in self.of_enrollment[enrollment.id]:
            if known.step == plan.step and known.occurrence == plan.occurrence:
                return None
        self.ids += 1
        row = Row(
            self.ids,
            enrollment.id,
            enrollment.prospect_id,
            account,
            mailbox,
            plan.step,
            plan.occurrence,
            plan.due_at,
            plan.base_at,
            plan.why,
            wake_at=plan.due_at,
        )
        self.rows[row.id] = row
        self.of_enrollment[row.enrollment].append(row)
        self.of_account[account].append(row)
        self.of_mailbox[mailbox].append(row)
        self.touched[row] = None
        return row

    def mailboxes_with_work(self, now: datetime) -> list[int | None]:
        """The mailboxes that have a mail to look at."""
        return [
            mailbox
            for mailbox, rows in self.of_mailbox.items()
            if any(row.wake_at is not None and row.wake_at <= now and row.state in WAITING for row in rows)
        ]

    def next_wake(self) -> datetime | None:
        """When the next mail must be looked at."""
        waking = (row.wake_at for row in self.rows.values() if row.wake_at and row.state in WAITING)
        return min(waking, default=None)

    def claim(
        self, mailbox: int | None, *, now: datetime, until: datetime, limit: int, by: str
    ) -> list[OutboundMessage]:
        """Take up to `limit` due mails of a mailbox; nobody else gets them before `until`."""
        due = [
            row
            for row in self.of_mailbox[mailbox]
            if row.wake_at is not None and row.wake_at <= now and row.state in WAITING
        ]
        due.sort(key=lambda row: (row.wake_at, row.id))
        for row in due[:limit]:
            row.wake_at, row.sent_by = until, by
            self.touched[row] = None
        taken = [row.record() for row in due[:limit]]
        return sorted(taken, key=lambda message: (message.due_at, message.id))

    def begin(
        self, message: OutboundMessage, *, now: datetime, until: datetime, mailbox: int, by: str
    ) -> bool:
        """Mark a mail as about to leave; False if anybody has dealt with it since it was claimed."""
        row = self.rows[message.id]
        if row.state is not message.state or row.attempts != message.attempts or row.state not in WAITING:
            return False
        if row.mailbox != mailbox:
            self.of_mailbox[row.mailbox].remove(row)
            self.of_mailbox[mailbox].append(row)
            row.mailbox = mailbox
        row.state, row.wake_at, row.attempts, row.sent_by = M.SENDING, until, row.attempts + 1, by
        row.first_attempt_at = row.first_attempt_at or now
        row.sent_at = now
        self.touched[row] = None
        return True

    def move(self, row: Row, to: MessageState, *, wake_at: datetime | None = None) -> bool:
        """Change the state of a mail along MESSAGE_MOVES; False where the table does not allow it."""
        if to not in MESSAGE_MOVES[row.state]:
            return False
        row.state, row.wake_at = to, wake_at
        self.touched[row] = None
        return True

    def postpone(self, row: Row, until: datetime, why: str) -> None:
        """Look at an open mail again at `until`, or once the pause of its enrollment ends."""
        if row.state in WAITING:
            is_paused = self.enrollments[row.enrollment].state is EnrollmentState.PAUSED
            row.wake_at, row.due_at, row.why = None if is_paused else until, until, why
            self.touched[row] = None

    def give_back(self, messages: Iterable[OutboundMessage], until: datetime) -> None:
        """Put claimed mails that were not touched back into the queue."""
        for row in (self.rows[message.id] for message in messages):
            if row.wake_at == until:
                row.wake_at = row.due_at
                self.touched[row] = None

    def park(self, enrollment: int) -> None:
        """Take the open mails of a paused enrollment out of the queue."""
        for row in self.of_enrollment[enrollment]:
            if row.state in OPEN:
                row.wake_at = None
                self.touched[row] = None

    def cancel_open(self, enrollment: int) -> None:
        """Nothing more leaves for this enrollment."""
        for row in self.of_enrollment[enrollment]:
            if row.state in OPEN:
                row.state, row.wake_at = M.CANCELLED, None
                self.touched[row] = None

    def open_of(self, enrollment: int) -> list[Row]:
        """The mails of an enrollment that have not left yet, in the order of their dates."""
        waiting = [row for row in self.of_enrollment[enrollment] if row.state in OPEN]
        return sorted(waiting, key=lambda row: (row.due_at, row.id))

    def abandoned(self, now: datetime, me: str) -> list[Row]:
        """Mails whose process died, or stalls, between `begin` and the record of what came of it."""
        return [
            row
            for row in self.rows.values()
            if row.state is M.SENDING and row.wake_at and (row.wake_at <= now or self._is_dead(row, now, me))
        ]

    def take_back(self, now: datetime, me: str) -> None:
        """Put into the queue again what dead processes had claimed and not begun to send."""
        for row in self.rows.values():
            is_claimed = row.state in WAITING and row.wake_at is not None and row.wake_at != row.due_at
            if is_claimed and row.wake_at > now and self._is_dead(row, now, me):
                row.wake_at, row.sent_by = row.due_at, None
                self.touched[row] = None

    def _is_dead(self, row: Row, now: datetime, me: str) -> bool:
        by = row.sent_by
        return by is not None and by != me and not self.alive_until.get(by, now) > now

    # --- enrollments ---

    def change(self, enrollment: int, **values: object) -> Enrollment:
        """Change somebody's standing."""
        self.enrollments[enrollment] = replace(self.enrollments[enrollment], **values)  # type: ignore[arg-type]
        self.moved[enrollment] = None
        return self.enrollments[enrollment]

    def live(self) -> list[Enrollment]:
        """Everybody who may still get mail."""
        return [one for one in self.enrollments.values() if one.state in LIVE]

    def due_to_resume(self, now: datetime) -> list[Enrollment]:
        """The enrollments whose pause is over."""
        return [
            one
            for one in self.enrollments.values()
            if one.state is EnrollmentState.PAUSED and one.resume_at and one.resume_at <= now
        ]

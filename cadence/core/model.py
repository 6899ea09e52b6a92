"""The things Cadence knows about, as plain frozen records, and the states they can be in.

Instants are aware UTC datetimes; the tables of allowed transitions are in lifecycle.py.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from cadence.core.legal import Ground
from cadence.core.sequence import From


class EnrollmentState(StrEnum):
    """Where one person stands in one sequence."""

    ACTIVE = "active"
    PAUSED = "paused"
    REOPENED = "reopened"
    REPLIED = "replied"
    FINISHED = "finished"
    STOPPED = "stopped"
    BOUNCED = "bounced"
    OPTED_OUT = "opted_out"
    FAILED = "failed"
    REMOVED = "removed"


class MessageState(StrEnum):
    """Where one mail stands.

    planned → sending → sent | refused | deferred | in_doubt; deferred goes back to sending.
    held: wrong as it is, waits for a person; skipped: it was decided not to send it;
    cancelled: planned, but its enrollment ended first.
    """

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    DEFERRED = "deferred"
    IN_DOUBT = "in_doubt"
    HELD = "held"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class ProspectStatus(StrEnum):
    """What is known of a person's attitude; the names of docs/replies.md."""

    NEW = "new"
    CONTACTED = "contacted"
    REOPENED = "reopened"
    FEEDBACK_GIVEN = "feedback_given"
    FEEDBACK_DECLINED = "feedback_declined"
    IN_TOUCH = "in_touch"
    SNOOZED = "snoozed"
    NOT_INTERESTED = "not_interested"
    UNSUBSCRIBED = "unsubscribed"
    REFERRED = "referred"
    LEFT = "left"
    QUESTION = "question"
    REPLIED = "replied"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    FORGOTTEN = "forgotten"


class MailboxState(StrEnum):
    """Whether a mailbox may send. `fault`: the server refused us, and a person must act."""

    ACTIVE = "active"
    PAUSED = "paused"
    FAULT = "fault"


class TaskKind(StrEnum):
    """Something a person must do, most urgent first."""

    DECISION_OPEN = "decision_open"
    INTERESTED = "interested"
    QUESTION = "question"
    APPROVE_DRAFT = "approve_draft"
    CONFIRM_ENROLLMENT = "confirm_enrollment"
    REVIEW_REPLY = "review_reply"
    IN_DOUBT = "in_doubt"
    MAILBOX_FAULT = "mailbox_fault"
    HELD = "held"
    NOT_READ = "not_read"
    TOO_LATE = "too_late"
    EVENT_GUEST = "event_guest"
    REFERRAL = "referral"
    SUCCESSOR = "successor"
    THANK_REFERRER = "thank_referrer"
    COLLEAGUES = "colleagues"
    TOOK_OVER = "took_over"
    UNREADABLE = "unreadable"
    WEBHOOK_DISABLED = "webhook_disabled"
    CRM_FAULT = "crm_fault"


@dataclass(frozen=True, slots=True)
class Place:
    """Where someone is, for their hours and holidays: IANA zone, ISO 3166-1 country, ISO 3166-2 part."""

    zone: str = "UTC"
    country: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """A company. size: number of employees."""

    id: int
    name: str
    domain: str | None = None
    industry: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Prospect:
    """A person at an account. language: ISO 639-1; ground: to write to them, where somebody said one."""

    id: int
    account_id: int
    email: str
    first_name: str | None = None
    last_name: str | None = None
    title: str | None = None
    language: str = "en"
    place: Place = field(default_factory=Place)
    status: ProspectStatus = ProspectStatus.NEW
    ground: Ground | None = None


@dataclass(frozen=True, slots=True)
class Deal:
    """The deal that was lost, or the client relation that ended.

    reason and competitor: the rep's version; what the prospect says is kept with the replies; crm_id: its
    name in the software that told of it; missing, missing_ships: what we could not do, and when we will;
    alternative: who else can help them; referred_by: who named them to us, kept only with their consent.
    """

    id: int
    account_id: int
    name: str
    lost_at: datetime
    product: str | None = None
    reason: str | None = None
    competitor: str | None = None
    competitor_contract_end: date | None = None
    amount: str | None = None
    crm_id: str | None = None
    missing: str | None = None
    missing_ships: date | None = None
    alternative: str | None = None
    referred_by: str | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a mailbox may write.

    daily_cap: mails a day once warm; ramp_from and ramp_step: the cap on the first day of use and
    how much it grows a day; gap and jitter: least seconds between two mails, and up to how many more.
    """

    daily_cap: int = 60
    ramp_from: int = 20
    ramp_step: int = 5
    gap: int = 60
    jitter: int = 60


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which somebody is away, the first and the last included."""

    first: date
    last: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A rep's (or an executive's) account for sending and receiving.

    smtp and imap are URLs without credentials: smtp://host:587 (STARTTLS), smtps://, imap://, imaps://.
    sent_folder: where copies go, None while unknown; files_sent: the provider files a copy by itself;
    absences: when nothing leaves because its owner is away; rests_on_holidays: nor on those of its country;
    oauth: with which provider it is signed in, None for a password; token_until: how long that token is good;
    relay_id: through which relay it sends, None: by its own server; return_path: the domain at which bounces
    of its mails arrive, None: at its own address.
    """

    id: int
    address: str
    name: str
    role: From
    smtp: str
    imap: str
    username: str
    created_at: datetime
    title: str | None = None
    phone: str | None = None
    signature: str | None = None
    place: Place = field(default_factory=Place)
    pace: Pace = field(default_factory=Pace)
    state: MailboxState = MailboxState.ACTIVE
    state_reason: str | None = None
    plus_addressing: bool = False
    sent_folder: str | None = None
    files_sent: bool | None = None
    absences: tuple[Absence, ...] = ()
    rests_on_holidays: bool = False
    oauth: str | None = None
    token_until: datetime | None = None
    relay_id: int | None = None
    return_path: str | None = None


@dataclass(frozen=True, slots=True)
class Enrollment:
    """One prospect of one deal in one sequence.

    resume_at: when a pause ends by itself, None: when a person says so; heard: categories of the
    replies so far, for the `unless` of later steps; paused_by: the enrollment of the same deal whose
    reply paused this one, which resumes with it; handovers: pairs of mailboxes, who wrote before and who
    took over, the oldest first.
    """

    id: int
    prospect_id: int
    deal_id: int
    sequence: str
    mailbox_id: int
    executive_mailbox_id: int | None
    state: EnrollmentState
    started_at: datetime
    state_reason: str | None = None
    resume_at: datetime | None = None
    heard: frozenset[str] = frozenset()
    paused_by: int | None = None
    handovers: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class OutboundMessage:
    """One step of one enrollment, from plan to outcome.

    message_id: fixed when it is planned; left_as: the Message-ID that its provider gave it instead.
    """

    id: int
    enrollment_id: int
    step: str
    occurrence: int
    state: MessageState
    due_at: datetime
    base_at: datetime
    message_id: str
    why: str
    mailbox_id: int | None = None
    attempts: int = 0
    first_attempt_at: datetime | None = None
    sent_at: datetime | None = None
    subject: str | None = None
    story: str | None = None
    approved: bool = False
    outcome: str | None = None
    revision_id: int | None = None
    variant: str | None = None
    left_as: str | None = None

    @property
    def readers_id(self) -> str:
        """The Message-ID under which its reader has it, so that what follows stands below it."""
        return self.left_as or self.message_id

    @property
    def key(self) -> str:
        """Names this mail by what it is, so that whatever is drawn from it is the same on every run."""
        return f"{self.enrollment_id}/{self.step}/{self.occurrence}"

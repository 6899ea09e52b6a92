"""May this mail leave now? Every reason not to send, in one place and in order of weight.

`decide` is asked twice for each mail: when it is claimed, and again inside the transaction that marks
it as being sent, with facts read anew.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from cadence.core.absence import back_at
from cadence.core.calendar import local
from cadence.core.lateness import is_late
from cadence.core.legal import Ground, missing
from cadence.core.lifecycle import Fact
from cadence.core.model import (
    Enrollment,
    EnrollmentState,
    Mailbox,
    MailboxState,
    OutboundMessage,
    Place,
    TaskKind,
)
from cadence.core.schedule import mailbox_free_at, opened, reasons, spaced
from cadence.core.sequence import Sequence, Step


@dataclass(frozen=True, slots=True)
class SendNow:
    """Nothing speaks against it."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Not yet: ask again at `until`."""

    until: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Skip:
    """Not this mail; the sequence goes on."""

    why: str


@dataclass(frozen=True, slots=True)
class Hold:
    """Wrong as it is: a person must look first."""

    why: str
    task: TaskKind = TaskKind.HELD


@dataclass(frozen=True, slots=True)
class End:
    """No mail of this enrollment any more."""

    fact: Fact
    why: str


Decision = SendNow | Wait | Skip | Hold | End


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the decision rests on.

    suppressed: why nobody may write to this address, or None; unreachable: it bounced for good;
    synced_at: since when every mailbox that wrote to this account is known to have been read, None:
    never; account_id: the company; last_to_prospect, last_to_account: the latest mail to each, over all
    sequences; sent_today and last_sent_at: of the mailbox; first_day: its first day of use; ends_at: when
    the enrollment is over; earlier_open: a mail of this enrollment still stands in doubt or in flight;
    ground: to write to them at all, None where that is not asked; step: the message's, None where the
    published revision has none of that name.
    """

    enrollment: Enrollment
    message: OutboundMessage
    sequence: Sequence
    place: Place
    mailbox: Mailbox | None
    ends_at: datetime
    account_id: int = 0
    suppressed: str | None = None
    unreachable: bool = False
    synced_at: datetime | None = None
    last_to_prospect: datetime | None = None
    last_to_account: datetime | None = None
    sent_today: int = 0
    last_sent_at: datetime | None = None
    first_day: date | None = None
    earlier_open: bool = False
    ground: Ground | None = None
    step: Step | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "step", self.sequence.step(self.message.step))


NOTHING_TO_SAY = "no story fits that this company does not know yet: nothing to say"
"""Why a mail with a pool is skipped."""

MAILBOX_RETRY = timedelta(minutes=15)
SYNC_RETRY = timedelta(seconds=30)


def decide(facts: Facts, now: datetime, barrier: timedelta) -> Decision:
    """Say whether the mail may leave at `now`; barrier: how old the last look into the mailbox may be."""
    for reason in _REASONS:
        decision = reason(facts, now)
        if decision is not None:
            return decision
    return _unread_mailbox(facts, now, barrier) or SendNow()


class Convoy:
    """Mails that are to leave in one go: each is decided as if those before it had left.

    So a gap, a cap or the spacing of a company holds within a batch as it does between batches.
    """

    def __init__(self) -> None:
        self._sent: Counter[int] = Counter()
        self._written: set[tuple[str, int]] = set()

    def join(self, facts: Facts) -> None:
        """This mail leaves."""
        if facts.mailbox is not None:
            self._sent[facts.mailbox.id] += 1
        self._written |= _readers(facts).items()

    def seen_from(self, facts: Facts, now: datetime) -> Facts:
        """The facts of a mail that might join."""
        changes: dict[str, Any] = {}
        if facts.mailbox is not None and (sent := self._sent[facts.mailbox.id]):
            changes |= {"sent_today": facts.sent_today + sent, "last_sent_at": now}
        written = self._written & _readers(facts).items()
        changes |= {fact: True if fact == "earlier_open" else now for fact, _ in written}
        return replace(facts, **changes) if changes else facts


def _readers(facts: Facts) -> dict[str, int]:
    """Whom a mail is to, by the fact that changes for others to the same."""
    return {
        "last_to_prospect": facts.enrollment.prospect_id,
        "last_to_account": facts.account_id,
        "earlier_open": facts.enrollment.id,
    }


def _nobody_may_write(facts: Facts, now: datetime) -> Decision | None:
    if facts.suppressed:
        return End(Fact.OPT_OUT, facts.suppressed)
    if facts.unreachable:
        return End(Fact.BOUNCE, "the address cannot be reached")
    return None


def _not_active(facts: Facts, now: datetime) -> Decision | None:
    state = facts.enrollment.state
    if state is EnrollmentState.ACTIVE:
        return None
    until = max(facts.message.due_at, facts.enrollment.resume_at or now, now + MAILBOX_RETRY)
    return Wait(until, f"the enrollment is {state}: {facts.enrollment.state_reason or 'no reason given'}")


def _over(facts: Facts, now: datetime) -> Decision | None:
    if now > facts.ends_at:
        return End(Fact.FINISH, f"{facts.sequence.ends} are over")
    return None


def _no_ground(facts: Facts, now: datetime) -> Decision | None:
    """A ground may end while somebody is enrolled; then a person must name another one, or stop."""
    if facts.ground is None:
        return None
    why = missing(facts.ground, facts.place.country, local(now, facts.place).date())
    return Hold(why) if why else None


def _dropped(facts: Facts, now: datetime) -> Decision | None:
    if facts.step is None:
        return Skip(f"the sequence has no step {facts.message.step!r} any more")
    return None


def _already_answered(facts: Facts, now: datetime) -> Decision | None:
    assert facts.step is not None
    said = sorted(facts.step.unless & facts.enrollment.heard)
    return Skip(f"they already answered: {', '.join(said)}") if said else None


def _too_late(facts: Facts, now: datetime) -> Decision | None:
    assert facts.step is not None
    if not is_late(facts.step, facts.message, facts.place, now):
        return None
    return Skip(f"later than {facts.step.within}: worse than none")


def _no_sender(facts: Facts, now: datetime) -> Decision | None:
    assert facts.step is not None
    if facts.mailbox is None:
        return Hold(f"no {facts.step.sender} mailbox to send it from")
    if facts.mailbox.state is not MailboxState.ACTIVE:
        reason = facts.mailbox.state_reason or "no reason given"
        return Wait(
            now + MAILBOX_RETRY, f"mailbox {facts.mailbox.address} is {facts.mailbox.state}: {reason}"
        )
    return None


def _earlier_one_open(facts: Facts, now: datetime) -> Decision | None:
    if facts.earlier_open:
        return Wait(now + MAILBOX_RETRY, "whether an earlier mail left is still in doubt")
    return None


def _sender_away(facts: Facts, now: datetime) -> Decision | None:
    assert facts.mailbox is not None and facts.step is not None
    back = back_at(facts.mailbox, now)
    if back.at <= now:
        return None
    slot = opened(facts.sequence.window_of(facts.step), facts.place, back.at)
    return Wait(slot.at, reasons(back.why, slot.why))


def _outside_hours(facts: Facts, now: datetime) -> Decision | None:
    assert facts.step is not None
    slot = opened(facts.sequence.window_of(facts.step), facts.place, now)
    return Wait(slot.at, slot.why or "outside the sending window") if slot.at > now else None


def _too_soon(facts: Facts, now: datetime) -> Decision | None:
    """The first mail on a reply answers it, and keeps its distance only from mails after that reply."""
    step = facts.step
    assert step is not None
    is_answer = step.on is not None and facts.sequence.branch(step.on)[0] == step
    answered = facts.message.base_at if is_answer else None
    last_to_prospect, last_to_account = (
        None if at is None or (answered is not None and at < answered) else at
        for at in (facts.last_to_prospect, facts.last_to_account)
    )
    slot = spaced(
        now,
        last_to_prospect,
        last_to_account,
        facts.sequence.spacing,
        facts.sequence.window_of(step),
        facts.place,
    )
    return Wait(slot.at, slot.why) if slot.at > now else None


def _mailbox_busy(facts: Facts, now: datetime) -> Decision | None:
    assert facts.mailbox is not None
    slot = mailbox_free_at(
        facts.mailbox.pace,
        sent_today=facts.sent_today,
        last_sent_at=facts.last_sent_at,
        first_day=facts.first_day,
        key=facts.message.key,
        now=now,
        zone=facts.mailbox.place.zone,
    )
    return Wait(slot.at, slot.why) if slot.at > now else None


def _unapproved(facts: Facts, now: datetime) -> Decision | None:
    assert facts.step is not None
    if facts.step.review and not facts.message.approved:
        return Hold("a draft that waits for the rep's yes", TaskKind.APPROVE_DRAFT)
    return None


def is_fresh(synced_at: datetime | None, now: datetime, barrier: timedelta) -> bool:
    """Whether mailboxes were read so lately that a mail may leave; a clock that was wrong proves nothing."""
    return synced_at is not None and abs(now - synced_at) <= barrier


def _unread_mailbox(facts: Facts, now: datetime, barrier: timedelta) -> Decision | None:
    if facts.synced_at is None:
        return Wait(now + SYNC_RETRY, "the mailbox was never read, so an answer may be waiting there")
    if not is_fresh(facts.synced_at, now, barrier):
        return Wait(now + SYNC_RETRY, f"the mailbox was last read at {facts.synced_at:%H:%M:%S}")
    return None


_REASONS: tuple[Callable[[Facts, datetime], Decision | None], ...] = (
    _nobody_may_write,
    _not_active,
    _over,
    _no_ground,
    _dropped,
    _already_answered,
    _too_late,
    _no_sender,
    _earlier_one_open,
    _unapproved,
    _sender_away,
    _outside_hours,
    _too_soon,
    _mailbox_busy,
)

"""What a batch of replies may change: read at once, changed in memory, written at once.

The companies concerned are held from before they are read until the transaction ends (locks.py), so what
is written is what was read and then changed. Every change is seen by the next one, as if the replies had
been taken in one by one.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cadence.core.lifecycle import MESSAGE_MOVES
from cadence.core.model import Enrollment, MessageState, OutboundMessage, ProspectStatus, TaskKind
from cadence.core.occasions import Rsvp
from cadence.core.planning import Plan
from cadence.core.replies import Person
from cadence.store.enrollments import LIVE, Case
from cadence.store.messages import IN_FLIGHT, LEFT, OPEN


@dataclass(frozen=True, slots=True)
class Reader:
    """What replies change of a person. key: the normalized address; soft_bounces: in a row."""

    id: int
    key: str
    status: ProspectStatus
    soft_bounces: int
    unreachable: bool


class Ledger:
    """Enrollments that replies are about, with everybody at their companies."""

    def __init__(self) -> None:
        self.cases: dict[int, Case] = {}
        self.enrollments: dict[int, Enrollment] = {}
        self.by_owner: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
        self.readers: dict[int, Reader] = {}
        self.by_key: dict[str, int] = {}
        self.mails: defaultdict[int, dict[int, OutboundMessage]] = defaultdict(dict)
        self.changed: set[int] = set()
        self.changed_readers: set[int] = set()
        self.wakes: dict[int, datetime | None] = {}
        self.planned: dict[int, dict[str, Any]] = {}
        self.parked: set[int] = set()
        self.cancelled: dict[int, str] = {}
        self.events: list[dict[str, Any]] = []
        self.tasks: dict[tuple[Any, ...], dict[str, Any]] = {}
        self.rsvps: list[dict[str, Any]] = []
        self.suggestions: list[dict[str, Any]] = []
        self.joined: dict[tuple[int, str], None] = {}
        self.suppressed: dict[str, dict[str, Any]] = {}

    # --- what is known ---

    def case(self, enrollment_id: int) -> Case:
        """One of the enrollments that were asked for, as it is now, with everything it is about."""
        case, enrollment = self.cases[enrollment_id], self.enrollments[enrollment_id]
        return case if case.enrollment == enrollment else replace(case, enrollment=enrollment)

    def enrollment(self, enrollment_id: int) -> Enrollment:
        """An enrollment as it is now."""
        return self.enrollments[enrollment_id]

    def reader(self, prospect_id: int) -> Reader:
        """A person as they are known now."""
        return self.readers[prospect_id]

    def find(self, email_key: str) -> Reader | None:
        """The person of an address that was asked for."""
        prospect_id = self.by_key.get(email_key)
        return None if prospect_id is None else self.readers[prospect_id]

    def of_prospect(self, prospect_id: int) -> list[Enrollment]:
        """Every enrollment of a person, oldest first."""
        return self._all("prospect", prospect_id)

    def of_deal(self, deal_id: int) -> list[Enrollment]:
        """The live enrollments of a deal."""
        return [one for one in self._all("deal", deal_id) if one.state in LIVE]

    def of_account(self, account_id: int) -> list[Enrollment]:
        """The live enrollments of everyone at a company."""
        return [one for one in self._all("account", account_id) if one.state in LIVE]

    def open_mails(self, enrollment_id: int) -> list[OutboundMessage]:
        """The mails of an enrollment that have not left yet, in the order of their dates."""
        waiting = [mail for mail in self.mails[enrollment_id].values() if mail.state in OPEN]
        return sorted(waiting, key=lambda mail: (mail.due_at, mail.id))

    def has_more(self, enrollment_id: int) -> bool:
        """Whether a mail of an enrollment is still to leave, or may be leaving."""
        return any(mail.state in (*OPEN, *IN_FLIGHT) for mail in self.mails[enrollment_id].values())

    def last_occurrence(self, enrollment_id: int, step: str) -> int:
        """The highest occurrence of a step that was ever planned, 0 for none."""
        return max((m.occurrence for m in self.mails[enrollment_id].values() if m.step == step), default=0)

    def left(self, enrollment_id: int) -> frozenset[str]:
        """The steps of which a mail left, or may have."""
        return frozenset(mail.step for mail in self.mails[enrollment_id].values() if mail.state in LEFT)

    def _all(self, kind: str, of: int) -> list[Enrollment]:
        return [self.enrollments[enrollment_id] for enrollment_id in self.by_owner[kind, of]]

    # --- what changes ---

    def change(self, enrollment_id: int, **values: Any) -> None:
        """Set state, state_reason, resume_at, paused_by or heard of an enrollment."""
        self.enrollments[enrollment_id] = replace(self.enrollments[enrollment_id], **values)
        self.changed.add(enrollment_id)

    def change_reader(self, prospect_id: int, **values: Any) -> None:
        """Set status, soft_bounces or unreachable of a person."""
        self.readers[prospect_id] = replace(self.readers[prospect_id], **values)
        self.changed_readers.add(prospect_id)

    def plan(self, plan: Plan, *, enrollment_id: int, message_id: str, **about: Any) -> None:
        """Put a mail to come into the queue, unless this occurrence of the step was planned before.

        about: prospect_id, account_id, mailbox_id.
        """
        known = self.mails[enrollment_id]
        if any((mail.step, mail.occurrence) == (plan.step, plan.occurrence) for mail in known.values()):
            return
        mail = OutboundMessage(
            id=-1 - len(self.planned),  # until it is written, and has one
            enrollment_id=enrollment_id,
            step=plan.step,
            occurrence=plan.occurrence,
            state=MessageState.PLANNED,
            due_at=plan.due_at,
            base_at=plan.base_at,
            message_id=message_id,
            why=plan.why,
            mailbox_id=about["mailbox_id"],
        )
        known[mail.id] = mail
        self.planned[mail.id] = about
        self.wakes[mail.id] = plan.due_at

    def postpone(self, mail: OutboundMessage, until: datetime, why: str) -> None:
        """Look at an open mail again at `until`."""
        if mail.state in (MessageState.PLANNED, MessageState.DEFERRED):
            self._set(mail, until, due_at=until, why=why)

    def move(
        self, mail: OutboundMessage, to: MessageState, *, wake_at: datetime | None = None, **values: Any
    ) -> None:
        """Change the state of a mail along MESSAGE_MOVES, which says whether it can be."""
        if to in MESSAGE_MOVES[mail.state]:
            self._set(mail, wake_at, state=to, **values)

    def mail(self, enrollment_id: int, message_id: int) -> OutboundMessage:
        """A mail of an enrollment as it is now."""
        return self.mails[enrollment_id][message_id]

    def park(self, enrollment_id: int) -> None:
        """Take the open mails of a paused enrollment out of the queue; they keep their dates."""
        self.parked.add(enrollment_id)

    def cancel_open(self, enrollment_id: int, why: str) -> None:
        """Nothing more leaves for this enrollment."""
        self.cancelled.setdefault(enrollment_id, why)

    def note(
        self, kind: str, why: str, *, at: datetime, data: dict[str, Any] | None = None, **about: int | None
    ) -> None:
        """Record one transition or decision; about: as in events.add."""
        self.events.append({"kind": kind, "why": why, "at": at, "data": data} | _NOTHING | about)

    def ask(self, kind: TaskKind, text: str, *, now: datetime, **about: int | None) -> None:
        """Ask a person for something; about: prospect_id, enrollment_id, inbound_id, mailbox_id.

        The same open request about the same thing is not made twice.
        """
        row = {"kind": kind, "text": text, "created_at": now} | _NOTHING | about
        self.tasks.setdefault((kind, *about.items()), row)

    def suggest(self, people: Iterable[Person], *, kind: str, inbound_id: int, now: datetime) -> None:
        """Keep the people whom a reply named."""
        self.suggestions += [
            {
                "inbound_id": inbound_id,
                "kind": kind,
                "name": person.name,
                "email": person.email,
                "company": person.company,
                "at": now,
            }
            for person in people
        ]

    def invited(self, mail_id: int, rsvp: Rsvp, *, inbound_id: int, now: datetime) -> None:
        """Keep what somebody answered to the invitation in a mail."""
        self.rsvps.append({"message_id": mail_id, "inbound_id": inbound_id, "answer": rsvp, "at": now})

    def join(self, enrollment_id: int, email_keys: Iterable[str]) -> None:
        """Remember addresses that took part in the thread of an enrollment."""
        self.joined |= dict.fromkeys((enrollment_id, key) for key in sorted(email_keys))

    def suppress(self, email_key: str, *, reason: str, source: str, now: datetime) -> None:
        """Make sure that nobody writes to this address again; the first reason is kept."""
        row = {"email_key": email_key, "reason": reason, "source": source, "at": now}
        self.suppressed.setdefault(email_key, row)

    def _set(self, mail: OutboundMessage, wake_at: datetime | None, **values: Any) -> None:
        self.mails[mail.enrollment_id][mail.id] = replace(mail, **values)
        self.wakes[mail.id] = wake_at


_NOTHING = dict.fromkeys(("prospect_id", "enrollment_id", "message_id", "inbound_id", "mailbox_id"))

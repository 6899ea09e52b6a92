"""One line per thing: the records that core tests need, plausible unless told otherwise."""

from datetime import UTC, datetime, timedelta
from typing import Any

from cadence.core.dispatch import Facts
from cadence.core.model import (
    Enrollment,
    EnrollmentState,
    Mailbox,
    MessageState,
    OutboundMessage,
    Pace,
    Place,
)
from cadence.core.planning import Course
from cadence.core.replies import Category, Verdict
from cadence.core.sequence import (
    Anchor,
    Audience,
    Duration,
    From,
    Sequence,
    Spacing,
    Step,
    Window,
)

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)  # a Tuesday
BERLIN = Place("Europe/Berlin", "DE")
ALWAYS = Window(
    days=frozenset(range(7)), opens=datetime.min.time(), closes=datetime.max.time(), skip_holidays=False
)
NO_SPACING = Spacing(None, None)


def after(text: str, name: str = "mail", **more: Any) -> Step:
    return Step(name, after=Duration.parse(text), **more)


def sequence(*steps: Step, **more: Any) -> Sequence:
    more.setdefault("window", ALWAYS)
    more.setdefault("spacing", NO_SPACING)
    more.setdefault("ends", Duration.parse("18 months"))
    return Sequence("lost", "Lost", Audience.LOST, steps=steps, **more)


def course(a_sequence: Sequence, **dates: Any) -> Course:
    known = {f"deal.{name}": value for name, value in dates.items()}
    return Course(a_sequence, Place("UTC"), NOW, {"deal.lost_at": NOW} | known)


def verdict(category: Category, **more: Any) -> Verdict:
    more.setdefault("confidence", 0.95)
    return Verdict(category, evidence=("test",), **more)


def enrollment(**more: Any) -> Enrollment:
    values: dict[str, Any] = {
        "id": 1,
        "prospect_id": 1,
        "deal_id": 1,
        "sequence": "lost",
        "mailbox_id": 1,
        "executive_mailbox_id": None,
        "state": EnrollmentState.ACTIVE,
        "started_at": NOW - timedelta(days=1),
    }
    return Enrollment(**values | more)


def message(**more: Any) -> OutboundMessage:
    values: dict[str, Any] = {
        "id": 1,
        "enrollment_id": 1,
        "step": "mail",
        "occurrence": 1,
        "state": MessageState.PLANNED,
        "due_at": NOW,
        "base_at": NOW,
        "message_id": "<1@vendor.test>",
        "why": "2 hours after",
        "mailbox_id": 1,
    }
    return OutboundMessage(**values | more)


def mailbox(**more: Any) -> Mailbox:
    values: dict[str, Any] = {
        "id": 1,
        "address": "rep@vendor.test",
        "name": "Robin Rep",
        "role": From.REP,
        "smtp": "smtp://localhost:25",
        "imap": "imap://localhost:143",
        "username": "rep",
        "created_at": NOW,
        "pace": Pace(gap=0, jitter=0),
    }
    return Mailbox(**values | more)


def facts(**more: Any) -> Facts:
    values: dict[str, Any] = {
        "enrollment": enrollment(),
        "message": message(),
        "sequence": sequence(after("2 hours")),
        "place": Place("UTC"),
        "mailbox": mailbox(),
        "ends_at": NOW + timedelta(days=500),
        "synced_at": NOW,
    }
    return Facts(**values | more)


def contract_end_minus(text: str, **more: Any) -> Step:
    anchor = Anchor("deal.competitor_contract_end", -1, Duration.parse(text))
    return Step("renewal", at=anchor, **more)

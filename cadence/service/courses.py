"""The course of one enrollment: from its records to what planning needs, and from plans to the queue."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.address import domain_of
from cadence.core.calendar import local, start_of
from cadence.core.model import Deal, Mailbox, MessageState, OutboundMessage, Place
from cadence.core.planning import Course, Plan, after_a_reply, following
from cadence.core.sequence import From, Sequence, Step
from cadence.store import messages
from cadence.store.enrollments import Case


def dates_of(deal: Deal) -> dict[str, date | datetime | None]:
    """The dates of a deal that a step can hang on, by the names that authors write."""
    return {
        "deal.lost_at": deal.lost_at,
        "deal.competitor_contract_end": deal.competitor_contract_end,
        "deal.missing_ships": deal.missing_ships,
    }


def course_of(case: Case, sequence: Sequence) -> Course:
    """What planning needs to know of an enrollment."""
    return Course(sequence, case.prospect.place, case.enrollment.started_at, dates_of(case.deal))


def mailbox_for(case: Case, step: Step | None) -> Mailbox | None:
    """Who signs a step: the rep, or the executive where there is one."""
    if step is not None and step.sender is From.EXECUTIVE:
        return case.executive
    return case.mailbox


async def put_plans(
    tx: AsyncConnection, case: Case, sequence: Sequence, plans: Iterable[Plan | None]
) -> None:
    """Put mails to come into the queue."""
    await messages.plan(tx, [row_of(case, sequence, plan) for plan in plans if plan is not None])


def row_of(case: Case, sequence: Sequence, plan: Plan) -> dict[str, Any]:
    """A mail to come as the queue takes it, with the Message-ID that it will keep."""
    return messages.planned(plan, **about(case, sequence, plan))


def about(case: Case, sequence: Sequence, plan: Plan) -> dict[str, Any]:
    """What a mail to come belongs to: enrollment, person, company, mailbox; and its Message-ID."""
    mailbox = mailbox_for(case, sequence.step(plan.step))
    domain = domain_of((mailbox or case.mailbox).address)
    return {
        "enrollment_id": case.enrollment.id,
        "prospect_id": case.prospect.id,
        "account_id": case.account.id,
        "mailbox_id": mailbox.id if mailbox else None,
        "message_id": f"<{uuid4()}@{domain}>",
    }


@dataclass(frozen=True, slots=True)
class Passed:
    """A mail that was sent or skipped, `at` an instant."""

    case: Case
    sequence: Sequence
    message: OutboundMessage
    at: datetime


async def plan_following(tx: AsyncConnection, passed: Iterable[Passed]) -> None:
    """Plan what comes after mails that were sent or skipped.

    While a branch answers a reply, the chain waits for its end.
    """
    rows, answered = [], []
    for mail in passed:
        course, message = course_of(mail.case, mail.sequence), mail.message
        plan = following(course, message.step, message.occurrence, mail.at)
        if plan is not None:
            rows.append(row_of(mail.case, mail.sequence, plan))
        step = mail.sequence.step(message.step)
        if step is not None and step.on is not None:
            answered.append(
                (mail.case, course, *((plan.due_at, plan.step) if plan else (mail.at, step.name)))
            )
    await messages.plan(tx, rows)
    for case, course, at, of in answered:
        await keep_distance(tx, case, course, at, of)


async def keep_distance(tx: AsyncConnection, case: Case, course: Course, at: datetime, of: str) -> None:
    """Move the open mails of the chain away from a reply, or from a mail that answers it."""
    for message in await messages.open_of(tx, case.enrollment.id):
        if message.state is MessageState.HELD:
            continue
        plan = Plan(message.step, message.occurrence, message.due_at, message.base_at, message.why)
        moved = after_a_reply(course, plan, at, of)
        if moved.due_at > message.due_at:
            await messages.postpone(tx, message, moved.due_at, moved.why)


def midnight(now: datetime, place: Place) -> datetime:
    """The start of the present day at a place, as an instant."""
    return start_of(local(now, place).date(), place).astimezone(UTC)

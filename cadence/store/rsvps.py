"""Who was invited to which event, and what they answered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.model import MessageState, TaskKind
from cadence.core.occasions import Rsvp, event_of
from cadence.store.tables import accounts, deals, enrollments, mailboxes, messages, prospects, rsvps, tasks

_TOLD = (MessageState.SENT, MessageState.SENDING, MessageState.IN_DOUBT)


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who was invited to an event, or told of a change of it. message_id: of the mail that invited
    them; told, revision_id: what the last mail about it told, and from which files; mailbox: which wrote it;
    answer: the newest, None while there is none.
    """

    prospect_id: int
    event: str
    email: str
    name: str | None
    company: str
    deal: str
    lost_at: datetime
    message_id: int
    invited_at: datetime
    told: str
    revision_id: int
    mailbox_id: int
    mailbox: str
    opted_out: bool
    answer: Rsvp | None = None
    answered_at: datetime | None = None


async def add(tx: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    """Keep answers; whoever does not come after all is nobody that a person has to see to."""
    if not rows:
        return
    await tx.execute(rsvps.insert(), list(rows))
    for row in rows:
        about = tasks.c.message_id == row["message_id"], tasks.c.kind == TaskKind.EVENT_GUEST
        if row["answer"] != Rsvp.ACCEPTED:
            closed = tasks.update().where(*about, tasks.c.done_at.is_(None))
            await tx.execute(closed.values(done_at=row["at"], answer=row["answer"]))


async def guests(tx: AsyncConnection, stories: Collection[str]) -> list[Guest]:
    """Everybody who was invited to these events, in the order of the invitations. stories: the events and
    their changes, by which mails are found along an index.
    """
    query = (
        sa.select(
            messages.c.id,
            messages.c.story,
            messages.c.revision_id,
            messages.c.mailbox_id,
            sa.func.coalesce(messages.c.sent_at, messages.c.first_attempt_at).label("left_at"),
            prospects.c.id.label("prospect_id"),
            prospects.c.email,
            prospects.c.first_name,
            prospects.c.last_name,
            prospects.c.status,
            deals.c.name.label("deal"),
            deals.c.lost_at,
            accounts.c.name.label("company"),
            mailboxes.c.address,
        )
        .join(prospects, prospects.c.id == messages.c.prospect_id)
        .join(enrollments, enrollments.c.id == messages.c.enrollment_id)
        .join(deals, deals.c.id == enrollments.c.deal_id)
        .join(accounts, accounts.c.id == prospects.c.account_id)
        .join(mailboxes, mailboxes.c.id == messages.c.mailbox_id)
        .where(messages.c.story.in_(sorted(stories)), messages.c.state.in_(_TOLD))
        .order_by(messages.c.id)
    )
    mails: dict[tuple[int, str], list[Any]] = {}
    for row in await tx.execute(query):
        mails.setdefault((row.prospect_id, event_of(row.story) or ""), []).append(row)
    answers = await _answers(tx, [row.id for rows in mails.values() for row in rows])
    return [_guest(name, rows, answers) for (_, name), rows in mails.items()]


async def _answers(tx: AsyncConnection, message_ids: list[int]) -> dict[int, Any]:
    query = sa.select(rsvps).where(rsvps.c.message_id.in_(message_ids)).order_by(rsvps.c.id)
    return {row.message_id: row for row in await tx.execute(query)}


def _guest(event: str, rows: list[Any], answers: dict[int, Any]) -> Guest:
    first, last = rows[0], rows[-1]
    said = max((answers[row.id] for row in rows if row.id in answers), key=lambda row: row.id, default=None)
    return Guest(
        prospect_id=first.prospect_id,
        deal=first.deal,
        lost_at=first.lost_at,
        event=event,
        email=first.email,
        name=" ".join(part for part in (first.first_name, first.last_name) if part) or None,
        company=first.company,
        message_id=first.id,
        invited_at=first.left_at,
        told=last.story,
        revision_id=last.revision_id,
        mailbox_id=first.mailbox_id,
        mailbox=first.address,
        opted_out=first.status in ("unsubscribed", "complained", "forgotten"),
        answer=Rsvp(said.answer) if said else None,
        answered_at=said.at if said else None,
    )


async def coming(tx: AsyncConnection, event: str) -> int:
    """How many said that they come."""
    told = sa.or_(messages.c.story == event, messages.c.story.startswith(f"{event}/", autoescape=True))
    query = (
        sa.select(messages.c.prospect_id, rsvps.c.answer)
        .join(messages, messages.c.id == rsvps.c.message_id)
        .where(told, messages.c.state.in_(_TOLD))
        .order_by(rsvps.c.id)
    )
    newest = {row.prospect_id: row.answer for row in await tx.execute(query)}
    return sum(answer == Rsvp.ACCEPTED for answer in newest.values())


async def invitation_of(tx: AsyncConnection, prospect_id: int, event: str) -> str | None:
    """The Message-ID of the mail that invited somebody to an event, None where none did."""
    query = (
        sa.select(messages.c.message_id)
        .where(messages.c.prospect_id == prospect_id, messages.c.story == event, messages.c.state.in_(_TOLD))
        .order_by(messages.c.id)
    )
    return (await tx.execute(query.limit(1))).scalar_one_or_none()

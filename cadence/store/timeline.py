"""What happened to one person, and the words of every mail, as far as somebody's rights reach."""

import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.people import User
from cadence.store.tables import (
    accounts,
    deals,
    enrollments,
    events,
    inbound,
    mailboxes,
    messages,
    prospects,
    suppressions,
    tasks,
    users,
)
from cadence.store.users import in_reach

_executives = mailboxes.alias("executives")


async def person(tx: AsyncConnection, prospect_id: int) -> Any | None:
    """A person with their company and why nobody may write to them, or None."""
    query = (
        sa.select(
            prospects,
            accounts.c.name.label("company"),
            accounts.c.domain,
            accounts.c.industry,
            accounts.c.size,
            suppressions.c.reason.label("suppressed"),
        )
        .join(accounts, accounts.c.id == prospects.c.account_id)
        .outerjoin(suppressions, suppressions.c.email_key == prospects.c.email_key)
        .where(prospects.c.id == prospect_id)
    )
    return (await tx.execute(query)).one_or_none()


async def enrolled(tx: AsyncConnection, user: User, *, prospect_id: int) -> list[Any]:
    """The enrollments of a person within reach, the newest first, with deal, mailboxes and owner."""
    query = (
        sa.select(
            enrollments,
            deals.c.name.label("deal"),
            mailboxes.c.address.label("mailbox"),
            users.c.name.label("owner"),
            _executives.c.address.label("executive"),
        )
        .join(deals, deals.c.id == enrollments.c.deal_id)
        .join(mailboxes, mailboxes.c.id == enrollments.c.mailbox_id)
        .outerjoin(users, users.c.id == mailboxes.c.owner_id)
        .outerjoin(_executives, _executives.c.id == enrollments.c.executive_mailbox_id)
        .where(enrollments.c.prospect_id == prospect_id, in_reach(enrollments.c.mailbox_id, user))
        .order_by(enrollments.c.id.desc())
    )
    return list(await tx.execute(query))


async def page(
    tx: AsyncConnection, prospect_id: int, enrollment_ids: list[int], *, before: int | None, limit: int
) -> list[Any]:
    """What happened, the newest first: the event, and what it is about.

    Columns beside those of events: step, subject, mail_state, sent_at (of a mail); sender, reply_subject,
    category, corrected, verdict, unreadable (of a reply). enrollment_ids: only of these, and of none.
    """
    query = _EVENTS.where(
        events.c.prospect_id == prospect_id,
        sa.or_(events.c.enrollment_id.is_(None), events.c.enrollment_id.in_(enrollment_ids)),
    )
    if before is not None:
        query = query.where(events.c.id < before)
    return list(await tx.execute(query.order_by(events.c.id.desc()).limit(limit)))


_EVENTS = (
    sa.select(
        events,
        messages.c.step,
        messages.c.subject,
        messages.c.state.label("mail_state"),
        messages.c.sent_at,
        inbound.c.sender,
        inbound.c.subject.label("reply_subject"),
        inbound.c.category,
        inbound.c.corrected,
        inbound.c.confidence,
        inbound.c.verdict,
        inbound.c.unreadable,
    )
    .outerjoin(messages, messages.c.id == events.c.message_id)
    .outerjoin(inbound, inbound.c.id == events.c.inbound_id)
)


async def open_tasks(tx: AsyncConnection, prospect_id: int, enrollment_ids: list[int]) -> list[Any]:
    """What waits for somebody about a person."""
    query = sa.select(tasks).where(
        tasks.c.prospect_id == prospect_id,
        tasks.c.done_at.is_(None),
        sa.or_(tasks.c.enrollment_id.is_(None), tasks.c.enrollment_id.in_(enrollment_ids)),
    )
    return list(await tx.execute(query.order_by(tasks.c.created_at)))


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that left, or may have: what is known of it, and its bytes. to: the person's address."""

    id: int
    prospect_id: int
    to: str
    mailbox: str | None
    step: str
    state: str
    subject: str | None
    sent_at: datetime | None
    why: str
    outcome: str | None
    raw: bytes


async def mail(tx: AsyncConnection, user: User, message_id: int) -> Mail | None:
    """A mail as it left, None where there is none within reach, or it was never written."""
    query = (
        sa.select(messages, prospects.c.email, mailboxes.c.address)
        .join(prospects, prospects.c.id == messages.c.prospect_id)
        .join(enrollments, enrollments.c.id == messages.c.enrollment_id)
        .outerjoin(mailboxes, mailboxes.c.id == messages.c.mailbox_id)
        .where(
            messages.c.id == message_id, messages.c.raw.is_not(None), in_reach(enrollments.c.mailbox_id, user)
        )
    )
    row = (await tx.execute(query)).one_or_none()
    if row is None:
        return None
    return Mail(
        id=row.id,
        prospect_id=row.prospect_id,
        to=row.email,
        mailbox=row.address,
        step=row.step,
        state=row.state,
        subject=row.subject,
        sent_at=row.sent_at,
        why=row.why,
        outcome=row.outcome,
        raw=zlib.decompress(row.raw),
    )

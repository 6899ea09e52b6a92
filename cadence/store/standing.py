"""Everything that bears on whether one mail may leave, in three queries."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.model import OutboundMessage
from cadence.store.database import part
from cadence.store.enrollments import BY_TABLE, CASE, CASE_TABLES, Case, case_of
from cadence.store.messages import IN_FLIGHT, WITHOUT_RAW, message_of
from cadence.store.tables import enrollments, mailboxes, messages, prospects, suppressions


@dataclass(frozen=True, slots=True)
class Standing:
    """A mail, what it is about, and what speaks against writing to its reader."""

    message: OutboundMessage
    case: Case
    suppressed: str | None
    unreachable: bool


@dataclass(frozen=True, slots=True)
class History:
    """What left before, as far as it bears on one mail; in all of it that mail itself does not count.

    last_to_prospect, last_to_account: the latest mails that left or may have left, over all sequences;
    sent_today: by the mailbox; earlier_open: another mail of the enrollment is in flight or in doubt.
    """

    last_to_prospect: datetime | None
    last_to_account: datetime | None
    sent_today: int
    earlier_open: bool


@dataclass(frozen=True, slots=True)
class Mailboxes:
    """The mailboxes in which an answer may be waiting, and the one that is to send.

    synced_at: since when all of them are known to have been read, None: not all were; last_sent_at and
    first_sent_on: of the one that is to send.
    """

    to_read: frozenset[int]
    synced_at: datetime | None
    last_sent_at: datetime | None
    first_sent_on: date | None


async def of_message(tx: AsyncConnection, message_id: int) -> Standing:
    """Look a mail up with everything it is about."""
    row: Any = (await tx.execute(_MESSAGE, {"of": message_id})).one()
    unreachable = row._mapping[prospects.c.unreachable]
    return Standing(message_of(part(row, messages)), case_of(row), row.suppressed, unreachable)


async def history(
    tx: AsyncConnection, standing: Standing, *, mailbox_id: int | None, midnight: datetime
) -> History:
    """Look up what left before; midnight: the start of the mailbox's day."""
    values = {
        "apart_from": standing.message.id,
        "prospect": standing.case.prospect.id,
        "account": standing.case.account.id,
        "enrollment": standing.case.enrollment.id,
        "mailbox": mailbox_id,
        "midnight": midnight,
    }
    to_prospect, to_account, sent_today, earlier_open = (await tx.execute(_HISTORY, values)).one()
    return History(to_prospect, to_account, sent_today, bool(earlier_open))


async def mailboxes_of(tx: AsyncConnection, *, account_id: int, mailbox_id: int | None) -> Mailboxes:
    """Look up the mailboxes that wrote to a company and the one that is about to."""
    values = {"account": account_id, "mailbox": mailbox_id}
    rows = {row.id: row for row in await tx.execute(_MAILBOXES, values)}
    read = [row.synced_at for row in rows.values()]
    sender = rows.get(mailbox_id) if mailbox_id is not None else None
    return Mailboxes(
        to_read=frozenset(rows),
        synced_at=min(at for at in read if at is not None) if read and None not in read else None,
        last_sent_at=sender.last_sent_at if sender else None,
        first_sent_on=sender.first_sent_on if sender else None,
    )


# The queries, built once: they are asked several times a mail, and building takes longer than running.

_MESSAGE = (
    sa.select(*WITHOUT_RAW, *CASE, suppressions.c.reason.label("suppressed"))
    .select_from(
        messages.join(CASE_TABLES, enrollments.c.id == messages.c.enrollment_id).outerjoin(
            suppressions, suppressions.c.email_key == prospects.c.email_key
        )
    )
    .where(messages.c.id == sa.bindparam("of"))
    .set_label_style(BY_TABLE)
)

_OTHERS = messages.c.id != sa.bindparam("apart_from")
_LATEST = sa.select(sa.func.max(messages.c.sent_at)).where(_OTHERS)
_TODAY = sa.select(sa.func.count()).where(
    messages.c.mailbox_id == sa.bindparam("mailbox"),
    messages.c.sent_at >= sa.bindparam("midnight"),
    _OTHERS,
)
_FLIGHT = sa.select(messages.c.id).where(
    messages.c.enrollment_id == sa.bindparam("enrollment"), messages.c.state.in_(IN_FLIGHT), _OTHERS
)
_HISTORY = sa.select(
    _LATEST.where(messages.c.prospect_id == sa.bindparam("prospect")).scalar_subquery(),
    _LATEST.where(messages.c.account_id == sa.bindparam("account")).scalar_subquery(),
    _TODAY.scalar_subquery(),
    _FLIGHT.exists(),
)

_WROTE = sa.select(messages.c.mailbox_id).where(
    messages.c.account_id == sa.bindparam("account"), messages.c.sent_at.is_not(None)
)
_MAILBOXES = sa.select(
    mailboxes.c.id, mailboxes.c.synced_at, mailboxes.c.last_sent_at, mailboxes.c.first_sent_on
).where(
    sa.or_(
        sa.and_(mailboxes.c.id.in_(_WROTE), mailboxes.c.removed_at.is_(None)),
        mailboxes.c.id == sa.bindparam("mailbox"),
    )
)

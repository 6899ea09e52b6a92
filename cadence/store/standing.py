"""Everything that bears on whether mails may leave, in three queries for all of them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.model import OutboundMessage
from cadence.store.database import shape
from cadence.store.enrollments import CASE, CASE_TABLES, Case, case_of
from cadence.store.messages import IN_FLIGHT, WITHOUT_RAW, message_of
from cadence.store.tables import enrollments, mailboxes, messages, prospects, suppressions


@dataclass(frozen=True, slots=True)
class Standing:
    """A mail, what it is about, and what speaks against writing to its reader.

    In what left before, the mail itself does not count. last_to_prospect, last_to_account: the latest
    mails that left or may have left, over all sequences; earlier_open: another mail of the enrollment is
    in flight or in doubt.
    """

    message: OutboundMessage
    case: Case
    suppressed: str | None
    unreachable: bool
    last_to_prospect: datetime | None
    last_to_account: datetime | None
    earlier_open: bool


@dataclass(frozen=True, slots=True)
class Use:
    """How a mailbox was used. synced_at: since when it is known to have been read; sent_today: mails."""

    synced_at: datetime | None
    last_sent_at: datetime | None
    first_sent_on: date | None
    sent_today: int


async def of_messages(tx: AsyncConnection, message_ids: Iterable[int]) -> dict[int, Standing]:
    """Look mails up with everything they are about; those that are gone are missing."""
    found = {}
    for row in await tx.execute(_MESSAGES, {"of": list(message_ids)}):
        message = message_of(_MESSAGE._make(row[:_WIDTH]))
        found[message.id] = Standing(message, case_of(row[_WIDTH:_END]), *row[_END:])
    return found


async def writers(tx: AsyncConnection, account_ids: Iterable[int]) -> dict[int, dict[int, datetime | None]]:
    """The mailboxes that wrote to each company, so that an answer may be waiting there.

    By company, then by mailbox: since when it is known to have been read, None for never.
    """
    found: dict[int, dict[int, datetime | None]] = defaultdict(dict)
    for row in await tx.execute(_WRITERS, {"of": list(account_ids)}):
        found[row.account_id][row.mailbox_id] = row.synced_at
    return found


async def use(tx: AsyncConnection, mailbox_id: int, midnight: datetime) -> Use:
    """Look up how a mailbox was used; midnight: the start of its day."""
    return Use(*(await tx.execute(_USE, {"of": mailbox_id, "midnight": midnight})).one())


# The queries, built once: they are asked several times a mail, and building takes longer than running.

_MESSAGE = shape("message", WITHOUT_RAW)
_WIDTH = len(WITHOUT_RAW)
_END = _WIDTH + sum(len(table.c) for table in CASE)
_other = messages.alias("other")
_ANOTHER = _other.c.id != messages.c.id
_LATEST = sa.select(sa.func.max(_other.c.sent_at)).where(_ANOTHER).correlate(messages)
_FLIGHT = (
    sa.select(_other.c.id)
    .where(_other.c.enrollment_id == messages.c.enrollment_id, _other.c.state.in_(IN_FLIGHT), _ANOTHER)
    .correlate(messages)
)
_MESSAGES = (
    sa.select(
        *WITHOUT_RAW,
        *CASE,
        suppressions.c.reason,
        prospects.c.unreachable,
        _LATEST.where(_other.c.prospect_id == messages.c.prospect_id).scalar_subquery(),
        _LATEST.where(_other.c.account_id == messages.c.account_id).scalar_subquery(),
        _FLIGHT.exists(),
    )
    .select_from(
        messages.join(CASE_TABLES, enrollments.c.id == messages.c.enrollment_id).outerjoin(
            suppressions, suppressions.c.email_key == prospects.c.email_key
        )
    )
    .where(messages.c.id.in_(sa.bindparam("of", expanding=True)))
)

_WROTE = (
    sa.select(messages.c.account_id, messages.c.mailbox_id)
    .where(messages.c.account_id.in_(sa.bindparam("of", expanding=True)), messages.c.sent_at.is_not(None))
    .distinct()
    .subquery()
)
_WRITERS = sa.select(_WROTE.c.account_id, _WROTE.c.mailbox_id, mailboxes.c.synced_at).where(
    mailboxes.c.id == _WROTE.c.mailbox_id, mailboxes.c.removed_at.is_(None)
)

_TODAY = sa.select(sa.func.count()).where(
    messages.c.mailbox_id == mailboxes.c.id, messages.c.sent_at >= sa.bindparam("midnight")
)
_USE = sa.select(
    mailboxes.c.synced_at,
    mailboxes.c.last_sent_at,
    mailboxes.c.first_sent_on,
    _TODAY.correlate(mailboxes).scalar_subquery(),
).where(mailboxes.c.id == sa.bindparam("of"))

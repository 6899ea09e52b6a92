"""How webhooks tell people in a chat: in which format, of whose mailboxes, and when not."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.chat import Format
from cadence.core.quiet import Quiet, quiet_hours
from cadence.store.tables import channels, mailboxes, users, webhooks


@dataclass(frozen=True, slots=True)
class Channel:
    """How a webhook tells people. team: None for everybody's; urgent: open decisions are not held."""

    format: Format
    team: str | None
    zone: str
    quiet: Quiet | None
    urgent: bool


def channel_of(row: Any) -> Channel:
    """A row as a record."""
    quiet = quiet_hours(row.quiet_from or "", row.quiet_until or "", row.zone)
    return Channel(Format(row.format), row.team, row.zone, quiet, row.urgent)


async def change(tx: AsyncConnection, webhook_id: int, **values: Any) -> None:
    """Set some columns of a channel."""
    await tx.execute(channels.update().where(channels.c.webhook_id == webhook_id).values(**values))


async def mailboxes_of(tx: AsyncConnection, team: str) -> tuple[int, ...]:
    """The mailboxes of a team's people, those that were removed as well."""
    query = sa.select(mailboxes.c.id).join(users, users.c.id == mailboxes.c.owner_id)
    return tuple((await tx.execute(query.where(users.c.team == team).order_by(mailboxes.c.id))).scalars())


async def with_digest_due(tx: AsyncConnection, now: datetime) -> list[Any]:
    """The channels whose next digest is to be made now; disabled_at: since when nothing is posted there."""
    query = (
        sa.select(channels, webhooks.c.disabled_at)
        .join(webhooks, webhooks.c.id == channels.c.webhook_id)
        .where(channels.c.digest_at <= now)
    )
    return list(await tx.execute(query.order_by(channels.c.webhook_id)))

"""Webhooks, the news that triggers wrote for them, and what is delivered when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.model import TaskKind
from cadence.core.people import User
from cadence.store.channels import Channel, channel_of
from cadence.store.database import parts, shape
from cadence.store.listing import Listing
from cadence.store.tables import (
    channels,
    deliveries,
    enrollments,
    inbound,
    mailboxes,
    messages,
    prospects,
    tasks,
    users,
    webhook_news,
    webhooks,
)
from cadence.store.users import user_of

AT_ONCE = 200
"""News that are turned into deliveries in one transaction."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to deliver. secret, old_secret: encrypted; user: whose webhook it is; channel: None for software.

    The secret of a channel is where it listens.
    """

    id: int
    url: str
    events: frozenset[str]
    secret: str = field(repr=False)
    old_secret: str | None = field(repr=False)
    old_until: datetime | None
    user: User
    channel: Channel | None


_SECRETS = ("secret", "old_secret", "old_until")


def webhook_list() -> Listing:
    """Every webhook of other software, without its secrets."""
    query = _described().where(~sa.exists().where(channels.c.webhook_id == webhooks.c.id))
    return Listing("webhook", "webhooks", query)


def channel_list(team: str | None = None) -> Listing:
    """Every webhook that tells people, without where it listens. team: only of this one."""
    columns = [column for column in channels.c if column.name != "webhook_id"]
    query = _described().add_columns(*columns).join(channels, channels.c.webhook_id == webhooks.c.id)
    return Listing("channel", "webhooks", query if team is None else query.where(channels.c.team == team))


def _described() -> sa.Select[Any]:
    columns = [column for column in webhooks.c if column.name not in (*_SECRETS, "user_id")]
    return sa.select(*columns, users.c.email.label("owner")).join(users, users.c.id == webhooks.c.user_id)


def delivery_list(webhook_id: int, *, state: str | None = None) -> Listing:
    """What was, and is to be, delivered to a webhook."""
    query = sa.select(deliveries).where(deliveries.c.webhook_id == webhook_id)
    return Listing(
        "delivery", "deliveries", query if state is None else query.where(deliveries.c.state == state)
    )


async def change(tx: AsyncConnection, webhook_id: int, **values: Any) -> None:
    """Set some columns of a webhook."""
    await tx.execute(webhooks.update().where(webhooks.c.id == webhook_id).values(**values))


async def remove(tx: AsyncConnection, webhook_id: int) -> None:
    """Forget a webhook, and whatever was delivered to it."""
    await tx.execute(channels.delete().where(channels.c.webhook_id == webhook_id))
    await tx.execute(deliveries.delete().where(deliveries.c.webhook_id == webhook_id))
    await tx.execute(webhooks.delete().where(webhooks.c.id == webhook_id))


async def secret_of(tx: AsyncConnection, webhook_id: int) -> str:
    """The encrypted secret of a webhook."""
    return str(
        (await tx.execute(sa.select(webhooks.c.secret).where(webhooks.c.id == webhook_id))).scalar_one()
    )


async def targets(tx: AsyncConnection, webhook_ids: Iterable[int] | None = None) -> list[Target]:
    """The webhooks that are not disabled, or those of these ids."""
    query = (
        sa.select(webhooks, users, channels)
        .join(users, users.c.id == webhooks.c.user_id)
        .outerjoin(channels, channels.c.webhook_id == webhooks.c.id)
    )
    if webhook_ids is not None:
        query = query.where(webhooks.c.id.in_(list(webhook_ids)))
    rows = await tx.execute(query.where(webhooks.c.disabled_at.is_(None)).order_by(webhooks.c.id))
    return [_target(row) for row in rows]


_SHAPES = [shape(table.name, table.c) for table in (webhooks, users, channels)]


def _target(row: Sequence[Any]) -> Target:
    webhook, user, channel = parts(row, *_SHAPES)
    return Target(
        id=webhook.id,
        url=webhook.url,
        events=frozenset(webhook.events),
        secret=webhook.secret,
        old_secret=webhook.old_secret,
        old_until=webhook.old_until,
        user=user_of(user),
        channel=channel_of(channel) if channel.webhook_id is not None else None,
    )


# --- news ---


async def has_news(tx: AsyncConnection) -> bool:
    """Whether something happened that was not told yet."""
    return (await tx.execute(sa.select(webhook_news.c.id).limit(1))).first() is not None


async def take_news(tx: AsyncConnection) -> Sequence[Any]:
    """Take what happened, the oldest first; nobody else gets it."""
    some = sa.select(webhook_news.c.id).order_by(webhook_news.c.id).limit(AT_ONCE)
    oldest = some.with_for_update(skip_locked=True)
    taken = webhook_news.delete().where(webhook_news.c.id.in_(oldest)).returning(webhook_news)
    return sorted(await tx.execute(taken), key=lambda row: int(row.id))


_OF_PROSPECT = (prospects.c.id.label("prospect_id"), prospects.c.email.label("prospect"))
_FACTS = {
    "inbound": sa.select(
        inbound.c.id,
        inbound.c.received_at.label("at"),
        inbound.c.enrollment_id,
        inbound.c.category,
        inbound.c.confidence,
        inbound.c.action,
        *_OF_PROSPECT,
    ).outerjoin(prospects, prospects.c.id == inbound.c.prospect_id),
    "tasks": sa.select(
        tasks.c.id,
        tasks.c.created_at.label("at"),
        tasks.c.kind,
        tasks.c.text,
        tasks.c.enrollment_id,
        tasks.c.mailbox_id,
        *_OF_PROSPECT,
    ).outerjoin(prospects, prospects.c.id == tasks.c.prospect_id),
    "prospects": sa.select(prospects.c.id, prospects.c.account_id, *_OF_PROSPECT),
    "enrollments": sa.select(
        enrollments.c.id, enrollments.c.sequence, enrollments.c.state_reason, *_OF_PROSPECT
    ).join(prospects, prospects.c.id == enrollments.c.prospect_id),
    "messages": sa.select(
        messages.c.id,
        messages.c.sent_at.label("at"),
        messages.c.enrollment_id,
        messages.c.step,
        messages.c.subject,
        *_OF_PROSPECT,
    ).join(prospects, prospects.c.id == messages.c.prospect_id),
    "mailboxes": sa.select(mailboxes.c.id, mailboxes.c.address, mailboxes.c.state_reason),
}
_TABLES = {
    "inbound": inbound,
    "tasks": tasks,
    "prospects": prospects,
    "enrollments": enrollments,
    "messages": messages,
    "mailboxes": mailboxes,
}


async def facts(tx: AsyncConnection, kind: str, ids: Iterable[int]) -> dict[int, Any]:
    """What is told of things, by their ids; kind: their table."""
    query = _FACTS[kind].where(_TABLES[kind].c.id.in_(list(ids)))
    return {row.id: row for row in await tx.execute(query)}


# --- deliveries ---


async def add(tx: AsyncConnection, rows: list[dict[str, Any]], *, now: datetime) -> None:
    """Let messages be delivered at once; rows: webhook_id, message_id, type, body."""
    fresh = {"state": "pending", "attempts": 0, "created_at": now, "next_at": now}
    if rows:
        await tx.execute(deliveries.insert(), [row | fresh for row in rows])


async def due(tx: AsyncConnection, now: datetime) -> list[int]:
    """The webhooks to which something is to be delivered now."""
    query = (
        sa.select(deliveries.c.webhook_id)
        .join(webhooks, webhooks.c.id == deliveries.c.webhook_id)
        .where(deliveries.c.next_at <= now, webhooks.c.disabled_at.is_(None))
    )
    return list((await tx.execute(query.distinct())).scalars())


async def claim(
    tx: AsyncConnection, webhook_id: int, *, now: datetime, until: datetime, limit: int
) -> list[Any]:
    """Take what is due for a webhook, the oldest first; nobody else gets it before `until`."""
    some = (
        sa.select(deliveries.c.id)
        .where(deliveries.c.webhook_id == webhook_id, deliveries.c.next_at <= now)
        .order_by(deliveries.c.next_at, deliveries.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = deliveries.update().where(deliveries.c.id.in_(some)).values(next_at=until).returning(deliveries)
    return sorted(await tx.execute(taken), key=lambda row: int(row.id))


async def drop(tx: AsyncConnection, delivery_ids: Iterable[int]) -> None:
    """Deliver these no more, and forget them."""
    await tx.execute(deliveries.delete().where(deliveries.c.id.in_(list(delivery_ids))))


async def succeeded_at(tx: AsyncConnection, webhook_id: int) -> datetime | None:
    """When something was delivered last."""
    query = sa.select(webhooks.c.succeeded_at).where(webhooks.c.id == webhook_id)
    found: datetime | None = (await tx.execute(query)).scalar_one()
    return found


async def record(tx: AsyncConnection, delivery_id: int, **values: Any) -> None:
    """Record how a try went."""
    await tx.execute(deliveries.update().where(deliveries.c.id == delivery_id).values(**values))


async def next_try(tx: AsyncConnection, webhook_id: int, after: datetime) -> datetime | None:
    """When the first delivery of a webhook that failed is tried again."""
    query = sa.select(sa.func.min(deliveries.c.next_at)).where(
        deliveries.c.webhook_id == webhook_id, deliveries.c.next_at > after, deliveries.c.attempts > 0
    )
    found: datetime | None = (await tx.execute(query)).scalar_one()
    return found


async def put_off(tx: AsyncConnection, webhook_id: int, until: datetime) -> None:
    """Ask nothing of a receiver before; for one that does not answer at all."""
    waiting = (deliveries.c.webhook_id == webhook_id, deliveries.c.next_at < until)
    await tx.execute(deliveries.update().where(*waiting).values(next_at=until))


async def try_anew(tx: AsyncConnection, now: datetime, *which: sa.ColumnElement[bool]) -> int:
    """Let deliveries be tried as if for the first time."""
    anew = {"state": "pending", "attempts": 0, "next_at": now}
    return (await tx.execute(deliveries.update().where(*which).values(**anew))).rowcount


async def replay(tx: AsyncConnection, delivery_id: int, now: datetime) -> None:
    """Deliver one message once more."""
    await try_anew(tx, now, deliveries.c.id == delivery_id)


async def wake(tx: AsyncConnection, webhook_id: int, now: datetime) -> None:
    """Deliver now what waits for a webhook."""
    await try_anew(tx, now, deliveries.c.webhook_id == webhook_id, deliveries.c.state == "pending")


async def forget_old(tx: AsyncConnection, before: datetime) -> None:
    """Forget deliveries that ended; what is still tried stays."""
    ended = deliveries.c.next_at.is_(None)
    await tx.execute(deliveries.delete().where(deliveries.c.created_at < before, ended))


async def ask_a_person(tx: AsyncConnection, text: str, *, now: datetime) -> None:
    """Tell somebody that a webhook was disabled."""
    await tx.execute(tasks.insert().values(kind=TaskKind.WEBHOOK_DISABLED, text=text, created_at=now))

"""Tells channels, the webhooks of chats, what calls for a person: what waits for them, what a post says.

A delivery to a channel only names what it is about. What is said is worked out when it leaves: nothing of
what was answered or mended meanwhile, no words of somebody who was erased, and what waits together, as at the
end of quiet hours, as one summary.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core import notices
from cadence.core.chat import post
from cadence.core.digest import digest
from cadence.core.model import MailboxState
from cadence.core.notices import Notice, Topic
from cadence.service import digesting, webhooks
from cadence.service.app import App
from cadence.store import alarms, mailboxes, users
from cadence.store import webhooks as kept
from cadence.store.channels import Channel
from cadence.store.webhooks import Target

ALONE = (Topic.DIGEST, notices.TEST)
"""What is no part of a summary."""


async def queue(
    tx: AsyncConnection, topic: Topic, name: str, of_id: int, mailbox_id: int, *, now: datetime
) -> None:
    """Let the channels that hear of it be told of something of a mailbox.

    name, of_id: what it is, such as task_id and its number.
    """
    owner = await users.owner_of(tx, mailbox_id)
    message = webhooks.message(topic, now.isoformat(), {name: of_id})
    rows = []
    for target in await kept.targets(tx):
        channel = target.channel
        if channel is None or topic not in target.events or not webhooks.hears(target):
            continue
        if channel.team is None or (owner is not None and owner.team == channel.team):
            rows.append({"webhook_id": target.id, **message})
    await kept.add(tx, rows, now=now)


def held_until(channel: Channel, topic: str, now: datetime) -> datetime | None:
    """Until when a channel is not told of something, because it wants quiet; None: it is told now."""
    if channel.quiet is None or topic == notices.TEST or (channel.urgent and topic == Topic.DECISION_OPEN):
        return None
    return channel.quiet.until(now)


def together(deliveries: Sequence[Any]) -> list[list[Any]]:
    """Which deliveries leave as one post."""
    alone = [[one] for one in deliveries if one.type in ALONE]
    others = [one for one in deliveries if one.type not in ALONE]
    return ([others] if others else []) + alone


async def body(app: App, target: Target, deliveries: Sequence[Any]) -> bytes | None:
    """What is posted for these deliveries; None where there is nothing to say any more."""
    assert target.channel is not None
    found = [notice for one in deliveries if (notice := await _notice(app, target.channel, one)) is not None]
    if not found:
        return None
    said = found[0] if len(found) == 1 else notices.summary(found, app.policy.workplace_url)
    return post(target.channel.format, said)


async def _notice(app: App, channel: Channel, delivery: Any) -> Notice | None:
    about, workplace = json.loads(delivery.body)["data"], app.policy.workplace_url
    match delivery.type:
        case notices.TEST:
            return notices.trial(workplace)
        case Topic.DIGEST:
            until = datetime.fromisoformat(about["until"])
            return digest(await digesting.week(app, channel.team, until), workplace)
        case Topic.MAILBOX_FAULT:
            async with app.db.read() as tx:
                mailbox = await mailboxes.get(tx, about["mailbox_id"])
            if mailbox.state is not MailboxState.FAULT:
                return None
            return notices.of_fault(mailbox.address, mailbox.state_reason, workplace)
        case _:
            async with app.db.read() as tx:
                facts = await alarms.facts(tx, about["task_id"])
            return notices.of_alarm(facts[0], facts[2], workplace) if facts else None

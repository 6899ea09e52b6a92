"""Delivers to webhooks what they are to be told: at least once, in order as far as the receiver lets it.

A delivery is claimed by a lease, posted outside any transaction, and recorded. A receiver that does not
answer at all is left alone until the first of its deliveries is tried again; one that answers with an
error has only that delivery tried again. After some three days a delivery failed; a webhook to which
nothing could be delivered in that time is disabled, and a person told.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core import webhooks as standard
from cadence.core.errors import InvalidInput, Unreachable
from cadence.service import digesting, notifying, outside, telling
from cadence.service.app import App
from cadence.service.webhooks import hears
from cadence.store import webhooks
from cadence.store.channels import Channel
from cadence.store.webhooks import Target

log = structlog.get_logger()

AT_ONCE = 20
"""Deliveries of one webhook that are claimed together."""
TOGETHER = 200
"""The same of a channel, which is told of them in one post."""
LEASE = timedelta(seconds=outside.SECONDS * AT_ONCE + 60)
"""Longer than all of them can take."""
LONGEST_FAULT = 300


async def look_after(app: App) -> Counter[str]:
    """Make messages of what happened, and deliver what is due, to all receivers at once; counts each end."""
    await digesting.queue_due(app)
    while await telling.tell(app) == webhooks.AT_ONCE:
        pass
    now = app.clock()
    async with app.db.read() as tx:
        targets = await webhooks.targets(tx, await webhooks.due(tx, now))
    heard = [target for target in targets if hears(target)]
    return sum(await asyncio.gather(*(_deliver(app, target) for target in heard)), Counter())


async def _deliver(app: App, target: Target) -> Counter[str]:
    """Deliver what is due to one receiver, one post after another."""
    now = app.clock()
    limit = TOGETHER if target.channel else AT_ONCE
    async with app.db.write() as tx:
        claimed = await webhooks.claim(tx, target.id, now=now, until=now + LEASE, limit=limit)
        if target.channel:
            posts = notifying.together(await _not_held(tx, target.channel, claimed, now))
        else:
            posts = [[delivery] for delivery in claimed]
    done: Counter[str] = Counter()
    for at, post in enumerate(posts):
        end = await _try(app, target, post)
        done[end] += 1
        if end in ("unreachable", "disabled"):
            await _give_back(app, target, [delivery for later in posts[at + 1 :] for delivery in later], end)
            break
    return done


async def _not_held(
    tx: AsyncConnection, channel: Channel, claimed: Sequence[Any], now: datetime
) -> list[Any]:
    """What may be told now; the rest waits for the end of the quiet hours."""
    told = []
    for delivery in claimed:
        until = notifying.held_until(channel, delivery.type, now)
        if until is None:
            told.append(delivery)
        else:
            await webhooks.record(tx, delivery.id, next_at=until)
    return told


async def _try(app: App, target: Target, post: Sequence[Any]) -> str:
    """Post what one delivery, or several to people, are about."""
    now = app.clock()
    status, fault = None, None
    try:
        if target.channel is None:
            url, body = target.url, post[0].body.encode()
            headers = standard.headers(post[0].message_id, now, body, _secrets(app, target, now))
        else:
            said = await notifying.body(app, target, post)
            if said is None:
                return await _drop(app, post)
            url, body, headers = app.vault.open(target.secret), said, {}
        status = await app.outside.post(url, body, headers)
    except (Unreachable, InvalidInput) as error:
        fault = str(error)[:LONGEST_FAULT]
    async with app.db.write() as tx:
        return await _record(app, tx, target, post, status, fault)


async def _drop(app: App, post: Sequence[Any]) -> str:
    """Somebody has seen to it: there is nothing to tell any more."""
    async with app.db.write() as tx:
        await webhooks.drop(tx, [delivery.id for delivery in post])
    return "settled"


def _secrets(app: App, target: Target, now: datetime) -> list[str]:
    """What signs, the newest first; raises InvalidInput where our key is another one now."""
    also = target.old_secret if target.old_until and target.old_until > now else None
    return [app.vault.open(sealed) for sealed in (target.secret, also) if sealed]


async def _record(
    app: App, tx: AsyncConnection, target: Target, post: Sequence[Any], status: int | None, fault: str | None
) -> str:
    """Keep how a try went; gives delivered, refused, unreachable, failed or disabled."""
    now, first = app.clock(), post[0]
    tried = {"tried_at": now, "status": status, "fault": fault}
    if status is not None and 200 <= status < 300:
        await _keep(tx, post, state="delivered", next_at=None, **tried)
        await webhooks.change(tx, target.id, succeeded_at=now)
        return "delivered"
    again = None if status == standard.GONE else standard.again_at(now, first.attempts + 1, first.id)
    await _keep(tx, post, state="pending" if again else "failed", next_at=again, **tried)
    if again is not None:
        return "unreachable" if status is None else "refused"
    if status != standard.GONE and await _works(tx, target, first):
        return "failed"
    why = fault or f"it answers with the status {status}"
    await _disable(app, tx, target, why)
    return "disabled"


async def _keep(tx: AsyncConnection, post: Sequence[Any], **how: Any) -> None:
    for delivery in post:
        await webhooks.record(tx, delivery.id, attempts=delivery.attempts + 1, **how)


async def _works(tx: AsyncConnection, target: Target, delivery: Any) -> bool:
    """Whether a receiver took something else since a delivery began: then it is the delivery that fails."""
    succeeded_at = await webhooks.succeeded_at(tx, target.id)
    return succeeded_at is not None and bool(succeeded_at >= delivery.created_at)


async def _disable(app: App, tx: AsyncConnection, target: Target, why: str) -> None:
    now = app.clock()
    await webhooks.change(tx, target.id, disabled_at=now, disabled_why=why)
    text = f"Webhook {target.id} to {target.url} was disabled: {why}. Mend it, then enable it again."
    await webhooks.ask_a_person(tx, text, now=now)
    log.warning("a webhook was disabled", webhook_id=target.id, why=why)


async def _give_back(app: App, target: Target, claimed: list[Any], end: str) -> None:
    """Whoever did not answer once is not asked for each of the others; they wait for the one that failed."""
    now = app.clock()
    async with app.db.write() as tx:
        for delivery in claimed:
            await webhooks.record(tx, delivery.id, next_at=now)
        if end == "unreachable":
            first = await webhooks.next_try(tx, target.id, now)
            if first is not None:
                await webhooks.put_off(tx, target.id, first)

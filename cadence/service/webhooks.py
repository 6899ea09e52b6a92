"""Webhooks: where other software hears of what happens, made and changed by those who may see everything."""

import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

from cadence.core import webhooks as standard
from cadence.core.errors import InvalidInput
from cadence.core.people import User
from cadence.core.rights import REACH, RIGHTS, Reach, Right, Visitor
from cadence.core.webhooks import WebhookEvent
from cadence.service import lists
from cadence.service.app import App
from cadence.store import audit
from cadence.store import webhooks as kept
from cadence.store.database import insert
from cadence.store.tables import webhooks as table
from cadence.store.webhooks import Target

BOTH_SIGN = timedelta(hours=24)
"""For how long the old secret signs as well, once there is a new one."""


async def add(
    app: App, visitor: Visitor, *, url: str, events: Iterable[WebhookEvent], description: str
) -> tuple[Any, str]:
    """Make a webhook; gives it with its secret, which is shown this once. Raises InvalidInput."""
    app.outside.check(url)
    secret, now = _fresh(), app.clock()
    values = {"url": url, "events": _sorted(events), "description": description}
    async with app.db.write() as tx:
        webhook_id = await insert(
            tx, table, user_id=visitor.user.id, secret=app.vault.seal(secret), created_at=now, **values
        )
        await audit.record(tx, visitor.actor, "webhook.added", f"{webhook_id}: {url}", at=now)
        return await lists.known(tx, kept.webhook_list(), webhook_id), secret


async def change(
    app: App, visitor: Visitor, webhook_id: int, values: Mapping[str, Any], *, unchanged: str
) -> Any:
    """Change url, events, description or enabled; raises NotFound, Stale or InvalidInput."""
    columns = {name: values[name] for name in ("url", "description") if name in values}
    if "url" in columns:
        app.outside.check(columns["url"])
    if "events" in values:
        columns["events"] = _sorted(values["events"])
    now = app.clock()
    async with app.db.write() as tx:
        known = await lists.known(tx, kept.webhook_list(), webhook_id, hold=True)
        lists.check_unchanged(known, unchanged)
        if values.get("enabled") is False and known.disabled_at is None:
            columns |= {"disabled_at": now, "disabled_why": "disabled by a person"}
        if values.get("enabled") and known.disabled_at is not None:
            columns |= {"disabled_at": None, "disabled_why": None}
            await kept.wake(tx, webhook_id, now)
        if columns:
            await kept.change(tx, webhook_id, **columns)
            said = f"{webhook_id}: {', '.join(sorted(values))}"
            await audit.record(tx, visitor.actor, "webhook.changed", said, at=now)
        return await lists.known(tx, kept.webhook_list(), webhook_id)


async def renew_secret(app: App, visitor: Visitor, webhook_id: int) -> str:
    """Give a webhook a new secret; for a day the old one signs as well. Raises NotFound."""
    secret, now = _fresh(), app.clock()
    async with app.db.write() as tx:
        await lists.known(tx, kept.webhook_list(), webhook_id, hold=True)
        old = {"old_secret": await kept.secret_of(tx, webhook_id), "old_until": now + BOTH_SIGN}
        await kept.change(tx, webhook_id, secret=app.vault.seal(secret), **old)
        await audit.record(tx, visitor.actor, "webhook.secret", f"{webhook_id}: renewed", at=now)
    return secret


async def remove(app: App, visitor: Visitor, webhook_id: int) -> None:
    """Forget a webhook and its deliveries; raises NotFound."""
    async with app.db.write() as tx:
        known = await lists.known(tx, kept.webhook_list(), webhook_id, hold=True)
        await kept.remove(tx, webhook_id)
        said = f"{webhook_id}: {known.url}"
        await audit.record(tx, visitor.actor, "webhook.removed", said, at=app.clock())


async def send_test(app: App, webhook_id: int) -> None:
    """Let a webhook hear that it works; raises NotFound."""
    now = app.clock()
    async with app.db.write() as tx:
        await lists.known(tx, kept.webhook_list(), webhook_id)
        row = {
            "webhook_id": webhook_id,
            **message(standard.TEST, now.isoformat(), {"webhook_id": webhook_id}),
        }
        await kept.add(tx, [row], now=now)


async def replay(app: App, webhook_id: int, delivery_id: int) -> Any:
    """Deliver a message once more, under its old id; raises NotFound."""
    async with app.db.write() as tx:
        await lists.known(tx, kept.webhook_list(), webhook_id)
        of = kept.delivery_list(webhook_id)
        await lists.known(tx, of, delivery_id)
        await kept.replay(tx, delivery_id, app.clock())
        return await lists.known(tx, of, delivery_id)


def may_hear(user: User) -> bool:
    """Whether somebody's webhooks hear of everything: as long as they may see everything."""
    return user.is_active and Right.WEBHOOKS in RIGHTS[user.role] and REACH[user.role] is Reach.ALL


def hears(target: Target) -> bool:
    """Whether a webhook, or a channel, may still hear, by the right of who made it."""
    user, channel = target.user, target.channel
    if channel is None or not user.is_active or Right.CHATS not in RIGHTS[user.role]:
        return channel is None and may_hear(user)
    return REACH[user.role] is Reach.ALL or (bool(user.team) and channel.team == user.team)


def message(kind: str, at: str, data: Mapping[str, Any]) -> dict[str, str]:
    """One message for however many webhooks hear of it; at: when it happened."""
    body = {"type": kind, "timestamp": at, "data": data}
    told = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return {"message_id": f"msg_{uuid4().hex}", "type": kind, "body": told}


def _sorted(events: Iterable[WebhookEvent]) -> list[str]:
    wanted = sorted({WebhookEvent(one).value for one in events})
    if not wanted:
        raise InvalidInput("say of which events the webhook is to hear")
    return wanted


def _fresh() -> str:
    return standard.secret_of(secrets.token_bytes(standard.SECRET_BYTES))

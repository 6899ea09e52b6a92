"""Channels: chats in which people are told what calls for them, connected by who may see all of that: an
administrator for any team, a manager for their own.

Where a channel listens is a secret, because whoever knows it can post there: it is kept sealed, and only its
host is shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from cadence.core import notices
from cadence.core.chat import Format
from cadence.core.digest import next_digest
from cadence.core.errors import InvalidInput
from cadence.core.notices import Topic
from cadence.core.quiet import quiet_hours
from cadence.core.rights import REACH, Reach, Visitor
from cadence.service import lists, webhooks
from cadence.service.app import App
from cadence.store import audit
from cadence.store import channels as kept
from cadence.store.database import insert
from cadence.store.listing import Listing
from cadence.store.tables import channels as table
from cadence.store.tables import webhooks as hooks
from cadence.store.webhooks import add as deliver
from cadence.store.webhooks import change as change_hook
from cadence.store.webhooks import channel_list, wake
from cadence.store.webhooks import remove as remove_hook


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a channel is to tell people. team: empty for everybody's mailboxes; begins, ends: such as 18:00, or
    both empty; urgent: open decisions are told in quiet hours as well.
    """

    name: str
    format: str
    topics: Iterable[str]
    team: str = ""
    zone: str = "UTC"
    begins: str = ""
    ends: str = ""
    urgent: bool = False


def reached(visitor: Visitor) -> Listing:
    """The channels that somebody may see and change."""
    return channel_list(None if REACH[visitor.user.role] is Reach.ALL else visitor.user.team)


async def add(app: App, visitor: Visitor, url: str, wishes: Wishes) -> int:
    """Connect a channel; gives its id. Raises InvalidInput."""
    now = app.clock()
    about, how = _columns(_within(visitor, wishes), now)
    where = _where(app, url)
    async with app.db.write() as tx:
        id_ = await insert(tx, hooks, user_id=visitor.user.id, created_at=now, **where, **about)
        await tx.execute(table.insert().values(webhook_id=id_, **how))
        await audit.record(tx, visitor.actor, "channel.added", f"{id_}: {where['url']}", at=now)
    return id_


async def change(app: App, visitor: Visitor, id_: int, url: str, wishes: Wishes) -> None:
    """Change how a channel tells people; url: empty where it stays. Raises NotFound or InvalidInput."""
    now = app.clock()
    about, how = _columns(_within(visitor, wishes), now)
    where = _where(app, url) if url else {}
    async with app.db.write() as tx:
        await lists.known(tx, reached(visitor), id_, hold=True)
        await change_hook(tx, id_, **where, **about)
        await kept.change(tx, id_, **how)
        await audit.record(tx, visitor.actor, "channel.changed", f"{id_}: {wishes.name}", at=now)


async def switch(app: App, visitor: Visitor, id_: int, *, on: bool) -> None:
    """Post there again, beginning with what waits, or no more. Raises NotFound."""
    now = app.clock()
    off = {"disabled_at": now, "disabled_why": "disabled by a person"}
    async with app.db.write() as tx:
        await lists.known(tx, reached(visitor), id_, hold=True)
        await change_hook(tx, id_, **(dict.fromkeys(off) if on else off))
        if on:
            await wake(tx, id_, now)
        said = f"{id_}: {'on' if on else 'off'}"
        await audit.record(tx, visitor.actor, "channel.switched", said, at=now)


async def remove(app: App, visitor: Visitor, id_: int) -> None:
    """Forget a channel, and what was posted there; raises NotFound."""
    async with app.db.write() as tx:
        known = await lists.known(tx, reached(visitor), id_, hold=True)
        await remove_hook(tx, id_)
        said = f"{id_}: {known.description}"
        await audit.record(tx, visitor.actor, "channel.removed", said, at=app.clock())


async def send_test(app: App, visitor: Visitor, id_: int) -> None:
    """Let a channel be told that it works, quiet hours or not; raises NotFound."""
    now = app.clock()
    async with app.db.write() as tx:
        await lists.known(tx, reached(visitor), id_)
        row = {"webhook_id": id_, **webhooks.message(notices.TEST, now.isoformat(), {})}
        await deliver(tx, [row], now=now)


def _within(visitor: Visitor, wishes: Wishes) -> Wishes:
    """The wishes of a manager are for their own team; raises InvalidInput where they have none."""
    if REACH[visitor.user.role] is Reach.ALL:
        return wishes
    if not visitor.user.team:
        raise InvalidInput("You belong to no team yet, so there is nobody whose mailboxes you could hear of.")
    return replace(wishes, team=visitor.user.team)


def _where(app: App, url: str) -> dict[str, str]:
    """Where it listens, sealed, and the host for all to see; raises InvalidInput."""
    app.outside.check(url)
    parts = urlsplit(url)
    return {"url": f"{parts.scheme}://{parts.hostname}/…", "secret": app.vault.seal(url)}


def _columns(wishes: Wishes, now: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
    """What stands in webhooks, and in channels; raises InvalidInput."""
    try:
        format_, topics = Format(wishes.format), sorted({Topic(topic).value for topic in wishes.topics})
    except ValueError as fault:
        raise InvalidInput("There is no such chat, or no such thing to hear of.") from fault
    if not topics:
        raise InvalidInput("Say of what the channel is to hear.")
    if not wishes.name:
        raise InvalidInput("Give the channel a name.")
    quiet = quiet_hours(wishes.begins, wishes.ends, wishes.zone)
    how = {
        "format": format_,
        "team": wishes.team or None,
        "zone": wishes.zone,
        "quiet_from": wishes.begins if quiet else None,
        "quiet_until": wishes.ends if quiet else None,
        "urgent": wishes.urgent,
        "digest_at": next_digest(now, wishes.zone) if Topic.DIGEST in topics else None,
    }
    return {"description": wishes.name, "events": topics}, how

"""What webhooks are told of what happened: the news that triggers wrote, made into messages to deliver.

A webhook belongs to a user, and hears nothing that this user may not see any more.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from cadence.core.model import TaskKind
from cadence.core.notices import Topic
from cadence.core.webhooks import WebhookEvent
from cadence.service import notifying, webhooks
from cadence.service.app import App
from cadence.store import webhooks as kept

KEPT_FOR = timedelta(days=30)


async def tell(app: App) -> int:
    """Make messages of what happened since the last time; gives how many things that was."""
    async with app.db.read() as tx:
        if not await kept.has_news(tx):
            return 0
    now = app.clock()
    async with app.db.write() as tx:
        news = await kept.take_news(tx)
        listening = [one for one in await kept.targets(tx) if webhooks.may_hear(one.user)]
        hearing = [one for one in listening if one.channel is None]
        facts = {
            kind: await kept.facts(tx, kind, {one.of_id for one in news if one.kind == kind})
            for kind in {one.kind for one in news}
        }
        told = [message for one in news for message in _messages(one, facts[one.kind].get(one.of_id), now)]
        await kept.add(
            tx,
            [
                {"webhook_id": target.id, **message}
                for message in told
                for target in hearing
                if message["type"] in target.events
            ],
            now=now,
        )
        for one in news:
            if one.kind == "mailboxes":
                await notifying.queue(tx, Topic.MAILBOX_FAULT, "mailbox_id", one.of_id, one.of_id, now=now)
        await kept.forget_old(tx, now - KEPT_FOR)
    return len(news)


def _messages(news: Any, facts: Any | None, now: datetime) -> Iterator[dict[str, str]]:
    if facts is None:
        return  # it was taken back, or erased, since
    known: dict[str, Any] = dict(facts._mapping)
    at = known.pop("at", None) or now
    for event in _events(news.kind, known):
        yield webhooks.message(event, at.isoformat(), _data(news, known))


def _events(kind: str, facts: Mapping[str, Any]) -> Iterable[WebhookEvent]:
    if kind != "tasks":
        return (_EVENTS[kind],)
    also = (WebhookEvent.DECISION_OPEN,) if facts["kind"] == TaskKind.DECISION_OPEN else ()
    return (WebhookEvent.TASK_OPENED, *also)


_EVENTS = {
    "inbound": WebhookEvent.REPLY_RECEIVED,
    "prospects": WebhookEvent.PROSPECT_STATUS_CHANGED,
    "enrollments": WebhookEvent.ENROLLMENT_ENDED,
    "messages": WebhookEvent.MESSAGE_SENT,
    "mailboxes": WebhookEvent.MAILBOX_FAULT,
}
_IDS = {"inbound": "reply_id", "tasks": "task_id", "enrollments": "enrollment_id"}
_IDS |= {"messages": "message_id", "mailboxes": "mailbox_id", "prospects": "prospect_id"}


def _data(news: Any, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What is told: ids to ask for more by, and what most receivers want at once."""
    data = {_IDS[news.kind]: facts["id"]} | {name: value for name, value in facts.items() if name != "id"}
    match news.kind:
        case "prospects":
            data |= {"status": news.became, "was": news.was}
        case "enrollments":
            data |= {"state": news.became, "was": news.was}
    return data

"""Tells channels on Monday morning what the week before taught: when it is due, and what there is to tell."""

import json
from collections import defaultdict
from datetime import datetime

from cadence.core.digest import WEEK, Reason, Week, next_digest
from cadence.core.intervals import Share
from cadence.core.notices import Topic
from cadence.service import insights, webhooks
from cadence.service.app import App
from cadence.service.insight_tables import readable
from cadence.store import channels, learned
from cadence.store import insights as figures
from cadence.store import webhooks as kept
from cadence.store.insights import Scope


async def queue_due(app: App) -> None:
    """Let every channel be told of its week whose time has come, and set the time of the next."""
    now = app.clock()
    async with app.db.read() as tx:
        if not await channels.with_digest_due(tx, now):
            return
    async with app.db.write() as tx:
        for row in await channels.with_digest_due(tx, now):
            until = row.digest_at.isoformat()
            message = webhooks.message(Topic.DIGEST, until, {"until": until})
            if row.disabled_at is None:
                await kept.add(tx, [{"webhook_id": row.webhook_id, **message}], now=now)
            await channels.change(tx, row.webhook_id, digest_at=next_digest(now, row.zone))


async def week(app: App, team: str | None, until: datetime) -> Week:
    """What the week before an instant taught. team: None for everybody's mailboxes."""
    async with app.db.read() as tx:
        whose = None if team is None else await channels.mailboxes_of(tx, team)
        scope = Scope(whose, until - WEEK, until)
        told = await learned.told_why(tx, scope)
        answers = {row.id: row for row in await figures.answers(tx, [one.inbound_id for one in told])}
        again = await learned.talking_again(tx, scope)
    told = [one for one in told if one.inbound_id in answers]
    newest: defaultdict[str, dict[int, int]] = defaultdict(dict)  # reason → deal → its newest answer
    for one in told:
        for reason in json.loads(one.said):
            newest[reason][one.deal_id] = one.inbound_id
    deals, reasons = len({one.deal_id for one in told}), []
    for reason, by_deal in sorted(newest.items(), key=lambda item: (-len(item[1]), item[0])):
        said = insights.proof(reason, answers[max(by_deal.values())])
        reasons.append(Reason(readable(reason), Share(len(by_deal), deals), said.words, said.account))
    return Week(tuple(reasons), tuple(again))

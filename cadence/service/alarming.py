"""Tells people within a minute, by mail and in chats, of answers that call for them: at least once.

An alarm is claimed before its mail leaves, so a process that dies in between has it sent again by the next
one: here a mail too many does less harm than one too few. None is sent for what was answered meanwhile.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import structlog

from cadence.core.alarm import ALARMING, hearers, subject, suggestion, text
from cadence.core.errors import CadenceError
from cadence.core.notices import TOPIC_OF
from cadence.mail.address import Address
from cadence.service import announcing, notifying
from cadence.service.app import App
from cadence.store import alarms, users

log = structlog.get_logger()

FRESH = timedelta(days=1)
"""An answer that was written before, and read only now, is old news: Today shows it."""
LEASE = timedelta(minutes=2)
"""How long one alarm belongs to who tells it; a mail server has less time to answer."""
TRIES = 8
"""With ever longer waits, over some two hours."""


async def look_after(app: App) -> Counter[str]:
    """Tell whoever is to be told now; counts what was told and what could not be."""
    now = app.clock()
    async with app.db.read() as tx:
        is_idle = not await alarms.unheard(tx, now - FRESH) and not await alarms.due(tx, now)
    if is_idle:
        return Counter()
    async with app.db.write() as tx:
        everybody = await users.all_of(tx)
        for task_id, mailbox_id in await alarms.unheard(tx, now - FRESH):
            found = await alarms.facts(tx, task_id)
            if found is not None:
                heard = hearers(everybody, await users.owner_of(tx, mailbox_id), found[0].mailbox)
                await alarms.add(tx, task_id, heard, now=now)
                topic = TOPIC_OF[found[0].kind]
                await notifying.queue(tx, topic, "task_id", task_id, mailbox_id, now=now)
        due = await alarms.due(tx, now)
    done: Counter[str] = Counter()
    for row in due:
        async with app.db.write() as tx:
            is_ours = await alarms.claim(tx, row, app.clock() + LEASE)
        if is_ours:
            done[await _tell(app, row)] += 1
    return done


async def _tell(app: App, row: Any) -> str:
    async with app.db.read() as tx:
        found = await alarms.facts(tx, row.task_id)
    if found is None:
        await _settle(app, row, "somebody has seen to it")
        return "settled"
    alarm, mailbox_id, inbound_id = found
    workplace = app.policy.workplace_url
    link = f"{workplace.rstrip('/')}/replies/{inbound_id}" if workplace else None
    async with app.db.read() as tx:
        owner = await users.owner_of(tx, mailbox_id)
    try:
        fault = await announcing.post(
            app,
            Address("", row.address),
            subject(alarm),
            text(alarm, link),
            by=owner.user_id if owner else None,
        )
    except CadenceError as wrong:
        fault = str(wrong)
    if fault is None:
        await _settle(app, row, None)
        return "told"
    log.warning("an alarm could not be mailed", task_id=row.task_id, tries=row.attempts + 1)
    await _settle(app, row, fault)
    return "failed"


async def _settle(app: App, row: Any, fault: str | None) -> None:
    now, tries = app.clock(), row.attempts + 1
    again = now + timedelta(seconds=30 * 2**tries) if fault and tries < TRIES else None
    async with app.db.write() as tx:
        await alarms.settle(tx, row.id, sent_at=None if fault else now, next_at=again, fault=fault)


async def suggestions(app: App, task_ids: Iterable[int]) -> dict[int, str]:
    """A reply to begin with for each of these tasks that calls for a person."""
    async with app.db.read() as tx:
        found = await alarms.facts_of(tx, task_ids)
    return {task_id: suggestion(alarm) for task_id, (alarm, _, _) in found.items() if alarm.kind in ALARMING}


async def suggested(app: App, inbound_id: int) -> str:
    """A reply to begin with, for an answer that calls for a person; empty for any other."""
    async with app.db.read() as tx:
        for task_id in await alarms.about_reply(tx, inbound_id):
            found = await alarms.facts(tx, task_id)
            if found is not None:
                return suggestion(found[0])
    return ""

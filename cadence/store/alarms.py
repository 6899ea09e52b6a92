"""Which tasks people are told of by mail, to whom, and what became of that."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.alarm import ALARMING, Alarm
from cadence.core.model import TaskKind
from cadence.store.desk import ABOUT, OF_MAILBOX
from cadence.store.tables import (
    accounts,
    alarms,
    deals,
    enrollments,
    inbound,
    mailboxes,
    prospects,
    tasks,
)
from cadence.store.tasks import URGENCY

AT_ONCE = 50


async def unheard(tx: AsyncConnection, since: datetime) -> list[tuple[int, int]]:
    """Open alarming tasks about what was written since then, and told to nobody: with their mailboxes."""
    told = sa.select(sa.literal(1)).where(alarms.c.task_id == tasks.c.id)
    calls = (tasks.c.done_at.is_(None), tasks.c.created_at >= since, tasks.c.kind.in_(ALARMING))
    answers = (tasks.c.inbound_id.is_not(None), tasks.c.prospect_id.is_not(None))
    is_new = sa.func.coalesce(inbound.c.written_at, tasks.c.created_at) >= since
    query = (
        sa.select(tasks.c.id, OF_MAILBOX)
        .select_from(ABOUT)
        .where(*calls, *answers, is_new, ~sa.exists(told))
        .order_by(tasks.c.id)
        .limit(AT_ONCE)
    )
    return [(row[0], row[1]) for row in await tx.execute(query)]


async def add(tx: AsyncConnection, task_id: int, hearers: Iterable[str], *, now: datetime) -> None:
    """Tell these addresses of a task; who is told already is not told again."""
    known = set((await tx.execute(sa.select(alarms.c.address).where(alarms.c.task_id == task_id))).scalars())
    rows = [
        {"task_id": task_id, "address": address, "attempts": 0, "next_at": now}
        for address in hearers
        if address not in known
    ]
    if rows:
        await tx.execute(alarms.insert(), rows)


async def due(tx: AsyncConnection, now: datetime) -> Sequence[Any]:
    """What is to be told now, the longest waiting first."""
    query = sa.select(alarms).where(alarms.c.next_at <= now).order_by(alarms.c.next_at, alarms.c.id)
    return (await tx.execute(query.limit(AT_ONCE))).all()


async def claim(tx: AsyncConnection, row: Any, until: datetime) -> bool:
    """Take one to tell it; False where somebody else did."""
    changed = alarms.update().where(alarms.c.id == row.id, alarms.c.next_at == row.next_at)
    return bool((await tx.execute(changed.values(next_at=until, attempts=row.attempts + 1))).rowcount)


async def settle(tx: AsyncConnection, alarm_id: int, **became: datetime | str | None) -> None:
    """Record what became of one. became: sent_at; next_at, when it is tried again; fault, why not."""
    await tx.execute(alarms.update().where(alarms.c.id == alarm_id).values(became))


async def about_reply(tx: AsyncConnection, inbound_id: int) -> list[int]:
    """The open tasks that call for a person because of a reply, the most urgent first."""
    query = sa.select(tasks.c.id).where(
        tasks.c.inbound_id == inbound_id, tasks.c.done_at.is_(None), tasks.c.kind.in_(ALARMING)
    )
    return list((await tx.execute(query.order_by(URGENCY, tasks.c.id))).scalars())


async def facts(tx: AsyncConnection, task_id: int) -> tuple[Alarm, int, int] | None:
    """What an open task is about, with the ids of its mailbox and its reply; None where it is not open."""
    return (await facts_of(tx, [task_id])).get(task_id)


async def facts_of(tx: AsyncConnection, task_ids: Iterable[int]) -> dict[int, tuple[Alarm, int, int]]:
    """The same of several tasks, those that are open."""
    query = (
        sa.select(
            tasks.c.id.label("task_id"),
            tasks.c.kind,
            prospects.c.first_name,
            prospects.c.last_name,
            prospects.c.email,
            prospects.c.language,
            accounts.c.name.label("company"),
            deals.c.name.label("deal"),
            inbound.c.id.label("inbound_id"),
            inbound.c.verdict,
            mailboxes.c.id.label("mailbox_id"),
            mailboxes.c.name.label("rep"),
            mailboxes.c.address,
        )
        .select_from(
            ABOUT.join(prospects, prospects.c.id == tasks.c.prospect_id)
            .join(accounts, accounts.c.id == prospects.c.account_id)
            .outerjoin(deals, deals.c.id == enrollments.c.deal_id)
            .join(mailboxes, mailboxes.c.id == OF_MAILBOX)
        )
        .where(tasks.c.id.in_(list(task_ids)), tasks.c.done_at.is_(None), inbound.c.id.is_not(None))
    )
    return {row.task_id: (_alarm(row), row.mailbox_id, row.inbound_id) for row in await tx.execute(query)}


def _alarm(row: Any) -> Alarm:
    return Alarm(
        kind=TaskKind(row.kind),
        first_name=row.first_name,
        name=" ".join(part for part in (row.first_name, row.last_name) if part) or None,
        email=row.email,
        company=row.company,
        deal=row.deal,
        language=row.language,
        words=row.verdict["text"] if row.verdict else "",
        rep=row.rep,
        mailbox=row.address,
    )

"""How a ledger is read and written: a few statements for a whole batch of replies.

The companies concerned are held from before they are read until the transaction ends (locks.py), so what
is written is what was read and then changed.
"""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.model import MessageState, ProspectStatus
from cadence.store import events, moves, rsvps
from cadence.store.bulk import suppressed, update_many
from cadence.store.enrollments import cases, enrollment_of
from cadence.store.ledger import Ledger, Reader
from cadence.store.messages import OPEN, WITHOUT_RAW, message_of
from cadence.store.tables import (
    accounts,
    deals,
    enrollments,
    messages,
    participants,
    prospects,
    suggestions,
    suppressions,
    tasks,
)

_IS_OPEN = sa.or_(*(messages.c.state == sa.literal_column(f"'{state}'") for state in OPEN))
"""Written out: many rows share the statement, and only what differs between them may be a parameter."""


async def read(tx: AsyncConnection, enrollment_ids: Collection[int], email_keys: Collection[str]) -> Ledger:
    """Read these enrollments, and those of everybody at the companies of these and of these addresses."""
    ledger = Ledger()
    if not enrollment_ids:
        return ledger
    companies = await _held(tx, list(enrollment_ids), list(email_keys))
    for row in await tx.execute(_enrollments_at(companies)):
        ledger.enrollments[row.id] = enrollment_of(row)
        for about in {
            ("prospect", row.prospect_id),
            ("deal", row.deal_id),
            ("account", row.prospect_account),
            ("account", row.deal_account),
        }:
            ledger.by_owner[about].append(row.id)
    columns = ("id", "email_key", "status", "soft_bounces", "unreachable")
    people = sa.select(*(prospects.c[name] for name in columns))
    people = people.where(prospects.c.account_id.in_(companies))
    for row in await tx.execute(people):
        reader = Reader(row.id, row.email_key, ProspectStatus(row.status), row.soft_bounces, row.unreachable)
        ledger.readers[reader.id] = reader
        ledger.by_key[reader.key] = reader.id
    ledger.cases = await cases(tx, enrollment_ids)
    written = sa.select(*WITHOUT_RAW).where(messages.c.enrollment_id.in_(list(enrollment_ids)))
    for mail in map(message_of, await tx.execute(written)):
        ledger.mails[mail.enrollment_id][mail.id] = mail
    return ledger


async def write(tx: AsyncConnection, ledger: Ledger) -> None:
    """Put everything that changed into the database; the ledger is not used after that."""
    await _write_people(tx, ledger)
    await _write_mails(tx, ledger)
    await _write_threads(tx, ledger)
    await events.add_many(tx, ledger.events)
    await rsvps.add(tx, ledger.rsvps)
    await _insert(tx, tasks, await _new_tasks(tx, ledger))
    await _insert(tx, suggestions, ledger.suggestions)
    if ledger.suppressed:
        wanted = await moves.followed(tx, ledger.suppressed.values())
        known = await suppressed(tx, [row["email_key"] for row in wanted])
        await _insert(tx, suppressions, [row for row in wanted if row["email_key"] not in known])


async def _write_people(tx: AsyncConnection, ledger: Ledger) -> None:
    changed = [
        {
            "id": one.id,
            "state": one.state,
            "state_reason": one.state_reason,
            "resume_at": one.resume_at,
            "paused_by": one.paused_by,
            "heard": sorted(one.heard),
        }
        for one in map(ledger.enrollments.__getitem__, sorted(ledger.changed))
    ]
    await update_many(tx, enrollments, ("state", "state_reason", "resume_at", "paused_by", "heard"), changed)
    people = [
        {
            "id": one.id,
            "status": one.status,
            "soft_bounces": one.soft_bounces,
            "unreachable": one.unreachable,
        }
        for one in map(ledger.readers.__getitem__, sorted(ledger.changed_readers))
    ]
    await update_many(tx, prospects, ("status", "soft_bounces", "unreachable"), people)


async def _write_mails(tx: AsyncConnection, ledger: Ledger) -> None:
    every = {mail.id: mail for mails in ledger.mails.values() for mail in mails.values()}
    rows = []
    for message_id, wake_at in ledger.wakes.items():
        mail = every[message_id]
        columns = ("state", "due_at", "sent_at", "outcome", "why")
        rows.append({"id": mail.id, "wake_at": wake_at} | {name: getattr(mail, name) for name in columns})
        if message_id in ledger.planned:
            new = ("enrollment_id", "step", "occurrence", "base_at", "message_id")
            rows[-1] |= ledger.planned[message_id] | {name: getattr(mail, name) for name in new}
    await _insert(
        tx, messages, [{k: v for k, v in row.items() if k != "id"} for row in rows if row["id"] < 0]
    )
    await update_many(
        tx,
        messages,
        ("state", "wake_at", "due_at", "sent_at", "outcome", "why"),
        [row for row in rows if row["id"] > 0],
    )
    parked, ended = messages.update(), messages.update()
    of_enrollment = messages.c.enrollment_id == sa.bindparam("_of")
    if ledger.parked:
        those = [{"_of": enrollment_id} for enrollment_id in sorted(ledger.parked)]
        await tx.execute(parked.where(of_enrollment, _IS_OPEN).values(wake_at=None), those)
    if ledger.cancelled:
        values: dict[str, Any] = {
            "state": MessageState.CANCELLED,
            "wake_at": None,
            "outcome": sa.bindparam("_why"),
        }
        each = [{"_of": one, "_why": why} for one, why in sorted(ledger.cancelled.items())]
        await tx.execute(ended.where(of_enrollment, _IS_OPEN).values(values), each)


async def _write_threads(tx: AsyncConnection, ledger: Ledger) -> None:
    if not ledger.joined:
        return
    threads = {enrollment_id for enrollment_id, _ in ledger.joined}
    query = sa.select(participants).where(participants.c.enrollment_id.in_(threads))
    known = {(row.enrollment_id, row.email_key) for row in await tx.execute(query)}
    new = [{"enrollment_id": of, "email_key": key} for of, key in ledger.joined if (of, key) not in known]
    await _insert(tx, participants, new)


async def _new_tasks(tx: AsyncConnection, ledger: Ledger) -> list[dict[str, Any]]:
    """Those that nobody has been asked before; what is asked about a new mail is always new."""
    wanted = list(ledger.tasks.values())
    lasting = [task["enrollment_id"] for task in wanted if task["inbound_id"] is None]
    if not lasting:
        return wanted
    query = sa.select(tasks.c.kind, tasks.c.enrollment_id, tasks.c.prospect_id)
    asked = await tx.execute(query.where(tasks.c.done_at.is_(None), tasks.c.enrollment_id.in_(lasting)))
    known = {tuple(row) for row in asked}
    about = ("kind", "enrollment_id", "prospect_id")
    return [
        task
        for task in wanted
        if task["inbound_id"] is not None or tuple(task[name] for name in about) not in known
    ]


async def _held(tx: AsyncConnection, enrollment_ids: list[int], email_keys: list[str]) -> list[int]:
    """Hold the companies that may be concerned, in the order of their ids, and give them."""
    ours = enrollments.c.id.in_(enrollment_ids)
    found = await tx.execute(
        sa.union(
            sa.select(prospects.c.account_id).join(enrollments).where(ours),
            sa.select(deals.c.account_id).join(enrollments).where(ours),
            sa.select(prospects.c.account_id).where(prospects.c.email_key.in_(email_keys)),
        )
    )
    companies = set(found.scalars())
    theirs = enrollments.join(deals, deals.c.id == enrollments.c.deal_id).join(
        prospects, prospects.c.id == enrollments.c.prospect_id
    )
    elsewhere = (
        sa.select(prospects.c.account_id)
        .select_from(theirs)
        .where(deals.c.account_id.in_(companies))
        .distinct()
    )
    companies.update((await tx.execute(elsewhere)).scalars())
    held = sorted(companies)
    rows = sa.select(accounts.c.id).where(accounts.c.id.in_(held)).order_by(accounts.c.id)
    await tx.execute(rows.with_for_update(key_share=True))
    return held


def _enrollments_at(companies: list[int]) -> sa.Select[Any]:
    """Everybody's enrollments at companies, and those about their deals; found by index on either side."""
    theirs = sa.union(
        sa.select(enrollments.c.id).join(prospects).where(prospects.c.account_id.in_(companies)),
        sa.select(enrollments.c.id).join(deals).where(deals.c.account_id.in_(companies)),
    )
    return (
        sa.select(
            enrollments,
            prospects.c.account_id.label("prospect_account"),
            deals.c.account_id.label("deal_account"),
        )
        .join(prospects, prospects.c.id == enrollments.c.prospect_id)
        .join(deals, deals.c.id == enrollments.c.deal_id)
        .where(enrollments.c.id.in_(theirs))
        .order_by(enrollments.c.id)
    )


async def _insert(tx: AsyncConnection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        await tx.execute(table.insert(), rows)

"""Erases a person from every table: their rows go, or stay as a shell without a word, and others' words lose
their name.

A shell is what others depend on: that a mail left at that time with that story, so that caps and spacing
hold and a company never gets a story twice.
"""

import json
import zlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.erasing import AUDITED, ERASED
from cadence.core.model import MessageState, ProspectStatus, TaskKind
from cadence.store.prospects import ground_columns
from cadence.store.tables import (
    accounts,
    answers,
    audit,
    corrections,
    covered,
    crm_conflicts,
    crm_connections,
    crm_deals,
    crm_writes,
    deals,
    deliveries,
    enrollments,
    events,
    examinations,
    inbound,
    job_files,
    job_rejects,
    jobs,
    letters,
    mailboxes,
    messages,
    opinions,
    participants,
    prospects,
    reports,
    rsvps,
    suggestions,
    suppressions,
    tasks,
    undos,
    webhooks,
)
from cadence.store.theirs import Which, at_their_company, read
from cadence.store.words import INDEX

Clean = Callable[[Any], Any]

WORDS: Mapping[sa.Table, tuple[str, ...]] = {
    accounts: ("name", "industry"),
    covered: ("reason", "note"),
    deals: (
        "name",
        "product",
        "reason",
        "competitor",
        "amount",
        "outcome_amount",
        "outcome_reason",
        "missing",
        "alternative",
        "referred_by",
    ),
    mailboxes: ("state_reason",),
    enrollments: ("state_reason",),
    messages: ("why", "subject", "outcome"),
    inbound: ("matched_by", "sender", "subject", "verdict", "unreadable"),
    corrections: ("verdict",),
    opinions: ("outcome",),
    letters: ("recipient", "subject", "text", "outcome"),
    suggestions: ("name", "email", "company"),
    suppressions: ("reason", "source"),
    tasks: ("text", "answer"),
    events: ("why", "data"),
    undos: ("what", "rows"),
    webhooks: ("description",),
    jobs: ("title", "asked", "found", "result", "fault"),
    job_rejects: ("email", "reason", "cells"),
    examinations: ("checks",),
    crm_connections: ("account", "setup", "fault"),
    crm_deals: ("name", "said", "fault"),
    crm_conflicts: ("ours", "theirs"),
    crm_writes: ("fault",),
}
"""Table → the columns in which somebody may be named, in their own words, ours, or a machine's."""

_GO = (
    rsvps,
    corrections,
    opinions,
    suggestions,
    letters,
    undos,
    inbound,
    participants,
    suppressions,
    job_rejects,
)
"""What is about them and nobody else."""


async def is_leaving(tx: AsyncConnection, theirs: Which) -> bool:
    """Whether something is being sent to them at this moment."""
    flying = sa.select(messages.c.id).where(theirs[messages], messages.c.state == MessageState.SENDING)
    answering = sa.select(letters.c.id).where(theirs[letters], letters.c.state == "sending")
    return (await tx.execute(sa.union(flying, answering).limit(1))).first() is not None


async def erase(tx: AsyncConnection, theirs: Which, prospect_id: int | None, gone: bytes) -> dict[str, int]:
    """Erase their rows; gives how many there were in each table. gone: what stands for a mail, compressed."""
    if tx.dialect.name == "sqlite":
        await tx.exec_driver_sql("PRAGMA secure_delete = ON")  # what is freed is overwritten
    counts = {
        table.name: int(
            (await tx.execute(sa.select(sa.func.count()).select_from(table).where(which))).scalar_one()
        )
        for table, which in theirs.items()
    }
    await _let_go_of(tx, theirs)
    for table, which in theirs.items():
        if table in _GO:
            await tx.execute(table.delete().where(which))
        elif table is tasks:  # one that others wait for stays, and loses the name with the company's
            await tx.execute(tasks.delete().where(which, tasks.c.kind != TaskKind.COLLEAGUES))
    if prospect_id is not None:
        await _empty(tx, prospect_id, gone)
    return {name: count for name, count in counts.items() if count}


async def _let_go_of(tx: AsyncConnection, theirs: Which) -> None:
    """What happened stays counted, without its words; what was done at the company is not taken back."""
    heard = sa.select(inbound.c.id).where(theirs[inbound])
    about = sa.or_(theirs[events], events.c.inbound_id.in_(heard))
    await tx.execute(events.update().where(about).values(why=ERASED, data=sa.null(), inbound_id=None))
    await tx.execute(undos.delete().where(undos.c.prospect_id.in_(_colleagues(theirs))))


def _colleagues(theirs: Which) -> sa.Select[tuple[int]]:
    company = sa.select(prospects.c.account_id).where(theirs[prospects])
    return sa.select(prospects.c.id).where(prospects.c.account_id.in_(company))


async def _empty(tx: AsyncConnection, prospect_id: int, gone: bytes) -> None:
    address = f"erased-{prospect_id}@erased.invalid"
    known = ("first_name", "last_name", "title", "country", "region")
    nobody = dict.fromkeys((*known, *ground_columns(None)))
    await tx.execute(
        prospects.update()
        .where(prospects.c.id == prospect_id)
        .values(
            **nobody,
            email=address,
            email_key=address,
            language="en",
            zone="UTC",
            status=ProspectStatus.FORGOTTEN,
            unreachable=True,
        )
    )
    mails = messages.update().where(messages.c.prospect_id == prospect_id)
    number = sa.cast(messages.c.id, sa.Text)
    await tx.execute(
        mails.values(
            message_id=sa.literal("<erased-") + number + sa.literal("@erased.invalid>"),
            why=ERASED,
            subject=None,
            outcome=None,
            to_file=False,
            left_as=None,
            wake_at=None,
        )
    )
    await tx.execute(mails.where(messages.c.raw.is_not(None)).values(raw=gone))
    doubted = mails.where(messages.c.state == MessageState.IN_DOUBT)
    await tx.execute(doubted.values(state=MessageState.CANCELLED))
    of_them = enrollments.update().where(enrollments.c.prospect_id == prospect_id)
    await tx.execute(of_them.values(state_reason=ERASED, heard=[], handovers=sa.null()))


# --- where others' words name them ---


async def take_out(tx: AsyncConnection, phrases: Sequence[str], clean: Clean) -> set[int]:
    """Take a person out of every row in whose words one of these phrases stands; gives the ids of replies."""
    named = {table: await _clean(tx, table, _naming(table, phrases), clean) for table in WORDS}
    return named[inbound]


async def take_out_of_company(tx: AsyncConnection, account_id: int, clean: Clean) -> None:
    """Take a person out of everything about their company."""
    for table, which in at_their_company(account_id).items():
        named = await _clean(tx, table, which, clean)
        if (
            table is accounts and named
        ):  # it was theirs; under its name of before nobody is looked for any more
            key = f"{ERASED} {account_id}"
            await tx.execute(accounts.update().where(accounts.c.id == account_id).values(key=key))


async def _clean(
    tx: AsyncConnection, table: sa.Table, which: sa.ColumnElement[bool], clean: Clean
) -> set[int]:
    changed: set[int] = set()
    for row in await read(tx, table, which):
        before = {name: value for name in WORDS[table] if (value := getattr(row, name)) is not None}
        after = {name: clean(value) for name, value in before.items()}
        if after != before:
            key = [column == getattr(row, column.name) for column in table.primary_key]
            await tx.execute(table.update().where(*key).values(**after))
            changed.add(row[0])
    return changed


def _naming(table: sa.Table, phrases: Sequence[str]) -> sa.ColumnElement[bool]:
    """The rows of a table in whose words one of these phrases stands."""
    return sa.or_(*(_holds(table.c[name], phrase) for name in WORDS[table] for phrase in phrases))


def _holds(column: sa.Column[Any], phrase: str) -> sa.ColumnElement[bool]:
    """Whether a phrase stands in a column, in whatever case."""
    if isinstance(column.type, sa.JSON):
        phrase = json.dumps(phrase)[1:-1]
    text = sa.cast(column, sa.Text)
    return sa.or_(
        text.contains(phrase, autoescape=True),
        sa.func.lower(text).contains(phrase.lower(), autoescape=True),
    )


async def threads_of(tx: AsyncConnection, theirs: Which) -> set[int]:
    """The enrollments, of others too, in whose threads they took part."""
    query = sa.select(participants.c.enrollment_id).where(theirs[participants])
    return set((await tx.execute(query)).scalars())


@dataclass(frozen=True, slots=True)
class Original:
    """A whole mail of somebody else's. table: messages or inbound."""

    table: sa.Table
    id: int
    raw: bytes


async def originals(
    tx: AsyncConnection, threads: set[int], replies: set[int], account_id: int | None
) -> AsyncIterator[Original]:
    """Mails that may name them, one by one: of their company, of these threads, and these replies."""
    company = at_their_company(account_id or 0)
    also = sa.or_(inbound.c.enrollment_id.in_(threads), inbound.c.id.in_(replies))
    for table, which in ((messages, company[messages]), (inbound, sa.or_(company[inbound], also))):
        query = sa.select(table.c.id).where(which, table.c.raw.is_not(None))
        for mail_id in (await tx.execute(query)).scalars().all():
            packed = (await tx.execute(sa.select(table.c.raw).where(table.c.id == mail_id))).scalar_one()
            yield Original(table, mail_id, zlib.decompress(packed))


async def replace_original(tx: AsyncConnection, mail: Original, raw: bytes) -> None:
    """Keep another mail instead of one."""
    table = mail.table
    await tx.execute(table.update().where(table.c.id == mail.id).values(raw=zlib.compress(raw)))


async def drop_told(tx: AsyncConnection, phrases: Sequence[str]) -> None:
    """Drop reports, which quote replies and are made anew, and what webhooks are or were told of them."""
    await tx.execute(reports.delete())
    await tx.execute(deliveries.delete().where(sa.or_(*(_holds(deliveries.c.body, one) for one in phrases))))


async def audited(tx: AsyncConnection, phrases: Sequence[str]) -> None:
    """Take them out of the audit trail; the database lets a subject become this one, and nothing else."""
    named = sa.or_(*(_holds(audit.c.subject, one) for one in phrases))
    await tx.execute(audit.update().where(named).values(subject=AUDITED))


async def drop_answers(tx: AsyncConnection, names: Callable[[str], bool]) -> None:
    """Drop answers kept for requests that come again, where they name somebody. names: of a sealed one."""
    for row in await read(tx, answers, answers.c.answer.is_not(None)):
        if names(row.answer):
            key = (answers.c.user_id == row.user_id, answers.c.key == row.key)
            await tx.execute(answers.delete().where(*key))


async def drop_files(tx: AsyncConnection, names: Callable[[bytes], bool]) -> int:
    """Drop uploaded files that name somebody; gives how many."""
    dropped = 0
    for job_id in (await tx.execute(sa.select(job_files.c.job_id))).scalars().all():
        raw = (await tx.execute(sa.select(job_files.c.raw).where(job_files.c.job_id == job_id))).scalar_one()
        if names(zlib.decompress(raw)):
            await tx.execute(job_files.delete().where(job_files.c.job_id == job_id))
            dropped += 1
    return dropped


async def tidy_index(tx: AsyncConnection) -> None:
    """Rewrite the search index, in whose old pages words would stay (SQLite, FTS5)."""
    if tx.dialect.name == "sqlite":
        words = sa.table(INDEX, sa.column(INDEX))
        await tx.execute(words.insert().values({INDEX: "optimize"}))

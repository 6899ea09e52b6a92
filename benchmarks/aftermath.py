"""What came of a made-up installation's mails: replies, what waits for people, the trail, webhooks, work.

One in ten people answered; of those who did, one in a hundred still waits for an answer.
"""

import zlib
from datetime import datetime
from email.message import EmailMessage

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.jobs import JobKind, JobState
from cadence.core.model import TaskKind
from cadence.service.understanding import understand
from cadence.store import jobs
from cadence.store.inbound import pack_verdict
from cadence.store.tables import channels, inbound, messages, users, webhooks

ANSWERS = (
    "FROM messages m JOIN enrollments e ON e.id = m.enrollment_id JOIN prospects p ON p.id = e.prospect_id"
)
CATEGORIES = (
    "keep_in_touch",
    "feedback",
    "out_of_office",
    "not_interested",
    "question",
    "interested",
    "other",
)
_WORDS = """Thank you for your note. In the end it was the price, and your competitor could start in March.
Let us talk again next year.

Best regards
Dana

On Mon, 5 Jan 2026 at 09:00, Robin Rep <rep0@vendor.test> wrote:
> thank you for the time that you took.
"""
REJECTS = 20_000
"""Rows that an import left out; fewer where there are fewer people."""


def _mail() -> bytes:
    made = EmailMessage()
    made["From"], made["To"] = "Dana Sample <dana@firm7.example>", "Robin Rep <rep0@vendor.test>"
    made["Subject"], made["Message-ID"] = "Re: Thank you", "<answer@firm7.example>"
    made["Date"] = "Tue, 06 Jan 2026 09:00:00 +0000"
    made.set_content(_WORDS)
    made.add_alternative(f"<p>{_WORDS}</p>", subtype="html")
    made.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="terms.pdf")
    return made.as_bytes()


async def follow(tx: AsyncConnection, people: int, now: datetime) -> None:
    """Add what follows, behind everything that `populate` made of so many people."""
    raw = _mail()
    _, verdict = understand(raw)
    assert verdict is not None
    packed = {"raw": zlib.compress(raw), "verdict": pack_verdict(verdict), "at": now}
    typed = [sa.bindparam(name, type_=inbound.c[name].type) for name in ("raw", "verdict")]
    typed.append(sa.bindparam("at", type_=inbound.c.received_at.type))
    for statement in _statements():
        query = sa.text(statement)
        names = set(query._bindparams)
        query = query.bindparams(*(one for one in typed if one.key in names))
        await tx.execute(query, {name: packed[name] for name in names})
    seen = messages.update().where(messages.c.id <= 20).values(raw=packed["raw"])
    await tx.execute(seen)
    await _webhook(tx, now)
    await _work(tx, min(REJECTS, people), now)


def _statements() -> list[str]:
    """Each in the order of who refers to whom; one answer for each person whose number ends in 3."""
    case = " ".join(f"WHEN {place} THEN '{name}'" for place, name in enumerate(CATEGORIES))
    asks = f"CASE WHEN i.category = 'question' THEN '{TaskKind.QUESTION}' ELSE '{TaskKind.REVIEW_REPLY}' END"
    return [
        "INSERT INTO inbound (mailbox_id, folder, uidvalidity, uid, message_key, enrollment_id, prospect_id,"
        " outbound_id, matched_by, sender, subject, written_at, received_at, category, confidence, action,"
        " verdict, raw) SELECT e.mailbox_id, 'INBOX', 1, e.id, 'r' || e.id, e.id, e.prospect_id, m.id,"
        " 'in_reply_to', p.email, 'Re: Thank you', :at, :at,"
        f" CASE (e.id / 10) % {len(CATEGORIES)} {case} END, 0.9, 'act', :verdict, :raw {ANSWERS}"
        " WHERE m.step = 'thank-you' AND e.id % 10 = 3",
        "INSERT INTO tasks (kind, text, prospect_id, enrollment_id, inbound_id, mailbox_id, created_at,"
        f" done_at, answer) SELECT {asks}, 'Please read this', i.prospect_id, i.enrollment_id, i.id,"
        " i.mailbox_id, :at, CASE WHEN i.id % 100 = 0 THEN NULL ELSE :at END, 'done' FROM inbound i"
        " WHERE i.id % 3 = 0 OR i.id % 100 = 0",
        f"INSERT INTO tasks (kind, text, prospect_id, enrollment_id, message_id, created_at) SELECT"
        f" '{TaskKind.APPROVE_DRAFT}', 'A draft waits', e.prospect_id, e.id, m.id, :at {ANSWERS}"
        " WHERE m.step = 'feedback' AND e.id % 5000 = 1",
        "UPDATE messages SET state = 'held', wake_at = NULL WHERE id IN"
        f" (SELECT message_id FROM tasks WHERE kind = '{TaskKind.APPROVE_DRAFT}')",
        "INSERT INTO suppressions (email_key, reason, source, at) SELECT p.email_key, 'opted_out', 'a reply',"
        " :at FROM prospects p WHERE p.id % 50 = 7",
        "INSERT INTO news (answers, story, actor, created_at) VALUES ('price',"
        " 'one-answer-for-auditors', 'console', :at)",
        "INSERT INTO audit (at, actor, action, subject) SELECT :at, 'console', 'prospect.paused', p.email"
        " FROM prospects p WHERE p.id % 10 = 1",
    ]


async def _webhook(tx: AsyncConnection, now: datetime) -> None:
    """A webhook that was told of a lot; it hears nothing more, since triggers would. And a chat."""
    made = (
        "INSERT INTO webhooks (id, user_id, url, description, events, secret, created_at, disabled_at)"
        " SELECT 1, min(id), 'https://crm.example/', 'CRM', :events, 'x', :at, :at FROM users"
    )
    at = sa.bindparam("at", type_=inbound.c.received_at.type)
    events = sa.bindparam("events", type_=sa.JSON())
    await tx.execute(sa.text(made).bindparams(at, events), {"at": now, "events": ["reply.received"]})
    told = (
        "INSERT INTO deliveries (webhook_id, message_id, type, body, state, attempts, created_at, status)"
        " SELECT 1, 'm' || i.id, 'reply.received', '{}', 'delivered', 1, :at, 204 FROM inbound i"
    )
    await tx.execute(sa.text(told).bindparams(at), {"at": now})
    chat = {"id": 2, "url": "https://chat.example/…", "description": "Chat", "events": ["decision_open"]}
    owner = sa.select(sa.func.min(users.c.id)).scalar_subquery()
    about = {"user_id": owner, "secret": "x", "created_at": now, "disabled_at": now}
    await tx.execute(webhooks.insert().values(**chat, **about))
    how = {"webhook_id": 2, "format": "slack", "zone": "UTC", "urgent": False}
    await tx.execute(channels.insert().values(**how))


async def _work(tx: AsyncConnection, rejected: int, now: datetime) -> None:
    """An import that ended, with those whom it left out; and one whose columns nobody chose yet."""
    header = ["E-mail", "First name", "Company"]
    asked = {"header": header, "sample": [["dana@firm7.example", "Dana", "Firm 7"]], "encoding": "utf-8"}
    owner = (await tx.execute(sa.text("SELECT min(id) FROM users"))).scalar_one()
    about = {"user_id": owner, "title": "contacts.csv", "total": rejected, "now": now}
    chosen = {"mapping": {"E-mail": "email"}, "sequence": "closed-lost", "mailbox": "", "date_order": ""}
    done = await jobs.add(tx, JobKind.IMPORT, JobState.DONE, asked=asked | chosen, **about)
    await jobs.add(tx, JobKind.IMPORT, JobState.DRAFT, asked=asked, **about)
    rows = (
        "INSERT INTO job_rejects (job_id, phase, row, email, reason, cells) SELECT :job, 'checking', p.id,"
        " p.email, 'is enrolled in closed-lost', :cells FROM prospects p WHERE p.id <= :most"
    )
    cells = sa.bindparam("cells", type_=sa.JSON())
    given = {"job": done, "most": rejected, "cells": ["dana@firm7.example", "Dana", "Firm 7"]}
    await tx.execute(sa.text(rows).bindparams(cells), given)

"""`python -m tests.store.migrations.freeze`: lives some days, and keeps them as the newest revision's.

Whoever adds a revision runs it once, after giving a row to each table that the days below leave empty.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.delivery import Outcome, OutcomeKind
from cadence.core.model import Pace
from cadence.core.sequence import From
from cadence.service import connecting, publishing, upkeep
from cadence.service.app import App, Company, Connections, Policy
from cadence.service.library import Library
from cadence.service.links import Links
from cadence.service.vault import Vault
from cadence.store.database import Database
from cadence.store.tables import metadata
from tests.service.conftest import SECRET, World, mailbox, write_sequence
from tests.service.fakes import FakeServers, reply
from tests.store.migrations import frozen

BEGIN = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
DROPPED = Outcome(OutcomeKind.IN_DOUBT, 0, None, "the connection ended after the mail was handed over")
AT = BEGIN.replace(microsecond=123456)
OTHERS: dict[str, dict[str, Any]] = {
    "participants": {"enrollment_id": 1, "email_key": "colleague@ann.example"},
    "suggestions": {"inbound_id": 1, "kind": "referral", "name": "Zoë", "at": AT, "deal_id": 1},
    "corrections": {
        "inbound_id": 1,
        "category": "feedback",
        "verdict": {"category": "other", "confidence": 0.4},
        "model": "0123456789ab",
        "actor": "robin@vendor.test",
        "at": AT,
    },
    "models": {
        "version": "0123456789ab",
        "base": "ba9876543210",
        "packed": b"\x1f\x8b",
        "report": {"corrections": 3},
        "made_at": AT,
        "withdrawn_at": AT,
    },
    "opinions": {
        "inbound_id": 1,
        "model": "small",
        "category": "not_now",
        "confidence": 0.9,
        "outcome": "it agrees",
        "at": AT,
    },
    "forgotten": {"digest": "f" * 64, "at": AT},
    "news": {"answers": "features:sso", "story": "bakery", "actor": "Robin", "created_at": AT, "told": 3},
    "trials": {
        "sequence": "lost",
        "step": "thank-you",
        "key": "0123456789ab",
        "revision_id": 1,
        "until_id": 1,
        "begun_at": AT,
        "ended_at": AT,
        "counted_at": AT,
        "counts": {"a": {"sent": 3}},
        "decided_at": AT,
        "winner": "b",
    },
    "covered": {
        "account_id": 1,
        "reason": "price",
        "note": "Größe S is cheaper",
        "covered_on": AT.date(),
        "actor": "Robin",
        "at": AT,
    },
    "grants": {"mailbox_id": 1, "refresh": "sealed", "granted_at": AT, "tried_at": AT},
    "feeds": {"mailbox_id": 1, "folder": "INBOX", "validity": 2**32, "position": "1234567", "next_uid": 8},
    "feed_mails": {"mailbox_id": 1, "folder": "INBOX", "uid": 7, "name": "19a0000007"},
    "relays": {
        "name": "post",
        "kind": "postfix",
        "smtp": "smtp://post.vendor.test:587",
        "username": "cadence",
        "secret": "sealed",
        "signs": True,
        "hook": "sealed",
        "created_at": AT,
    },
    "relay_tokens": {"relay_id": 1, "token": "t", "body": "b", "at": AT},
    "dkim_keys": {
        "domain": "vendor.test",
        "selector": "cadence-rsa-202603",
        "algorithm": "rsa",
        "secret": "sealed",
        "record": "v=DKIM1; k=rsa; p=AAAA",
        "created_at": AT,
        "used_since": AT,
    },
    "processes": {"id": "gone", "kind": "worker", "alive_until": AT},
    "users": {
        "email": "Robin@vendor.test",
        "email_key": "robin@vendor.test",
        "name": "Robin Rep",
        "role": "rep",
        "team": "north",
        "zone": "Europe/Berlin",
        "password": "hashed",
        "totp_step": 2**33,
        "created_at": AT,
    },
    "recovery_codes": {"user_id": 1, "digest": "r"},
    "sessions": {
        "user_id": 1,
        "digest": "s",
        "created_at": AT,
        "seen_at": AT,
        "expires_at": AT,
        "owes_code": True,
    },
    "api_tokens": {
        "user_id": 1,
        "name": "reports",
        "prefix": "cad_",
        "digest": "t",
        "scopes": ["read"],
        "created_at": AT,
        "expires_at": AT,
    },
    "invitations": {"user_id": 1, "digest": "i", "created_at": AT, "expires_at": AT},
    "throttles": {"key": "login", "since": AT, "count": 3},
    "channels": {
        "webhook_id": 1,
        "format": "slack",
        "team": "north",
        "zone": "Europe/Berlin",
        "quiet_from": "18:00",
        "quiet_until": "08:00",
        "urgent": True,
        "digest_at": AT,
    },
    "crm_connections": {
        "user_id": 1,
        "kind": "hubspot",
        "url": "https://api.hubapi.com",
        "account": "HubSpot 2510",
        "secrets": "sealed",
        "hook": "sealed",
        "setup": {"rule": [{"sequence": "lost"}], "read": {"reason": "closed_lost_reason"}},
        "since": AT,
        "cursor": "1772532000000",
        "state": "active",
        "fault": "HTTP 502",
        "failures": 1,
        "created_at": AT,
        "read_at": AT,
        "next_at": AT,
        "told_up_to": 7,
    },
    "crm_deals": {
        "connection_id": 1,
        "remote_id": "41",
        "crm_id": "hubspot-1:41",
        "name": "Warehouse scanners",
        "state": "lost",
        "changed_at": AT,
        "noticed_at": AT,
        "sequence": "lost",
        "start": "draft",
        "bases": {"reason": ["a", "b"]},
        "said": "1 wait for a yes",
    },
    "crm_conflicts": {
        "connection_id": 1,
        "remote_id": "41",
        "name": "reason",
        "ours": "price",
        "theirs": "features",
        "found_at": AT,
        "decided_at": AT,
        "decision": "ours",
        "user_id": 1,
    },
    "crm_writes": {
        "connection_id": 1,
        "remote_id": "41",
        "key": "fields",
        "created_at": AT,
        "attempts": 2,
        "next_at": AT,
        "tried_at": AT,
        "fault": "HTTP 502",
    },
    "alarms": {"task_id": 1, "address": "robin@vendor.test", "attempts": 1, "sent_at": AT},
    "undos": {
        "at": AT,
        "user_id": 1,
        "prospect_id": 1,
        "what": "ann@ann.example: stopped",
        "rows": {"before": {"enrollments": {"1": {"state": "active"}}}, "added": {}},
        "digest": "d",
        "undone_at": AT,
    },
    "rsvps": {"message_id": 1, "inbound_id": 1, "answer": "accepted", "actor": "Robin", "at": AT},
    "letters": {
        "inbound_id": 1,
        "enrollment_id": 1,
        "mailbox_id": 1,
        "key": "k",
        "message_id": "<letter@vendor.test>",
        "actor": "Robin@vendor.test",
        "recipient": "ann@ann.example",
        "subject": "Re: Thank you",
        "text": "Gladly — on Tuesday?",
        "state": "sent",
        "at": AT,
        "sent_at": AT,
    },
    "answers": {"user_id": 1, "key": "k", "digest": "d", "begun_at": AT, "answer": "sealed"},
    "webhooks": {
        "user_id": 1,
        "url": "https://crm.example/hook",
        "description": "the CRM",
        "events": ["reply.received"],
        "secret": "sealed",
        "created_at": AT,
        "disabled_at": AT,  # else its news would be written while the other rows are put in
    },
    "webhook_news": {"kind": "tasks", "of_id": 2**40, "was": "a", "became": "b"},
    "deliveries": {
        "webhook_id": 1,
        "message_id": "msg_1",
        "type": "reply.received",
        "body": "{}",
        "state": "delivered",
        "attempts": 1,
        "created_at": AT,
        "tried_at": AT,
        "status": 200,
    },
    "jobs": {
        "kind": "import",
        "state": "done",
        "user_id": 1,
        "title": "lost.csv",
        "asked": {"sequence": "lost", "mapping": {"E-Mail": "email"}},
        "position": 3,
        "done": 3,
        "total": 3,
        "found": {"enrolled": 2, "refused": 1},
        "result": {"enrolled": 2, "refused": 1},
        "created_at": AT,
        "changed_at": AT,
    },
    "job_files": {"job_id": 1, "name": "lost.csv", "raw": b"\x78\x9c"},
    "job_rejects": {
        "job_id": 1,
        "phase": "running",
        "row": 4,
        "email": "nonsense",
        "reason": "no address",
        "cells": ["nonsense", "Größe"],
    },
    "reports": {"key": "k", "begun_at": AT, "made_at": AT, "took": 1.5, "body": {"deals": {"lost": 3}}},
    "examinations": {
        "mailbox_id": 1,
        "begun_at": AT,
        "ended_at": AT,
        "checks": [{"name": "sending", "level": "ok", "text": "it lets us in", "remedy": None}],
    },
    "audit": {"at": AT, "user_id": 1, "actor": "Robin", "action": "login", "subject": "Robin"},
}
"""A row for each table that these days leave empty."""


@asynccontextmanager
async def opened(url: str, folder: Path, now: datetime) -> AsyncIterator[World]:
    """An installation as it stands, with servers that answer as told."""
    db, vault, servers = await Database.open(url), Vault([SECRET]), FakeServers()
    policy = Policy(company=Company("Vendor", "1 Sample Street"), pace=Pace(100, 100, 0, 0, 0))
    connections = Connections(db, vault, servers)
    app = App(db, Library(), vault, Links([SECRET]), connections, policy, lambda: world.now)
    world = World(app, servers, folder, now)
    try:
        yield world
    finally:
        await connections.close()
        await db.close()


async def live(world: World) -> None:
    """Some are written to, answer, opt out, are paused, bounce or are in doubt; mails are still to come."""
    write_sequence(world.templates)
    await publishing.publish(world.app, world.templates, "lost")
    await connecting.add(world.app, mailbox("rep@vendor.test"))
    await connecting.add(world.app, mailbox("boss@vendor.test", From.EXECUTIVE))
    for name in ("ann", "bob", "cleo", "dora"):
        about = {"company": f"{name} GmbH & Größe", "first_name": "Žofia 🦉", "deal": {"reason": "price"}}
        await world.enroll(f"{name}@{name}.example", lost_at=BEGIN, **about)
    world.servers.outcomes = [DROPPED]
    await world.after(hours=2)
    await world.after(minutes=1)  # whoever follows a mail in doubt waits for the next look
    for number, text in enumerate(("Please take me off your list.", "I am away until 2026-04-01."), 1):
        to = world.sent[number]
        await world.arrives(reply(text, to=to.raw, sender=to.recipient, at=world.now, number=number))
    await upkeep.file_copies(world.app, await connecting.find(world.app, "rep@vendor.test"))
    await world.after(days=1)


async def fill(tx: AsyncConnection) -> None:
    for table in metadata.sorted_tables:
        query = sa.select(sa.func.count()).select_from(table)
        if not (await tx.execute(query)).scalar_one():
            await tx.execute(table.insert().values(OTHERS[table.name]))


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with opened(f"sqlite+aiosqlite:///{folder}/c.db", Path(folder) / "templates", BEGIN) as world:
            await live(world)
            async with world.app.db.write() as tx:
                await fill(tx)
                newest = frozen.revisions()[-1]
                now = world.now + timedelta(hours=1)
                await tx.run_sync(lambda connection: frozen.freeze(connection, newest, now))


if __name__ == "__main__":
    asyncio.run(main())

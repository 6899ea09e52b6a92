"""Guards that stand behind others, each tried by itself, as if the one before it had failed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from cadence.core.lifecycle import Fact
from cadence.core.model import MessageState
from cadence.core.planning import Plan
from cadence.service import enrolling, intake, reading, sending
from cadence.service.app import App
from cadence.store import events, locks, messages
from cadence.store.tables import inbound
from cadence.store.tables import messages as rows
from tests.faults.site import EPOCH, FIRST, Clock, enroll, furnish, opened, until_due
from tests.service.fakes import FakeServers, reply

DANA = "p0@p0.example"


@dataclass
class Site:
    app: App
    clock: Clock
    servers: FakeServers
    mailbox: int

    async def row(self) -> Any:
        async with self.app.db.read() as tx:
            return (await tx.execute(sa.select(rows).where(rows.c.id == 1))).one()


@pytest.fixture
async def site(database_url: str, tmp_path: Path) -> AsyncIterator[Site]:
    clock, servers = Clock(), FakeServers()
    async with opened(database_url, servers, clock, process="one") as app:
        (mailbox,) = await furnish(app, tmp_path / "templates", rep_smtp="smtp://localhost:1")
        await enroll(app, 1)
        clock.now = EPOCH + until_due()
        yield Site(app, clock, servers, mailbox)


def again(step: str) -> Plan:
    return Plan(step, 1, EPOCH, EPOCH, "a second time")


async def test_a_step_that_was_planned_is_not_planned_again(site: Site) -> None:
    row = await site.row()
    about = {
        name: getattr(row, name) for name in ("enrollment_id", "prospect_id", "account_id", "mailbox_id")
    }
    async with site.app.db.write() as tx:
        await messages.plan(tx, [messages.planned(again(FIRST), message_id="<second@vendor.test>", **about)])
        assert len(await messages.of_enrollment(tx, row.enrollment_id)) == 1


async def test_the_database_refuses_a_second_mail_of_a_step(site: Site) -> None:
    row = await site.row()
    about = {
        name: getattr(row, name) for name in ("enrollment_id", "prospect_id", "account_id", "mailbox_id")
    }
    second = messages.planned(again(FIRST), message_id="<second@vendor.test>", **about)
    with pytest.raises(IntegrityError):
        async with site.app.db.write() as tx:
            await messages.plan_new(tx, [second])


async def test_an_opt_out_cancels_what_is_open(site: Site) -> None:
    await enrolling.opt_out(site.app, 1, "a link")
    assert (await site.row()).state == MessageState.CANCELLED


async def test_a_pause_takes_mails_out_of_the_queue(site: Site) -> None:
    await enrolling.change(site.app, DANA, Fact.PAUSE, "the rep said so")
    assert (await site.row()).wake_at is None


async def test_a_crash_while_a_reply_is_kept_leaves_it_to_be_read_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sending.send_due(site.app, site.mailbox)
    raw = reply("Please stop.", to=site.servers.sent[0].raw, sender=DANA, at=site.clock())
    site.servers.mails("rep0@vendor.test").append(raw)
    keep = intake._keep

    async def crash(*args: Any) -> int:
        await keep(*args)
        raise KeyboardInterrupt

    monkeypatch.setattr(intake, "_keep", crash)
    with pytest.raises(KeyboardInterrupt):
        await reading.sync(site.app, site.mailbox)
    monkeypatch.setattr(intake, "_keep", keep)
    await reading.sync(site.app, site.mailbox)
    async with site.app.db.read() as tx:
        assert (await tx.execute(sa.select(sa.func.count()).select_from(inbound))).scalar_one() == 1


async def test_readers_of_one_mailbox_take_turns(
    site: Site, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sending.send_due(site.app, site.mailbox)
    raw = reply("Please stop.", to=site.servers.sent[0].raw, sender=DANA, at=site.clock())
    site.servers.mails("rep0@vendor.test").append(raw)
    keep, both, inside, most = intake._keep, asyncio.Event(), 0, 0

    async def watched(*args: Any) -> int:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        if inside == 2:
            both.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(0.5):
                await both.wait()
        try:
            return await keep(*args)
        finally:
            inside -= 1

    monkeypatch.setattr(intake, "_keep", watched)
    async with opened(database_url, site.servers, site.clock, process="two") as second:
        found = await asyncio.gather(*(reading.sync(app, site.mailbox) for app in (site.app, second)))
    assert (sorted(found), most) == ([0, 1], 1)


async def test_a_mailbox_that_is_held_can_be_referred_to(site: Site) -> None:
    """Else who takes in a reply, and who marks a mail, would wait for each other."""
    if "postgresql" not in str(site.app.db._engine.url):
        pytest.skip("on SQLite a transaction that writes is alone")
    async with site.app.db.write() as holder, site.app.db.write() as other:
        await locks.company_of(holder, 1)
        await locks.mailbox(holder, site.mailbox)
        async with asyncio.timeout(5):
            await events.add(other, "reply.other", "a test", at=site.clock(), mailbox_id=site.mailbox)

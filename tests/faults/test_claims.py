"""What two workers may do to one mail, case by case: a claim that was outlived by its work sends nothing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.lifecycle import Fact
from cadence.core.model import EnrollmentState, Mailbox, MessageState, OutboundMessage
from cadence.service import enrolling, presence, sending, transitions, upkeep
from cadence.service.app import App
from cadence.store import enrollments, flight, messages
from tests.faults.quiet import QuietInbox
from tests.faults.site import EPOCH, Clock, enroll, furnish, opened, until_due
from tests.service.fakes import Delivered, FakeSender, FakeServers


class Servers(FakeServers):
    def inbox(self, mailbox: Mailbox, password: str) -> QuietInbox:  # type: ignore[override]
        return QuietInbox()

    def sender(self, mailbox: Mailbox, password: str) -> FakeSender:
        return FakeSender(self, mailbox.address)


@dataclass
class Two:
    """Two workers of one installation with one due mail."""

    one: App
    other: App
    clock: Clock
    servers: Servers
    mailbox: int

    @property
    def sent(self) -> list[Delivered]:
        return self.servers.sent

    async def claim(self, app: App) -> list[OutboundMessage]:
        now = self.clock()
        async with app.db.write() as tx:
            return await messages.claim(
                tx, self.mailbox, now=now, until=now + app.policy.lease, limit=9, by=app.process
            )

    async def message(self) -> OutboundMessage:
        async with self.one.db.read() as tx:
            return await messages.get(tx, 1)


@pytest.fixture
async def two(database_url: str, tmp_path: Path) -> AsyncIterator[Two]:
    clock, servers = Clock(), Servers()
    async with opened(database_url, servers, clock, process="one") as app:
        mailbox = (await furnish(app, tmp_path / "templates", rep_smtp="smtp://localhost:1"))[0]
        await enroll(app, 1)
        clock.now = EPOCH + until_due()
        other = replace(app, process="other")
        for each in (app, other):
            await presence.beat(each, presence.WORKER)
        yield Two(app, other, clock, servers, mailbox)


async def test_a_worker_that_outlived_its_claim_does_not_send_what_another_sent(two: Two) -> None:
    (slow,) = await two.claim(two.one)
    two.clock.now += two.one.policy.lease
    assert (await sending.send_due(two.other, two.mailbox))["accepted"] == 1
    assert await sending._deal_with(two.one, [slow]) == {"wait": 1}
    assert len(two.sent) == 1
    assert (await two.message()).state is MessageState.SENT


async def test_a_worker_that_outlived_its_claim_does_not_try_again_what_another_deferred(two: Two) -> None:
    async with two.one.db.write() as tx:
        await messages.move(tx, 1, MessageState.SENDING)
        await messages.move(tx, 1, MessageState.DEFERRED, wake_at=two.clock())
    (slow,) = await two.claim(two.one)
    async with two.one.db.write() as tx:
        assert await begin(two, tx, slow)
        await messages.move(tx, 1, MessageState.DEFERRED)
    assert await sending._deal_with(two.other, [slow]) == {"wait": 1}
    assert not two.sent


async def test_what_a_dead_worker_had_claimed_is_free_as_soon_as_it_counts_as_dead(two: Two) -> None:
    await two.claim(two.one)
    two.clock.now += presence.ALIVE_FOR / 2
    await presence.beat(two.other, presence.WORKER)
    assert not (await upkeep.look_after(two.other))["taken_back"]
    two.clock.now += presence.ALIVE_FOR / 2
    assert (await upkeep.look_after(two.other))["taken_back"] == 1
    assert (await sending.send_due(two.other, two.mailbox))["accepted"] == 1


async def test_a_pause_that_became_longer_does_not_end_at_its_first_date(two: Two) -> None:
    await enrolling.change(two.one, "p0@p0.example", Fact.PAUSE, "a", until=two.clock() + timedelta(hours=1))
    two.clock.now += timedelta(hours=1)
    async with two.one.db.read() as tx:
        (due,) = await enrollments.due_to_resume(tx, two.clock())
    async with two.one.db.write() as tx:
        await transitions.apply(two.one, tx, due.id, Fact.PAUSE, "a person must look first")
    async with two.one.db.write() as tx:
        assert not await upkeep._resume(two.one, tx, due)
    async with two.one.db.read() as tx:
        assert (await enrollments.get(tx, due.id)).state is EnrollmentState.PAUSED


async def test_a_mail_that_was_cancelled_since_it_was_claimed_is_not_marked(two: Two) -> None:
    (claimed,) = await two.claim(two.one)
    async with two.one.db.write() as tx:
        await messages.cancel_open(tx, claimed.enrollment_id, "they opted out")
        assert not await begin(two, tx, claimed)


async def test_what_one_worker_claimed_another_does_not_get(two: Two) -> None:
    assert len(await two.claim(two.one)) == 1
    assert await two.claim(two.other) == []


async def begin(two: Two, tx: AsyncConnection, message: OutboundMessage) -> set[int]:
    """Mark a mail as being sent, as it was claimed."""
    departure = flight.Departure(message, b"x", "a subject", None, 1)
    now = two.clock()
    return await flight.begin(tx, [departure], now=now, until=now, mailbox_id=two.mailbox, sent_by=None)

"""A mailbox that cannot be read for long becomes a person's task, once, and settles it by itself."""

from datetime import timedelta

import pytest

from cadence.core.errors import MailboxError
from cadence.core.model import TaskKind
from cadence.core.sequence import From
from cadence.service import connecting, outages, trying_out
from cadence.store import tasks
from tests.service.conftest import mailbox

REP, BOSS = "rep@vendor.test", "boss@vendor.test"


async def fails(world, address=REP):
    """A watcher tries, in vain."""
    box = await connecting.find(world.app, address)
    with pytest.raises(MailboxError):
        await world.read(address)
    return await outages.report(world.app, box.id, "connection refused")


async def works(world, address=REP):
    await world.read(address)
    await outages.end(world.app, await connecting.find(world.app, address))


async def opened(world):
    async with world.app.db.read() as tx:
        return [task.text for task in await tasks.opened(tx) if task.kind == TaskKind.NOT_READ]


async def test_after_a_day_a_person_is_told_once_and_not_again(world):
    await world.enroll()
    await works(world)
    world.servers.down.add(REP)
    await world.after(hours=3)
    assert not await fails(world)
    await world.after(days=5)  # too late for the first mail; the second comes four days later
    await world.after(days=5)
    assert await fails(world)
    assert await fails(world)
    (text,) = await opened(world)
    assert text.startswith("rep@vendor.test not read since 2026-03-03 10:00 UTC")
    assert "connection refused" in text
    assert world.sent == []


async def test_the_task_is_settled_when_the_mailbox_is_read_again_and_mails_go_on(world):
    await world.enroll()
    world.servers.down.add(REP)
    await world.after(hours=2)
    world.now += timedelta(days=2)
    assert await fails(world)
    world.servers.down.clear()
    await works(world)
    assert await opened(world) == []
    await world.after(minutes=1)
    await world.after(days=5)
    assert len(world.sent) == 1


async def test_where_no_mail_waits_nobody_is_troubled(world):
    await works(world)
    world.servers.down.add(REP)
    world.now += timedelta(days=9)
    assert not await fails(world)
    await world.enroll()
    world.now += timedelta(hours=1, seconds=-1)  # the mail is due in an hour
    assert not await fails(world)
    world.now += timedelta(minutes=1)
    assert await fails(world)


async def test_mails_that_leave_from_another_mailbox_wait_as_well(world):
    """An answer to whoever wrote to the company may be waiting in that mailbox."""
    await connecting.add(world.app, mailbox(BOSS, From.EXECUTIVE))
    await world.enroll("dana@lost.example", mailbox=BOSS, company="Lost Inc.")
    await world.after(hours=2)
    assert [mail.mailbox for mail in world.sent] == [BOSS]
    await world.enroll("emil@lost.example", mailbox=REP, company="Lost Inc.", deal_name="another")
    world.servers.down.add(BOSS)
    world.now += timedelta(days=3)  # only the rep's next mail is due
    assert await fails(world, BOSS)


async def test_a_fault_that_a_person_knows_of_makes_no_second_task(world):
    await world.enroll()
    box = await connecting.find(world.app, REP)
    await trying_out.report_fault(world.app, box.id, "the password is wrong")
    world.servers.down.add(REP)
    world.now += timedelta(days=2)
    assert not await fails(world)


async def test_the_end_of_an_outage_settles_no_other_task(world):
    box = await connecting.find(world.app, REP)
    await trying_out.report_fault(world.app, box.id, "550 quota exceeded")
    await works(world)
    async with world.app.db.read() as tx:
        assert [task.kind for task in await tasks.opened(tx)] == [TaskKind.MAILBOX_FAULT]

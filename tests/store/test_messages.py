"""The queue: claimed once, back after the lease, and no way around the table of moves."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import product

from cadence.core.lifecycle import MESSAGE_MOVES
from cadence.core.model import MessageState
from cadence.core.planning import Plan
from cadence.store import flight, messages
from cadence.store.tables import messages as table

LEASE = timedelta(minutes=5)


async def claimed(world, limit=20):
    async with world.app.db.write() as tx:
        found = await messages.claim(tx, 1, now=world.now, until=world.now + LEASE, limit=limit)
    return [message.step for message in found]


async def test_what_is_claimed_is_nobody_else_s_until_the_lease_ends(world):
    await world.enroll()
    world.now += timedelta(hours=2)
    assert await claimed(world) == ["thank-you"]
    assert await claimed(world) == []
    world.now += LEASE
    assert await claimed(world) == ["thank-you"]


async def test_of_many_workers_one_gets_it(world):
    await world.enroll()
    world.now += timedelta(hours=2)
    results = await asyncio.gather(*(claimed(world) for _ in range(8)))
    assert sorted(results) == [[]] * 7 + [["thank-you"]]


async def test_what_is_not_due_is_not_claimed(world):
    await world.enroll()
    assert await claimed(world) == []


async def test_a_batch_is_no_larger_than_asked_for(world):
    for number in range(5):
        await world.enroll(f"p{number}@lost{number}.example", company=f"Company {number}")
    world.now += timedelta(hours=2)
    assert [len(await claimed(world, limit=3)) for _ in range(3)] == [3, 2, 0]


async def test_a_mail_moves_only_where_the_table_lets_it(world):
    enrollment = await world.enroll()
    async with world.app.db.write() as tx:
        (message,) = await messages.of_enrollment(tx, enrollment.id)
        for state, to in product(MessageState, MessageState):
            await tx.execute(table.update().values(state=state))
            assert await messages.move(tx, message.id, to) == (to in MESSAGE_MOVES[state]), (state, to)


async def test_a_mail_begins_once(world):
    enrollment = await world.enroll()
    async with world.app.db.write() as tx:
        (message,) = await messages.of_enrollment(tx, enrollment.id)
        assert await begin(world, tx, message) == {message.id}
        assert await begin(world, tx, message) == set()


async def test_a_mark_comes_off_as_if_it_had_never_been_there(world):
    enrollment = await world.enroll()
    async with world.app.db.write() as tx:
        (message,) = await messages.of_enrollment(tx, enrollment.id)
        await begin(world, tx, message)
        await flight.unsay(tx, [message], world.now - timedelta(seconds=1))  # somebody else's mark
        assert (await messages.get(tx, message.id)).state is MessageState.SENDING
        await flight.unsay(tx, [message], world.now)
        again = await messages.get(tx, message.id)
        assert replace(again, subject=None, mailbox_id=message.mailbox_id, revision_id=None) == message


async def test_a_mail_that_left_is_recorded_once(world):
    enrollment = await world.enroll()
    async with world.app.db.write() as tx:
        (message,) = await messages.of_enrollment(tx, enrollment.id)
        await begin(world, tx, message)
        arrival = flight.Arrival(message, world.now, "250 2.0.0 queued", True)
        assert await flight.arrive(tx, [arrival]) == [arrival]
        assert await flight.arrive(tx, [arrival]) == []


async def begin(world, tx, message):
    departure = flight.Departure(message, b"x", "s", None, 1)
    until = world.now + LEASE
    return await flight.begin(tx, [departure], now=world.now, until=until, mailbox_id=1, sent_by=None)


async def test_an_occurrence_of_a_step_is_planned_once(world):
    enrollment = await world.enroll()
    about = {"enrollment_id": enrollment.id, "prospect_id": 1, "account_id": 1, "mailbox_id": 1}
    again = Plan("thank-you", 1, world.now, world.now, "again")
    other = Plan("offer", 1, world.now, world.now, "new")
    async with world.app.db.write() as tx:
        rows = [
            messages.planned(plan, message_id=f"<{plan.step}@y.test>", **about) for plan in (again, other)
        ]
        await messages.plan(tx, rows)
        steps = [message.step for message in await messages.of_enrollment(tx, enrollment.id)]
    assert sorted(steps) == ["offer", "thank-you"]

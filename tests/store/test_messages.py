"""The queue: claimed once, back after the lease, and no way around the table of moves."""

import asyncio
from datetime import timedelta
from itertools import product

from cadence.core.lifecycle import MESSAGE_MOVES
from cadence.core.model import MessageState
from cadence.core.planning import Plan
from cadence.store import messages
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
        begin = {"now": world.now, "until": world.now + LEASE, "raw": b"x", "subject": "s", "story": None}
        assert await messages.begin(tx, message, **begin)
        assert not await messages.begin(tx, message, **begin)


async def test_an_occurrence_of_a_step_is_planned_once(world):
    enrollment = await world.enroll()
    plan = Plan("thank-you", 1, world.now, world.now, "again")
    async with world.app.db.write() as tx:
        assert (
            await messages.plan(
                tx,
                plan,
                enrollment_id=enrollment.id,
                prospect_id=1,
                account_id=1,
                mailbox_id=1,
                message_id="<x@y.test>",
            )
            is None
        )

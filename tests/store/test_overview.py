"""What an overview shows agrees with what was done, and costs no look at every person."""

import sqlalchemy as sa

from cadence.core.lifecycle import Fact
from cadence.core.model import MessageState
from cadence.core.sequence import From
from cadence.service import connecting, enrolling
from cadence.store import correspondence, handovers
from cadence.store.handovers import Load
from cadence.store.tables import messages
from tests.service.conftest import mailbox


async def test_a_mailbox_shows_how_many_people_are_written_to_from_it(world):
    await connecting.add(world.app, mailbox("boss@vendor.test", From.EXECUTIVE))
    await connecting.add(world.app, mailbox("idle@vendor.test"))
    for name in ("dana", "erin"):
        await world.enroll(f"{name}@{name}.example", company=name, mailbox="rep@vendor.test")
    await enrolling.change(world.app, "erin@erin.example", Fact.STOP, "a test")
    found = {one.mailbox.address: one.live for one in await connecting.overview(world.app)}
    assert found == {"rep@vendor.test": 1, "boss@vendor.test": 1, "idle@vendor.test": 0}


async def test_mails_of_each_state_are_counted_whatever_states_there_are(world):
    for state in MessageState:
        await world.enroll(f"{state}@{state.replace('_', '-')}.example", company=state)
        async with world.app.db.write() as tx:
            newest = sa.select(sa.func.max(messages.c.id)).scalar_subquery()
            await tx.execute(messages.update().where(messages.c.id == newest).values(state=state))
    async with world.app.db.read() as tx:
        plain = await tx.execute(sa.select(messages.c.state, sa.func.count()).group_by(messages.c.state))
        assert await correspondence.counts(tx) == dict(map(tuple, plain))


async def test_what_would_be_handed_over_is_what_waits_and_not_what_is_leaving(world):
    await connecting.add(world.app, mailbox("boss@vendor.test", From.EXECUTIVE))
    for name in ("ann", "bob", "cleo", "dana", "erin"):
        await world.enroll(f"{name}@{name}.example", company=name, mailbox="rep@vendor.test")
    await enrolling.change(world.app, "erin@erin.example", Fact.STOP, "a test")
    async with world.app.db.write() as tx:
        for number, state in ((1, MessageState.SENDING), (2, MessageState.IN_DOUBT), (3, MessageState.HELD)):
            await tx.execute(messages.update().where(messages.c.enrollment_id == number).values(state=state))
        assert await handovers.load(tx, 1) == Load(people=4, mails=2, leaving=2)
        assert await handovers.load(tx, 2) == Load(
            people=4, mails=0, leaving=0
        )  # whom they are to write to later

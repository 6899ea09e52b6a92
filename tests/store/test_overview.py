"""What an overview shows agrees with what was done, and costs no look at every person."""

from cadence.core.lifecycle import Fact
from cadence.core.sequence import From
from cadence.service import connecting, enrolling
from tests.service.conftest import mailbox


async def test_a_mailbox_shows_how_many_people_are_written_to_from_it(world):
    await connecting.add(world.app, mailbox("boss@vendor.test", From.EXECUTIVE))
    await connecting.add(world.app, mailbox("idle@vendor.test"))
    for name in ("dana", "erin"):
        await world.enroll(f"{name}@{name}.example", company=name, mailbox="rep@vendor.test")
    await enrolling.change(world.app, "erin@erin.example", Fact.STOP, "a test")
    found = {one.mailbox.address: one.live for one in await connecting.overview(world.app)}
    assert found == {"rep@vendor.test": 1, "boss@vendor.test": 1, "idle@vendor.test": 0}

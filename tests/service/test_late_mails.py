"""What came too late to be sent is the rep's to do by themselves."""

from datetime import timedelta

from cadence.core.model import TaskKind
from cadence.store import tasks
from tests.service.conftest import World


async def test_a_late_thank_you_is_left_out_and_the_rep_told_what_to_do_instead(world: World) -> None:
    await world.enroll(lost_at=world.now - timedelta(hours=30))
    await world.after(minutes=1)
    assert world.sent == []
    async with world.app.db.read() as tx:
        (task,) = await tasks.opened(tx)
    assert (task.kind, task.email) == (TaskKind.TOO_LATE, "dana@lost.example")
    assert "it could not leave within 24 hours" in task.text
    assert task.text.endswith(
        "Call them, or write a line of your own that says it comes late; the sequence goes on with feedback"
    )


async def test_of_a_loss_long_ago_nobody_is_asked_anything(world: World) -> None:
    await world.enroll(lost_at=world.now - timedelta(days=30))
    await world.after(minutes=1)
    async with world.app.db.read() as tx:
        assert await tasks.opened(tx) == []


async def test_a_mail_that_is_left_out_for_another_reason_asks_nobody(world: World) -> None:
    await world.enroll()
    await world.after(hours=2)
    async with world.app.db.read() as tx:
        assert await tasks.opened(tx) == []

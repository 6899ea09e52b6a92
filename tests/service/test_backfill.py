"""How far back a folder is read whose numbers say nothing: it is new to us, or was numbered anew."""

from datetime import timedelta

from cadence.store import mailboxes
from tests.service.fakes import reply

DANA = "dana@lost.example"
WORDS = "Please stop writing to me."


def answer(world, days_ago, number=1):
    at = world.now - timedelta(days=days_ago)
    return reply(WORDS, to=world.sent[0].raw, sender=DANA, at=at, number=number)


async def cursor(world, folder="INBOX"):
    async with world.app.db.read() as tx:
        return await mailboxes.cursor(tx, 1, folder)


async def test_mails_older_than_the_backfill_are_passed_over_for_good(world):
    enrollment = await world.enroll()
    await world.after(hours=2)
    assert await world.arrives(answer(world, days_ago=40)) == 0
    assert (await cursor(world)).last_uid == 1
    assert await world.read() == 0
    assert await world.state(enrollment) == "active"


async def test_what_is_younger_than_the_backfill_is_read_when_a_folder_is_new(world):
    enrollment = await world.enroll()
    await world.after(hours=2)
    world.servers.mails("rep@vendor.test").append(answer(world, days_ago=40))
    assert await world.arrives(answer(world, days_ago=29, number=2)) == 1
    assert await world.state(enrollment) == "opted_out"


async def test_a_folder_that_is_numbered_anew_is_read_back_as_far(world):
    enrollment = await world.enroll()
    await world.after(hours=2)
    await world.arrives(answer(world, days_ago=40))
    world.servers.uidvalidity = 2
    assert await world.read() == 0
    assert await world.state(enrollment) == "active"
    assert await world.arrives(answer(world, days_ago=0, number=2)) == 1


async def test_nothing_is_passed_over_that_came_while_we_could_not_read(world):
    enrollment = await world.enroll()
    await world.after(hours=2)
    world.now += timedelta(days=60)
    world.servers.uidvalidity = 2
    assert await world.arrives(answer(world, days_ago=50)) == 1
    assert await world.state(enrollment) == "opted_out"


async def test_a_mail_that_is_old_is_read_where_the_folder_is_known(world):
    await world.enroll()
    await world.after(hours=2)
    await world.arrives(reply("Lunch?", to=None, sender="friend@private.example", at=world.now))
    assert await world.arrives(answer(world, days_ago=40)) == 1

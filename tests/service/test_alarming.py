"""An answer that calls for a person is told to people by mail, once, and not when they know it already."""

from datetime import timedelta
from email import message_from_bytes, policy

from cadence.core.delivery import Outcome, OutcomeKind
from cadence.service import alarming, answering
from cadence.store import tasks
from tests.service.fakes import reply

DANA = "dana@lost.example"
UNDECIDED = "We have not signed with anybody yet, the decision is still open."
AWAY = Outcome(OutcomeKind.DEFERRED, 451, "4.3.0", "try again later")


async def undecided(world):
    await world.enroll(first_name="Dana")
    await world.after(hours=2)
    await world.arrives(reply(UNDECIDED, to=world.sent[0].raw, sender=DANA, at=world.now))
    world.sent.clear()


async def test_the_rep_is_told_with_the_words_and_a_reply_to_begin_with(world):
    await undecided(world)
    assert await alarming.look_after(world.app) == {"told": 1}
    (left,) = world.sent
    mail = message_from_bytes(left.raw, policy=policy.default)
    assert (left.recipient, mail["Subject"]) == ("rep@vendor.test", "Still undecided: Dana, Lost Inc.")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert f"> {UNDECIDED}" in mail.get_content()
    assert "    Hello Dana," in mail.get_content()


async def test_nobody_is_told_twice(world):
    await undecided(world)
    for _ in range(3):
        await alarming.look_after(world.app)
        world.now += timedelta(hours=1)
    assert len(world.sent) == 1


async def test_an_alarm_waits_unclaimed_while_the_server_is_slow_with_those_before_it(world, monkeypatch):
    await undecided(world)
    other = "lee@other.example"
    await world.enroll(other, company="Other Inc.")
    await world.after(hours=2)
    await world.arrives(reply(UNDECIDED, to=world.sent[0].raw, sender=other, at=world.now, number=2))
    world.sent.clear()
    post = alarming.announcing.post

    async def slow(*args, **more):
        world.now += alarming.LEASE * 0.6
        if len(world.sent) == 1:  # a second process looks while the second alarm is being told
            monkeypatch.setattr(alarming.announcing, "post", post)
            await alarming.look_after(world.app)
        return await post(*args, **more)

    monkeypatch.setattr(alarming.announcing, "post", slow)
    await alarming.look_after(world.app)
    subjects = [message_from_bytes(left.raw, policy=policy.default)["Subject"] for left in world.sent]
    assert sorted(subjects) == ["Still undecided: Dana, Lost Inc.", f"Still undecided: {other}, Other Inc."]


async def test_a_mail_server_that_is_away_is_asked_again(world):
    await undecided(world)
    world.servers.outcomes = [AWAY]
    assert await alarming.look_after(world.app) == {"failed": 1}
    assert await alarming.look_after(world.app) == {}
    world.now += timedelta(minutes=2)
    assert await alarming.look_after(world.app) == {"told": 1}


async def test_what_somebody_answered_meanwhile_is_not_told(world):
    await undecided(world)
    world.servers.outcomes = [AWAY]
    await alarming.look_after(world.app)
    async with world.app.db.read() as tx:
        (task,) = [one for one in await tasks.opened(tx) if one.kind == "decision_open"]
    await answering.answer(world.app, task.id, "done")
    world.now += timedelta(minutes=2)
    world.sent.clear()
    assert await alarming.look_after(world.app) == {"settled": 1}
    assert not world.sent


async def test_old_news_is_left_to_today(world):
    await undecided(world)
    world.now += timedelta(days=2)
    assert await alarming.look_after(world.app) == {}


async def test_an_old_answer_that_is_read_only_now_rings_nobody(world):
    await world.enroll()
    await world.after(hours=2)
    written = world.now
    world.now += timedelta(days=3)
    await world.arrives(reply(UNDECIDED, to=world.sent[0].raw, sender=DANA, at=written))
    assert await alarming.look_after(world.app) == {}


async def test_the_reply_to_begin_with_stands_where_it_is_written(world):
    await undecided(world)
    async with world.app.db.read() as tx:
        (task,) = [one for one in await tasks.opened(tx) if one.kind == "decision_open"]
    assert (await alarming.suggested(world.app, task.inbound_id)).startswith("Hello Dana,")
    await answering.answer(world.app, task.id, "done")
    assert await alarming.suggested(world.app, task.inbound_id) == ""

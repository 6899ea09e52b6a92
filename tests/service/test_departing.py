"""What leaves together: as far as pace, company and server let it, and each by itself in the end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cadence.core.delivery import Outcome, OutcomeKind
from cadence.core.lifecycle import Fact
from cadence.core.model import MessageState
from cadence.service import connecting, departing, enrolling, outcomes, sending
from cadence.store import flight, mailboxes, messages
from cadence.store.flight import Departure
from tests.service.fakes import FakeSender

ADDRESS = "rep@vendor.test"


async def due(world, count, *, gap=0, cap=100, company="Company {}"):
    """So many people with a mail due now, from a mailbox of that pace; gives their enrollments."""
    pace = {"gap": gap, "jitter": 0, "daily_cap": cap, "ramp_from": cap, "ramp_step": 0}
    await connecting.change(world.app, ADDRESS, pace)
    made = [
        await world.enroll(f"p{number}@lost{number}.example", company=company.format(number))
        for number in range(count)
    ]
    world.now += timedelta(hours=2)
    return made


async def first_mails(world, made):
    async with world.app.db.read() as tx:
        return [(await messages.of_enrollment(tx, one.id))[0] for one in made]


async def states(world, made):
    return [message.state.value for message in await first_mails(world, made)]


async def send(world, **more):
    return await sending.send_due(world.app, (await connecting.find(world.app, ADDRESS)).id, **more)


async def test_a_gap_holds_between_mails_that_are_due_at_once(world):
    await due(world, 3, gap=60)
    assert await send(world) == {"accepted": 1, "wait": 2}


async def test_a_cap_holds_within_a_batch(world):
    made = await due(world, 5, cap=3)
    assert await send(world) == {"accepted": 3, "wait": 2}
    assert "its 3 mails of the day" in (await first_mails(world, made))[-1].why


async def test_two_people_of_one_company_are_not_written_to_at_once(world):
    made = await due(world, 2, company="One Company")
    assert await send(world) == {"accepted": 1, "wait": 1}
    assert await states(world, made) == ["sent", "planned"]


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome(OutcomeKind.DEFERRED, text="connection lost"),
        Outcome(OutcomeKind.DEFERRED, 421, "4.3.2", "shutting down"),
        Outcome(OutcomeKind.MAILBOX_FAULT, 535, "5.7.8", "wrong password"),
        Outcome(OutcomeKind.IN_DOUBT, text="no answer"),
    ],
)
async def test_where_the_server_fails_the_rest_never_left(world, outcome):
    made = await due(world, 4)
    world.servers.outcomes = [Outcome(OutcomeKind.ACCEPTED, 250), outcome]
    assert await send(world) == {"accepted": 1, outcome.kind.value: 1}
    left = (await first_mails(world, made))[2:]
    assert {(mail.state, mail.attempts, mail.sent_at) for mail in left} == {(MessageState.PLANNED, 0, None)}
    assert len(world.sent) == 1


async def test_one_refusal_holds_up_no_other(world):
    made = await due(world, 3)
    world.servers.outcomes = [Outcome(OutcomeKind.DEFERRED, 451, "4.7.1", "greylisted")]
    assert await send(world) == {"deferred": 1, "accepted": 2}
    assert await states(world, made) == ["deferred", "sent", "sent"]


async def test_a_slow_server_gets_no_mail_that_was_decided_long_ago(world, monkeypatch):
    monkeypatch.setattr(departing, "HANDING_OVER", -1.0)
    made = await due(world, 3)
    assert await send(world) == {}
    assert await states(world, made) == ["planned"] * 3
    monkeypatch.setattr(departing, "HANDING_OVER", 5.0)
    assert await send(world) == {"accepted": 3}


async def test_a_machine_that_slept_between_mark_and_server_sends_nothing(world, monkeypatch):
    made = await due(world, 2)
    begin = departing._begin

    async def then_sleep(*args):
        begun = await begin(*args)
        world.now += timedelta(seconds=departing.STALE + 1)
        return begun

    monkeypatch.setattr(departing, "_begin", then_sleep)
    assert await send(world) == {}
    assert await states(world, made) == ["planned"] * 2
    monkeypatch.setattr(departing, "_begin", begin)
    assert await send(world) == {"accepted": 2}


async def test_what_was_not_handed_over_is_cancelled_where_its_enrollment_ended_meanwhile(world, monkeypatch):
    made = await due(world, 3)
    send_it = FakeSender.send

    async def meanwhile(self, raw, sender, recipient):
        await enrolling.opt_out(world.app, made[1].id, "a link")
        await enrolling.change(world.app, "p2@lost2.example", Fact.PAUSE, "the rep said so")
        world.servers.outcomes = [Outcome(OutcomeKind.DEFERRED, text="connection lost")]
        return await send_it(self, raw, sender, recipient)

    monkeypatch.setattr(FakeSender, "send", meanwhile)
    assert await send(world) == {"deferred": 1}
    assert await states(world, made) == ["deferred", "cancelled", "planned"]
    assert await send(world) == {}


async def test_the_late_end_of_an_attempt_does_not_touch_the_next_one(world):
    (one,) = await due(world, 1)
    (message,) = await first_mails(world, [one])
    lost = Outcome(OutcomeKind.DEFERRED, text="connection lost")
    async with world.app.db.write() as tx:
        box = await mailboxes.get(tx, message.mailbox_id)
        for _ in range(2):
            now = await messages.get(tx, message.id)
            mail = Departure(now, b"x", "s", None, 1)
            await flight.begin(
                tx, [mail], now=world.now, until=world.now, mailbox_id=message.mailbox_id, sent_by=None
            )
            await outcomes.record(world.app, tx, box, [outcomes.Attempt(message.id, 1, lost)])
        assert (await messages.get(tx, message.id)).state is MessageState.SENDING


async def test_news_that_a_mail_left_after_all_keep_it_from_being_sent_again(world):
    (one,) = await due(world, 1)
    world.servers.outcomes = [Outcome(OutcomeKind.DEFERRED, text="connection lost")]
    assert await send(world) == {"deferred": 1}
    (message,) = await first_mails(world, [one])
    async with world.app.db.write() as tx:
        box = await mailboxes.get(tx, message.mailbox_id)
        accepted = outcomes.Attempt(message.id, 1, Outcome(OutcomeKind.ACCEPTED, 250))
        await outcomes.record(world.app, tx, box, [accepted])
    assert await states(world, [one]) == ["sent"]


async def test_whoever_stops_finishes_the_mail_at_hand_and_puts_the_rest_back(world):
    made = await due(world, 3)
    assert await send(world, stopping=lambda: len(world.sent) > 0) == {"accepted": 1}
    assert await states(world, made) == ["sent", "planned", "planned"]
    assert await send(world) == {"accepted": 2}


async def test_a_mail_on_which_the_sending_breaks_is_in_doubt(world, monkeypatch):
    made = await due(world, 2)
    send_it = FakeSender.send

    async def broken(self, raw, sender, recipient):
        if recipient == "p0@lost0.example":
            raise ZeroDivisionError
        return await send_it(self, raw, sender, recipient)

    monkeypatch.setattr(FakeSender, "send", broken)
    assert await send(world) == {"in_doubt": 1}
    assert await send(world) == {"accepted": 1}
    assert await states(world, made) == ["in_doubt", "sent"]


async def test_an_outcome_that_cannot_be_recorded_takes_no_other_along(world, monkeypatch):
    made = await due(world, 3)
    (poison, *_) = await first_mails(world, made)
    record = outcomes.record

    async def broken(app, tx, mailbox, attempts):
        if any(attempt.message_id == poison.id for attempt in attempts):
            raise ZeroDivisionError
        await record(app, tx, mailbox, attempts)

    monkeypatch.setattr(outcomes, "record", broken)
    assert await send(world) == {"accepted": 3}
    assert await states(world, made) == ["sending", "sent", "sent"]


async def test_a_mail_that_breaks_the_code_holds_up_no_other(world, monkeypatch):
    made = await due(world, 3)
    write = sending._write

    async def broken(app, tx, situation):
        if situation.case.prospect.email == "p1@lost1.example":
            raise ZeroDivisionError
        return await write(app, tx, situation)

    monkeypatch.setattr(sending, "_write", broken)
    assert await send(world) == {"accepted": 2, "fault": 1}
    assert await states(world, made) == ["sent", "planned", "sent"]


async def test_what_leaves_together_is_what_would_leave_one_by_one(world):
    """The batch of one is the oracle: the same mails leave, and the same follow."""
    made = await due(world, 6, cap=4)
    alone = replace(world.app, policy=replace(world.app.policy, batch=1))
    mailbox = (await connecting.find(world.app, ADDRESS)).id
    for _ in range(6):
        await sending.send_due(alone, mailbox)
    one_by_one = await states(world, made)
    again = [
        await world.enroll(f"q{number}@late{number}.example", company=f"Late {number}") for number in range(6)
    ]
    world.now += timedelta(days=1)
    while (await send(world)).total():
        pass
    assert await states(world, again) == one_by_one

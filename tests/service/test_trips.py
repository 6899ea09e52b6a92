"""The send trip and the reply trip, rule by rule, with the network at arm's length."""

import asyncio
from datetime import timedelta
from email import message_from_bytes

import pytest

from cadence.core.delivery import Outcome, OutcomeKind
from cadence.core.errors import Conflict, InvalidInput
from cadence.core.lifecycle import Fact
from cadence.service import answering, connecting, doubts, enrolling, publishing, sending
from cadence.store import correspondence, inbound, mailboxes, messages, prospects, tasks
from tests.service.conftest import SEQUENCE, mailbox, write_sequence
from tests.service.fakes import FakeInbox, reply

DANA = "dana@lost.example"


async def open_tasks(world):
    async with world.app.db.read() as tx:
        return await tasks.opened(tx)


async def status(world, email=DANA):
    async with world.app.db.read() as tx:
        return (await prospects.find(tx, email)).status.value


async def test_a_thank_you_leaves_two_hours_after_the_loss(world):
    await world.enroll(first_name="Dana")
    assert await world.after(hours=1) == {}
    assert await world.after(hours=1) == {"accepted": 1}
    mail = message_from_bytes(world.sent[0].raw)
    assert (world.sent[0].recipient, mail["Subject"]) == (DANA, "Thank you")
    assert "Hello Dana" in mail.get_payload()[0].get_payload()
    assert await status(world) == "contacted"


async def test_while_nobody_answers_the_chain_goes_on_to_its_end(world):
    enrollment = await world.enroll()
    for _ in range(60):
        await world.after(days=10)
    assert [message_from_bytes(s.raw)["Subject"] for s in world.sent] == [
        "One question",
        "Re: One question",
        "A bakery",
        "A depot",
    ]  # the thank-you was ten days late; two stories, then nothing more to say
    assert await world.state(enrollment) == "finished"
    assert (await world.mails(enrollment))["thank-you"] == "skipped"


async def test_a_reply_goes_into_the_latest_conversation(world):
    await world.enroll()
    await world.after(hours=2)
    await world.after(days=4)
    await world.after(days=10)
    _, question, answer = (message_from_bytes(s.raw) for s in world.sent)
    assert answer["Subject"] == "Re: One question"
    assert answer["In-Reply-To"] == answer["References"] == question["Message-ID"]


async def test_a_mail_is_never_sent_twice_by_two_workers(world):
    await world.enroll()
    world.now += timedelta(hours=2)
    results = await asyncio.gather(*(sending.send_due(world.app, 1) for _ in range(4)))
    assert sum(r["accepted"] for r in results) == len(world.sent) == 1


async def test_a_worker_that_dies_before_the_mail_server_answers_leaves_it_in_doubt(world):
    await world.enroll()
    world.servers.outcomes = [_Dies()]
    with pytest.raises(_Killed):
        await world.after(hours=2)
    await world.after(hours=1)
    (task,) = await open_tasks(world)
    assert (task.kind, world.sent) == ("in_doubt", [])
    assert await world.after(days=30) == {}  # nothing more leaves until somebody knows


class _Killed(BaseException):
    pass


class _Dies:
    @property
    def kind(self):
        raise _Killed


async def test_a_mail_in_doubt_that_turns_up_in_sent_did_leave(world):
    enrollment = await world.enroll()
    world.servers.outcomes = [Outcome(OutcomeKind.IN_DOUBT, text="dropped after the final dot")]
    await world.after(hours=2)
    async with world.app.db.read() as tx:
        (message, *_) = await messages.of_enrollment(tx, enrollment.id)
        raw = await correspondence.raw(tx, message.id)
    await world.arrives(raw, folder="Sent")
    assert (await world.mails(enrollment))["thank-you"] == "sent"
    assert await open_tasks(world) == []
    assert await world.after(days=4) == {"accepted": 1}


async def test_a_rep_who_knows_that_it_did_not_leave_has_it_sent_again(world):
    await world.enroll()
    world.servers.outcomes = [Outcome(OutcomeKind.IN_DOUBT)]
    await world.after(hours=2)
    await answering.answer(world.app, (await open_tasks(world))[0].id, "not-sent")
    assert await world.after(hours=1) == {"accepted": 1}


async def test_a_temporary_refusal_is_tried_again_with_the_same_message_id(world):
    enrollment = await world.enroll()
    world.servers.outcomes = [Outcome(OutcomeKind.DEFERRED, 451, "4.3.0", "busy")]
    await world.after(hours=2)
    assert (await world.mails(enrollment))["thank-you"] == "deferred"
    assert await world.after(hours=1) == {"accepted": 1}


async def test_what_cannot_be_delivered_in_five_days_is_given_up(world):
    write_sequence(world.templates, SEQUENCE.replace('within  = "24 hours"\n', ""))
    await publishing.publish(world.app, world.templates, "lost")
    enrollment = await world.enroll()
    world.servers.outcomes = [Outcome(OutcomeKind.DEFERRED, 451, "4.3.0", "busy")] * 100
    for _ in range(150):
        await world.after(hours=1)
    assert await world.state(enrollment) == "failed"
    assert len(world.servers.outcomes) > 80  # with ever longer waits


async def test_an_unknown_recipient_bounces_everywhere(world):
    enrollment = await world.enroll()
    world.servers.outcomes = [Outcome(OutcomeKind.REFUSED, 550, "5.1.1", "no such user")]
    await world.after(hours=2)
    assert (await world.state(enrollment), await status(world)) == ("bounced", "bounced")
    with pytest.raises(Conflict, match="cannot be reached"):
        await world.enroll()


async def test_a_mail_refused_for_its_content_fails_without_blaming_the_address(world):
    enrollment = await world.enroll()
    world.servers.outcomes = [Outcome(OutcomeKind.REFUSED, 552, "5.3.4", "too big")]
    await world.after(hours=2)
    assert (await world.state(enrollment), await status(world)) == ("failed", "new")
    assert [task.kind for task in await open_tasks(world)] == ["held"]


async def test_a_fault_of_the_mailbox_stops_the_mailbox_and_nobody_else_is_blamed(world):
    enrollment = await world.enroll()
    world.servers.outcomes = [Outcome(OutcomeKind.MAILBOX_FAULT, 535, "5.7.8", "bad credentials")]
    await world.after(hours=2)
    assert (await connecting.find(world.app, "rep@vendor.test")).state == "fault"
    assert await world.state(enrollment) == "active"
    await connecting.resume(world.app, "rep@vendor.test")
    assert await world.after(minutes=20) == {"accepted": 1}
    assert await open_tasks(world) == []


async def test_nothing_leaves_while_a_mailbox_cannot_be_read(world):
    await world.enroll()
    world.servers.down.add("rep@vendor.test")
    assert await world.after(hours=2) == {"wait": 1}
    world.servers.down.clear()
    assert await world.after(minutes=1) == {"accepted": 1}


async def test_a_reply_that_waits_in_the_mailbox_stops_the_mail_that_is_due(world):
    enrollment = await world.enroll()
    await world.after(hours=2)
    answer = reply("Please remove me from your list.", to=world.sent[0].raw, sender=DANA, at=world.now)
    world.servers.mails("rep@vendor.test").append(answer)  # nobody has read it yet
    assert "accepted" not in await world.after(days=4)
    assert await world.state(enrollment) == "opted_out"


async def test_who_asked_us_to_stop_cannot_be_enrolled_again(world):
    await world.enroll()
    await world.after(hours=2)
    await world.arrives(reply("Unsubscribe me please.", to=world.sent[0].raw, sender=DANA, at=world.now))
    with pytest.raises(Conflict, match="suppressed"):
        await world.enroll()


async def test_each_reply_is_taken_in_once_however_often_the_mailbox_is_read(world):
    await world.enroll()
    await world.after(hours=2)
    answer = reply("Thanks, and all the best!", to=world.sent[0].raw, sender=DANA, at=world.now)
    assert await world.arrives(answer) == 1
    world.servers.uidvalidity = 2  # renumbered: all of it is looked at again
    assert await world.read() == 0
    async with world.app.db.read() as tx:
        assert sum((await inbound.counts(tx)).values()) == 1


async def test_what_is_not_about_us_is_not_kept(world):
    await world.enroll()
    await world.after(hours=2)
    private = reply("Lunch?", to=None, sender="friend@private.example", at=world.now, subject="Lunch")
    assert await world.arrives(private) == 0
    async with world.app.db.read() as tx:
        assert await inbound.latest(tx, 10) == []


async def test_a_colleague_s_answer_in_the_thread_counts(world):
    enrollment = await world.enroll()
    await world.after(hours=2)
    words = "I took this over. We would like to talk, could you call me tomorrow morning?"
    await world.arrives(reply(words, to=world.sent[0].raw, sender="kim@lost.example", at=world.now))
    assert await world.state(enrollment) in ("reopened", "paused")


async def test_the_rep_s_own_mail_pauses_the_sequence(world):
    enrollment = await world.enroll()
    await world.after(hours=2)
    own = reply("Shall we have lunch?", to=None, sender="rep@vendor.test", at=world.now).replace(
        b"To: rep@vendor.test", b"To: dana@lost.example"
    )
    await world.arrives(own, folder="Sent")
    assert await world.state(enrollment) == "paused"
    assert [task.kind for task in await open_tasks(world)] == ["took_over"]


async def test_our_own_copy_in_sent_is_no_answer(world):
    enrollment = await world.enroll()
    await world.after(hours=2)
    assert await world.arrives(world.sent[0].raw, folder="Sent") == 0
    assert await world.arrives(world.sent[0].raw) == 0
    assert await world.state(enrollment) == "active"


async def test_one_contact_s_answer_spares_the_other_people_of_the_deal(world):
    dana = await world.enroll(deal_name="Roof")
    kim = await world.enroll("kim@lost.example", deal_name="Roof")
    await world.after(hours=2)
    await world.after(hours=1)
    await world.arrives(
        reply("Why do you ask? How would you use it?", to=world.sent[0].raw, sender=DANA, at=world.now)
    )
    assert (await world.state(dana), await world.state(kim)) == ("paused", "paused")
    await enrolling.change(world.app, DANA, Fact.RESUME, "a person said so")
    assert (await world.state(dana), await world.state(kim)) == ("active", "active")


async def test_a_corrected_reply_acts_as_the_person_says(world):
    enrollment = await world.enroll()
    await world.after(hours=2)
    await world.arrives(reply("Hm. Well. You know.", to=world.sent[0].raw, sender=DANA, at=world.now))
    (task,) = await open_tasks(world)
    assert (task.kind, await world.state(enrollment)) == ("review_reply", "paused")
    await answering.answer(world.app, task.id, "feedback")
    assert (await world.state(enrollment), await status(world)) == ("active", "feedback_given")
    await world.after(days=1, hours=1)
    assert message_from_bytes(world.sent[-1].raw)["Subject"] == "Thank you for telling us"


async def test_a_reply_that_turns_out_to_say_nothing_leaves_the_status_as_it_was(world):
    await world.enroll()
    await world.after(hours=2)
    await world.arrives(reply("Hm. Well. You know.", to=world.sent[0].raw, sender=DANA, at=world.now))
    assert await status(world) == "replied"
    await answering.answer(world.app, (await open_tasks(world))[0].id, "acknowledgement")
    assert await status(world) == "contacted"


async def test_a_colleague_in_whose_words_a_person_reads_a_stop_is_suppressed_too(world):
    await world.enroll()
    await world.after(hours=2)
    await world.arrives(
        reply("Hm. Well. You know.", to=world.sent[0].raw, sender="eve@lost.example", at=world.now)
    )
    await answering.answer(world.app, (await open_tasks(world))[0].id, "unsubscribe")
    for address in (DANA, "eve@lost.example"):
        with pytest.raises(Conflict):
            await world.enroll(address)


async def test_after_feedback_the_question_is_not_asked_again(world):
    enrollment = await world.enroll()
    await world.after(hours=2)
    await world.arrives(reply("Hm. Well.", to=world.sent[0].raw, sender=DANA, at=world.now))
    await answering.answer(world.app, (await open_tasks(world))[0].id, "feedback")
    for _ in range(4):
        await world.after(days=3)
    assert (await world.mails(enrollment))["feedback"] == "skipped"


async def test_who_is_glad_to_stay_in_touch_with_no_time_left_for_it_is_done(world):
    write_sequence(world.templates, SEQUENCE.replace('"18 months"', '"65 days"'))
    await publishing.publish(world.app, world.templates, "lost")
    dana = await world.enroll()
    await world.after(hours=2)
    await enrolling.change(world.app, DANA, Fact.PAUSE, "later", world.now + timedelta(days=30))
    world.now += timedelta(days=25)
    text = "Yes, please keep in touch and send me your news from time to time."
    await world.arrives(reply(text, to=world.sent[0].raw, sender=DANA, at=world.now))
    assert await status(world) == "in_touch"
    assert await world.mails(dana) == {"thank-you": "sent", "feedback": "skipped"}
    assert await world.state(dana) == "finished"


async def test_resuming_never_sends_a_burst(world):
    await world.enroll()
    await world.after(hours=2)
    await enrolling.change(world.app, DANA, Fact.PAUSE, "a person said so")
    await world.after(days=100)
    await enrolling.change(world.app, DANA, Fact.RESUME, "a person said so")
    for _ in range(24):
        await world.after(hours=1)
    assert len(world.sent) == 2


async def test_a_pause_with_a_date_ends_by_itself(world):
    enrollment = await world.enroll()
    await world.after(hours=2)
    await enrolling.change(world.app, DANA, Fact.PAUSE, "later", world.now + timedelta(days=30))
    await world.after(days=29)
    assert await world.state(enrollment) == "paused"
    await world.after(days=2)
    assert await world.state(enrollment) == "active"


async def test_a_mail_that_would_be_wrong_is_held_not_sent(world):
    words = "Hello{% if deal.product == 'Roof' %} {{ prospect.title }}{% endif %}"
    (world.templates / "lost/thank-you.md.j2").write_text(words)
    await publishing.publish(world.app, world.templates, "lost")
    enrollment = await world.enroll(deal={"product": "Roof"})
    assert await world.after(hours=2) == {"hold": 1}
    (task,) = await open_tasks(world)
    assert "prospect.title" in task.text and world.sent == []
    await answering.answer(world.app, task.id, "skip")
    assert (await world.mails(enrollment))["thank-you"] == "skipped"


async def test_a_step_on_which_people_wait_is_not_dropped_in_silence(world):
    await world.enroll()
    shorter = SEQUENCE.replace('name    = "thank-you"', 'name    = "thanks"')
    (world.templates / "lost/thank-you.md.j2").rename(world.templates / "lost/thanks.md.j2")
    (world.templates / "lost/sequence.toml").write_text(shorter)
    with pytest.raises(InvalidInput, match="1 people wait on 'thank-you'"):
        await publishing.publish(world.app, world.templates, "lost")
    publication = await publishing.publish(world.app, world.templates, "lost", drop_to_next=True)
    assert publication.moved == {"thank-you": (1, "feedback")}


async def test_publishing_what_did_not_change_makes_no_revision(world):
    assert (await publishing.publish(world.app, world.templates, "lost")).number is None


async def test_a_mail_that_cannot_be_read_is_kept_and_the_loop_goes_on(world, monkeypatch):
    enrollment = await world.enroll()
    await world.after(hours=2)
    from cadence.service import understanding

    def broken(received):
        raise RecursionError("too deep")

    monkeypatch.setattr(understanding, "classify", broken)
    await world.arrives(reply("Hello", to=world.sent[0].raw, sender=DANA, at=world.now))
    monkeypatch.undo()
    assert [task.kind for task in await open_tasks(world)] == ["unreadable"]
    assert await world.state(enrollment) == "paused"
    await world.arrives(reply("Unsubscribe.", to=world.sent[0].raw, sender=DANA, at=world.now, number=2))
    assert await world.state(enrollment) == "opted_out"


async def test_a_step_from_an_executive_is_held_until_there_is_one(world):
    toml = SEQUENCE.replace('subject = "Thank you"', 'subject = "Thank you"\nfrom = "executive"')
    write_sequence(world.templates, toml)
    await publishing.publish(world.app, world.templates, "lost")
    await world.enroll()
    assert await world.after(hours=2) == {"hold": 1}
    assert "executive mailbox" in (await open_tasks(world))[0].text


async def test_an_opt_out_link_stops_everything_and_twice_is_as_good_as_once(world):
    enrollment = await world.enroll()
    for _ in range(2):
        await enrolling.opt_out(world.app, enrollment.id, "link")
    assert await world.state(enrollment) == "opted_out"
    assert await world.after(days=30) == {}


async def test_removing_a_mailbox_stops_what_writes_from_it_and_it_can_come_back(world):
    enrollment = await world.enroll()
    assert await connecting.remove(world.app, "rep@vendor.test") == connecting.Removed(1, None)
    assert await world.state(enrollment) == "stopped"
    back = await connecting.add(world.app, mailbox("rep@vendor.test"))
    assert back.id == enrollment.mailbox_id


async def test_a_mail_that_vanishes_while_it_is_read_stops_nothing(world, monkeypatch):
    enrollment = await world.enroll()
    await world.after(hours=2)

    async def vanished(inbox, uids, limit):
        return {}

    with monkeypatch.context() as patch:
        patch.setattr(FakeInbox, "fetch", vanished)
        answer = reply("Unsubscribe.", to=world.sent[0].raw, sender=DANA, at=world.now)
        assert await world.arrives(answer) == 0
    assert await world.arrives(answer) == 1
    assert await world.state(enrollment) == "opted_out"


async def test_the_chain_waits_while_a_branch_answers_a_reply(world):
    enrollment = await world.enroll()
    await world.after(hours=2)
    await world.after(days=4)
    words = "Honestly, it came down to price. The other offer was a third cheaper."
    await world.arrives(reply(words, to=world.sent[-1].raw, sender=DANA, at=world.now))
    await world.after(days=1, hours=1)
    assert message_from_bytes(world.sent[-1].raw)["Subject"] == "Thank you for telling us"
    await world.after(days=9)
    assert (await world.mails(enrollment))["offer"] == "planned"
    await world.after(days=2)
    assert (await world.mails(enrollment))["offer"] == "sent"


def copy_in_sent(message_id, world):
    """A mail of ours as the Sent folder keeps it."""
    raw = reply("Hello", to=None, sender="rep@vendor.test", at=world.now)
    raw = raw.replace(b"To: rep@vendor.test", b"To: dana@lost.example")
    return raw.replace(b"<reply-1@lost.example>", message_id.encode())


async def test_a_database_restored_from_before_a_mail_left_does_not_send_it_again(world):
    enrollment = await world.enroll()
    async with world.app.db.read() as tx:
        (planned,) = await messages.of_enrollment(tx, enrollment.id)
    world.now += timedelta(hours=2)
    world.servers.mails("rep@vendor.test", "Sent").append(copy_in_sent(planned.message_id, world))
    assert "accepted" not in await world.after(minutes=1)
    assert (await world.mails(enrollment))["thank-you"] == "sent"
    assert await world.after(days=4) == {"accepted": 1}


async def test_a_mail_that_the_restored_database_never_planned_pauses_rather_than_being_sent_again(world):
    enrollment = await world.enroll()
    copy = copy_in_sent("<a-later-step-of-ours@vendor.test>", world)
    world.servers.mails("rep@vendor.test", "Sent").append(copy)
    assert "accepted" not in await world.after(hours=2)
    assert await world.state(enrollment) == "paused"


async def doubtful(world, *, files_sent):
    """A mail in doubt from a mailbox whose provider files copies, or does not."""
    enrollment = await world.enroll()
    world.servers.outcomes = [Outcome(OutcomeKind.IN_DOUBT, text="dropped after the final dot")]
    await world.after(hours=2)
    async with world.app.db.write() as tx:
        await mailboxes.change(tx, enrollment.mailbox_id, files_sent=files_sent)
        return enrollment, await mailboxes.get(tx, enrollment.mailbox_id)


async def test_a_mail_in_doubt_is_sent_again_where_its_absence_from_sent_proves_that_it_never_left(world):
    enrollment, box = await doubtful(world, files_sent=True)
    assert await doubts.resolve(world.app, box) == 0  # the provider may still be filing it
    world.now += timedelta(minutes=16)
    assert await doubts.resolve(world.app, box) == 1
    assert await open_tasks(world) == []
    assert await world.after(minutes=1) == {"accepted": 1}
    assert (await world.mails(enrollment))["thank-you"] == "sent"


async def test_a_clock_that_jumps_makes_no_proof_of_an_absence(world):
    enrollment, box = await doubtful(world, files_sent=True)
    world.app.steady = lambda: 0.0
    world.now += timedelta(hours=1)
    assert await doubts.resolve(world.app, box) == 0
    assert (await world.mails(enrollment))["thank-you"] == "in_doubt"


@pytest.mark.parametrize("files_sent", [False, None])
async def test_absence_proves_nothing_where_the_provider_files_no_copies(world, files_sent):
    enrollment, box = await doubtful(world, files_sent=files_sent)
    world.now += timedelta(days=1)
    assert await doubts.resolve(world.app, box) == 0
    assert (await world.mails(enrollment))["thank-you"] == "in_doubt"


async def test_a_copy_in_sent_proves_that_a_mail_in_doubt_left(world):
    enrollment, box = await doubtful(world, files_sent=True)
    async with world.app.db.read() as tx:
        raw = await correspondence.raw(tx, (await messages.of_enrollment(tx, enrollment.id))[0].id)
    world.servers.mails(box.address, "Sent").append(raw)
    assert await doubts.resolve(world.app, box) == 1
    assert (await world.mails(enrollment))["thank-you"] == "sent"

"""The three trips over real sockets: what leaves, what arrives, what follows."""

import asyncio
from datetime import timedelta
from email import message_from_bytes

import pytest

from cadence.service import connecting, publishing, upkeep
from cadence.store import correspondence, messages
from cadence.worker.loops import Loops


async def test_a_thank_you_arrives_as_a_mail_that_a_person_could_have_written(office):
    dana = await office.prospect()
    await office.enroll(dana.address)
    await office.after(hours=2)
    (mail,) = await office.received(dana)
    assert mail.sender.email == office.rep.address
    assert mail.subject == "Thank you"
    assert "Hello Dana, thank you." in mail.text
    assert "1 Sample Street" in mail.text
    assert mail.headers.get("list-unsubscribe-post") == "List-Unsubscribe=One-Click"
    assert "<https://mail.vendor.test/u/" in mail.headers.get("list-unsubscribe")
    assert mail.html is not None


async def test_two_workers_at_once_send_each_mail_once(office):
    people = [await office.prospect(name) for name in ("dana", "kim", "lee", "noor")]
    for number, person in enumerate(people):
        await office.enroll(person.address, deal_name=f"Deal {number}")
    second = await office.another()
    try:
        await office.after(second, hours=2)
        for _ in range(12):  # the company is written to an hour apart
            await asyncio.gather(office.after(minutes=30), office.after(second, minutes=1))
    finally:
        await second.connections.close()
        await second.db.close()
    for person in people:
        mails = await office.received(person)
        assert [mail.subject for mail in mails] == ["Thank you"]


async def test_a_reply_changes_the_status_and_leaves_no_trace_in_the_mailbox(office):
    dana = await office.prospect()
    enrollment = await office.enroll(dana.address)
    await office.after(hours=2)
    (mail,) = await office.received(dana)
    await office.answers(dana, mail, "Please take me off your list and do not write again.")
    before = await office.server.flags(office.rep.address)
    assert await office.read() == 1
    assert (await office.state(enrollment), await office.status(dana.address)) == (
        "opted_out",
        "unsubscribed",
    )
    assert await office.server.flags(office.rep.address) == before
    assert all("\\Seen" not in flags for flags in before)
    await office.after(days=30)
    assert len(await office.received(dana)) == 1


async def test_a_person_who_wants_to_talk_is_never_sent_the_next_mail(office):
    dana = await office.prospect()
    enrollment = await office.enroll(dana.address)
    await office.after(hours=2)
    (mail,) = await office.received(dana)
    await office.answers(dana, mail, "Thanks. Could we set up a call this week? I would like to see a demo.")
    await office.after(days=4)  # nobody read the mailbox before the next mail was due
    assert await office.state(enrollment) == "reopened"
    assert len(await office.received(dana)) == 1


async def test_a_copy_of_what_was_sent_is_filed_once_in_sent(office):
    dana = await office.prospect()
    await office.enroll(dana.address)
    await office.after(hours=2)
    await office.read()
    mailbox = await connecting.find(office.app, office.rep.address)
    assert await upkeep.file_copies(office.app, mailbox) == 1
    assert await upkeep.file_copies(office.app, mailbox) == 0
    assert await office.read() == 0  # our own copy is no reply
    assert len(await office.server.flags(office.rep.address, mailbox.sent_folder)) == 1


async def test_an_address_that_the_server_refuses_bounces_at_once(office):
    enrollment = await office.enroll("gone@buyer.test")
    await office.after(hours=2)
    assert (await office.state(enrollment), await office.status("gone@buyer.test")) == ("bounced", "bounced")


async def test_a_server_that_is_busy_is_tried_again(office):
    enrollment = await office.enroll("busy@buyer.test")
    await office.after(hours=2)
    async with office.app.db.read() as tx:
        first = (await messages.of_enrollment(tx, enrollment.id))[0]
    assert (first.state, first.attempts) == ("deferred", 1)


async def test_a_real_delivery_report_bounces_the_prospect(office):
    if office.server.kind == "sandbox":
        pytest.skip("the sandbox writes no delivery reports")
    enrollment = await office.enroll("nobody-here@buyer.test")
    await office.after(hours=2)
    await office.arrival(1)
    await office.read()
    assert await office.status("nobody-here@buyer.test") == "bounced"
    assert await office.state(enrollment) == "bounced"


async def test_a_real_vacation_reply_pauses_and_does_not_count_as_an_answer(office):
    if office.server.kind == "sandbox":
        pytest.skip("the sandbox has no Sieve")
    dana = await office.prospect()
    office.server.backend.set_vacation(dana.address, "I am out of the office this week.")
    enrollment = await office.enroll(dana.address)
    await office.after(hours=2)
    await office.arrival(1)
    await office.read()
    assert await office.state(enrollment) == "paused"
    assert await office.status(dana.address) == "contacted"


async def test_an_author_s_new_words_go_out_from_the_next_mail_on(office):
    dana = await office.prospect()
    await office.enroll(dana.address)
    await office.after(hours=2)
    (office.folder / "templates/lost/feedback.md.j2").write_text("What was it in the end?")
    await office.after(minutes=1)
    await publishing.publish(office.app, office.folder / "templates", "lost")
    await office.after(days=4)
    first, second = await office.received(dana, 2)
    assert "thank you." in first.text and "What was it in the end?" in second.text


async def test_the_loops_send_and_react_by_themselves(office):
    dana = await office.prospect()
    enrollment = await office.enroll(dana.address)
    loops = Loops(office.app, poll=2)
    running = asyncio.create_task(loops.run())
    try:
        office.offset += timedelta(hours=2)
        (mail,) = await office.received(dana)
        await office.answers(dana, mail, "Please remove me from your list.")
        for _ in range(100):
            if await office.state(enrollment) == "opted_out":
                break
            await asyncio.sleep(0.1)
        assert await office.state(enrollment) == "opted_out"
    finally:
        loops.stop()
        await asyncio.wait_for(running, 15)


async def test_what_leaves_is_what_is_recorded(office):
    dana = await office.prospect()
    enrollment = await office.enroll(dana.address)
    await office.after(hours=2)
    (mail,) = await office.received(dana)
    async with office.app.db.read() as tx:
        kept = await correspondence.raw(tx, (await messages.of_enrollment(tx, enrollment.id))[0].id)
    assert message_from_bytes(kept)["Message-ID"] == mail.message_id

"""The embedded loops over real sockets: mail leaves, replies act, and no fault of the world ends them."""

import asyncio
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from cadence.core.errors import CadenceError
from cadence.core.model import MailboxState
from cadence.mail.sandbox import AcceptedMail, Sandbox
from cadence.service import connecting, trying_out
from cadence.store import mailboxes, revisions, tasks
from cadence.store.database import Database
from cadence.worker import watching
from tests.servers.process import free_port
from tests.servers.scripted import Act
from tests.servers.scripted_imap import ScriptedImap
from tests.worker.conftest import PASSWORD, QUICK, REP, Site, until


async def test_a_due_mail_leaves_once_and_a_copy_is_filed(site: Site) -> None:
    await site.add()
    enrollment = await site.enroll()
    async with site.at_work():
        await until(lambda: _accepted(site, 1))
        await until(lambda: _is(site.mails(enrollment), "thank-you", "sent"))
        await until(lambda: site.box.mails(REP, "Sent"))
        await asyncio.sleep(0.3)
    assert [mail.recipients for mail in site.box.accepted] == [("dana@lost.example",)]
    assert len(await site.box.mails(REP, "Sent")) == 1


async def test_a_mail_leaves_when_it_is_due_and_not_when_somebody_looks(site: Site) -> None:
    await site.add()
    await site.enroll()
    site.shift -= timedelta(hours=1, seconds=2)
    async with site.at_work(rhythm=replace(QUICK, tick=60.0)):
        await asyncio.sleep(0.5)
        assert site.box.accepted == []
        await until(lambda: _accepted(site, 1), within=10.0)


async def test_what_is_changed_while_nobody_looks_wakes_the_sender(site: Site) -> None:
    await site.add()
    async with site.at_work(rhythm=replace(QUICK, tick=60.0)):
        await until(lambda: _was_read(site))
        await site.enroll()
        await site.app.wake()
        await until(lambda: _accepted(site, 1), within=10.0)


async def test_a_reply_that_was_taken_in_wakes_the_sender(site: Site) -> None:
    await site.add()
    await site.enroll()
    woken = asyncio.Event()
    async with site.at_work():
        await until(lambda: _accepted(site, 1))

        async def wake() -> None:
            woken.set()

        site.app.wake = wake
        await site.answer()
        await asyncio.wait_for(woken.wait(), 30)


async def test_a_reply_is_reacted_to_as_it_arrives(site: Site) -> None:
    await site.add()
    enrollment = await site.enroll()
    async with site.at_work():
        await until(lambda: _is(site.mails(enrollment), "thank-you", "sent"))
        await asyncio.sleep(0.2)
        await site.answer()
        await until(lambda: _left(site, enrollment, "active"))
        assert await site.box.flags(REP) == [frozenset()]


async def test_replies_that_follow_each_other_closely_are_all_seen(site: Site) -> None:
    await site.add()
    people = [await site.enroll(f"p{n}@lost{n}.example") for n in range(4)]
    async with site.at_work():
        await until(lambda: _accepted(site, 4))
        for number in range(4):
            await site.answer(number=number)
            await asyncio.sleep(0.15 * number)
        for person in people:
            await until(lambda person=person: _left(site, person, "active"))  # type: ignore[misc]


async def test_a_mailbox_added_while_running_is_picked_up(site: Site) -> None:
    async with site.at_work():
        await asyncio.sleep(0.2)
        await site.add()
        enrollment = await site.enroll()
        await until(lambda: _is(site.mails(enrollment), "thank-you", "sent"))
        await site.answer()
        await until(lambda: _left(site, enrollment, "active"))


async def test_a_server_is_not_flooded_by_its_many_mailboxes(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "AT_ONCE", 2)
    async with ScriptedImap({"AUTHENTICATE": Act.STALL}).listening() as slow:
        for number in range(5):
            await site.add(f"rep{number}@vendor.test", imap=f"imap://127.0.0.1:{slow.port}")
        await site.add()
        enrollment = await site.enroll()
        async with site.at_work():
            await until(lambda: _is(site.mails(enrollment), "thank-you", "sent"))
            await site.answer()
            await until(lambda: _left(site, enrollment, "active"))
            assert slow.connections == 2


async def test_a_removed_mailbox_is_not_watched_any_more(site: Site) -> None:
    await site.add()
    async with site.at_work() as loops:
        await until(lambda: _watched(loops, 1))
        await connecting.remove(site.app, REP)
        await until(lambda: _watched(loops, 0))


async def test_a_server_that_is_down_at_start_is_picked_up_when_it_comes(site: Site) -> None:
    smtp, imap = free_port(), free_port()
    await site.add(smtp=f"smtp://127.0.0.1:{smtp}", imap=f"imap://127.0.0.1:{imap}")
    enrollment = await site.enroll()
    async with site.at_work():
        await asyncio.sleep(0.5)
        assert (await site.mailbox()).state is MailboxState.ACTIVE, "a passing fault is nobody's task"
        async with Sandbox({REP: PASSWORD}, smtp_port=smtp, imap_port=imap) as late:
            site.box = late
            site.shift += timedelta(minutes=2)
            await until(lambda: _is(site.mails(enrollment), "thank-you", "sent"))
            await site.answer()
            assert await until(lambda: _left(site, enrollment, "active")) < 3.0


async def test_a_server_that_is_down_for_days_is_a_persons_task_until_it_comes_back(site: Site) -> None:
    smtp, imap = free_port(), free_port()
    await site.add(smtp=f"smtp://127.0.0.1:{smtp}", imap=f"imap://127.0.0.1:{imap}")
    enrollment = await site.enroll()
    site.shift += timedelta(days=2)
    async with site.at_work():
        await until(lambda: _asked_for(site, ["not_read"]))
        async with Sandbox({REP: PASSWORD}, smtp_port=smtp, imap_port=imap):
            await until(lambda: _asked_for(site, []))
            site.shift += timedelta(minutes=2)
    assert await site.state(enrollment) == "active"


async def _asked_for(site: Site, kinds: list[str]) -> bool:
    async with site.app.db.read() as tx:
        return [task.kind for task in await tasks.opened(tx)] == kinds


async def test_a_server_that_restarts_is_found_again(site: Site) -> None:
    smtp, imap = free_port(), free_port()
    await site.add(smtp=f"smtp://127.0.0.1:{smtp}", imap=f"imap://127.0.0.1:{imap}")
    async with site.at_work():
        async with Sandbox({REP: PASSWORD}, smtp_port=smtp, imap_port=imap) as first:
            enrollment = await site.enroll()
            site.box = first
            await until(lambda: _is(site.mails(enrollment), "thank-you", "sent"))
        mail = first.accepted[0]
        async with Sandbox({REP: PASSWORD}, smtp_port=smtp, imap_port=imap) as second:
            second.accepted.append(mail)
            site.box = second
            await site.answer()
            await until(lambda: _left(site, enrollment, "active"))


async def test_a_wrong_password_is_a_persons_task_and_mending_it_needs_nothing_else(site: Site) -> None:
    await site.add(password="wrong")
    async with site.at_work():
        await until(lambda: _in_state(site, MailboxState.FAULT))
        async with site.app.db.read() as tx:
            assert [task.kind for task in await tasks.opened(tx)] == ["mailbox_fault"]
        await connecting.change(site.app, REP, {}, PASSWORD)
        await until(lambda: _in_state(site, MailboxState.ACTIVE))
        async with site.app.db.read() as tx:
            assert await tasks.opened(tx) == []
        enrollment = await site.enroll()
        await until(lambda: _is(site.mails(enrollment), "thank-you", "sent"))


async def test_a_mailbox_at_fault_that_works_again_is_put_back_to_work(site: Site) -> None:
    mailbox = await site.add()
    async with site.at_work(poll=0.1):
        await asyncio.sleep(0.3)
        await trying_out.report_fault(site.app, mailbox.id, "550 quota exceeded")
        await until(lambda: _in_state(site, MailboxState.ACTIVE))


async def test_a_paused_mailbox_is_read_and_does_not_send_and_is_not_put_back_to_work(site: Site) -> None:
    await site.add()
    enrollment = await site.enroll()
    async with site.at_work(poll=0.1):
        await until(lambda: _is(site.mails(enrollment), "thank-you", "sent"))
        await connecting.pause(site.app, REP)
        await site.enroll("other@elsewhere.example")
        await site.answer()
        await until(lambda: _left(site, enrollment, "active"))
        await asyncio.sleep(0.3)
    assert len(site.box.accepted) == 1
    assert (await site.mailbox()).state is MailboxState.PAUSED


async def test_other_servers_of_a_mailbox_are_taken_up_while_running(site: Site) -> None:
    await site.add(smtp=f"smtp://127.0.0.1:{free_port()}", imap=f"imap://127.0.0.1:{free_port()}")
    async with site.at_work():
        await asyncio.sleep(0.2)
        await connecting.change(site.app, REP, {"smtp": site.box.smtp_url, "imap": site.box.imap_url})
        enrollment = await site.enroll()
        await until(lambda: _is(site.mails(enrollment), "thank-you", "sent"))


async def test_a_database_that_fails_for_a_while_ends_no_loop(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    await site.add()
    read, write = Database.read, Database.write

    def broken(self: Database) -> object:
        raise CadenceError("the database cannot be used: disk I/O error")

    async with site.at_work():
        monkeypatch.setattr(Database, "read", broken)
        monkeypatch.setattr(Database, "write", broken)
        await asyncio.sleep(0.4)
        monkeypatch.setattr(Database, "read", read)
        monkeypatch.setattr(Database, "write", write)
        enrollment = await site.enroll()
        await until(lambda: _is(site.mails(enrollment), "thank-you", "sent"))
        await site.answer()
        await until(lambda: _left(site, enrollment, "active"))


async def test_a_watcher_that_dies_is_replaced(site: Site) -> None:
    await site.add()
    async with site.at_work() as loops:
        await until(lambda: _watched(loops, 1))
        (task,) = loops._watchers.tasks
        task.cancel()
        await until(lambda: _replaced(loops, task))


async def test_a_stop_while_idle_is_quick(site: Site) -> None:
    await site.add()
    await site.add("second@vendor.test")
    async with site.at_work() as loops:
        await until(lambda: _watched(loops, 2))
        await asyncio.sleep(0.5)
        began = time.monotonic()
        loops.stop()
    assert time.monotonic() - began < 10


async def test_a_mail_in_flight_is_settled_before_the_end(site: Site) -> None:
    release = asyncio.Event()

    async def hold(mail: AcceptedMail) -> None:
        await release.wait()

    site.box.on_mail = hold
    await site.add()
    first, second = await site.enroll(), await site.enroll("next@elsewhere.example")
    async with site.at_work() as loops:
        await until(lambda: _accepted(site, 1))
        loops.stop()
        await asyncio.sleep(0.2)
        release.set()
    assert await _is(site.mails(first), "thank-you", "sent")
    assert await _is(site.mails(second), "thank-you", "planned"), "nothing is begun after stop"
    assert len(site.box.accepted) == 1


async def test_what_was_claimed_and_not_begun_is_due_again_at_once(site: Site) -> None:
    await test_a_mail_in_flight_is_settled_before_the_end(site)
    site.box.on_mail = None
    async with site.at_work():
        await until(lambda: _accepted(site, 2))


async def test_a_server_that_never_answers_cannot_keep_us_from_stopping(site: Site) -> None:
    async def hold(mail: AcceptedMail) -> None:
        await asyncio.sleep(60)

    site.box.on_mail = hold
    await site.add()
    enrollment = await site.enroll()
    rhythm = type(QUICK)(tick=0.05, sending_ends=0.3, reading_ends=0.2)
    began = time.monotonic()
    async with site.at_work(rhythm=rhythm):
        await until(lambda: _accepted(site, 1))
    assert time.monotonic() - began < 20
    assert await _is(site.mails(enrollment), "thank-you", "sending"), "in doubt, once its time is over"


async def test_a_sequence_that_is_saved_is_published(site: Site) -> None:
    path = site.templates / "lost" / "feedback.md.j2"
    async with site.at_work(templates=site.templates):
        await asyncio.sleep(0.2)
        path.write_text("What {{ prospect.nonsense }} decided it?")
        await asyncio.sleep(0.5)
        assert await _revision(site) == 1, "a faulty file is never published"
        path.write_text("What was it that decided it?")
        await until(lambda: _has_revision(site, 2))


async def _accepted(site: Site, count: int) -> bool:
    return len(site.box.accepted) >= count


async def _was_read(site: Site) -> bool:
    async with site.app.db.read() as tx:
        return (await mailboxes.use_of(tx, (await site.mailbox()).id))[1] is not None


async def _is(mails, step: str, state: str) -> bool:  # type: ignore[no-untyped-def]
    return bool((await mails).get(step) == state)


async def _left(site: Site, enrollment, state: str) -> bool:  # type: ignore[no-untyped-def]
    return await site.state(enrollment) != state


async def _in_state(site: Site, state: MailboxState) -> bool:
    return (await site.mailbox()).state is state


async def _watched(loops, count: int) -> bool:  # type: ignore[no-untyped-def]
    return len(loops._watchers.tasks) == count


async def _replaced(loops, task) -> bool:  # type: ignore[no-untyped-def]
    return loops._watchers.tasks != [task] and not loops._watchers.tasks[0].done()


async def _revision(site: Site) -> int:
    async with site.app.db.read() as tx:
        return (await revisions.get(tx, (await revisions.heads(tx))["lost"][0])).number


async def _has_revision(site: Site, number: int) -> bool:
    return await _revision(site) == number

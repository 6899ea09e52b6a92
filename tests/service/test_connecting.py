"""Mailboxes: what is stored was checked, a change is taken up at once, a fault is told once and can mend."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from cadence.core.errors import Conflict, InvalidInput, MailboxError
from cadence.core.model import MailboxState, Pace, Place
from cadence.mail.sandbox import Sandbox
from cadence.service import connecting, trying_out
from cadence.service.app import App
from cadence.service.connecting import NewMailbox
from cadence.settings import Settings
from cadence.store import tasks
from cadence.wiring import open_app

REP, PASSWORD = "rep@vendor.test", "a good password"


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    async with Sandbox({REP: PASSWORD}) as box:
        yield box


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with open_app(Settings(data=tmp_path)) as app:
        yield app


def new(box: Sandbox, password: str = PASSWORD) -> NewMailbox:
    return NewMailbox(REP, "Robin  Rep", box.smtp_url, box.imap_url, REP, password)


@pytest.mark.parametrize(
    "bad",
    [
        {"address": "nobody"},
        {"name": " "},
        {"password": ""},
        {"password": "two\nlines"},
        {"smtp": "imap://host"},
        {"imap": "imap://user:secret@host"},
        {"place": Place("Mars/Base")},
        {"place": Place("UTC", "Atlantis")},
        {"pace": Pace(daily_cap=0)},
        {"pace": Pace(gap=-1)},
    ],
)
async def test_what_cannot_be_right_is_not_stored(app: App, box: Sandbox, bad: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        await connecting.add(app, replace(new(box), **bad))  # type: ignore[arg-type]
    assert await connecting.overview(app) == []


async def test_a_mailbox_is_known_under_every_spelling(app: App, box: Sandbox) -> None:
    added = await connecting.add(app, new(box))
    assert added.name == "Robin Rep"
    assert (await connecting.find(app, "REP@Vendor.Test")).id == added.id
    with pytest.raises(Conflict):
        await connecting.add(app, new(box))


async def test_open_connections_follow_a_changed_password(app: App, box: Sandbox) -> None:
    mailbox = await connecting.add(app, new(box))
    before = await app.connections.sender(mailbox)
    assert await app.connections.sender(mailbox) is before
    async with app.connections.inbox(mailbox) as inbox:
        pass
    await connecting.change(app, REP, {}, "wrong")
    assert await app.connections.sender(mailbox) is not before
    with pytest.raises(MailboxError) as caught:
        async with app.connections.inbox(mailbox) as other:
            assert other is not inbox
    assert not caught.value.temporary


async def test_a_change_keeps_what_it_does_not_name(app: App, box: Sandbox) -> None:
    await connecting.add(app, new(box))
    changed = await connecting.change(app, REP, {"title": "VP", "daily_cap": 7, "zone": "Europe/Berlin"})
    assert (changed.title, changed.pace.daily_cap, changed.place.zone) == ("VP", 7, "Europe/Berlin")
    assert (changed.name, changed.pace.gap) == ("Robin Rep", 60)
    assert await app.connections.password(changed) == PASSWORD


async def test_a_removed_mailbox_cannot_be_logged_in_to(app: App, box: Sandbox) -> None:
    mailbox = await connecting.add(app, new(box))
    await connecting.remove(app, REP)
    with pytest.raises(MailboxError, match="was removed"):
        await app.connections.sender(mailbox)


async def test_a_fault_is_told_once(app: App, box: Sandbox) -> None:
    mailbox = await connecting.add(app, new(box))
    for _ in range(3):
        await trying_out.report_fault(app, mailbox.id, "535 wrong password")
    async with app.db.read() as tx:
        assert [task.kind for task in await tasks.opened(tx)] == ["mailbox_fault"]
    assert (await connecting.find(app, REP)).state is MailboxState.FAULT


async def test_a_paused_mailbox_stays_paused_whatever_its_servers_say(app: App, box: Sandbox) -> None:
    mailbox = await connecting.add(app, new(box))
    await connecting.pause(app, REP)
    await trying_out.report_fault(app, mailbox.id, "535 wrong password")
    assert not await trying_out.probe(app, await connecting.find(app, REP))
    assert (await connecting.find(app, REP)).state is MailboxState.PAUSED


async def test_a_probe_puts_back_to_work_what_works_and_nothing_else(app: App, box: Sandbox) -> None:
    mailbox = await connecting.add(app, new(box, "wrong"))
    await trying_out.report_fault(app, mailbox.id, "535 wrong password")
    at_fault = await connecting.find(app, REP)
    assert not await trying_out.probe(app, at_fault)
    await connecting.change(app, REP, {}, PASSWORD)
    assert await trying_out.probe(app, at_fault)
    assert (await connecting.find(app, REP)).state is MailboxState.ACTIVE
    async with app.db.read() as tx:
        assert await tasks.opened(tx) == []


async def test_another_key_is_said_to_be_one(tmp_path: Path, app: App, box: Sandbox) -> None:
    mailbox = await connecting.add(app, new(box))
    (tmp_path / "secret.key").write_text("k" * 40)
    async with open_app(Settings(data=tmp_path)) as other:
        with pytest.raises(InvalidInput, match="cannot be opened with this secret key"):
            await other.connections.password(mailbox)

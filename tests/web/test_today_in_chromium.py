"""A rep's day in a real browser, with real mail: people come in from a file, a reply shows up by itself."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from cadence.core.model import TaskKind
from cadence.core.people import Role
from cadence.mail.sandbox import Sandbox
from cadence.service import jobs, users
from cadence.service.app import Connections
from cadence.store import tasks
from cadence.store.tables import metadata
from cadence.web import news
from cadence.wiring import MailServers
from cadence.worker.loops import Loops
from tests.service.fakes import reply
from tests.web.site import Site
from tests.web.test_in_chromium import CHROMIUM, base, chromium, database_url, log_in, page

__all__ = ["base", "chromium", "database_url", "page"]

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")
REP, DANA = "rep@vendor.test", "dana@lost.example"
SOON = 30_000
"""Milliseconds for what takes one or two, on a machine that does other things as well."""


@pytest.fixture
async def box(site: Site) -> AsyncIterator[Sandbox]:
    """A mail server that is spoken to over the wire, and the loops that send and read."""
    site.web.state.news.lasts = news.LASTS
    async with Sandbox({REP: "secret"}) as server:
        urls = {"smtp": server.smtp_url, "imap": server.imap_url, "username": REP}
        async with site.app.db.write() as tx:
            await tx.execute(metadata.tables["mailboxes"].update().values(urls))
        site.app.connections = Connections(site.app.db, site.app.vault, MailServers())
        loops = Loops(site.app, poll=30)
        running = asyncio.create_task(loops.run())
        yield server
        loops.stop()
        await running
        await site.app.connections.close()


async def sent(box: Sandbox, count: int) -> None:
    async with asyncio.timeout(SOON / 1000):
        while len(box.accepted) < count:  # noqa: ASYNC110 - the server tells nobody
            await asyncio.sleep(0.1)


async def import_file(page: Page, site: Site, file: Path) -> None:
    await page.goto("/prospects/import")
    await page.get_by_label("File").set_input_files(file)
    await page.get_by_role("button", name="Upload").click()
    await page.get_by_role("button", name="Show what will happen").click()
    await jobs.work(site.app)
    await page.get_by_role("button", name="Import 1 person").click()
    await jobs.work(site.app)
    await expect(page.get_by_text("done", exact=True)).to_be_visible(timeout=SOON)


async def test_a_rep_imports_hears_an_answer_corrects_it_and_the_sequence_goes_on(
    site: Site, box: Sandbox, page: Page, tmp_path: Path
) -> None:
    rep = await site.person(Role.REP)
    await users.own_mailbox(site.app, site.console, REP, rep.id)
    await log_in(page, "rep@vendor.test")
    file = tmp_path / "lost.csv"
    file.write_text(f"Email,First name,Company\n{DANA},Dana,Lost Inc.\n", encoding="utf-8")
    await import_file(page, site, file)
    site.world.now += (await site.rows("messages"))[0].due_at - site.world.now
    await sent(box, 1)
    await page.goto("/today")
    await expect(page.get_by_text("Nothing needs you.")).to_be_visible()
    await expect(page.get_by_role("list", name="Background work")).to_contain_text("1 done")
    await page.evaluate("window.stillTheSamePage = true")
    answer = reply("Hm. Well. You know.", to=box.accepted[0].raw, sender=DANA, at=site.world.now)
    await box.deliver(REP, answer)
    task = page.get_by_role("article")
    await expect(task).to_contain_text("Hm. Well. You know.", timeout=SOON)
    assert await page.evaluate("window.stillTheSamePage")
    await task.get_by_label("What it means").select_option("acknowledgement")
    await task.get_by_role("button", name="Correct").click()
    await expect(page.get_by_text("Nothing needs you.")).to_be_visible()
    await expect(page.get_by_role("button", name="Undo")).to_be_visible()
    await expect(page.locator("#notices")).to_contain_text("Noted")
    assert await page.evaluate("window.stillTheSamePage")
    assert [row.state for row in await site.rows("enrollments")] == ["active"]
    (mail,) = [row for row in await site.rows("messages") if row.state == "planned"]
    site.world.now = mail.due_at
    await sent(box, 2)


async def test_what_is_being_written_stays_when_something_new_arrives(
    site: Site, box: Sandbox, page: Page
) -> None:
    await site.person(Role.ADMINISTRATOR)
    await site.world.enroll(DANA)
    site.world.now += (await site.rows("messages"))[0].due_at - site.world.now
    await sent(box, 1)
    answer = reply("Are you certified?", to=box.accepted[0].raw, sender=DANA, at=site.world.now)
    await box.deliver(REP, answer)
    await log_in(page)
    await page.get_by_text("Reply", exact=True).click()
    words = page.get_by_label(f"Your answer to {DANA}")
    await words.press_sequentially("We are, and")
    async with site.app.db.write() as tx:
        await tasks.add(tx, TaskKind.DECISION_OPEN, "Something new", now=site.world.now, mailbox_id=1)
    await expect(page.get_by_role("article")).to_have_count(2, timeout=SOON)
    await expect(words).to_have_value("We are, and")
    await expect(words).to_be_focused()
    await page.get_by_role("button", name="Send").click()
    await sent(box, 2)
    assert b"We are, and" in box.accepted[1].raw

"""The pages in a real browser: by keyboard alone, with htmx, under the policy, wide and narrow."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, async_playwright, expect

from cadence.core.people import Role
from cadence.service import auditing, sessions
from cadence.web.server import WebServer, listen, url_of
from tests.web.site import PASSWORD, Site

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    f"--{flag}"
    for flag in ("headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-sync")
] + ["--disable-background-networking", "--disable-component-update"]

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")
expect.set_options(timeout=30_000)  # milliseconds: the machine does other things as well


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The browser does not see which database it is."""
    return sqlite_url


@pytest.fixture
async def base(site: Site) -> AsyncIterator[str]:
    """The application behind the real server; its clock stands still."""
    with listen("127.0.0.1", 0) as listening:
        server = WebServer(site.web, listening)
        running = asyncio.create_task(server.run())
        yield url_of(listening)
        server.stop()
        await asyncio.wait_for(running, 20)


@pytest.fixture
async def chromium() -> AsyncIterator[Chromium]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def page(chromium: Chromium, base: str) -> AsyncIterator[Page]:
    """A page on which nothing may be refused by the policy, and no script may fail."""
    complaints: list[str] = []
    opened = await chromium.new_page(base_url=base)
    opened.on("pageerror", lambda fault: complaints.append(str(fault)))
    opened.on(
        "console", lambda said: complaints.append(said.text) if "Security Policy" in said.text else None
    )
    yield opened
    assert complaints == []


async def log_in(page: Page, email: str = "administrator@vendor.test") -> None:
    """Without a mouse."""
    await page.goto("/login")
    await expect(page.get_by_label("Email")).to_be_focused()
    await page.keyboard.type(email)
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Log out")).to_be_visible()


async def test_by_keyboard_alone(site: Site, page: Page) -> None:
    await site.person(Role.ADMINISTRATOR)
    await log_in(page)
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("main")).to_be_focused()


async def test_older_entries_come_without_reloading(site: Site, page: Page) -> None:
    await site.person(Role.ADMINISTRATOR)
    for number in range(60):
        await auditing.note(site.app, site.console, "test.happened", f"thing {number}")
    await log_in(page)
    await page.goto("/audit")
    await expect(page.locator("tbody tr")).to_have_count(51)
    await page.get_by_role("link", name="Show older ones").click()
    await expect(page.get_by_text("thing 0", exact=True)).to_be_visible()
    assert page.url.endswith("/audit")


async def test_a_session_that_ended_leads_to_the_log_in_from_htmx_as_well(site: Site, page: Page) -> None:
    await site.person(Role.ADMINISTRATOR)
    for number in range(60):
        await auditing.note(site.app, site.console, "test.happened", f"thing {number}")
    await log_in(page)
    await page.goto("/audit")
    site.world.now += sessions.LONGEST
    await page.get_by_role("link", name="Show older ones").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Log in")


async def test_what_is_not_undone_easily_asks_first(site: Site, page: Page) -> None:
    await site.person(Role.ADMINISTRATOR)
    rep = await site.person(Role.REP)
    await log_in(page)
    await page.goto(f"/people/{rep.id}")
    page.once("dialog", lambda dialog: dialog.dismiss())
    await page.get_by_role("button", name="Deactivate").click()
    assert (await site.rows("users"))[-1].deactivated_at is None
    page.once("dialog", lambda dialog: dialog.accept())
    await page.get_by_role("button", name="Deactivate").click()
    await expect(page.locator(".notice.good")).to_contain_text("cannot log in any more")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_no_page_is_wider_than_a_phone(site: Site, chromium: Chromium, base: str, scheme: str) -> None:
    await site.person(Role.ADMINISTRATOR, name="Somebody With A Name That Is Quite Long For A Phone")
    phone = {"width": 360, "height": 740}
    context = await chromium.new_context(base_url=base, viewport=phone, color_scheme=scheme)  # type: ignore[arg-type]
    page = await context.new_page()
    await log_in(page)
    for path in ("/people", "/people/1", "/audit", "/account", "/account/second-factor", "/nothing"):
        await page.goto(path)
        assert await page.evaluate("document.documentElement.scrollWidth") == 360, path
    await context.close()

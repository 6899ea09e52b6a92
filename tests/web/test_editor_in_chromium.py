"""An author in a real browser: the error at its line, mended and published; previews follow the typing."""

from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, expect

from cadence.core.people import Role
from tests.web.site import PASSWORD, Site
from tests.web.test_in_chromium import base, chromium, database_url, page, pytestmark

__all__ = ["base", "chromium", "database_url", "page", "pytestmark"]

EDIT = "/sequences/lost/edit?file=lost/feedback.md.j2"


async def log_in(site: Site, page: Page) -> None:
    site.app.templates = site.world.templates
    await site.person(Role.AUTHOR)
    await page.goto("/login")
    await page.get_by_label("Email").fill("author@vendor.test")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Log out")).to_be_visible()


async def test_an_error_is_seen_at_its_line_mended_and_published(site: Site, page: Page) -> None:
    await log_in(site, page)
    await page.goto(EDIT)
    text = page.get_by_label("The file")
    await text.fill("Hello,\n\nwhat decided it, {{ account.nmae }}?\n")
    preview = page.locator("#preview")
    await expect(preview).to_contain_text("lost/feedback.md.j2:3", timeout=20_000)
    await page.keyboard.press("Control+s")
    await expect(page.locator("#notices")).to_contain_text("1 error to mend")
    found = page.locator("#line-3.found")
    await expect(found).to_contain_text("there is no `account.nmae`")
    await found.get_by_role("link").click()
    await expect(text).to_be_focused()
    assert await page.evaluate("getSelection().toString()") == "what decided it, {{ account.nmae }}?"
    await page.keyboard.type("what decided it, {{ account.name }}?")
    mail = page.frame_locator("iframe.mail").first
    await expect(mail.locator("body")).to_contain_text("what decided it, Theirsample?", timeout=20_000)
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator("#notices")).to_contain_text("It is not sent to anybody until it is published")
    await page.get_by_role("link", name="changes").click()
    await expect(page.locator("td.new").first).to_contain_text("Hello,")
    page.once("dialog", lambda dialog: dialog.accept())
    await page.get_by_role("button", name="Publish").click()
    await expect(page.locator("#notices")).to_contain_text("Published as revision 2")
    assert len(await site.rows("revisions")) == 2


async def test_a_mail_in_its_frame_runs_nothing(site: Site, page: Page) -> None:
    await log_in(site, page)
    layout = site.world.templates / "_shared/layout.html.j2"
    layout.write_text(layout.read_text().replace("<body>", "<body><p style='color: #a00000'>styled</p>"))
    await page.goto(EDIT)
    styled = page.frame_locator("iframe.mail").first.get_by_text("styled")
    await expect(styled).to_be_visible(timeout=20_000)
    await expect(styled).to_have_css("color", "rgb(160, 0, 0)")
    assert await page.locator("iframe.mail").first.get_attribute("sandbox") == ""


async def test_no_page_of_sequences_is_wider_than_a_phone(site: Site, chromium: Chromium, base: str) -> None:
    context = await chromium.new_context(base_url=base, viewport={"width": 360, "height": 740})
    page = await context.new_page()
    await log_in(site, page)
    (site.world.templates / "lost/feedback.md.j2").write_text(
        "{{ a_name_that_is_not_there_at_all_" + "x" * 90 + " }}"
    )
    for path in ("/sequences", "/sequences/lost", EDIT, "/sequences/lost/changes", "/simulate"):
        await page.goto(path)
        assert await page.evaluate("document.documentElement.scrollWidth") == 360, path
    await context.close()

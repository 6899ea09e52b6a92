"""An import as a person does it: a file is picked, its columns are found, a bar moves until it is done."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from cadence.core.people import Role
from cadence.service import importing_jobs, jobs
from cadence.worker.background import work_in_background
from cadence.worker.stopping import Stop
from tests.web.site import PASSWORD, Site
from tests.web.test_in_chromium import CHROMIUM, base, chromium, database_url, page

__all__ = ["base", "chromium", "database_url", "page"]

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")


async def test_a_file_is_imported_with_a_bar_that_moves(
    site: Site, page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await site.person(Role.ADMINISTRATOR)
    monkeypatch.setattr(importing_jobs, "AT_ONCE", 5)
    rows = "".join(f"p{n}@firm{n}.example,P,Firm {n}\n" for n in range(20))
    file = tmp_path / "lost deals.csv"
    file.write_text(f"E-Mail,Vorname,Firma\nnonsense,N,None\n{rows}", encoding="utf-8")
    await page.goto("/login?next=/prospects/import")
    await page.get_by_label("Email").fill("administrator@vendor.test")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.get_by_label("File").set_input_files(file)
    await page.get_by_role("button", name="Upload").click()
    await expect(page.get_by_label("E-Mail")).to_have_value("email")
    await expect(page.get_by_label("Firma")).to_have_value("company")
    await page.get_by_role("button", name="Show what will happen").click()
    await expect(page.get_by_role("progressbar")).to_be_visible()
    await jobs.work(site.app)
    await page.get_by_role("button", name="Import 20 people").click()  # it appeared without reloading
    steps = iter([False, False, False, True, True, True])
    await jobs.work(site.app, stopping=lambda: next(steps))
    await expect(page.get_by_text("10 of 21 done")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("10 of 21 done")).to_be_visible()
    stop = Stop()
    working = asyncio.create_task(work_in_background(site.app, stop))
    await expect(page.get_by_text("done", exact=True)).to_be_visible()
    stop.say()
    await working
    assert len(await site.rows("enrollments")) == 20
    async with page.expect_download() as loading:
        await page.get_by_role("link", name="Download all of them as CSV").click()
    kept = await (await loading.value).path()
    assert "'nonsense' is not an email address" in kept.read_text(encoding="utf-8-sig")

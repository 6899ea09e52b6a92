"""The preview that follows an author: every mail, and the news of a save."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from httpx import ASGITransport, AsyncClient

from cadence.setting_values import shipped_templates
from cadence.web.drafts import Saves, drafts_app


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "templates"
    for part in ("_shared", "referral"):
        shutil.copytree(shipped_templates() / part, made / part)
    return made


@pytest.fixture
async def browser(folder: Path) -> AsyncIterator[AsyncClient]:
    app = drafts_app(folder, "referral", Saves(folder))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://127.0.0.1") as client:
        yield client


async def test_every_mail_is_shown_for_the_reader_that_was_chosen(browser: AsyncClient):
    page = (await browser.get("/mails")).text
    assert page.count("<iframe sandbox") == 4
    assert "Hello Lucille" in page
    assert "Hello Desmond" in (await browser.get("/mails", params={"who": "Desmond Achebe"})).text


async def test_a_mail_that_would_be_wrong_says_why_and_the_others_are_shown(
    browser: AsyncClient, folder: Path
):
    (folder / "referral" / "checklist.md.j2").write_text("{{ prospect.compnay }}", encoding="utf-8")
    page = (await browser.get("/mails")).text
    assert "referral/checklist.md.j2:1" in page
    assert "referral/checklist.md.j2:1" in (await browser.get("/findings")).text
    (folder / "referral" / "checklist.md.j2").write_text("{{ deal.competitor }}", encoding="utf-8")
    page = (await browser.get("/mails")).text
    assert "deal.competitor" in page
    assert page.count("<iframe sandbox") == 3


async def test_nobody_reads_drafts_under_another_name(browser: AsyncClient):
    for path in ("/", "/mails", "/saves"):
        assert (await browser.get(path, headers={"Host": "evil.example"})).status_code == 421
    assert "default-src 'none'" in (await browser.get("/")).headers["Content-Security-Policy"]


async def test_a_save_is_news_for_every_page_and_the_end_lets_them_go(folder: Path):
    saves = Saves(folder)
    watching = asyncio.create_task(saves.watch())
    pages = [saves.listen() for _ in range(2)]
    for page in pages:
        assert (await anext(page)).startswith("retry:")
    waiting = [asyncio.create_task(anext(page)) for page in pages]
    await asyncio.sleep(0)
    (folder / "referral" / "leave-it.md.j2").write_text("Hello.", encoding="utf-8")
    assert {await asyncio.wait_for(one, 10) for one in waiting} == {"data: 1\n\n"}
    await saves.close()
    for page in pages:
        assert [said async for said in page] == []
    await asyncio.wait_for(watching, 10)

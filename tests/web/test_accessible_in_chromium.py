"""What axe-core finds on the pages, in a real browser, wide and light, narrow and dark (WCAG 2.2 AA)."""

import asyncio
from typing import Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, ViewportSize

from cadence.service import counting
from cadence.service.links import Purpose
from tests.web import pictures
from tests.web.site import COOKIE
from tests.web.test_in_chromium import CHROMIUM, chromium

__all__ = ["chromium"]
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")

PAGES = (
    "/today",
    "/prospects",
    "/prospects/2",
    "/prospects/enroll",
    "/prospects/import",
    "/deals",
    "/deals/1",
    "/companies/1",
    "/companies/silent",
    "/suggestions?every=1",
    "/whats-new",
    "/replies",
    "/replies/1",
    "/sequences",
    "/sequences/closed-lost",
    "/simulate",
    "/learn",
    "/mailboxes",
    "/mailboxes/1",
    "/jobs",
    "/crm",
    "/crm/1",
    "/crm/1/setup",
    "/webhooks",
    "/people",
    "/audit",
    "/account",
)
LOOKS: tuple[tuple[ViewportSize, Literal["light", "dark"]], ...] = (
    ({"width": 1200, "height": 800}, "light"),
    ({"width": 390, "height": 800}, "dark"),
)


async def faults(page: Page, path: str) -> list[str]:
    """What is wrong with a page, a line each."""
    answer = await page.goto(path)
    assert answer is not None
    assert answer.status == 200, path
    found = await Axe().run(page, options={"resultTypes": ["violations"]})
    return [
        f"{path}: {each['id']} ({each['impact']}): {each['nodes'][0]['html'][:200]}"
        for each in found.response["violations"]
    ]


async def test_axe_finds_no_fault_on_any_page(chromium: Chromium) -> None:
    async with pictures.shown() as (base, site, alex):
        token = (await site.logged_in(alex)).cookies[COOKIE]
        links = site.app.links
        public = (f"/u/{links.sign(1)}", f"/q/{links.sign(1, Purpose.ANSWER)}")
        wrong = []
        for size, scheme in LOOKS:
            context = await chromium.new_context(base_url=base, viewport=size, color_scheme=scheme)
            page = await context.new_page()
            for path in ("/login", *public):
                wrong += await faults(page, path)
            await context.add_cookies([{"name": COOKIE, "value": token, "url": base}])
            for path in PAGES:
                wrong += await faults(page, path)
                await asyncio.gather(*counting.at_work())
            await context.close()
        assert wrong == []

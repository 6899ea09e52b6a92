"""The way out that every mail offers, from the header a mail program reads to the end of the enrollment."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx

from cadence.web.app import create_app
from cadence.web.server import WebServer, listen, url_of
from cadence.web.service import WebService


@asynccontextmanager
async def reachable(office) -> AsyncIterator[None]:
    """The pages are served on this machine, and mails name them there."""
    with listen("127.0.0.1", 0) as listening:
        policy = replace(office.app.policy, public_url=url_of(listening))
        office.app = replace(office.app, policy=policy)
        web = WebServer(create_app(WebService(office.app)), listening)
        running = asyncio.create_task(web.run())
        try:
            yield
        finally:
            web.stop()
            await asyncio.wait_for(running, 10)


async def test_one_click_in_a_mail_program_ends_a_real_enrollment(office):
    dana = await office.prospect()
    async with reachable(office), httpx.AsyncClient() as program:
        enrollment = await office.enroll(dana.address)
        await office.after(hours=2)
        (mail,) = await office.received(dana)
        key, _, value = mail.headers.get("list-unsubscribe-post").partition("=")
        (url,) = re.findall(r"<(http[^>]+)>", mail.headers.get("list-unsubscribe"))
        assert (await program.get(url)).status_code == 200
        assert await office.state(enrollment) == "active"  # scanners look at links; looking does nothing
        for _ in range(2):
            assert (await program.post(url, data={key: value})).status_code == 200
            assert await office.state(enrollment) == "opted_out"
    assert await office.status(dana.address) == "unsubscribed"
    await office.after(days=30)
    assert len(await office.received(dana)) == 1

"""A whole journey, with its faults, leaves no address, subject, word of a mail or secret in the log."""

import asyncio
import json
import logging

import httpx
import pytest

from cadence import logs
from cadence.service import presence, understanding
from cadence.store import inbound
from cadence.web.app import create_app
from cadence.web.service import WebService
from cadence.worker.watch import WatchProcess
from tests.worker.conftest import PASSWORD, QUICK, REP, Site, until

DANA = "dana.doe@lost.example"
ANSWER = "we chose the blue tractor"
SILENT = (
    "dana.doe",
    "nobody.home",
    REP.partition("@")[0] + "@",
    "Robin",
    "Thank you",
    "Hello, thank you",
    "blue tractor",
    PASSWORD,
)
"""Who wrote, to whom, about what, in which words, and what opens the mailbox."""


async def test_nothing_of_a_mail_and_nobody_is_logged(
    site: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    logs.set_up("json", "info")
    logging.getLogger("httpx").setLevel(logging.WARNING)  # the reader's, not ours
    await site.add()
    enrollment = await site.enroll(DANA)
    await site.enroll("nobody.home@gone.example")
    site.box.refuse["nobody.home@gone.example"] = (550, "5.1.1 <nobody.home@gone.example>: unknown")

    def breaks(received: object) -> object:
        raise ValueError(f"what is {ANSWER!r} from {DANA}?")

    async def unreadable() -> bool:
        async with site.app.db.read() as tx:
            return any(row.unreadable for row in await inbound.latest(tx, 5))

    async def sent() -> bool:
        return (await site.mails(enrollment))["thank-you"] == "sent"

    async with site.at_work():
        await until(sent)
        monkeypatch.setattr(understanding, "classify", breaks)
        await site.answer(ANSWER)
        await until(unreadable)
        monkeypatch.undo()
    token = site.app.links.sign(enrollment.id)
    web = httpx.ASGITransport(create_app(WebService(site.app)))
    async with httpx.AsyncClient(transport=web, base_url="https://cadence.example") as reader:
        assert (await reader.post(f"/u/{token}", data={"confirm": "yes"})).status_code == 200
        assert (await reader.get("/metrics")).status_code == 200
    said = capsys.readouterr().err
    events = {json.loads(line)["event"] for line in said.splitlines()}
    assert {"sent", "mail not understood"} <= events
    assert [word for word in (*SILENT, token) if word in said] == []


async def test_a_watcher_that_is_refused_tells_nobodys_name(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up("json", "info")
    await site.add(password="which is wrong")
    site.app.process = presence.new_name()
    process = WatchProcess(site.app, poll=1, rhythm=QUICK)

    async def at_fault() -> bool:
        return (await site.mailbox()).state == "fault"

    running = asyncio.create_task(process.run())
    await until(at_fault)
    process.stop()
    await running
    said = capsys.readouterr().err
    assert "mailbox cannot be read" in said
    assert [word for word in (*SILENT, "which is wrong") if word in said] == []

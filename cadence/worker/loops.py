"""The embedded installation: one process sends what is due, watches every mailbox, looks after the rest.

Each loop does one thing and survives every fault of the world. `stop` begins nothing more and lets what
is in flight be settled, for a bounded time.
"""

import asyncio
from pathlib import Path

import structlog

from cadence.content.files import state_of
from cadence.service import publishing
from cadence.service.app import App
from cadence.service.publishing import Publication
from cadence.worker.alive import alive
from cadence.worker.background import work_in_background
from cadence.worker.jobs import alarm, deliver, due_within, look_after, send_from, visit_crms
from cadence.worker.rhythm import Rhythm
from cadence.worker.stopping import Stop, ended
from cadence.worker.watching import Watchers

log = structlog.get_logger()


class Loops:
    """All loops of one process.

    templates: the folder whose sequences are published again whenever they are saved; None publishes
    nothing.
    """

    def __init__(
        self, app: App, *, poll: float, templates: Path | None = None, rhythm: Rhythm | None = None
    ) -> None:
        self._app = app
        self._poll = poll
        self._templates = templates
        self._rhythm = rhythm or Rhythm()
        self._stop = Stop()
        self._watchers = Watchers(app, self._stop, poll, self._rhythm)
        self._busy: dict[int | None, asyncio.Task[None]] = {}
        self._seen: object = None
        self._news = asyncio.Event()
        app.wake = self._wake

    def stop(self) -> None:
        """Begin nothing more; `run` returns once what is in flight is settled."""
        self._stop.say()

    async def run(self) -> None:
        """Run until `stop`, and then until what is in flight is settled or its time is over."""
        async with alive(self._app, self._stop):
            await self._run()

    async def _run(self) -> None:
        repeat, tick = self._stop.repeat, self._rhythm.tick
        await self._watchers.prepare()
        loops = [
            asyncio.create_task(repeat("sending", self._send_due, tick, poke=self._news)),
            asyncio.create_task(repeat("watching", self._watchers.tend, tick)),
            asyncio.create_task(repeat("upkeep", self._look_after, min(self._poll, self._rhythm.upkeep))),
            asyncio.create_task(repeat("alarms", self._alarm, self._rhythm.alarms)),
            asyncio.create_task(repeat("webhooks", self._deliver, self._rhythm.webhooks)),
            asyncio.create_task(repeat("crms", self._visit_crms, self._rhythm.crms)),
            asyncio.create_task(work_in_background(self._app, self._stop)),
        ]
        if self._templates is not None:
            self._seen = await asyncio.to_thread(state_of, self._templates)
            loops.append(asyncio.create_task(repeat("publishing", self._publish_saved, self._rhythm.saved)))
        try:
            await self._stop.wait()
            await self._settle(loops)
        finally:  # whoever cancels us has no more patience
            self._stop.say()
            await ended([*loops, *self._watchers.tasks, *self._busy.values()])

    async def _settle(self, loops: list[asyncio.Task[None]]) -> None:
        """Let those who read come to an end, then those who send."""
        loop, reading = asyncio.get_running_loop(), [*loops, *self._watchers.tasks]
        began = loop.time()
        _, late = await asyncio.wait(reading, timeout=self._rhythm.reading_ends)
        await ended(late)
        if sends := [task for task in self._busy.values() if not task.done()]:
            log.info("stopping: waits for mails in flight", mailboxes=len(sends))
            left = self._rhythm.sending_ends - (loop.time() - began)
            await asyncio.wait(sends, timeout=max(left, 0.0))

    # --- sending ---

    async def _wake(self) -> None:
        self._news.set()

    async def _send_due(self) -> None:
        """Let every mailbox send that has due mails until the next look, each when its own are due."""
        for mailbox_id, seconds in (await due_within(self._app, self._rhythm.tick)).items():
            busy = self._busy.get(mailbox_id)
            if busy is None or busy.done():
                self._busy[mailbox_id] = asyncio.create_task(self._send_in(mailbox_id, seconds))

    async def _send_in(self, mailbox_id: int | None, seconds: float) -> None:
        if seconds > 0:
            await self._stop.sleep(seconds)
        if not self._stop.is_said():
            await send_from(self._app, mailbox_id, stopping=self._stop.is_said)

    # --- looking after ---

    async def _look_after(self) -> None:
        await look_after(self._app)

    async def _alarm(self) -> None:
        await alarm(self._app)

    async def _deliver(self) -> None:
        await deliver(self._app)

    async def _visit_crms(self) -> None:
        await visit_crms(self._app)

    # --- publishing on save ---

    async def _publish_saved(self) -> None:
        """Publish what was saved, once the folder has been quiet from one look to the next."""
        assert self._templates is not None
        before, self._seen = self._seen, await asyncio.to_thread(state_of, self._templates)
        if self._seen == before:
            return
        await self._stop.sleep(self._rhythm.saved)
        if await asyncio.to_thread(state_of, self._templates) != self._seen:
            self._seen = before  # somebody is still saving
            return
        for result in await publishing.publish_clean(self._app, self._templates):
            if not isinstance(result, Publication):
                log.warning("not published; the revision before stays", fault=str(result))
            elif result.number is not None:
                log.info("published", sequence=result.sequence, revision=result.number)

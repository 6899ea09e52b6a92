"""The scaled watcher: one of any number of processes that share the mailboxes among them."""

import asyncio

import structlog

from cadence.service import presence
from cadence.service.app import App
from cadence.worker.rhythm import Rhythm
from cadence.worker.stopping import Stop, ended
from cadence.worker.watching import Watchers

log = structlog.get_logger()


class WatchProcess:
    """Waits on its fair part of the mailboxes; a dead one's part is taken by the others within a minute."""

    def __init__(self, app: App, *, poll: float, rhythm: Rhythm | None = None) -> None:
        self._app, self._stop, self._rhythm = app, Stop(), rhythm or Rhythm()
        self._watchers = Watchers(app, self._stop, poll, self._rhythm, lambda: presence.my_mailboxes(app))

    def stop(self) -> None:
        """Begin nothing more; `run` returns once what is being read is kept."""
        self._stop.say()

    async def run(self) -> None:
        """Run until `stop`."""
        await self._watchers.prepare()
        await self._stop.repeat("presence", self._tend, presence.BEAT.total_seconds() / 2)
        tasks = self._watchers.tasks
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=self._rhythm.reading_ends)
            await ended(late)
        await presence.leave(self._app)

    async def _tend(self) -> None:
        await presence.beat(self._app, presence.WATCHER)
        await self._watchers.tend()

"""Tells open pages within a second or two that something waits for their reader, by server-sent events.

However many pages are open, a process asks its database one small question a second, and only where the
answer changed a second one: in which mailboxes, or whose work. So it does not matter which process did it.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

import structlog

from cadence.core.errors import CadenceError
from cadence.core.rights import Visitor
from cadence.service import desk
from cadence.service.app import App
from cadence.service.desk import Concern

log = structlog.get_logger()

EVERY = 1.0
"""Seconds between two looks."""
LASTS = 120.0
"""Seconds after which a browser has to ask again, and to show that it still may."""
SIGN_OF_LIFE = 15.0
"""Seconds of silence after which a comment is sent, so that no proxy believes the line to be dead."""
_AGAIN = "retry: 1000\n\n"
_NEWS = "event: tasks\ndata: 1\n\n"
_ALIVE = ": still here\n\n"


@dataclass(eq=False, slots=True)
class _Listener:
    """One open page. concerns: what concerns its reader, None: everything."""

    concerns: frozenset[Concern] | None
    news: asyncio.Event = field(default_factory=asyncio.Event)


class News:
    """The news of one process. seen: what a page was made from, to be named when it begins to listen."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._listeners: set[_Listener] = set()
        self._watching: asyncio.Task[None] | None = None
        self._closed = False
        self._standing: Mapping[Concern, tuple[int, ...]] = {}
        self.every, self.lasts = EVERY, LASTS
        self.seen = ""

    async def listen(self, visitor: Visitor, seen: str) -> AsyncIterator[str]:
        """What to send to one browser; ends after a while, and when the server stops."""
        listener = _Listener(await desk.concerns(self._app, visitor))
        self._listeners.add(listener)
        self._begin()
        try:
            yield _AGAIN
            if seen != self.seen:
                listener.news.set()
            ends = asyncio.get_running_loop().time() + self.lasts
            while not self._closed and (left := ends - asyncio.get_running_loop().time()) > 0:
                try:
                    await asyncio.wait_for(listener.news.wait(), min(left, SIGN_OF_LIFE))
                except TimeoutError:
                    yield _ALIVE
                    continue
                listener.news.clear()
                if not self._closed:
                    yield _NEWS
        finally:
            self._listeners.discard(listener)

    def close(self) -> None:
        """Let everybody go: the server stops."""
        self._closed = True
        for listener in self._listeners:
            listener.news.set()

    def _begin(self) -> None:
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        """Look as long as anybody listens."""
        while self._listeners and not self._closed:
            try:
                await self._look()
            except CadenceError as fault:
                log.warning("no news", fault=str(fault))
            except Exception:
                log.exception("no news")
            await asyncio.sleep(self.every)

    async def _look(self) -> None:
        seen = await desk.stamp(self._app)
        if seen == self.seen:
            return
        before, self._standing = self._standing, await desk.standing(self._app)
        self.seen = seen
        changed = {
            of for of in before.keys() | self._standing.keys() if before.get(of) != self._standing.get(of)
        }
        for listener in self._listeners:
            if listener.concerns is None or changed & listener.concerns:
                listener.news.set()

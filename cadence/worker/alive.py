"""A worker says that it is alive from before its first claim until nothing of it is in flight any more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from cadence.core.errors import CadenceError
from cadence.service import presence
from cadence.service.app import App
from cadence.worker.stopping import Stop, ended


@asynccontextmanager
async def alive(app: App, stop: Stop) -> AsyncIterator[None]:
    """Give signs of life while the body runs; one without a name gives none.

    The body begins once the first sign was given, or stop was said: whoever claims mail without one would
    be taken for dead.
    """
    if app.process is None:
        yield
        return
    given = asyncio.Event()

    async def give() -> None:
        await presence.beat(app, presence.WORKER)
        given.set()

    giving = asyncio.create_task(stop.repeat("presence", give, presence.BEAT.total_seconds()))
    try:
        await stop.sleep(None, poke=given)
        yield
    finally:
        await ended([giving])
        with suppress(CadenceError):  # then the sign simply runs out
            await presence.leave(app)

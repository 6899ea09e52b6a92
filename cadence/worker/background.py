"""Lets a process work on what people asked for in the background, beside everything else that it does."""

import structlog

from cadence.service import jobs
from cadence.service.app import App
from cadence.worker.stopping import Stop

log = structlog.get_logger()

LOOKS_EVERY = 1.0
"""Seconds between two looks for work."""


async def work_in_background(app: App, stop: Stop) -> None:
    """Work on what waits until `stop`; what is under way then is gone on with by whoever is next."""

    async def look() -> None:
        if await jobs.is_waiting(app):
            steps = await jobs.work(app, stopping=stop.is_said)
            log.info("worked in the background", steps=steps)

    await stop.repeat("background work", look, LOOKS_EVERY)

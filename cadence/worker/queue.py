"""The scaled worker: arq spreads the work over any number of processes.

Redis only wakes and spreads; the database is the truth. So a job is a hint that a mailbox has due work,
every hint may be lost or come twice, and the sweep finds again what was lost. `_job_id` keeps one hint a
mailbox in the queue; it names a short span of time as well, since arq holds the id of a killed worker's
job back for as long as that job might have run.
"""

import asyncio
import json
from typing import Any

import structlog
from arq import cron
from arq.connections import ArqRedis, RedisSettings, create_pool
from arq.worker import Worker, func
from redis.exceptions import RedisError

from cadence.core.errors import CadenceError, InvalidInput
from cadence.service.app import App
from cadence.store import messages
from cadence.worker.alive import alive
from cadence.worker.jobs import look_after, send_from
from cadence.worker.stopping import Stop, ended

log = structlog.get_logger()

SPAN = 15
"""Seconds after which a hint that a dead worker took is given again."""
LONGEST_JOB = 1800
JOBS_AT_ONCE = 50
ENDS_WITHIN = 30.0
LONGEST_BACKOFF = 15.0


def redis_settings(url: str) -> RedisSettings:
    """Where Redis is; raises InvalidInput."""
    try:
        settings = RedisSettings.from_dsn(url)
    except (RuntimeError, ValueError) as fault:
        raise InvalidInput(f"redis_url is no address such as redis://host:6379: {fault}") from fault
    settings.conn_retries = 1
    return settings


class QueueWorker:
    """One worker process. It outlives Redis: arq ends when Redis does, and is started anew."""

    def __init__(self, app: App, redis: RedisSettings) -> None:
        self._app, self._redis, self._stop = app, redis, Stop()
        self._arq: Worker | None = None

    def stop(self) -> None:
        """Take no more jobs; `run` returns once what is in flight is settled."""
        self._stop.say()
        if self._arq is not None:
            self._arq.allow_pick_jobs = False

    async def run(self) -> None:
        """Run until `stop`."""
        async with alive(self._app, self._stop):
            backoff = 1.0
            while not self._stop.is_said():
                try:
                    await self._serve()
                    backoff = 1.0
                except (RedisError, OSError, TimeoutError) as fault:
                    log.warning("redis cannot be reached", fault=str(fault), again_in=backoff)
                    await self._stop.sleep(backoff)
                    backoff = min(backoff * 2, LONGEST_BACKOFF)

    async def _serve(self) -> None:
        """Be an arq worker until stop is said or Redis is lost; what runs then is finished either way."""
        redis = await create_pool(self._redis, job_serializer=_pack, job_deserializer=json.loads)
        self._arq = arq = self._worker(redis)
        serving = asyncio.create_task(arq.async_run())
        stopped = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait((serving, stopped), return_when=asyncio.FIRST_COMPLETED)
            if running := [task for task in arq.tasks.values() if not task.done()]:
                log.info("finishing what is in flight", jobs=len(running))
                await asyncio.wait(running, timeout=ENDS_WITHIN)
            if serving.done():
                serving.result()
        finally:
            await ended((serving, stopped, *arq.tasks.values()))
            await redis.connection_pool.disconnect(inuse_connections=True)

    def _worker(self, redis: ArqRedis) -> Worker:
        return Worker(
            functions=[func(self._send_from, name="send_from", max_tries=1)],
            cron_jobs=[
                cron(self._sweep, name="sweep", second=None, microsecond=0),
                cron(self._look_after, name="look_after", second={0, 15, 30, 45}),
            ],
            redis_pool=redis,
            handle_signals=False,
            max_jobs=JOBS_AT_ONCE,
            job_timeout=LONGEST_JOB,
            keep_result=0,
            log_results=False,
            poll_delay=0.2,
            job_serializer=_pack,
            job_deserializer=json.loads,
        )

    # --- jobs ---

    async def _send_from(self, ctx: dict[Any, Any], mailbox_id: int | None) -> None:
        await send_from(self._app, mailbox_id, stopping=self._stop.is_said)

    async def _sweep(self, ctx: dict[Any, Any]) -> None:
        """Give a hint for every mailbox that has due work."""
        try:
            async with self._app.db.read() as tx:
                due = await messages.mailboxes_with_work(tx, self._app.clock())
        except CadenceError as fault:
            log.warning("sweep was interrupted", fault=str(fault))
            return
        for mailbox_id in due:
            await wake(ctx["redis"], mailbox_id, self._app)

    async def _look_after(self, ctx: dict[Any, Any]) -> None:
        try:
            await look_after(self._app)
        except CadenceError as fault:
            log.warning("upkeep was interrupted", fault=str(fault))


async def wake(redis: ArqRedis, mailbox_id: int | None, app: App) -> None:
    """Hint that a mailbox has due work."""
    span = int(app.clock().timestamp()) // SPAN
    await redis.enqueue_job("send_from", mailbox_id, _job_id=f"send:{mailbox_id}:{span}")


def _pack(job: dict[str, Any]) -> bytes:
    """A job as JSON: what comes out of Redis is data, and never code as with arq's own pickles."""
    return json.dumps(job, default=str).encode()

"""The scaled worker: arq spreads the work over any number of processes.

Redis only wakes and spreads; the database is the truth. So a job is a hint that a mailbox has due work,
every hint may be lost or come twice, and the sweep finds again what was lost. It looks ahead to the next
sweep, so that a mail leaves when it is due and not when somebody looks; whoever changes something asks for
one at once. `_job_id` keeps one hint a mailbox in the queue; it names an instant as well, since arq holds
the id of a killed worker's job back for as long as that job might have run.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from arq import cron
from arq.connections import ArqRedis, RedisSettings, create_pool
from arq.constants import default_queue_name
from arq.worker import Worker, func
from redis.exceptions import RedisError

from cadence.core.errors import CadenceError, InvalidInput
from cadence.service.app import App
from cadence.worker.alive import alive
from cadence.worker.background import work_in_background
from cadence.worker.jobs import alarm, deliver, due_within, look_after, send_from, visit_crms
from cadence.worker.stopping import Stop, ended

log = structlog.get_logger()

SPAN = 15
"""Seconds after which a hint that a dead worker took is given again."""
AHEAD = 1.5
"""Seconds that a sweep looks ahead: one comes every second, or somewhat later."""
CALL_ENDS_WITHIN = 2.0
"""Seconds that whoever asks for a sweep waits for Redis."""
STALE = timedelta(seconds=60)
"""What waits in the queue for longer was begun by a worker that died, or is hinted at anew."""
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
            beside = asyncio.create_task(work_in_background(self._app, self._stop))
            try:
                await self._serve_on()
            finally:
                await ended((beside,))

    async def _serve_on(self) -> None:
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
        redis = await _connected(self._redis)
        await _drop_stale(redis)
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
            functions=[
                func(self._send_from, name="send_from", max_tries=1),
                func(self._sweep, name="sweep_now", max_tries=1),
            ],
            cron_jobs=[
                cron(self._sweep, name="sweep", second=None, microsecond=0),
                cron(self._look_after, name="look_after", second={0, 15, 30, 45}, run_at_startup=True),
                cron(self._alarm, name="alarm", second=set(range(0, 60, 5))),
                cron(self._deliver, name="deliver", second=set(range(0, 60, 2)), timeout=LONGEST_JOB),
                cron(self._visit_crms, name="crms", second=set(range(0, 60, 2)), timeout=LONGEST_JOB),
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
        """Give a hint for every mailbox that has due work before the next sweep, for when it has it."""
        await _drop_stale(ctx["redis"])
        try:
            due = await due_within(self._app, AHEAD)
        except CadenceError as fault:
            log.warning("sweep was interrupted", fault=str(fault))
            return
        for mailbox_id, seconds in due.items():
            await _hint(ctx["redis"], mailbox_id, self._app.clock(), seconds)

    async def _look_after(self, ctx: dict[Any, Any]) -> None:
        try:
            await look_after(self._app)
        except CadenceError as fault:
            log.warning("upkeep was interrupted", fault=str(fault))

    async def _alarm(self, ctx: dict[Any, Any]) -> None:
        try:
            await alarm(self._app)
        except CadenceError as fault:
            log.warning("telling people was interrupted", fault=str(fault))

    async def _deliver(self, ctx: dict[Any, Any]) -> None:
        try:
            await deliver(self._app)
        except CadenceError as fault:
            log.warning("the delivery to webhooks was interrupted", fault=str(fault))

    async def _visit_crms(self, ctx: dict[Any, Any]) -> None:
        try:
            await visit_crms(self._app)
        except CadenceError as fault:
            log.warning("visiting CRMs was interrupted", fault=str(fault))


class Caller:
    """Asks the workers to look into the queue at once; where Redis is away they do so by themselves."""

    def __init__(self, redis: RedisSettings) -> None:
        self._settings = replace(redis, conn_retries=0)
        self._redis: ArqRedis | None = None

    async def __call__(self) -> None:
        """Ask; never raises, and gives up soon."""
        try:
            async with asyncio.timeout(CALL_ENDS_WITHIN):
                if self._redis is None:
                    self._redis = await _connected(self._settings)
                await self._redis.enqueue_job("sweep_now", _job_id=f"sweep:{_span(datetime.now(UTC))}")
        except (RedisError, OSError, TimeoutError) as fault:
            log.info("no worker was woken", fault=str(fault))
            await self.close()

    async def close(self) -> None:
        """Give the connection back."""
        redis, self._redis = self._redis, None
        if redis is not None:
            await redis.connection_pool.disconnect(inuse_connections=True)


@asynccontextmanager
async def calling(app: App, redis_url: str | None) -> AsyncIterator[None]:
    """Let an application wake the workers, if it has a Redis; raises InvalidInput."""
    if redis_url is None:
        yield
        return
    caller = Caller(redis_settings(redis_url))
    app.wake = caller
    try:
        yield
    finally:
        await caller.close()


async def _connected(settings: RedisSettings) -> ArqRedis:
    return await create_pool(settings, job_serializer=_pack, job_deserializer=json.loads)


async def _hint(redis: ArqRedis, mailbox_id: int | None, now: datetime, seconds: float) -> None:
    """Hint that a mailbox has due work in so many seconds."""
    when = str((now + timedelta(seconds=seconds)).timestamp()) if seconds else _span(now)
    wait = timedelta(seconds=seconds + 0.001) if seconds else None  # arq cuts off what is below
    await redis.enqueue_job("send_from", mailbox_id, _job_id=f"send:{mailbox_id}:{when}", _defer_by=wait)


async def _drop_stale(redis: ArqRedis) -> None:
    """Take out of the queue what nobody began in time: each sweep hints anew at what is due.

    A worker that is killed leaves its jobs there, under way for as long as they may take. Some hundreds of
    them would hide every newer job from arq, which looks at the oldest only.
    """
    oldest = (datetime.now(UTC) - STALE).timestamp() * 1000
    await redis.zremrangebyscore(default_queue_name, "-inf", oldest)


def _span(now: datetime) -> str:
    return f"span {int(now.timestamp()) // SPAN}"


def _pack(job: dict[str, Any]) -> bytes:
    """A job as JSON: what comes out of Redis is data, and never code as with arq's own pickles."""
    return json.dumps(job, default=str).encode()

"""Counts that walk through whole tables: kept in the database with their time, taken in the background.

Counting a million deals takes seconds, a page may take a tenth of one. So a count is kept in the database
and taken anew when it is older than fifty times what counting took: fresh within seconds where there is
little, within minutes where there is much, and never more than two per cent of the database's time.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.service.app import App
from cadence.store import reports
from cadence.store.reports import Kept

log = structlog.get_logger()

PATIENCE = 0.05
"""Seconds that a page waits for a first count, before it says that it is being counted."""
AGE_PER_SECOND = 50
YOUNGEST = timedelta(seconds=2)
_SECOND = timedelta(seconds=1)
_counting: dict[tuple[int, str], asyncio.Task[None]] = {}

Count = Callable[[AsyncConnection], Awaitable[dict[str, Any]]]


async def kept(app: App, key: str, count: Count, *, patience: float | None = None) -> Kept | None:
    """What is known under a key, as of when; None while it is counted for the first time.

    key: says what is counted, and within whose reach; patience: seconds to wait, PATIENCE unless said.
    """
    key = _digest(key)
    found = await _find(app, key)
    if found is not None and _is_fresh(app, found):
        return found
    task = _start(app, key, count)
    if found is not None:
        return found
    await asyncio.wait({task}, timeout=PATIENCE if patience is None else patience)
    return await _find(app, key)


async def outdate(tx: AsyncConnection, key: str) -> None:
    """Count anew at the next look what is known under a key: much of it has just changed."""
    await reports.outdate(tx, _digest(key))


async def forget(tx: AsyncConnection, key: str) -> None:
    """Forget what is known under a key."""
    await reports.forget(tx, _digest(key))


def _digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()


def _is_fresh(app: App, found: Kept) -> bool:
    return app.clock() - found.made_at <= max(YOUNGEST, found.took * AGE_PER_SECOND * _SECOND)


async def _find(app: App, key: str) -> Kept | None:
    async with app.db.read() as tx:
        return await reports.find(tx, key)


def at_work() -> list[asyncio.Task[None]]:
    """What is being counted in this process."""
    return list(_counting.values())


def _start(app: App, key: str, count: Count) -> asyncio.Task[None]:
    """Count in the background, once at a time in this process; other processes are asked in the database."""
    name = (id(app), key)
    if name not in _counting:
        task = asyncio.create_task(_count(app, key, count))
        _counting[name] = task
        task.add_done_callback(lambda _: _counting.pop(name, None))
    return _counting[name]


async def _count(app: App, key: str, count: Count) -> None:
    try:
        now, began = app.clock(), app.steady()
        async with app.db.write() as tx:
            if not await reports.begin(tx, key, now):
                return
        try:
            async with app.db.read() as tx:
                body = await count(tx)
        except BaseException:
            async with app.db.write() as tx:
                await reports.give_up(tx, key)
            raise
        async with app.db.write() as tx:
            await reports.keep(tx, key, Kept(now, app.steady() - began, body), now)
    except Exception:
        log.exception("a report could not be counted")

"""Who reads a batch of mails: a thread, or processes of their own while a mailbox is filled from its past.

Understanding a mail is the dearest part of taking it in, and one process does it on one processor, whatever
its threads do. So once a folder turns out to hold many mails, helpers are started; they end with it. Only
one folder at a time has them, so that a thousand new mailboxes start no thousand processes.
"""

import asyncio
import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Self

import structlog

from cadence import logs
from cadence.service.understanding import Understood, digested

log = structlog.get_logger()

MANY = 400
"""Mails of one folder from which on helpers are worth their start, which takes a second or two."""
MOST = 4
_taken = threading.Lock()


class Helpers:
    """Understands the mails of one folder; to be entered, and left when the folder is read."""

    def __init__(self) -> None:
        self._seen = 0
        self._wanted = True
        self._pool: ProcessPoolExecutor | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._end()

    async def understand(
        self, mails: list[tuple[int, bytes]], packed: bytes | None = None
    ) -> list[Understood]:
        """Read mails, each with its UID, by the model of this file; in the same order."""
        self._seen += len(mails)
        if self._wanted and self._seen > MANY and _taken.acquire(blocking=False):
            self._wanted = False
            self._pool = ProcessPoolExecutor(
                _how_many(), multiprocessing.get_context("spawn"), _begin, (logs.asked_for(),)
            )
        if self._pool is not None:
            try:
                return await self._shared(self._pool, mails, packed)
            except BrokenProcessPool:  # somebody ended a helper: without them it only takes longer
                log.warning("a helper that reads mails died")
                await self._end()
        return await asyncio.to_thread(digested, mails, packed)

    async def _shared(
        self, pool: ProcessPoolExecutor, mails: list[tuple[int, bytes]], packed: bytes | None
    ) -> list[Understood]:
        loop, share = asyncio.get_running_loop(), -(-len(mails) // (2 * _how_many())) or 1
        shares = [mails[start : start + share] for start in range(0, len(mails), share)]
        done = await asyncio.gather(*(loop.run_in_executor(pool, digested, each, packed) for each in shares))
        return [mail for each in done for mail in each]

    async def _end(self) -> None:
        if self._pool is not None:
            pool, self._pool = self._pool, None
            _taken.release()
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)


def _how_many() -> int:
    return min(MOST, os.cpu_count() or 1)


def _begin(log_as: tuple[str, str] | None) -> None:
    """In a helper: it logs as the program does, and no word of a mail; whoever stops the program by a key
    means the program; and no helper outlives it.
    """
    if log_as is not None:
        logs.set_up(*log_as)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)

"""How the loops end: each waits, works and sleeps no longer than until somebody says stop."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, TypeVar

import structlog

from cadence.core.errors import CadenceError

T = TypeVar("T")

log = structlog.get_logger()

LONGEST_WAIT = 60.0


class Stop:
    """Said once, and then for good."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def say(self) -> None:
        """Begin nothing more."""
        self._event.set()

    def is_said(self) -> bool:
        """Whether to begin nothing more."""
        return self._event.is_set()

    async def wait(self) -> None:
        """Until it is said."""
        await self._event.wait()

    async def sleep(self, seconds: float | None, *, poke: asyncio.Event | None = None) -> None:
        """Wait that long (None: for good), or until stop is said or somebody pokes."""
        waits = [asyncio.ensure_future(event.wait()) for event in (self._event, poke) if event is not None]
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await ended(waits)

    async def or_result(self, work: Coroutine[Any, Any, T]) -> T | None:
        """The result of some work; None where stop is said first, and then the work is cancelled."""
        working = asyncio.ensure_future(work)
        stopped = asyncio.ensure_future(self._event.wait())
        try:
            await asyncio.wait((working, stopped), return_when=asyncio.FIRST_COMPLETED)
            return working.result() if working.done() else None
        finally:
            await ended((working, stopped))

    async def repeat(
        self,
        what: str,
        work: Callable[[], Awaitable[object]],
        every: float,
        *,
        poke: asyncio.Event | None = None,
    ) -> None:
        """Work again and again until stop is said; a fault of the world is logged and waited out.

        poke: once set, the work is done anew at once.
        """
        wait = every
        while not self.is_said():
            if poke is not None:
                poke.clear()
            try:
                await work()
                wait = every
            except CadenceError as fault:
                log.warning(f"{what} was interrupted", fault=str(fault), again_in=wait)
                wait = max(every, min(wait * 2, LONGEST_WAIT))
            except Exception:
                log.exception(f"{what} failed; it is tried again", again_in=wait)
                wait = max(every, min(wait * 2, LONGEST_WAIT))
            await self.sleep(wait, poke=poke)


async def ended(tasks: Iterable["asyncio.Future[Any]"]) -> None:
    """Cancel tasks and wait until all are over."""
    tasks = list(tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

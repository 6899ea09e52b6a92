"""The driver's side of child.py: real worker processes that are started at once and killed at will."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from tests.faults.child import Order, order_line

ROOT = Path(__file__).parents[2]


class Worker:
    """One running worker process. died_at: the await at which it killed itself, if it did."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.died_at: str | None = None
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def end(self, within: float = 20.0) -> int:
        """Wait for its end; gives its status."""
        await asyncio.wait({self.ended}, timeout=within)
        assert self.ended.done(), "it is still alive"
        return self.ended.result()

    def kill(self) -> None:
        """kill -9, unless it is dead already."""
        if not self.ended.done():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end in good order."""
        if not self.ended.done():
            os.kill(self.pid, signal.SIGTERM)


class Nursery:
    """Starts one worker after another, without the cost of a new interpreter."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._worker: Worker | None = None
        self._listening: asyncio.Task[None] | None = None

    async def start(self, order: Order) -> Worker:
        """Start a worker; the one before must have ended."""
        if self._listening is not None:
            await self._listening
        assert self._process.stdin
        self._process.stdin.write(order_line(order))
        worker = self._worker = Worker((await self._hear())["pid"])
        self._listening = asyncio.create_task(self._listen(worker))
        return worker

    async def end(self) -> None:
        """Kill whatever still runs."""
        if self._worker is not None and self._listening is not None:
            self._worker.kill()
            await self._listening
        self._process.kill()
        await self._process.wait()

    async def _listen(self, worker: Worker) -> None:
        while not worker.ended.done():
            said = await self._hear()
            if "died" in said:
                worker.died_at = said["died"]
            else:
                worker.ended.set_result(said["ended"])

    async def _hear(self) -> dict[str, Any]:
        assert self._process.stdout
        line = await self._process.stdout.readline()
        assert line, "the nursery is gone"
        said: dict[str, Any] = json.loads(line)
        return said


@contextlib.asynccontextmanager
async def nursery(log: Path) -> AsyncIterator[Nursery]:
    """A nursery, whose workers write their log lines to a file."""
    with log.open("ab") as lines:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.faults.child", stdin=PIPE, stdout=PIPE, stderr=lines, cwd=ROOT
        )
        made = Nursery(process)
        try:
            yield made
        finally:
            await made.end()

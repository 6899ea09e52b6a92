"""A wire that is cut after a chosen number of bytes, between a client and a server that both work."""

import asyncio
import contextlib
from collections.abc import AsyncIterator


class CutWire:
    """up and down: how many bytes may pass to the server and to the client before both ends see a reset.

    passed_up and passed_down: how many did.
    """

    def __init__(self, port: int, up: int | None = None, down: int | None = None) -> None:
        self._target = port
        self._limits = up, down
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0
        self.passed_up = 0
        self.passed_down = 0

    @contextlib.asynccontextmanager
    async def laid(self) -> AsyncIterator["CutWire"]:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await asyncio.sleep(0.001)  # for the sockets to be closed

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except (OSError, asyncio.CancelledError):
            writer.transport.abort()
            return
        up, down = self._limits
        ways = [
            asyncio.ensure_future(self._carry(reader, far_writer, up, "passed_up")),
            asyncio.ensure_future(self._carry(far_reader, writer, down, "passed_down")),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            pass  # the test is over
        finally:
            for way in ways:
                way.cancel()
            writer.transport.abort()
            await self._hang_up(far_writer)

    async def _hang_up(self, far_writer: asyncio.StreamWriter) -> None:
        """Let what was carried arrive before the server sees the end."""
        far_writer.close()
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await far_writer.wait_closed()

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, limit: int | None, count: str
    ) -> None:
        passed = 0
        while data := await reader.read(65536):
            if limit is not None:
                data = data[: limit - passed]
            passed += len(data)
            setattr(self, count, passed)
            writer.write(data)
            await writer.drain()
            if passed == limit:
                return

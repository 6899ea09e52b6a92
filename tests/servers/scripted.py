"""What the scripted servers share: they do as they are told, over real sockets, and remember it."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from enum import Enum, auto
from typing import Self


class Act(Enum):
    """What a server can do instead of answering."""

    DROP = auto()
    RESET = auto()
    STALL = auto()


Line = str | Act
Script = dict[str, Line | list[Line]]
"""What to say to a command, by its verb; a list is used up one by one, its last entry stays."""


class Over(Exception):
    """The script ends this connection."""


class ScriptedServer:
    """port: where it listens; commands: every line it was told; connections: how many there were."""

    def __init__(
        self, script: Script, tls: ssl.SSLContext | None = None, upgrade: ssl.SSLContext | None = None
    ) -> None:
        self._script = {
            verb: [line] if isinstance(line, str | Act) else list(line) for verb, line in script.items()
        }
        self._tls = tls
        self._upgrade = upgrade
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0
        self.commands: list[str] = []
        self.connections = 0

    def heard(self, word: str) -> list[str]:
        """The commands in which this word stands."""
        return [command for command in self.commands if word in command.upper().split()[:3]]

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[Self]:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._tls, limit=2**20)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            await asyncio.sleep(0)
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await asyncio.sleep(0)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self.connections += 1
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, Over):
                await self.serve(reader, writer)
            writer.close()
            await writer.wait_closed()
        except (OSError, asyncio.CancelledError):
            pass  # the test is over, or the client left first
        finally:
            writer.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak the protocol on one connection."""
        raise NotImplementedError

    async def next_line(self, verb: str, writer: asyncio.StreamWriter) -> str:
        """What the script says now; raises Over where it says to go."""
        lines = self._script[verb]
        line = lines.pop(0) if len(lines) > 1 else lines[0]
        if line is Act.STALL:
            await asyncio.sleep(60)
        if isinstance(line, Act):
            if line is Act.RESET:
                writer.transport.abort()
            raise Over
        return line

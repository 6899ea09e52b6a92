"""An SMTP server that does as it is told, over a real socket: refuses, stalls, drops, talks nonsense."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Iterable
from enum import Enum, auto


class Act(Enum):
    """What a server can do instead of answering."""

    DROP = auto()
    RESET = auto()
    STALL = auto()


Line = str | Act
Script = dict[str, Line | list[Line]]
"""What to say to a command, by its verb; a list is used up one by one, its last entry stays.

"greeting" is the first line of a connection, "content" happens while the content arrives, "dot" after it.
"""

EHLO = (
    "250-scripted\r\n250-AUTH PLAIN LOGIN\r\n250-SIZE 35000000\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n"
)
POLITE: Script = {
    "greeting": "220 scripted ESMTP",
    "EHLO": EHLO + "250 HELP",
    "AUTH": "235 2.7.0 welcome",
    "MAIL": "250 2.1.0 ok",
    "RCPT": "250 2.1.5 ok",
    "DATA": "354 go ahead",
    "dot": "250 2.0.0 queued",
    "RSET": "250 2.0.0 forgotten",
    "NOOP": "250 2.0.0 ok",
    "STARTTLS": "220 2.0.0 go ahead",
    "QUIT": "221 2.0.0 bye",
}


class ScriptedSmtp:
    """port: where it listens; commands: every line it was told; mails: every content it read to the dot."""

    def __init__(
        self, script: Script, tls: ssl.SSLContext | None = None, upgrade: ssl.SSLContext | None = None
    ) -> None:
        self._script = {verb: list(_lines(line)) for verb, line in (POLITE | script).items()}
        self._tls = tls
        self._upgrade = upgrade
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0
        self.commands: list[str] = []
        self.mails: list[bytes] = []
        self.connections = 0
        self.read_a_mail = asyncio.Event()

    def heard(self, verb: str) -> list[str]:
        return [command for command in self.commands if command.upper().startswith(verb)]

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator["ScriptedSmtp"]:
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
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, _Over):
                await self._serve(reader, writer)
            writer.close()
            await writer.wait_closed()
        except (OSError, asyncio.CancelledError):
            pass  # the test is over, or the client left first
        finally:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._answer("greeting", writer)
        while line := await reader.readline():
            command = line.decode().rstrip("\r\n")
            self.commands.append(command)
            verb = command.partition(" ")[0].upper()
            await self._answer(verb if verb in self._script else "AUTH", writer)
            if verb == "STARTTLS" and self._upgrade:
                await writer.start_tls(self._upgrade)
            if verb == "DATA" and self._last.startswith("354"):
                await self._content(reader, writer)
            if verb == "QUIT":
                return

    async def _content(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if "content" in self._script:
            await reader.readline()
            await self._answer("content", writer)
        content = await reader.readuntil(b"\r\n.\r\n")
        self.mails.append(content[:-3])
        self.read_a_mail.set()
        await self._answer("dot", writer)

    async def _answer(self, verb: str, writer: asyncio.StreamWriter) -> None:
        lines = self._script[verb]
        line = lines.pop(0) if len(lines) > 1 else lines[0]
        if line is Act.STALL:
            await asyncio.sleep(60)
        if isinstance(line, Act):
            if line is Act.RESET:
                writer.transport.abort()
            raise _Over
        self._last = line
        writer.write(line.encode() + b"\r\n")
        await writer.drain()
        if line.startswith("421"):
            raise _Over


class _Over(Exception):
    pass


def _lines(line: Line | Iterable[Line]) -> Iterable[Line]:
    return [line] if isinstance(line, str | Act) else line

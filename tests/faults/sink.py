"""The judge of all sends: a mail server that logs every mail it takes responsibility for.

A mail is logged when its final dot was read, before the reply is written: from then on it left, whatever
its sender gets to know. Every phase can be slow, and tells whoever listens that it was reached.
"""

import asyncio
import contextlib
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

PHASES = ("connect", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "content", "accepted", "answered")
"""In this order; content: the dot was read; accepted: it is logged; answered: the sender was told."""

_GREETING = b"220 sink ESMTP\r\n"
_REPLIES = {
    "EHLO": b"250-sink\r\n250-AUTH PLAIN\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n",
    "AUTH": b"235 2.7.0 welcome\r\n",
    "MAIL": b"250 2.1.0 ok\r\n",
    "RCPT": b"250 2.1.5 ok\r\n",
    "DATA": b"354 go ahead\r\n",
    "RSET": b"250 2.0.0 forgotten\r\n",
    "NOOP": b"250 2.0.0 ok\r\n",
    "QUIT": b"221 2.0.0 bye\r\n",
}
_MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(r"<([^>]*)>")


@dataclass(frozen=True, slots=True)
class Taken:
    """One mail that left."""

    message_id: str
    recipient: str


class Sink:
    """port: where it listens; log: every mail it took, in order; on_phase: told of every phase reached."""

    def __init__(self, delay: Callable[[str], float] = lambda phase: 0.0) -> None:
        self._delay = delay
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0
        self.log: list[Taken] = []
        self.on_phase: Callable[[str], None] = lambda phase: None

    @property
    def counts(self) -> Counter[str]:
        """How often each Message-ID was taken."""
        return Counter(taken.message_id for taken in self.log)

    @contextlib.asynccontextmanager
    async def listening(self, port: int = 0) -> AsyncIterator["Sink"]:
        server = await asyncio.start_server(self._accept, "127.0.0.1", port, limit=2**22)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for _ in range(5):  # whoever was let in last is served by then
                await asyncio.sleep(0)
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await asyncio.sleep(0)  # the connections end

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await self._serve(reader, writer)
        writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._reach("connect")
        writer.write(_GREETING)
        recipient = ""
        while line := (await reader.readline()).decode():
            verb = line.split()[0].upper()
            await self._reach(verb)
            if verb == "RCPT":
                found = _ADDRESS.search(line)
                assert found
                recipient = found[1]
            writer.write(_REPLIES.get(verb, b"502 5.5.2 what\r\n"))
            if verb == "DATA":
                await self._take(await reader.readuntil(b"\r\n.\r\n"), recipient, writer)
            if verb == "QUIT":
                return

    async def _take(self, content: bytes, recipient: str, writer: asyncio.StreamWriter) -> None:
        await self._reach("content")
        found = _MESSAGE_ID.search(content)
        assert found
        self.log.append(Taken(found[1].decode(), recipient))
        await self._reach("accepted")
        writer.write(b"250 2.0.0 queued\r\n")
        await self._reach("answered")

    async def _reach(self, phase: str) -> None:
        self.on_phase(phase)
        if delay := self._delay(phase):
            await asyncio.sleep(delay)

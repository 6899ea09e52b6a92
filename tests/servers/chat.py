"""A chat endpoint over real HTTP that answers as told, and remembers what it was asked."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any


def said(category: str, confidence: object = 0.9, **more: object) -> bytes:
    """A proper answer."""
    return wrapped(json.dumps({"category": category, "confidence": confidence, **more}))


def wrapped(content: object) -> bytes:
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()


@dataclass
class Chat:
    """answer: what it says to everything, None for nothing at all; headers: further lines of its answers."""

    answer: bytes | None = field(default_factory=lambda: said("feedback"))
    status: int = 200
    headers: str = ""
    questions: list[dict[str, Any]] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    port: int = 0
    scheme: str = "http"
    _talks: list[asyncio.Task[Any]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.scheme}://localhost:{self.port}/v1"

    @asynccontextmanager
    async def listening(self, tls: ssl.SSLContext | None = None) -> AsyncIterator["Chat"]:
        server = await asyncio.start_server(self._serve, "localhost", 0, ssl=tls)
        self.port, self.scheme = server.sockets[0].getsockname()[1], "https" if tls else "http"
        try:
            yield self
        finally:
            server.close()
            await server.wait_closed()
            await asyncio.gather(*self._talks)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk is not None
        self._talks.append(talk)
        with suppress(ConnectionError, asyncio.IncompleteReadError):  # whoever asked may not wait
            await self._answer(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(
            int(line.split(":")[1]) for line in head.splitlines() if line.lower().startswith("content-length")
        )
        self.heads.append(head)
        self.questions.append(json.loads(await reader.readexactly(length)))
        if self.answer is None:
            await reader.read()
        else:
            fields = f"HTTP/1.1 {self.status} Said\r\nContent-Length: {len(self.answer)}\r\n{self.headers}"
            writer.write(f"{fields}Connection: close\r\n\r\n".encode() + self.answer)
            await writer.drain()

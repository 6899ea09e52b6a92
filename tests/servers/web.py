"""HTTP over a real socket, for the stand-ins of APIs; one connection for each request."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass
class Reply:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, found: object, status: int = 200, **headers: str) -> Self:
        return cls(status, json.dumps(found).encode(), {k.replace("_", "-"): v for k, v in headers.items()})


@dataclass
class WebServer:
    """delay: seconds each answer takes; asked: what was asked for, in order."""

    delay: float = field(default=0.0, kw_only=True)
    asked: list[Request] = field(default_factory=list, kw_only=True)
    port: int = field(default=0, kw_only=True)
    _talks: list[asyncio.Task[Any]] = field(default_factory=list, kw_only=True)

    def reply(self, request: Request) -> Reply | None:
        """The answer to a request, None for none at all."""
        raise NotImplementedError

    def hangs_up(self, method: str) -> bool:
        """Whether only the head of the next request is read."""
        return False

    @asynccontextmanager
    async def listening(self, tls: ssl.SSLContext | None = None) -> AsyncIterator[Self]:
        server = await asyncio.start_server(self._serve, "localhost", 0, ssl=tls)
        self.port = server.sockets[0].getsockname()[1]
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
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            request = await self._read(reader)
            reply = None if request is None else self.reply(request)
            await asyncio.sleep(self.delay)
            if reply is not None:
                head = {"Date": format_datetime(datetime.now(UTC), usegmt=True), "Connection": "close"}
                head |= {"Content-Length": str(len(reply.body)), **reply.headers}
                lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
                writer.write(f"HTTP/1.1 {reply.status} Said\r\n{lines}\r\n".encode() + reply.body)
                await writer.drain()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def _read(self, reader: asyncio.StreamReader) -> Request | None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.rstrip().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        method, target, _ = first.split(" ")
        if self.hangs_up(method):
            return None
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        parts = urlsplit(target)
        return Request(method, unquote(parts.path), dict(parse_qsl(parts.query)), headers, body)

"""What the stand-ins for mail APIs share: HTTP over a real socket, tokens, and answers out of turn.

Each is written from its published reference, no more of it than a client for reading and sending needs.
"""

import asyncio
import json
import ssl
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from cadence.mail.parse import Received, parse

DROP = "drop"
"""What became of a request that was read, and done, and never answered."""
HANG_UP = "hang up"
"""What becomes of one of which only the head was read."""


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
class Mail:
    """name: by which the API knows it; raw: as it lies there."""

    name: str
    raw: bytes
    at: int

    @property
    def read(self) -> Received:
        return parse(self.raw)

    @property
    def date(self) -> datetime:
        return parsedate_to_datetime(self.read.headers.get("date"))

    @property
    def message_id(self) -> str:
        return self.read.message_id or ""


@dataclass
class MailApi:
    """A mailbox of `address`.

    tokens: those that are good; whose: who is signed in by one, in place of that; moods: what happens to the
    next requests that send; answers: what the next ones that read are answered with; renames: it gives what
    is sent Message-IDs of its own; spoils: which question from now
    on a server in between answers; delay: seconds each answer takes; asked: what was asked for, in order.
    """

    address: str
    tokens: set[str] = field(default_factory=lambda: {"token"})
    moods: "deque[str | Reply]" = field(default_factory=deque)
    answers: "deque[Reply]" = field(default_factory=deque)
    renames: bool = False
    delay: float = 0.0
    spoils: int = 0
    asked: list[Request] = field(default_factory=list)
    taken: list[bytes] = field(default_factory=list)
    whose: Callable[[str], str | None] | None = None
    port: int = 0
    count: int = 0
    _talks: list[asyncio.Task[Any]] = field(default_factory=list)

    kind = ""

    @property
    def url(self) -> str:
        return f"{self.kind}://localhost:{self.port}"

    def answer(self, request: Request) -> Reply:
        raise NotImplementedError

    def is_sending(self, request: Request) -> bool:
        return request.method == "POST"

    def refusal(self, status: int, reason: str, text: str, **headers: str) -> Reply:
        """A fault, as the API writes it."""
        raise NotImplementedError

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

    def next(self) -> int:
        self.count += 1
        return self.count

    def renamed(self, raw: bytes) -> bytes:
        """A mail under a Message-ID of the provider's."""
        old = parse(raw).message_id or ""
        new = f"<provider-{self.next()}@mail.provider.example>"
        return raw.replace(f"\nMessage-ID: {old}".encode(), f"\nMessage-ID: {new}".encode(), 1)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk is not None
        self._talks.append(talk)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            request = await self._read(reader)
            reply = None if request is None else self._reply(request)
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
        if method == "POST" and self.moods and self.moods[0] == HANG_UP:
            self.moods.popleft()
            return None
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        parts = urlsplit(target)
        return Request(method, unquote(parts.path), dict(parse_qsl(parts.query)), headers, body)

    def _reply(self, request: Request) -> Reply | None:
        self.asked.append(request)
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if (self.whose(token) != self.address) if self.whose else (token not in self.tokens):
            return self.refusal(401, "authError", "Invalid Credentials")
        if f"/users/{self.address}/" not in request.path:
            return self.refusal(403, "forbidden", "Delegation denied")
        if not self.is_sending(request):
            self.spoils -= 1
            if self.spoils == 0:
                return Reply(200, b"<html>Log in to this network</html>", {"Content-Type": "text/html"})
            return self.answers.popleft() if self.answers else self.answer(request)
        mood = self.moods.popleft() if self.moods else None
        if isinstance(mood, Reply):
            return mood
        reply = self.answer(request)
        return None if mood == DROP else reply


def objects(found: list[dict[str, Any]], start: int, size: int) -> tuple[list[dict[str, Any]], int | None]:
    """A page, and where the next one begins."""
    return found[start : start + size], (start + size if start + size < len(found) else None)

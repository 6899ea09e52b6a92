"""Asks the web application as a server would, without a network, and times its answer.

httpx's transport waits for the whole body before it gives anything back, so when the first byte came would
not be known.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from starlette.types import ASGIApp, Message

from benchmarks.addresses import Address


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. first, whole: seconds until the first bytes of the body, and until the last; size: its
    bytes; is_page: it is HTML.
    """

    status: int
    first: float
    whole: float
    size: int
    is_page: bool


async def ask(web: ASGIApp, address: Address, headers: Mapping[str, str]) -> Answer:
    """One GET; it stays open until the answer is whole."""
    path, _, query = address.url.partition("?")
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"localhost"), *((k.encode(), v.encode()) for k, v in headers.items())],
        "client": ("127.0.0.1", 4711),
        "server": ("localhost", 80),
    }
    came: list[tuple[float, Message]] = []
    is_asked = False

    async def receive() -> Message:
        nonlocal is_asked
        if is_asked:
            await asyncio.Event().wait()  # nobody goes away
        is_asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        came.append((time.perf_counter(), message))

    began = time.perf_counter()
    await web(scope, receive, send)
    bodies = [(at, message["body"]) for at, message in came[1:] if message.get("body")]
    first, whole = bodies[0][0] if bodies else came[-1][0], came[-1][0]
    size = sum(len(body) for _, body in bodies)
    is_page = dict(came[0][1]["headers"]).get(b"content-type", b"").startswith(b"text/html")
    return Answer(came[0][1]["status"], first - began, whole - began, size, is_page)

"""Serves the web application inside an event loop that belongs to somebody else.

uvicorn would take over the signals, open the port late and wait for ever for a request that dribbles in;
here the caller stops it, the port is taken before anything else begins, and a request has a deadline.
"""

import asyncio
import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from cadence.core.errors import CadenceError
from cadence.web.news import News

REQUEST_SECONDS = 20.0
"""How long the head of a request may take to arrive; bodies have their own deadline where they are read."""
_GRACE = 3
_MOST_AT_ONCE = 1000
"""Connections, idle ones and those that wait for news included; what is costly has limits of its own."""


def listen(host: str, port: int) -> socket.socket:
    """Take a port, 0 for a free one; raises CadenceError with one line where it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as fault:
        if fault.errno == errno.EADDRINUSE:
            why = f"port {port} on {host} is taken by another program; choose another one with --port"
        elif fault.errno == errno.EACCES:
            why = f"port {port} on {host} needs more rights; choose one above 1023 with --port"
        else:
            why = f"cannot listen on {host}, port {port}: {fault.strerror or fault}"
        raise CadenceError(why) from fault


def url_of(listening: socket.socket) -> str:
    """Where the server can be reached from this machine."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - it is read, not bound
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class WebServer:
    """One server on a port that is listened to already; `run` ends after `stop`."""

    def __init__(self, app: FastAPI, listening: socket.socket) -> None:
        config = uvicorn.Config(
            app,
            http=_Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,  # the paths are links that act
            server_header=False,
            limit_concurrency=_MOST_AT_ONCE,
            timeout_graceful_shutdown=_GRACE,
        )
        self._server = _Server(config)
        self._listening = listening
        self._news: News | None = getattr(app.state, "news", None)

    async def run(self) -> None:
        """Serve until `stop`; requests that are being answered get a few seconds more."""
        await self._server.serve(sockets=[self._listening])

    def stop(self) -> None:
        """Take no more requests, and let go of those who wait for news."""
        if self._news is not None:
            self._news.close()
        self._server.should_exit = True


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to whoever runs us."""
        yield


class _Protocol(H11Protocol):
    """Closes a connection on which, from one look to the next, no request became complete."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._deadline = self.loop.call_later(REQUEST_SECONDS, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        self._deadline.cancel()
        super().connection_lost(exc)

    def _look(self) -> None:
        cycle: Any = self.cycle
        if cycle is None or cycle.response_complete:
            self.transport.close()
        else:
            self._deadline = self.loop.call_later(REQUEST_SECONDS, self._look)

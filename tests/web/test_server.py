"""The server in somebody else's event loop: it takes its port first, has deadlines, and ends when told."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from cadence.core.errors import CadenceError
from cadence.web import server
from cadence.web.app import create_app
from cadence.web.server import WebServer, listen, url_of


class Service:
    async def language(self, token: str) -> str:
        return ""

    async def unsubscribe(self, token: str) -> None:
        await asyncio.sleep(0.3)

    async def fault(self) -> str | None:
        return None


@asynccontextmanager
async def serving() -> AsyncIterator[str]:
    with listen("127.0.0.1", 0) as listening:
        web = WebServer(create_app(Service()), listening)
        running = asyncio.create_task(web.run())
        yield url_of(listening)
        web.stop()
        await asyncio.wait_for(running, 10)


async def test_it_serves_until_it_is_stopped() -> None:
    async with serving() as url, httpx.AsyncClient() as client:
        assert (await client.get(f"{url}/healthz")).json() == {"status": "ok"}
    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(f"{url}/healthz")


async def test_a_request_that_is_being_answered_is_finished() -> None:
    async with httpx.AsyncClient() as client:
        async with serving() as url:
            asking = asyncio.create_task(client.post(f"{url}/u/token", data={"confirm": "yes"}))
            await asyncio.sleep(0.2)
        assert (await asking).status_code == 200


async def test_a_request_that_dribbles_in_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "REQUEST_SECONDS", 0.2)
    async with serving() as url:
        host, port = url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"GET /healthz HTTP/1.1\r\nHo")
        began = time.monotonic()
        assert await asyncio.wait_for(reader.read(), 5) == b""
        assert time.monotonic() - began < 10
        writer.close()


async def test_answers_say_nothing_of_the_server() -> None:
    async with serving() as url, httpx.AsyncClient() as client:
        assert "server" not in (await client.get(f"{url}/healthz")).headers


def test_a_port_in_use_is_one_line() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(CadenceError, match=f"port {port} on 127.0.0.1 is taken by another program"):
            listen("127.0.0.1", port)


def test_a_host_that_is_none_is_one_line() -> None:
    with pytest.raises(CadenceError, match="cannot listen on no-such-host"):
        listen("no-such-host.invalid", 0)


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine speaks no IPv6")
def test_an_address_of_version_six_is_written_in_brackets() -> None:
    try:
        listening = listen("::1", 0)
    except CadenceError:
        pytest.skip("this machine has no IPv6 address")
    with listening:
        assert url_of(listening).startswith("http://[::1]:")

"""What is fetched from the servers of others: a little, from nowhere within our own network."""

import asyncio

import pytest

from cadence.core.errors import Unreachable
from cadence.service.outside import Outside


async def serving(body: bytes, status: str = "200 OK"):
    async def answer(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {status}\r\nConnection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    return server, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def test_what_stands_at_a_url_is_read():
    server, url = await serving(b"<clientConfig/>")
    async with server:
        assert await Outside(private=True).get(url, 100) == b"<clientConfig/>"


async def test_what_is_too_large_is_not_read_to_its_end():
    server, url = await serving(b"x" * 5_000_000)
    async with server:
        with pytest.raises(Unreachable, match="more than 1000 bytes"):
            await Outside(private=True).get(url, 1000)


@pytest.mark.parametrize("status", ["404 Not Found", "302 Found\r\nLocation: http://127.0.0.1/secret"])
async def test_what_is_not_there_or_elsewhere_is_nothing(status):
    server, url = await serving(b"gone", status)
    async with server:
        assert await Outside(private=True).get(url, 100) is None


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/", "https://[::1]/", "https://10.1.2.3/", "https://169.254.1.1/"]
)
async def test_our_own_network_is_not_asked(url):
    with pytest.raises(Unreachable, match="private network"):
        await Outside().get(url, 100)

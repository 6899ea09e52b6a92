"""What is said of a server that could not be reached."""

import asyncio
import socket
import ssl

import httpx
import pytest

from cadence.mail.faults import in_words, tls_fault


def wrapped(inner: BaseException) -> Exception:
    outer = RuntimeError("Error connecting to mail.vendor.example on port 25: [Errno 111]")
    outer.__cause__ = inner
    return outer


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (ConnectionRefusedError(111, "Connect call failed"), "nothing answers on this port"),
        (ConnectionResetError(), "the connection broke off"),
        (ssl.SSLEOFError(8, "EOF occurred in violation of protocol"), "the connection broke off"),
        (TimeoutError(), "no answer in time"),
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "there is no host of this name"),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure"), "its name cannot be looked up now"),
        (OSError("Multiple exceptions: [Errno 111], [Errno 113]"), "none of its addresses answers"),
        (EOFError(), "EOFError"),
        (OSError(24, "Too many open files"), "[Errno 24] Too many open files"),
    ],
)
def test_a_fault_of_the_network_is_said_in_words(fault: BaseException, words: str) -> None:
    assert in_words(fault) == words


def test_what_lies_innermost_says_most() -> None:
    assert (
        in_words(wrapped(ConnectionRefusedError(111, "Connect call failed")))
        == "nothing answers on this port"
    )
    expired = ssl.SSLCertVerificationError(1, "certificate verify failed")
    expired.verify_message = "certificate has expired"
    assert (
        in_words(wrapped(expired))
        == "no secure connection: the certificate does not verify: certificate has expired"
    )
    assert tls_fault(wrapped(wrapped(expired))) is expired
    assert tls_fault(wrapped(TimeoutError())) is None


async def test_what_the_http_client_wraps_is_found() -> None:
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.ConnectError) as caught:
            await client.get(f"http://127.0.0.1:{port}/")
    assert in_words(caught.value) in ("nothing answers on this port", "none of its addresses answers")

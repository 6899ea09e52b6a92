"""The SMTP dialogue on a connection that is open, secured and logged in: commands out, replies in.

aiosmtplib opens the connection, but reads one reply for each command and throws away what comes early;
here commands can be written together (RFC 2920) and their replies are read in their order.
"""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import cast

_LONGEST = 64 * 1024
"""Bytes of a reply: more is babble. RFC 5321 §4.5.3.1.5 allows 512 a line."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answers (RFC 5321 §4.2); code: 0 where it is none that can be read."""

    code: int
    text: str


class Dialogue(asyncio.Protocol):
    """Takes a connection over; raises ConnectionError where it is lost, TimeoutError where nobody speaks."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._unread = b""
        self._lines: list[str] = []
        self._length = 0
        self._replies: deque[Reply] = deque()
        self._lost: Exception | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self._waiter: asyncio.Future[None] | None = None
        transport.set_write_buffer_limits(high=0)
        transport.set_protocol(self)

    @property
    def is_idle(self) -> bool:
        """Whether the connection stands and the server said nothing that was not asked for."""
        return not (self._lost or self._replies or self._unread or self._transport.is_closing())

    def write(self, words: bytes) -> None:
        """Put bytes on their way."""
        if self._lost or self._transport.is_closing():
            raise self._lost or ConnectionResetError("connection lost")
        self._transport.write(words)

    async def drain(self, timeout: float) -> None:  # noqa: ASYNC109 - a stall is one of the faults told apart
        """Wait until all that was written has left our buffers."""
        async with asyncio.timeout(timeout):
            await self._writable.wait()
        if self._lost:
            raise self._lost

    async def reply(self, timeout: float) -> Reply:  # noqa: ASYNC109
        """The next reply."""
        if not self._replies:
            await self._news(timeout)
        return self._replies.popleft()

    async def _news(self, timeout: float) -> None:  # noqa: ASYNC109
        if self._lost:
            raise self._lost
        loop = asyncio.get_running_loop()
        self._waiter = loop.create_future()
        bell = loop.call_later(timeout, self._wake, TimeoutError("timed out waiting for the server's reply"))
        try:
            await self._waiter
        finally:
            bell.cancel()
            self._waiter = None

    def _wake(self, fault: Exception | None = None) -> None:
        if self._waiter is None or self._waiter.done():
            return
        if fault:
            self._waiter.set_exception(fault)
        else:
            self._waiter.set_result(None)

    # --- what asyncio tells ---

    def data_received(self, data: bytes) -> None:
        """Read what is complete."""
        *lines, self._unread = (self._unread + data).split(b"\n")
        for line in lines:
            self._read(line)
        if self._length + len(self._unread) > _LONGEST:
            self._end(Reply(0, "the server's reply has no end"))
            self._unread = b""
        if self._replies:
            self._wake()

    def _read(self, line: bytes) -> None:
        """Take in one line of a reply (RFC 5321 §4.2.1)."""
        text = line.decode("utf-8", "replace").strip()
        if not text[:3].isdecimal() or not text[:3].isascii() or text[3:4] not in ("", " ", "-"):
            self._end(Reply(0, f"not a reply of a mail server: {text[:200]}"))
            return
        self._lines.append(text[4:].strip())
        self._length += len(line)
        if self._length > _LONGEST:
            self._end(Reply(0, "the server's reply has no end"))
        elif text[3:4] != "-":
            self._end(Reply(int(text[:3]), "\n".join(self._lines)))

    def _end(self, reply: Reply) -> None:
        self._replies.append(reply)
        self._lines, self._length = [], 0

    def pause_writing(self) -> None:
        """The server reads slower than we write."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """All has left."""
        self._writable.set()

    def eof_received(self) -> bool:
        """The server says no more; a connection of which only one half stands is of no use."""
        self.connection_lost(None)
        return False

    def connection_lost(self, fault: Exception | None) -> None:
        """Whoever waits hears of it."""
        if self._lost is None:
            self._lost = ConnectionResetError("connection lost")
            self._lost.__cause__ = fault
        self._writable.set()
        self._wake(self._lost)


def taken_over(transport: asyncio.BaseTransport | None) -> Dialogue:
    """The dialogue goes on here from now on."""
    if transport is None or transport.is_closing():
        raise ConnectionResetError("connection lost")
    return Dialogue(cast(asyncio.Transport, transport))

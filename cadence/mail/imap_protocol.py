"""An IMAP connection on which every command ends: with the server's answer, or soon with an error.

aioimaplib's own protocol recurses once a line (about a thousand in one packet end in RecursionError,
even while idling), strips "* " from what it reads, waits for balanced parentheses that a quoted string may
lack, leaves commands pending when the server dies or greets with BYE, never answers the challenge that
explains a refused token, and repeats the pending command, password and all, when a tag is wrong. So its
reading half is replaced here; its commands, tags, states and timers are kept.
"""

import asyncio
import re
from typing import Any

from aioimaplib.aioimaplib import (
    AUTH,
    CONNECTED,
    LOGOUT,
    NONAUTH,
    Abort,
    Command,
    IMAP4ClientProtocol,
    Response,
)

MAX_LITERAL = 64 * 1024 * 1024
MAX_LINE = 16 * 1024 * 1024
"""A SEARCH answer of two million UIDs still fits."""

_LITERAL = re.compile(rb"\{(\d{1,10})\}$")
_STATUS = re.compile(rb"\S+ (OK|NO|BAD|BYE|PREAUTH)( |$)", re.IGNORECASE)
_CAPABILITIES = re.compile(rb"\S+ (?:(?:OK|PREAUTH) \[)?CAPABILITY ([^\]]*)", re.IGNORECASE)
_EXISTS = re.compile(rb"\* (\d+) EXISTS", re.IGNORECASE)


class Connection(IMAP4ClientProtocol):  # type: ignore[misc] # aioimaplib publishes no types
    """One connection, for one command at a time.

    greeted: done at the server's first line; lost: set when the connection is gone; news: set when the
    server says that the open folder has grown.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.greeted: asyncio.Future[None] = loop.create_future()
        self.lost = asyncio.Event()
        self.news = asyncio.Event()
        self.sasl_answers: list[bytes] = []
        self._farewell = "the server closed the connection"
        self._buffer = bytearray()
        self._scanned = 0
        self._wanted: int | None = None
        self._pieces: list[bytes] = []
        self._unasked = 0

    @property
    def has_spoken_since(self) -> bool:
        """Whether anything followed the end of the last command (RFC 3501 §11.1: nothing may before TLS)."""
        return bool(self._buffer or self._pieces or self._unasked)

    def data_received(self, d: bytes) -> None:
        """Take what the server sent; what is no IMAP ends the connection."""
        self._buffer += d
        if command := self.pending:
            command._reset_timer()
        try:
            while self._next_piece():
                pass
        except (Abort, ValueError) as fault:
            self._farewell = f"the server does not speak IMAP: {fault}"
            self.drop()

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail whatever still waits."""
        self.state = LOGOUT
        self.lost.set()
        fault = Abort(f"{self._farewell}: {exc}" if exc else self._farewell)
        if not self.greeted.done():
            self.greeted.set_exception(fault)
            self.greeted.exception()  # nobody need have asked yet
        while command := self.pending:
            self.pending_sync_command = None
            self.pending_async_commands.clear()
            command._exception = fault
            command.close(b"", "KO")

    async def execute(self, command: Command, scrub: str | None = None) -> Response:
        """Send a command and wait for its end; raises AioImapException."""
        if self.lost.is_set():
            raise Abort(self._farewell)
        return await super().execute(command, scrub=scrub)

    def drop(self) -> None:
        """End the connection at once, without a word."""
        if self.transport is not None:
            self.transport.abort()
        self.lost.set()

    @property
    def pending(self) -> Command | None:
        """The command that waits for its end."""
        return self.pending_sync_command or next(iter(self.pending_async_commands.values()), None)

    def _next_piece(self) -> bool:
        """Take one literal or one line off the buffer; False when it does not hold a whole one."""
        if self._wanted is not None:
            if len(self._buffer) < self._wanted:
                return False
            self._pieces.append(self._cut(self._wanted))
            self._wanted = None
        end = self._buffer.find(b"\r\n", self._scanned)
        if end < 0:
            self._scanned = max(len(self._buffer) - 1, 0)
            if len(self._buffer) > MAX_LINE:
                raise Abort("a line without end")
            return False
        line = self._cut(end)
        self._cut(2)
        is_status = not self._pieces and _STATUS.match(line)
        if not is_status and (literal := _LITERAL.search(line)):
            self._wanted = int(literal[1])
            if self._wanted > MAX_LITERAL:
                raise Abort(f"a string of {self._wanted} bytes")
            self._pieces.append(line[: literal.start()])
        else:
            self._pieces.append(line)
            whole, self._pieces = self._pieces, []
            self._answer(whole)
        return True

    def _cut(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        self._scanned = 0
        return taken

    def _answer(self, pieces: list[bytes]) -> None:
        first = pieces[0]
        if found := _CAPABILITIES.match(first):
            self.capabilities = set(found[1].decode("ascii", "replace").upper().split())
        self._unasked += 1
        if self.state == CONNECTED:
            self._greeting(first)
        elif first.startswith(b"* "):
            self._untagged(pieces)
        elif first.startswith(b"+"):
            self._continuation(first)
        elif first:
            self._finish(first)

    def _finish(self, line: bytes) -> None:
        """End the pending command; aioimaplib's own complaint of a wrong tag would tell the password."""
        command = self.pending
        if command is None or line.split(b" ", 1)[0] != command.tag.encode("ascii"):
            raise Abort("an answer to nothing that was asked")
        self._response_done(line)
        self._unasked = 0

    def _greeting(self, line: bytes) -> None:
        word = line.split(b" ")[1].upper() if line.startswith(b"* ") else b""
        if word not in (b"OK", b"PREAUTH"):
            raise Abort(line[:200].decode("utf-8", "replace"))
        self.state = AUTH if word == b"PREAUTH" else NONAUTH
        if not self.greeted.done():
            self.greeted.set_result(None)

    def _untagged(self, pieces: list[bytes]) -> None:
        if _EXISTS.match(pieces[0]):
            self.news.set()
        elif pieces[0][:6].upper() == b"* BYE ":
            self._farewell = "the server said goodbye: " + pieces[0][6:200].decode("utf-8", "replace")
        if command := self.pending:
            lines: list[Any] = command._resp_lines
            lines.append([pieces[0][2:], *pieces[1:]])

    def _continuation(self, line: bytes) -> None:
        command = self.pending_sync_command
        if command is not None and command.name == "AUTHENTICATE":
            answer = self.sasl_answers.pop(0) if self.sasl_answers else b""
            self.transport.write(answer + b"\r\n")
        else:
            super()._continuation(line)

"""One IMAP session: connected, secured, logged in; every fault of it becomes a MailboxError.

Whatever leaves a command half done drops the connection, since its late answer would be taken for the
answer to the next command.
"""

import asyncio
import base64
import contextlib
import re
import socket
import ssl
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, NoReturn

from aioimaplib.aioimaplib import AUTH, NONAUTH, AioImapException, Command, CommandTimeout

from cadence.core.delivery import readable
from cadence.core.errors import InvalidInput, MailboxError
from cadence.mail.endpoint import Credentials, Endpoint, Security
from cadence.mail.faults import in_words
from cadence.mail.imap_protocol import Connection
from cadence.mail.imap_text import Token, quote, tokens
from cadence.mail.sasl import bearer
from cadence.mail.tls import explain, is_passing, verifying_context

_PATIENCE = 20
"""How many silences a whole command may last: a server that answers drop by drop is given up, too."""

_PASSING = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "CONTACTADMIN", "THROTTLED"})
_LASTING = frozenset(
    {"AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED", "PRIVACYREQUIRED", "NOPERM", "NONEXISTENT"}
    | {"TRYCREATE", "CANNOT", "OVERQUOTA"}
)
"""Response codes of RFC 5530; where there is none the words decide."""

_PASSING_WORDS = re.compile(r"temporar|try again|later|unavailable|busy|too many|timed? ?out", re.IGNORECASE)
_LASTING_WORDS = re.compile(
    r"n[o']t exist|no such|unknown mailbox|not found|permission|denied", re.IGNORECASE
)


class Session:
    """The connection of one mailbox and its commands, one at a time. timeout: seconds of silence."""

    def __init__(
        self, endpoint: Endpoint, credentials: Credentials, ssl_context: ssl.SSLContext | None, timeout: float
    ) -> None:
        self.endpoint = endpoint
        self.timeout = timeout
        self._credentials = credentials
        self._ssl_context = ssl_context
        self._connection: Connection | None = None
        self._lock = asyncio.Lock()

    @property
    def is_open(self) -> bool:
        """Whether commands can be given."""
        return self._connection is not None and not self._connection.lost.is_set()

    @property
    def connection(self) -> Connection:
        """The live connection; raises MailboxError where there is none."""
        if self._connection is None or self._connection.lost.is_set():
            raise MailboxError(f"{self.endpoint}: not connected", temporary=True)
        return self._connection

    async def open(self) -> None:
        """Connect, secure the connection and log in."""
        async with self.turn():
            connection = await self._connect()
            if self.endpoint.security is Security.STARTTLS:
                await self._upgrade(connection)
            if connection.state == NONAUTH:
                await self._log_in(connection)

    async def close(self) -> None:
        """Log out if the server listens; never raises."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        if not connection.lost.is_set() and connection.pending is None:
            command = Command("LOGOUT", connection.new_tag(), loop=connection.loop, timeout=2.0)
            with contextlib.suppress(AioImapException):
                await connection.execute(command)
        connection.drop()

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for one's turn; map every foreign error inside to MailboxError."""
        async with self._lock:
            try:
                yield
            except MailboxError as fault:
                if not self.is_open or self.connection.state == NONAUTH:
                    self._drop()
                raise fault
            except CommandTimeout:
                self.fail(f"no answer within {self.timeout:g} s", temporary=True)
            except ssl.SSLError as fault:
                self.fail(explain(fault), temporary=is_passing(fault))
            except (AioImapException, OSError) as fault:
                self.fail(in_words(fault), temporary=True)
            except BaseException:
                self._drop()
                raise

    def fail(self, why: str, *, temporary: bool) -> NoReturn:
        """Drop the connection and raise MailboxError."""
        self._drop()
        raise MailboxError(f"{self.endpoint}: {readable(why)}", temporary=temporary)

    async def run(self, name: str, *arguments: str, by_uid: bool = False) -> list[list[Token]]:
        """Give one command and return the untagged answers; raises MailboxError for NO and BAD."""
        connection = self.connection
        command = Command(
            name,
            connection.new_tag(),
            *arguments,
            prefix="UID" if by_uid else None,
            loop=connection.loop,
            timeout=self.timeout,
        )
        logging_in = name in ("LOGIN", "AUTHENTICATE")
        async with asyncio.timeout(_PATIENCE * self.timeout):
            response = await connection.execute(command, scrub=arguments[-1] if logging_in else None)
        return self.judge(response, logging_in=logging_in)

    async def append(self, folder: str, raw: bytes, flags: str, at: datetime) -> None:
        """Give an APPEND; folder is encoded and quoted."""
        connection = self.connection
        response = await connection.append(raw, folder, flags, at, timeout=self.timeout)
        connection.literal_data = None  # a refused one was never asked for
        self.judge(response)

    def judge(self, response: Any, *, logging_in: bool = False) -> list[list[Token]]:
        """Return the untagged answers of a finished command; raises MailboxError for NO and BAD."""
        if response.result == "OK":
            return [tokens(pieces) for pieces in response.lines[:-1] if isinstance(pieces, list)]
        text = readable(bytes(response.lines[-1]).decode("utf-8", "replace")) if response.lines else ""
        raise MailboxError(
            f"{self.endpoint}: {text or response.result}", temporary=_is_temporary(text, logging_in)
        )

    def _drop(self) -> None:
        if self._connection:
            self._connection.drop()
        self._connection = None

    def _tls(self) -> ssl.SSLContext:
        return self._ssl_context or verifying_context()

    async def _connect(self) -> Connection:
        loop = asyncio.get_running_loop()
        tls = self._tls() if self.endpoint.security is Security.TLS else None
        async with asyncio.timeout(self.timeout):
            _, connection = await loop.create_connection(
                lambda: Connection(loop), self.endpoint.host, self.endpoint.port, ssl=tls
            )
            self._connection = connection
            _keep_alive(connection.transport)
            await connection.greeted
        if not connection.capabilities:
            await self.run("CAPABILITY")
        return connection

    async def _upgrade(self, connection: Connection) -> None:
        """STARTTLS (RFC 3501 §6.2.1), which aioimaplib lacks; plain text only inside this machine."""
        if "STARTTLS" not in connection.capabilities:
            if not self.endpoint.is_loopback:
                self.fail(
                    "no STARTTLS is offered, and a password must not travel in plain text", temporary=False
                )
            return
        await self.run("STARTTLS")
        if connection.has_spoken_since:
            self.fail("somebody spoke between STARTTLS and TLS", temporary=False)
        connection.transport = await connection.loop.start_tls(
            connection.transport,
            connection,
            self._tls(),
            server_hostname=self.endpoint.host,
            ssl_handshake_timeout=self.timeout,
        )
        connection.capabilities = set()
        await self.run("CAPABILITY")

    async def _log_in(self, connection: Connection) -> None:
        name, offered = self._credentials.username, connection.capabilities
        connection.capabilities = set()
        if self._credentials.token is not None:
            mechanisms = {each.removeprefix("AUTH=") for each in offered if each.startswith("AUTH=")}
            exchange = bearer(mechanisms, name, self._credentials.token, self.endpoint)
            if exchange is None:
                self.fail("it takes no OAuth tokens (neither OAUTHBEARER nor XOAUTH2)", temporary=False)
            answers = (exchange.first, exchange.last)
            await self._authenticate(exchange.mechanism, *answers, at_once="SASL-IR" in offered)
        elif "AUTH=PLAIN" in offered:
            first = f"\0{name}\0{self._credentials.password or ''}".encode()
            coded = base64.b64encode(first).decode("ascii")
            await self._authenticate("PLAIN", coded, at_once="SASL-IR" in offered)
        elif "LOGINDISABLED" in offered:
            self.fail("the server offers no way to log in with a password", temporary=False)
        else:
            await self._log_in_plainly(name, self._credentials.password or "")
        connection.state = AUTH
        if not connection.capabilities:
            await self.run("CAPABILITY")

    async def _log_in_plainly(self, name: str, password: str) -> None:
        try:
            await self.run("LOGIN", quote(name), quote(password))
        except InvalidInput:
            self.fail("this server takes only plain ASCII user names and passwords", temporary=False)

    async def _authenticate(self, mechanism: str, *answers: str, at_once: bool) -> None:
        """Give the first answer with the command where that is allowed (RFC 4959); what follows is asked for.

        answers: in base64, in their order; once there are none left, an empty one is given.
        """
        later = answers[1:] if at_once else answers
        self.connection.sasl_answers = [answer.encode("ascii") for answer in later]
        await self.run("AUTHENTICATE", mechanism, *(answers[:1] if at_once else ()))


def _is_temporary(text: str, logging_in: bool) -> bool:
    """Whether a refusal may pass by itself; that of a log-in does not unless it says so."""
    code = re.match(r"\[([A-Z]+)", text)
    if code and code[1] in _PASSING | _LASTING:
        return code[1] in _PASSING
    if _PASSING_WORDS.search(text):
        return True
    return not (logging_in or _LASTING_WORDS.search(text))


def _keep_alive(transport: asyncio.BaseTransport) -> None:
    """Let the system notice, within minutes of an IDLE, a peer that vanished without a word."""
    sock = transport.get_extra_info("socket")
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 20), ("TCP_KEEPCNT", 3)):
            if hasattr(socket, option):
                sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)

"""Hands one mail to a rep's own server and says how that ended, without ever guessing.

What the replies mean is decided in core/delivery.py; this file keeps track of how far the dialogue
came (RFC 5321), keeps the connection for the next mail, and maps aiosmtplib's exceptions.
"""

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable

import aiosmtplib
from aiosmtplib.protocol import PERIOD_REGEX, normalize_message_line_endings

from cadence.core.delivery import Outcome, OutcomeKind, Phase, of_reply, of_silence, split_enhanced
from cadence.core.errors import InvalidInput
from cadence.mail.endpoint import Credentials, Endpoint, Security
from cadence.mail.envelope import Envelope
from cadence.mail.tls import explain, is_passing, verifying_context

_CHUNK = 64 * 1024
_PATIENCE = 10
"""How many time-outs the whole content may take, so that a server reading drop by drop is given up."""
_SILENCE = (aiosmtplib.SMTPException, OSError, EOFError, TimeoutError)
_HELO = "[127.0.0.1]"
"""An address literal (RFC 5321 §4.1.3): the name of the rep's machine is nobody's business."""


class _Ended(Exception):
    """The dialogue is over before its end; carries the outcome."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(str(outcome))
        self.outcome = outcome


class SmtpSender:
    """One rep's way out: at most one connection, opened when needed and used for many mails.

    timeout: seconds for each reply and for each piece of content to leave; dot_timeout: seconds for
    the reply to the final dot, long because giving up there leaves the mail in doubt (RFC 5321
    §4.5.3.2.6 asks for ten minutes).
    """

    def __init__(
        self,
        endpoint: Endpoint,
        credentials: Credentials | None,
        *,
        ssl_context: ssl.SSLContext | None = None,
        timeout: float = 60.0,
        dot_timeout: float = 600.0,
    ) -> None:
        self.endpoint = endpoint
        self._credentials = credentials
        self._ssl_context = ssl_context
        self._timeout = timeout
        self._dot_timeout = dot_timeout
        self._smtp: aiosmtplib.SMTP | None = None
        self._phase = Phase.CONNECT
        self._lock = asyncio.Lock()

    async def send(self, raw: bytes, sender: str, recipient: str) -> Outcome:
        """Deliver one mail to one recipient; faults come back as outcomes, nothing is raised for them.

        raw: the whole message (RFC 5322); line ends are made CRLF. A connection that had gone stale
        is opened anew, once, since nothing of this mail had been said on it.
        """
        async with self._lock:
            content = normalize_message_line_endings(raw)
            try:
                envelope = Envelope.of(content, sender, recipient)
            except InvalidInput as fault:
                return Outcome(OutcomeKind.REFUSED, enhanced="5.1.3", text=str(fault))
            kept = self._is_open
            outcome = await self._guarded(self._transaction(envelope, content))
            if (
                kept
                and self._phase is Phase.MAIL
                and outcome.kind is OutcomeKind.DEFERRED
                and not self._is_open
            ):
                outcome = await self._guarded(self._transaction(envelope, content))
            return outcome

    async def check(self) -> Outcome | None:
        """Connect and log in as for a mail; None means that mail can leave, else what stands against it."""
        async with self._lock:
            outcome = await self._guarded(self._ready())
            return None if outcome.kind is OutcomeKind.ACCEPTED else outcome

    async def close(self) -> None:
        """Say goodbye if somebody listens; never raises."""
        async with self._lock:
            if self._smtp and self._smtp.is_connected:
                with contextlib.suppress(*_SILENCE):  # the server is free to leave first
                    await self._smtp.quit(timeout=2.0)
            self._drop()

    @property
    def _is_open(self) -> bool:
        return self._smtp is not None and self._smtp.is_connected

    def _drop(self) -> None:
        if self._smtp:
            transport = self._smtp.transport
            self._smtp.close()
            if isinstance(transport, asyncio.WriteTransport):
                transport.abort()
        self._smtp = None

    async def _guarded(self, dialogue: Awaitable[Outcome]) -> Outcome:
        """Run a dialogue and map whatever ends it; the one place that knows aiosmtplib's errors."""
        try:
            return await dialogue
        except _Ended as ended:
            outcome = ended.outcome
        except aiosmtplib.SMTPResponseException as fault:
            outcome = self._read(fault.code, str(fault.message))
        except _SILENCE as fault:
            outcome = self._silence(fault)
        except BaseException:
            self._drop()  # cancelled in the middle: the rest of the dialogue belongs to nobody
            raise
        await self._settle(outcome)
        return outcome

    async def _settle(self, outcome: Outcome) -> None:
        """Leave the connection ready for the next mail, or closed."""
        answered = outcome.code // 100 in (4, 5) and outcome.code != 421
        if (
            not answered
            or self._phase not in (Phase.MAIL, Phase.RCPT, Phase.DATA, Phase.DOT)
            or not self._smtp
        ):
            self._drop()
            return
        try:
            await self._smtp.rset(timeout=self._timeout)
        except _SILENCE:
            self._drop()

    def _read(self, code: int, message: str) -> Outcome:
        enhanced, text = split_enhanced(message)
        return of_reply(self._phase, max(code, 0), enhanced, text)

    def _silence(self, fault: BaseException) -> Outcome:
        tls = next((one for one in (fault, fault.__cause__) if isinstance(one, ssl.SSLError)), None)
        if tls and not is_passing(tls) and self._phase in (Phase.CONNECT, Phase.TLS):
            return Outcome(OutcomeKind.MAILBOX_FAULT, text=f"{self.endpoint}: {explain(tls)}")
        return of_silence(self._phase, f"{self.endpoint}: {str(fault) or type(fault).__name__}")

    def _fault(self, text: str, kind: OutcomeKind = OutcomeKind.MAILBOX_FAULT) -> _Ended:
        return _Ended(Outcome(kind, text=text))

    async def _ready(self) -> Outcome:
        await self._connection()
        return Outcome(OutcomeKind.ACCEPTED)

    async def _connection(self) -> aiosmtplib.SMTP:
        if self._smtp and self._smtp.is_connected:
            return self._smtp
        self._drop()
        self._phase = Phase.CONNECT
        self._smtp = smtp = aiosmtplib.SMTP(
            hostname=self.endpoint.host,
            port=self.endpoint.port,
            use_tls=self.endpoint.security is Security.TLS,
            start_tls=False,
            tls_context=self._ssl_context or verifying_context(),
            local_hostname=_HELO,
            timeout=self._timeout,
        )
        await smtp.connect()
        await smtp.ehlo()
        if self.endpoint.security is Security.STARTTLS:
            await self._upgrade(smtp)
        if self._credentials:
            await self._log_in(smtp, self._credentials)
        return smtp

    async def _upgrade(self, smtp: aiosmtplib.SMTP) -> None:
        if not smtp.supports_extension("starttls"):
            if self.endpoint.is_loopback:
                return
            raise self._fault(
                f"{self.endpoint} offers no STARTTLS, and a password must not travel in plain text"
            )
        self._phase = Phase.TLS
        await smtp.starttls()
        self._phase = Phase.CONNECT
        await smtp.ehlo()

    async def _log_in(self, smtp: aiosmtplib.SMTP, credentials: Credentials) -> None:
        """Authenticate once, by one mechanism: repeated failures lock accounts (RFC 4954)."""
        self._phase = Phase.AUTH
        offered = smtp.server_auth_methods
        if credentials.token is not None:
            if "xoauth2" not in offered:
                raise self._fault(f"{self.endpoint} does not accept OAuth tokens (XOAUTH2)")
            await smtp.auth_xoauth2(credentials.username, credentials.token)
            return
        password = credentials.password or ""
        if "plain" in offered:
            await smtp.auth_plain(credentials.username, password)
        elif "login" in offered:
            await smtp.auth_login(credentials.username, password)
        elif "cram-md5" in offered:
            await smtp.auth_crammd5(credentials.username, password)
        else:
            raise self._fault(f"{self.endpoint} offers no way to log in with a password")

    async def _transaction(self, envelope: Envelope, content: bytes) -> Outcome:
        smtp = await self._connection()
        self._phase = Phase.MAIL
        options = self._options(smtp, envelope, len(content))
        await self._command(smtp, b"MAIL", b"FROM:" + envelope.sender, *options)
        self._phase = Phase.RCPT
        await self._command(smtp, b"RCPT", b"TO:" + envelope.recipient)
        self._phase = Phase.DATA
        await self._command(smtp, b"DATA", expect=3)
        return await self._content(smtp, content)

    def _options(self, smtp: aiosmtplib.SMTP, envelope: Envelope, size: int) -> list[bytes]:
        options = []
        if smtp.supports_extension("size"):
            limit = smtp.esmtp_extensions["size"].strip()
            if limit.isdigit() and 0 < int(limit) < size:
                text = f"the mail has {size} bytes, the server takes {limit}"
                raise _Ended(Outcome(OutcomeKind.REFUSED, enhanced="5.3.4", text=text))
            options.append(b"SIZE=%d" % size)
        if envelope.needs_utf8:
            if not smtp.supports_extension("smtputf8"):
                text = "the server cannot send to addresses that are not plain ASCII"
                raise _Ended(Outcome(OutcomeKind.REFUSED, enhanced="5.6.7", text=text))
            options.append(b"SMTPUTF8")
        if envelope.has_8bit and smtp.supports_extension("8bitmime"):
            options.append(b"BODY=8BITMIME")
        return options

    async def _command(self, smtp: aiosmtplib.SMTP, *words: bytes, expect: int = 2) -> None:
        reply = await smtp.execute_command(*words, timeout=self._timeout)
        if reply.code // 100 != expect:
            raise _Ended(self._read(reply.code, reply.message))

    async def _content(self, smtp: aiosmtplib.SMTP, content: bytes) -> Outcome:
        """Write the content piece by piece and the final dot by itself.

        aiosmtplib's own command writes both at once, so a drop could not be placed before or after the
        dot. Here the dot goes to the socket only when all else has left our buffers.
        """
        protocol, transport = smtp.protocol, smtp.transport
        if protocol is None or not isinstance(transport, asyncio.WriteTransport):
            raise aiosmtplib.SMTPServerDisconnected("connection lost")
        transport.set_write_buffer_limits(high=0)
        stuffed = PERIOD_REGEX.sub(b"..", content)
        async with asyncio.timeout(_PATIENCE * self._timeout):
            for start in range(0, len(stuffed), _CHUNK):
                protocol.write(stuffed[start : start + _CHUNK])
                await asyncio.wait_for(protocol._drain_helper(), self._timeout)
        protocol.write(b".\r\n")
        self._phase = Phase.DOT
        reply = await protocol.read_response(timeout=self._dot_timeout)
        outcome = self._read(reply.code, reply.message)
        if outcome.kind is not OutcomeKind.ACCEPTED:
            raise _Ended(outcome)
        return outcome

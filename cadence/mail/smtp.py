"""Hands one mail to a rep's own server and says how that ended, without ever guessing.

What the replies mean is decided in core/delivery.py; this file keeps track of how far the dialogue
came (RFC 5321), keeps the connection for the next mail, and maps aiosmtplib's exceptions.
"""

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Sequence

import aiosmtplib
from aiosmtplib.protocol import PERIOD_REGEX, normalize_message_line_endings

from cadence.core.delivery import Outcome, OutcomeKind, Phase, of_reply, of_silence, split_enhanced
from cadence.core.errors import InvalidInput
from cadence.mail.endpoint import Credentials, Endpoint, Security
from cadence.mail.envelope import Envelope
from cadence.mail.faults import in_words, tls_fault
from cadence.mail.smtp_dialogue import Dialogue, taken_over
from cadence.mail.smtp_login import log_in
from cadence.mail.tls import explain, is_passing, verifying_context

_CHUNK = 64 * 1024
_PATIENCE = 5
"""How many time-outs all may take up to the final dot, so that a server that goes drop by drop is given up
long before anybody thinks that the mail was forgotten in flight."""
_SILENCE = (aiosmtplib.SMTPException, OSError, EOFError, TimeoutError)
_HELO = "[127.0.0.1]"
"""An address literal (RFC 5321 §4.1.3): the name of the rep's machine is nobody's business."""


_Command = tuple[Phase, bytes, int]
"""What it opens, its line, and the first digit of the reply that lets the next one follow."""


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
        self._dialogue: Dialogue | None = None
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
            if self._dialogue and self._is_open:
                with contextlib.suppress(*_SILENCE):  # the server is free to leave first
                    self._dialogue.write(b"QUIT\r\n")
                    await self._dialogue.reply(2.0)
            self._drop()

    @property
    def _is_open(self) -> bool:
        return self._dialogue is not None and self._dialogue.is_idle

    def _drop(self) -> None:
        if self._smtp:
            transport = self._smtp.transport
            self._smtp.close()
            if isinstance(transport, asyncio.WriteTransport):
                transport.abort()
        self._smtp = self._dialogue = None

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
            or not self._dialogue
        ):
            self._drop()
            return
        try:
            self._dialogue.write(b"RSET\r\n")
            cleared = await self._dialogue.reply(self._timeout)
        except _SILENCE:
            self._drop()
        else:
            if cleared.code != 250:
                self._drop()

    def _read(self, code: int, message: str) -> Outcome:
        enhanced, text = split_enhanced(message)
        return of_reply(self._phase, max(code, 0), enhanced, text)

    def _silence(self, fault: BaseException) -> Outcome:
        tls = tls_fault(fault)
        if tls and not is_passing(tls) and self._phase in (Phase.CONNECT, Phase.TLS):
            return Outcome(OutcomeKind.MAILBOX_FAULT, text=f"{self.endpoint}: {explain(tls)}")
        return of_silence(self._phase, f"{self.endpoint}: {in_words(fault)}")

    def _fault(self, text: str, kind: OutcomeKind = OutcomeKind.MAILBOX_FAULT) -> _Ended:
        return _Ended(Outcome(kind, text=text))

    async def _ready(self) -> Outcome:
        await self._connection()
        return Outcome(OutcomeKind.ACCEPTED)

    async def _connection(self) -> tuple[aiosmtplib.SMTP, Dialogue]:
        if self._smtp and self._dialogue and self._is_open:
            return self._smtp, self._dialogue
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
            self._phase = Phase.AUTH
            if against := await log_in(smtp, self._credentials, self.endpoint):
                raise self._fault(against)
        self._dialogue = taken_over(smtp.transport)
        return smtp, self._dialogue

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

    async def _transaction(self, envelope: Envelope, content: bytes) -> Outcome:
        async with asyncio.timeout(_PATIENCE * self._timeout):
            smtp, dialogue = await self._connection()
            self._phase = Phase.MAIL
            options = b"".join(b" " + option for option in self._options(smtp, envelope, len(content)))
            commands = [
                (Phase.MAIL, b"MAIL FROM:" + envelope.sender + options + b"\r\n", 2),
                (Phase.RCPT, b"RCPT TO:" + envelope.recipient + b"\r\n", 2),
                (Phase.DATA, b"DATA\r\n", 3),
            ]
            if smtp.supports_extension("pipelining"):
                await self._together(dialogue, commands)
            else:
                await self._one_by_one(dialogue, commands)
            unsaid = await self._most_of(dialogue, content)
        return await self._end(dialogue, unsaid)

    async def _one_by_one(self, dialogue: Dialogue, commands: Sequence[_Command]) -> None:
        for phase, words, expect in commands:
            self._phase = phase
            dialogue.write(words)
            reply = await dialogue.reply(self._timeout)
            if reply.code // 100 != expect:
                raise _Ended(self._read(reply.code, reply.text))

    async def _together(self, dialogue: Dialogue, commands: Sequence[_Command]) -> None:
        """Say all commands at once and read their replies (RFC 2920 §3.1); the first refusal counts.

        A server that asks for the content of a refused mail is hung up on: nothing must end that mail.
        """
        refused: Outcome | None = None
        self._phase = Phase.MAIL
        dialogue.write(b"".join(words for _, words, _ in commands))
        try:
            for phase, _, expect in commands:
                if refused is None:
                    self._phase = phase
                reply = await dialogue.reply(self._timeout)
                if refused is not None and reply.code == 354:
                    self._drop()
                elif refused is None and reply.code // 100 != expect:
                    refused = self._read(reply.code, reply.text)
        except _SILENCE:
            if refused is None:
                raise
            self._drop()
        if refused is not None:
            raise _Ended(refused)

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

    async def _most_of(self, dialogue: Dialogue, content: bytes) -> bytes:
        """Write the content, if it is long, piece by piece; gives what is to be written with the final dot.

        So a stall or a drop can be placed before or after the dot: it goes to the socket only when all else
        has left our buffers, or together with all of it.
        """
        stuffed = PERIOD_REGEX.sub(b"..", content)
        if len(stuffed) <= _CHUNK:
            return stuffed
        for start in range(0, len(stuffed), _CHUNK):
            dialogue.write(stuffed[start : start + _CHUNK])
            await dialogue.drain(self._timeout)
        return b""

    async def _end(self, dialogue: Dialogue, unsaid: bytes) -> Outcome:
        """Write the final dot and hear what became of the mail."""
        self._phase = Phase.DOT
        dialogue.write(unsaid + b".\r\n")
        reply = await dialogue.reply(self._dot_timeout)
        outcome = self._read(reply.code, reply.text)
        if outcome.kind is not OutcomeKind.ACCEPTED:
            raise _Ended(outcome)
        return outcome

"""A mail server for those who have none at hand: real SMTP and IMAP on loopback, nothing leaves the machine.

Mail to a user of the sandbox lands in that user's INBOX; mail to anybody else is accepted and kept, and
a hook sees it, so that the demo's made-up people can answer. It is not for the open network.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from cadence.core.errors import NotFound
from cadence.mail.sandbox_imap import ImapSide

_MAX_SIZE = 40_000_000


@dataclass(frozen=True, slots=True)
class AcceptedMail:
    """One mail the sandbox took: its envelope, its bytes and who handed it in."""

    number: int
    username: str
    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    at: datetime


Hook = Callable[[AcceptedMail], Awaitable[None]]


class Sandbox:
    """`async with Sandbox({"rep@vendor.test": "password"}) as box:` and both servers run.

    on_mail: awaited for every accepted mail before the server says so; a fault of it is raised when the
    sandbox is left, since the mail is accepted all the same; clock: gives the arrival time of what it
    files; smtp_port, imap_port: 0 takes a free one. accepted: all mails in order; refuse: what to answer
    to a recipient instead, such as (550, "5.1.1 no such user").
    """

    def __init__(
        self,
        users: Mapping[str, str],
        *,
        on_mail: Hook | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        smtp_port: int = 0,
        imap_port: int = 0,
    ) -> None:
        self._users = {address.casefold(): password for address, password in users.items()}
        self._clock = clock
        self._imap = ImapSide()
        self._ports = smtp_port, imap_port
        self._smtp: asyncio.Server | None = None
        self._dialogues: set[_Dialogue] = set()
        self._faults: list[Exception] = []
        self.on_mail = on_mail
        self.accepted: list[AcceptedMail] = []
        self.refuse: dict[str, tuple[int, str]] = {}
        self.turned_away: list[str] = []

    async def __aenter__(self) -> "Sandbox":
        loop = asyncio.get_running_loop()
        smtp_port, imap_port = self._ports
        self._smtp = await loop.create_server(self._dialogue, "127.0.0.1", smtp_port)
        try:
            await self._imap.open(self._users, imap_port)
        except OSError:
            self._smtp.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._smtp:
            self._smtp.close()
        for dialogue in list(self._dialogues):
            if isinstance(dialogue.transport, asyncio.WriteTransport):
                dialogue.transport.abort()
        await self._imap.close()
        await asyncio.sleep(0)
        if self._faults and error is None:
            raise self._faults[0]

    @property
    def smtp_url(self) -> str:
        """Where to hand in mail; log in with a user's address and password."""
        assert self._smtp
        return f"smtp://127.0.0.1:{self._smtp.sockets[0].getsockname()[1]}"

    @property
    def imap_url(self) -> str:
        """Where to read mail; log in with a user's address and password."""
        return f"imap://127.0.0.1:{self._imap.port}"

    async def add_user(self, address: str, password: str) -> None:
        """Open one more mailbox."""
        self._users[address.casefold()] = password
        await self._imap.add(address.casefold(), password)

    async def deliver(
        self,
        address: str,
        raw: bytes,
        *,
        folder: str = "INBOX",
        at: datetime | None = None,
        sender: str | None = None,
    ) -> None:
        """Put a mail into a user's folder as if it had arrived, at this aware time; raises NotFound.

        sender: of the envelope, for Return-Path; "" as reports and automatic mail have it (RFC 5321 §4.5.5).
        """
        user = self._known(address)
        trace = f"Delivered-To: {address}\r\n" if folder == "INBOX" else ""
        if sender is not None:
            trace = f"Return-Path: <{sender}>\r\n{trace}"
        await self._imap.deliver(user, trace.encode() + raw, at or self._clock(), folder)

    async def mails(self, address: str, folder: str = "INBOX") -> list[bytes]:
        """Return what a user's folder holds, in order of arrival; raises NotFound."""
        return await self._imap.mails(self._known(address), folder)

    async def flags(self, address: str, folder: str = "INBOX") -> list[frozenset[str]]:
        """Return the flags of every mail in a user's folder, in order of arrival; raises NotFound."""
        return await self._imap.flags(self._known(address), folder)

    def _known(self, address: str) -> str:
        user = self._user_of(address)
        if user is None:
            raise NotFound(f"the sandbox has no user {address}")
        return user

    def _user_of(self, address: str) -> str | None:
        """The user a mail to this address belongs to; what follows a "+" is a tag (RFC 5233)."""
        local, _, domain = address.casefold().rpartition("@")
        untagged = f"{local.partition('+')[0]}@{domain}"
        return next((user for user in (f"{local}@{domain}", untagged) if user in self._users), None)

    def _dialogue(self) -> "_Dialogue":
        dialogue = _Dialogue(
            _Handler(self),
            hostname="sandbox.test",
            ident="Cadence sandbox",
            data_size_limit=_MAX_SIZE,
            enable_SMTPUTF8=True,
            auth_require_tls=False,
            authenticator=self._authenticate,
            loop=asyncio.get_running_loop(),
        )
        dialogue.over = self._dialogues.discard
        self._dialogues.add(dialogue)
        return dialogue

    def _authenticate(
        self, server: SMTP, session: object, envelope: object, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        username = data.login.decode("utf-8", "replace").casefold()
        good = self._users.get(username) == data.password.decode("utf-8", "replace")
        return AuthResult(success=good, handled=False, auth_data=username)

    async def _take(self, username: str, sender: str, recipients: list[str], raw: bytes) -> None:
        now = self._clock()
        mail = AcceptedMail(len(self.accepted), username, sender, tuple(recipients), raw, now)
        self.accepted.append(mail)
        for recipient in recipients:
            if user := self._user_of(recipient):
                trace = f"Return-Path: <{sender}>\r\nDelivered-To: {recipient}\r\n"
                await self._imap.deliver(user, trace.encode() + raw, now)
        try:
            if self.on_mail:
                await self.on_mail(mail)
        except Exception as fault:
            self._faults.append(fault)


class _Session(Session):
    """aiosmtpd warns of its own use of this attribute, once a log-in."""

    login_data = None


class _Dialogue(SMTP):
    """One client's connection; `over` is told when it is gone."""

    over: Callable[["_Dialogue"], None]

    def _create_session(self) -> Session:
        return _Session(self.loop)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self.over(self)


class _Handler:
    """What aiosmtpd asks at each command; its method names are aiosmtpd's."""

    def __init__(self, box: Sandbox) -> None:
        self._box = box

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]]  # it reads line by line: RFC 2920 holds

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := self._box.refuse.get(address.casefold()):
            self._box.turned_away.append(address)
            return f"{refusal[0]} {refusal[1]}"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        raw = envelope.content or b""
        assert isinstance(raw, bytes)
        username = str(session.auth_data)
        await self._box._take(username, envelope.mail_from or "", list(envelope.rcpt_tos), raw)
        return f"250 2.0.0 OK: kept as number {len(self._box.accepted)}"

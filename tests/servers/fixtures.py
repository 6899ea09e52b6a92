"""Which mail servers the tests run against: real ones where installed, the sandbox elsewhere.

With CI=true a missing real server fails the tests that want it. At the end of a run it is said which
server every file used.
"""

import itertools
import os
import shutil
import ssl
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cadence.mail.endpoint import Credentials, Endpoint
from cadence.mail.imap import ImapInbox
from cadence.mail.sandbox import Sandbox
from cadence.mail.smtp import SmtpSender
from tests.servers import dovecot, postfix
from tests.servers.database import Postgres, Redis, migrate, postgres_programs
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix
from tests.servers.process import free_port

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Account:
    address: str
    password: str

    @property
    def credentials(self) -> Credentials:
        return Credentials(self.address, password=self.password)


@dataclass
class ImapServer:
    """A server with mailboxes. kind: "Dovecot" or "sandbox"; url and ssl_context: how to reach it."""

    kind: str
    url: str
    ssl_context: ssl.SSLContext | None
    backend: Dovecot | Sandbox = field(repr=False)

    async def account(self, name: str = "rep", domain: str = "vendor.test") -> Account:
        """Make an account that no other test has; the address begins with the name."""
        made = Account(f"{name}{next(_numbers)}@{domain}", "s3cret word")
        if isinstance(self.backend, Dovecot):
            self.backend.add_user(made.address, made.password)
        else:
            await self.backend.add_user(made.address, made.password)
        return made

    async def deliver(self, address: str, raw: bytes) -> None:
        """Let a mail arrive."""
        await self.backend.deliver(address, raw)

    async def flags(self, address: str, folder: str = "INBOX") -> list[frozenset[str]]:
        """The flags of every mail in a folder, by order of arrival, as the server knows them."""
        return await self.backend.flags(address, folder)

    def inbox(self, account: Account, **options: Any) -> ImapInbox:
        """A client of that account, not connected."""
        options = {"timeout": 20.0, "ssl_context": self.ssl_context} | options
        return ImapInbox(Endpoint.parse(self.url, kind="imap"), account.credentials, **options)


@dataclass
class MailServer(ImapServer):
    """The same with SMTP: what is sent to an account arrives in its INBOX.

    Mail to unknown users of vendor.test and buyer.test bounces on the real server; gone@, busy@ and
    full@ buyer.test are refused with 550, 450 and 552 at once on either.
    """

    smtp_url: str = ""
    smtp_ssl_context: ssl.SSLContext | None = None

    def sender(self, account: Account, **options: Any) -> SmtpSender:
        """A client of that account, not connected."""
        options = {"timeout": 20.0, "ssl_context": self.smtp_ssl_context} | options
        return SmtpSender(Endpoint.parse(self.smtp_url, kind="smtp"), account.credentials, **options)


def _is_ci() -> bool:
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


def _missing(what: str) -> None:
    if _is_ci():
        pytest.fail(f"CI=true, and {what}", pytrace=False)


@pytest.fixture(scope="session")
def ports_of_postfix() -> tuple[int, int]:
    """Where Postfix will take mail from reps, and from Dovecot's Sieve scripts."""
    return free_port(), free_port()


@pytest.fixture(scope="session")
def running_dovecot(ports_of_postfix: tuple[int, int]) -> Iterator[Dovecot | None]:
    if not dovecot.is_installed():
        yield None
        return
    server = Dovecot(relay=ports_of_postfix[1])
    try:
        yield server.start()
    finally:
        server.remove()


@pytest.fixture(scope="session")
def running_postfix(
    running_dovecot: Dovecot | None, ports_of_postfix: tuple[int, int]
) -> Iterator[Postfix | None]:
    if running_dovecot is None or not postfix.is_installed():
        yield None
        return
    server = Postfix(running_dovecot, *ports_of_postfix)
    try:
        yield server.start()
    finally:
        server.remove()


@pytest.fixture
def real_dovecot(running_dovecot: Dovecot | None, record_property: Any) -> Dovecot:
    """Dovecot itself, for what only its administrator can do or see; skipped where there is none."""
    if running_dovecot is None:
        _missing("Dovecot 2.3 is not installed")
        pytest.skip("Dovecot 2.3 is not installed")
    record_property("server", "Dovecot")
    return running_dovecot


@pytest.fixture
async def imap_server(running_dovecot: Dovecot | None, record_property: Any) -> AsyncIterator[ImapServer]:
    if running_dovecot:
        record_property("server", "Dovecot")
        trusted = running_dovecot.certificate.for_client()
        yield ImapServer("Dovecot", running_dovecot.imap_url, trusted, running_dovecot)
        return
    _missing("Dovecot 2.3 is not installed")
    record_property("server", "sandbox")
    async with Sandbox({}) as box:
        yield ImapServer("sandbox", box.imap_url, None, box)


@pytest.fixture
async def mail_server(
    running_dovecot: Dovecot | None, running_postfix: Postfix | None, record_property: Any
) -> AsyncIterator[MailServer]:
    if running_dovecot and running_postfix:
        record_property("server", "Postfix + Dovecot")
        yield MailServer(
            "Postfix + Dovecot",
            running_dovecot.imap_url,
            running_dovecot.certificate.for_client(),
            running_dovecot,
            running_postfix.smtp_url,
            running_postfix.certificate.for_client(),
        )
        return
    _missing("Postfix and Dovecot are not both installed, or this is not root")
    record_property("server", "sandbox")
    async with Sandbox({}) as box:
        box.refuse |= {
            "gone@buyer.test": (550, "5.1.1 No such user here"),
            "busy@buyer.test": (450, "4.2.0 Mailbox busy, try again later"),
            "full@buyer.test": (552, "5.2.2 Mailbox full"),
        }
        yield MailServer("sandbox", box.imap_url, None, box, box.smtp_url, None)


def servers_used(reports: list[Any]) -> dict[str, set[str]]:
    """From the reports of a run: by file, the servers its tests used."""
    used: dict[str, set[str]] = {}
    for report in reports:
        for name, value in getattr(report, "user_properties", ()):
            if name == "server":
                used.setdefault(report.nodeid.split("::")[0], set()).add(value)
    return used


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with the tables and nothing in them."""
    path = tmp_path_factory.mktemp("migrated") / "cadence.db"
    migrate(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    """A fresh SQLite database with the tables in it."""
    shutil.copyfile(migrated_file, tmp_path / "cadence.db")
    return f"sqlite+aiosqlite:///{tmp_path}/cadence.db"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A private PostgreSQL, with a database for each test that asks for one."""
    if postgres_programs() is None:
        _missing("PostgreSQL is not installed")
        pytest.skip("PostgreSQL is not installed")
    server = Postgres(is_hasty=True)
    try:
        yield server.start()
    finally:
        server.remove()


@pytest.fixture(scope="session")
def redis() -> Iterator[Redis]:
    """A private Redis."""
    if shutil.which("redis-server") is None:
        _missing("Redis is not installed")
        pytest.skip("Redis is not installed")
    server = Redis()
    try:
        yield server.start()
    finally:
        server.stop()

"""`python -m tests.service.doctor_cases`: writes docs/doctor.md from what the doctor says of real servers.

Each case is a mailbox on servers that run here, healthy or broken in one way. Only what differs from run to
run is replaced: ports, seconds, and the domain, which must look like one that can be looked up.
"""

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from cadence.cli import findings
from cadence.core.errors import CadenceError
from cadence.core.oauth import Grant, tokens_of
from cadence.mail.sandbox import Sandbox
from cadence.service import connecting, doctor
from cadence.service.app import App, Connections
from cadence.service.checks import Check
from cadence.service.grants import Grants
from cadence.settings import Settings
from cadence.wiring import MailServers, open_app
from tests.servers.authority import Authority
from tests.servers.gmail_api import GmailApi
from tests.servers.tls import Certificate

PAGE = Path(__file__).parents[2] / "docs" / "doctor.md"
DOMAIN, SHOWN = "vendor.com", "vendor.example"
REP, PASSWORD = f"robin@{DOMAIN}", "a good password"
HEAD = """# What the doctor says

`cadence doctor ADDRESS`, or *Examine it* on the mailbox's page, tries a mailbox out and says in each line
what to do. This page shows what it says of a healthy mailbox and of one that is broken in each way. It was
written by the doctor itself, on servers that were broken for it; a test holds it true.

![The doctor on the page of a mailbox](pictures/doctor.png)
"""


class Records:
    """A DNS in memory. None: no resolver answers for this name."""

    def __init__(self) -> None:
        self.texts_of: dict[str, list[str] | None] = {
            DOMAIN: ["v=spf1 include:_spf.provider.example -all"],
            f"s1._domainkey.{DOMAIN}": ["v=DKIM1; k=rsa; p=MIIB"],
            f"_dmarc.{DOMAIN}": ["v=DMARC1; p=quarantine"],
        }

    async def texts(self, name: str) -> list[str] | None:
        return self.texts_of.get(name, [])


Change = Callable[[bytes], bytes]


@dataclass
class Office:
    """A mailbox to be broken. patience: seconds for a mail to oneself."""

    app: App
    box: Sandbox
    folder: Path
    records: Records = field(default_factory=Records)
    patience: float = 5.0

    async def connect(self, password: str = PASSWORD, *, smtp: str = "", imap: str = "") -> None:
        """The mailbox as its owner connects it."""
        urls = smtp or self.box.smtp_url, imap or self.box.imap_url
        await connecting.add(self.app, connecting.NewMailbox(REP, "Robin Rep", *urls, REP, password))

    async def connect_signed(self, authority: Authority, url: str = "") -> None:
        """The same, signed in."""
        answer = authority.grant(REP)
        grants = Grants(self.app.db, self.app.vault, authority.signing_in, self.app.clock)
        self.app.connections = Connections(self.app.db, self.app.vault, MailServers(db=self.app.db), grants)
        urls = url or self.box.smtp_url, url or self.box.imap_url
        grant = Grant("oauth", tokens_of(answer, self.app.clock()))
        await connecting.add(self.app, connecting.NewMailbox(REP, "Robin Rep", *urls, REP, "", grant=grant))

    def on_arrival(self, change: Change, folder: str = "INBOX") -> None:
        """What the server does to a mail as it arrives, and where it puts it."""
        deliver = self.box._imap.deliver

        async def changed(user: str, raw: bytes, at: datetime, _folder: str = "INBOX") -> None:
            await deliver(user, change(raw), at, folder)

        self.box._imap.deliver = changed  # type: ignore[method-assign]

    async def examine(self) -> list[Check]:
        mailbox = await connecting.find(self.app, REP)
        found = doctor.examine(self.app, mailbox, patience=self.patience, lookup=self.records)
        return [check async for check in found]


def signed(raw: bytes) -> bytes:
    """A mail as a server signs it; the doctor looks at the name of the key, which readers verify."""
    return f"DKIM-Signature: v=1; a=rsa-sha256; d={DOMAIN}; s=s1; b=AA==\r\n".encode() + raw


def stamped(raw: bytes, ahead: timedelta) -> bytes:
    """A mail that was taken by a server whose clock goes wrong."""
    return f"Received: by mail.{DOMAIN}; {format_datetime(datetime.now(UTC) + ahead)}\r\n".encode() + raw


def renamed(raw: bytes) -> bytes:
    """A mail to which a server gave another Message-ID, and whose thread it dropped."""
    lines = [line for line in raw.split(b"\r\n") if not line.startswith((b"Message-ID", b"References"))]
    return b"\r\n".join([f"Message-ID: <1@mail.{DOMAIN}>".encode(), *lines])


@asynccontextmanager
async def listening(certificate: Certificate | None = None) -> AsyncIterator[str]:
    """A server that says nothing, at a host and port; with a certificate, behind TLS."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    tls = certificate.for_server() if certificate else None
    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=tls)
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def healthy(office: Office) -> list[Check]:
    office.on_arrival(lambda raw: stamped(signed(raw), timedelta()))
    await office.connect()
    return await office.examine()


async def wrong_password(office: Office) -> list[Check]:
    await office.connect("an old password")
    return await office.examine()


async def away(office: Office) -> list[Check]:
    async with listening() as there:
        pass
    await office.connect(smtp=f"smtp://{there}", imap=f"imap://{there}")
    return await office.examine()


async def untrusted(office: Office) -> list[Check]:
    async with listening(Certificate.make(office.folder)) as there:
        await office.connect(smtp=f"smtps://{there}", imap=f"imaps://{there}")
        return await office.examine()


async def withdrawn(office: Office) -> list[Check]:
    async with Authority().listening() as authority:
        await office.connect_signed(authority)
        authority.withdraw(REP)
        return await office.examine()


async def secret_expired(office: Office) -> list[Check]:
    async with Authority().listening() as authority:
        await office.connect_signed(authority)
        authority.answers.append((401, b'{"error": "invalid_client"}'))
        return await office.examine()


async def api_not_enabled(office: Office) -> list[Check]:
    server = GmailApi(REP)
    async with Authority().listening() as authority, server.listening():
        server.whose = authority.whose
        await office.connect_signed(authority, server.url)
        refusal = server.refusal(403, "accessNotConfigured", "Gmail API has not been used in this project")
        server.answers += [refusal] * 2
        return await office.examine()


async def refused(office: Office) -> list[Check]:
    await office.connect()
    office.box.refuse[REP] = (550, "5.7.1 This account is not allowed to send")
    return await office.examine()


async def never_arrives(office: Office) -> list[Check]:
    await office.connect()
    office.box._user_of = lambda address: None  # type: ignore[method-assign]
    office.patience = 1.0
    return await office.examine()


async def into_junk(office: Office) -> list[Check]:
    office.on_arrival(lambda raw: stamped(renamed(signed(raw)), timedelta(hours=-1)), folder="Junk")
    await office.connect()
    return await office.examine()


async def domain_unguarded(office: Office) -> list[Check]:
    office.records.texts_of = {DOMAIN: ["v=spf1 -all", "v=spf1 +all"]}
    office.on_arrival(lambda raw: stamped(signed(raw), timedelta()))
    await office.connect()
    return await office.examine()


async def domain_unknown(office: Office) -> list[Check]:
    office.records.texts_of = {DOMAIN: [], f"_dmarc.{DOMAIN}": []}
    office.on_arrival(lambda raw: stamped(raw, timedelta()))
    await office.connect()
    return await office.examine()


Case = Callable[[Office], Awaitable[list[Check]]]
CASES: dict[str, Case] = {
    "A healthy mailbox": healthy,
    "The password was changed": wrong_password,
    "The servers are away, or the port is wrong": away,
    "A certificate that nobody vouches for": untrusted,
    "The sign-in was withdrawn": withdrawn,
    "The client secret has expired": secret_expired,
    "The API is not enabled": api_not_enabled,
    "The account may not send": refused,
    "Mail is taken and never arrives": never_arrives,
    "Mail is taken for spam, changed on its way, and the clock is wrong": into_junk,
    "The domain's records contradict each other": domain_unguarded,
    "The domain says nothing about its mail": domain_unknown,
}


async def findings_of(case: Case, opening: asyncio.Lock) -> list[Check]:
    """What the doctor says in a case. opening: a process can lay out one database at a time."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        box = await stack.enter_async_context(Sandbox({REP: PASSWORD}))
        async with opening:
            app = await stack.enter_async_context(open_app(Settings(data=folder)))
        return await case(Office(app, box, folder))


def shown(title: str, checks: list[Check]) -> str:
    """A case as a section of the page, printed as the command prints it."""
    with findings.out.capture() as printed:
        for check in checks:
            findings.show(check)
    lines = [line.rstrip() for line in steady(printed.get()).splitlines()]
    return "\n".join([f"## {title}", "", "```", SHOWN_REP, *lines, "```", ""])


PORTS = {"smtp": 587, "imap": 143, "smtps": 465, "imaps": 993}
SHOWN_REP = REP.replace(DOMAIN, SHOWN)


def steady(text: str) -> str:
    """The text without what differs from run to run."""
    for scheme, port in PORTS.items():
        text = re.sub(rf"\b{scheme}://127\.0\.0\.1:\d+", f"{scheme}://mail.{SHOWN}:{port}", text)
    text = re.sub(r"gmail://localhost:\d+", "gmail://gmail.googleapis.com", text)
    text = re.sub(r"after \d+\.\d s", "after 0.5 s", text)
    text = re.sub(r"\b3[56]\d\d s\b", "3600 s", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "2026-03-02 10:00 UTC", text)
    return text.replace(DOMAIN, SHOWN)


async def written() -> str:
    """The whole page."""
    with patch.object(doctor, "COPY_SECONDS", 0.5):  # the servers here file a copy at once, or none
        opening = asyncio.Lock()
        found = await asyncio.gather(*(findings_of(case, opening) for case in CASES.values()))
    return "\n".join([HEAD, *map(shown, CASES, found)])


if __name__ == "__main__":
    try:
        PAGE.write_text(asyncio.run(written()), encoding="utf-8")
    except CadenceError as fault:
        sys.exit(str(fault))

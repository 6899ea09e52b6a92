"""The doctor: what it finds in a mailbox, and that its own mail is never taken for anything else."""

from collections.abc import AsyncIterator
from email.utils import format_datetime
from pathlib import Path

import pytest

from cadence.core.model import Mailbox
from cadence.mail.parse import parse
from cadence.mail.sandbox import Sandbox
from cadence.service import connecting, doctor, domains, reading
from cadence.service.app import App, Sender
from cadence.service.checks import Check, Level
from cadence.settings import Settings
from cadence.store import inbound, tasks
from cadence.wiring import MailServers, open_app, utc_now
from tests.servers.fixtures import MailServer
from tests.service import doctor_cases

REP, PASSWORD = "rep@vendor.test", "a good password"


class Names:
    """A DNS in memory; None for a name nobody answers for."""

    def __init__(self, records: dict[str, list[str] | None] | None = None) -> None:
        self.records = records or {}

    async def texts(self, name: str) -> list[str] | None:
        return self.records.get(name, [])


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    async with Sandbox({REP: PASSWORD}) as box:
        yield box


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with open_app(Settings(data=tmp_path)) as app:
        yield app


async def add(app: App, box: Sandbox, password: str = PASSWORD) -> None:
    new = connecting.NewMailbox(REP, "Robin Rep", box.smtp_url, box.imap_url, REP, password)
    await connecting.add(app, new)


async def found(app: App, patience: float = 5.0) -> dict[str, Check]:
    mailbox = await connecting.find(app, REP)
    checks = [check async for check in doctor.examine(app, mailbox, patience=patience, lookup=Names())]
    assert all(check.remedy for check in checks if check.level is not Level.OK)
    return {check.name: check for check in checks}


async def test_a_mailbox_in_order_has_no_fault(app: App, box: Sandbox) -> None:
    await add(app, box)
    checks = await found(app)
    assert {check.level for check in checks.values()} == {Level.OK}
    assert {"sending", "reading", "folders", "delivery", "threading", "clock", "copies"} <= set(checks)


async def test_its_mail_is_never_taken_for_a_reply(app: App, box: Sandbox) -> None:
    await add(app, box)
    mailbox = await connecting.find(app, REP)
    await reading.sync(app, mailbox.id)
    await found(app)
    assert await reading.sync(app, mailbox.id) == 0
    async with app.db.read() as tx:
        assert await inbound.latest(tx, 10) == []
        assert await tasks.opened(tx) == []
    (mail,) = box.accepted
    assert b"\r\nAuto-Submitted: auto-generated\r\n" in b"\r\n" + mail.raw
    assert await box.flags(REP) == [frozenset()]


async def test_a_wrong_password_is_a_fault_and_nothing_is_sent(app: App, box: Sandbox) -> None:
    await add(app, box, "wrong")
    checks = await found(app)
    assert checks["sending"].is_fault
    assert checks["reading"].is_fault
    assert "cadence mailbox change" in (checks["reading"].remedy or "")
    assert box.accepted == []


async def test_a_mail_that_never_arrives_is_a_fault(app: App, box: Sandbox) -> None:
    await add(app, box)
    box._user_of = lambda address: None  # type: ignore[method-assign]
    checks = await found(app, patience=0.5)
    assert checks["delivery"].is_fault


async def test_a_refused_mail_is_a_fault(app: App, box: Sandbox) -> None:
    await add(app, box)
    box.refuse[REP] = (550, "5.7.1 you may not")
    checks = await found(app)
    assert checks["delivery"].is_fault
    assert "you may not" in checks["delivery"].text


async def test_what_a_server_does_to_the_mail_is_noticed(app: App, box: Sandbox) -> None:
    await add(app, box)
    take = box._imap.deliver
    stamp = format_datetime(utc_now().replace(year=2020))

    async def tamper(user, raw, at, folder="INBOX"):  # type: ignore[no-untyped-def]
        lines = [line for line in raw.split(b"\r\n") if not line.startswith((b"Message-ID", b"In-Reply-To"))]
        await take(user, f"Received: by x.test; {stamp}\r\n".encode() + b"\r\n".join(lines), at, "Junk")

    box._imap.deliver = tamper  # type: ignore[method-assign]
    checks = await found(app)
    assert checks["delivery"].level is Level.WARNING
    assert "Junk" in checks["delivery"].text
    assert "Message-ID, In-Reply-To" in checks["threading"].text
    assert "ahead of" in checks["clock"].text


async def test_a_provider_that_files_its_own_copies_is_remembered(app: App, box: Sandbox) -> None:
    await add(app, box)

    async def file(mail) -> None:  # type: ignore[no-untyped-def]
        await box._imap.deliver(REP, mail.raw, utc_now(), "Sent")

    box.on_mail = file
    assert "by itself" in (await found(app))["copies"].text
    assert (await connecting.find(app, REP)).files_sent is True


GOOD = {
    "vendor.com": ["v=spf1 include:_spf.provider.com -all", "something else"],
    "s1._domainkey.vendor.com": ["v=DKIM1; k=rsa; p=MIIB"],
    "_dmarc.vendor.com": ["v=DMARC1; p=quarantine"],
}


async def judged(
    records: dict[str, list[str] | None], signed: bool = True, domain: str = "vendor.com"
) -> dict[str, Level]:
    arrived = parse(b"DKIM-Signature: v=1; d=vendor.com; s=s1\r\n\r\n" if signed else b"\r\n")
    return {c.name: c.level async for c in domains.examine(Names(records), domain, arrived)}


async def test_a_domain_in_order_has_no_fault() -> None:
    assert await judged(GOOD) == {"SPF": Level.OK, "DKIM": Level.OK, "DMARC": Level.OK}
    assert (await judged(GOOD, domain="mail.vendor.com"))["DMARC"] is Level.OK, "a parent's policy holds"


@pytest.mark.parametrize(
    ("name", "records", "check", "level"),
    [
        ("vendor.com", [], "SPF", Level.WARNING),
        ("vendor.com", None, "SPF", Level.WARNING),
        ("vendor.com", ["v=spf1 -all", "v=spf1 +all"], "SPF", Level.FAULT),
        ("vendor.com", ["v=spf1 +all"], "SPF", Level.FAULT),
        ("s1._domainkey.vendor.com", [], "DKIM", Level.FAULT),
        ("s1._domainkey.vendor.com", ["v=DKIM1; p="], "DKIM", Level.FAULT),
        ("s1._domainkey.vendor.com", None, "DKIM", Level.WARNING),
        ("_dmarc.vendor.com", [], "DMARC", Level.WARNING),
        ("_dmarc.vendor.com", None, "DMARC", Level.WARNING),
    ],
)
async def test_what_a_domain_lacks_is_named(
    name: str, records: list[str] | None, check: str, level: Level
) -> None:
    assert (await judged({**GOOD, name: records}))[check] is level


async def test_an_unsigned_mail_to_oneself_is_only_a_warning() -> None:
    assert (await judged(GOOD, signed=False))["DKIM"] is Level.WARNING


async def test_names_for_tests_are_not_looked_up() -> None:
    assert await judged({}, domain="vendor.test") == {"domain": Level.OK}


class Both(MailServers):
    """SMTP and IMAP servers with certificates of their own each."""

    def __init__(self, server: MailServer) -> None:
        super().__init__(server.ssl_context)
        self._out = MailServers(server.smtp_ssl_context)

    def sender(self, mailbox: Mailbox, password: str) -> Sender:
        return self._out.sender(mailbox, password)


async def test_real_servers_have_no_fault(mail_server: MailServer, tmp_path: Path) -> None:
    account = await mail_server.account()
    urls = mail_server.smtp_url, mail_server.url
    new = connecting.NewMailbox(account.address, "Rep", *urls, account.address, account.password)
    async with open_app(Settings(data=tmp_path), servers=Both(mail_server)) as app:
        mailbox = await connecting.add(app, new)
        checks = [c async for c in doctor.examine(app, mailbox, patience=20, lookup=Names())]
    assert {check.level for check in checks} == {Level.OK}, checks
    (flags,) = await mail_server.flags(account.address)
    assert flags <= {"\\Recent"}


async def test_what_the_doctor_says_of_each_broken_mailbox_is_what_the_documentation_shows() -> None:
    shown = doctor_cases.PAGE.read_text(encoding="utf-8")
    assert await doctor_cases.written() == shown, "see `python -m tests.service.doctor_cases`"

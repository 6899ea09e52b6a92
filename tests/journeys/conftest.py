"""A rep, an executive and their prospects, on a real mail server where there is one."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path

import pytest

from cadence.core.model import Mailbox, MessageState, Pace, TaskKind
from cadence.core.people import CONSOLE, Role
from cadence.core.rights import RIGHTS, Visitor
from cadence.core.sequence import From
from cadence.mail.parse import Received, parse
from cadence.service import (
    answering,
    connecting,
    enrolling,
    invitations,
    publishing,
    reading,
    sending,
    upkeep,
    users,
)
from cadence.service.app import App, Company, Connections, Policy
from cadence.service.library import Library
from cadence.service.links import Links
from cadence.service.sessions import Origin
from cadence.service.vault import Vault
from cadence.setting_values import shipped_templates
from cadence.store import enrollments, messages, prospects, tasks
from cadence.store.database import Database
from tests.servers.fixtures import Account, MailServer
from tests.service.conftest import SECRET, write_sequence

SOON = 20.0
"""Seconds within which a mail server on this machine has delivered."""


@dataclass
class Servers:
    """The real seams, trusting the certificates of the test servers."""

    server: MailServer
    accounts: dict[str, Account]

    def sender(self, mailbox: Mailbox, password: str):
        return self.server.sender(self.accounts[mailbox.address])

    def inbox(self, mailbox: Mailbox, password: str):
        return self.server.inbox(self.accounts[mailbox.address])


@dataclass
class Office:
    """One installation with its mailboxes, and the people it writes to."""

    server: MailServer
    folder: Path
    rep: Account
    app: App
    servers: Servers
    offset: timedelta = timedelta()

    def clock(self) -> datetime:
        return datetime.now(UTC) + self.offset

    async def another(self) -> App:
        """A second process, as far as the database and the mail servers can tell."""
        db = await Database.open(f"sqlite+aiosqlite:///{self.folder}/cadence.db")
        return _app(self, db)

    async def prospect(self, name: str = "dana") -> Account:
        return await self.server.account(name, "buyer.test")

    async def executive(self) -> Account:
        """Somebody other than the rep, with a mailbox on the same server."""
        boss = await self.server.account("boss", "vendor.test")
        self.servers.accounts[boss.address] = boss
        where = (self.server.smtp_url, self.server.url, boss.address, boss.password)
        new = connecting.NewMailbox(boss.address, "Bo Boss", *where, role=From.EXECUTIVE)
        await connecting.add(self.app, new)
        return boss

    async def colleague(self, name: str, role: Role, owns: Account | None = None) -> tuple[Account, Visitor]:
        """Somebody who logs in, with an account on the same server. owns: the mailbox that is theirs."""
        account = await self.server.account(name, "vendor.test")
        known = {"name": name.title(), "role": role, "team": "North"}
        user, link = await invitations.invite(self.app, CONSOLE, account.address, **known)
        token, origin = link.rpartition("/")[2], Origin("192.0.2.7")
        await invitations.accept(self.app, token, "a sentence that is long enough", origin, name="")
        if owns:
            await users.own_mailbox(self.app, CONSOLE, owns.address, user.id)
        return account, Visitor(await users.get(self.app, user.id), RIGHTS[role], "192.0.2.7")

    async def shipped(self, sequence: str) -> None:
        """Publish one of the sequences that come with Cadence."""
        await publishing.publish(self.app, shipped_templates(), sequence)

    async def enroll(self, email: str, sequence: str = "lost", **more):
        name = email.partition("@")[0].rstrip("0123456789").title()
        about = {"first_name": name, "company": "Buyer"} | more
        return await enrolling.enroll(self.app, enrolling.Request(email, sequence, **about))

    async def after(self, app: App | None = None, **span: float) -> None:
        """Turn the clock and let due mail leave."""
        app = app or self.app
        self.offset += timedelta(**span)
        await upkeep.look_after(app)
        async with app.db.read() as tx:
            due = await messages.mailboxes_with_work(tx, self.clock())
        for mailbox_id in due:
            await sending.send_due(app, mailbox_id)

    async def next_at(self) -> datetime | None:
        """When a mail is due or a pause ends; None while all there is waits for a person."""
        async with self.app.db.read() as tx:
            known = (await messages.next_wake(tx), await enrollments.next_resume(tx))
        return min((at for at in known if at is not None), default=None)

    async def go_on(self) -> None:
        """Turn the clock to when something happens by itself, and let it."""
        at = await self.next_at()
        assert at is not None, "nothing is planned"
        await self.after(seconds=max((at - self.clock()).total_seconds(), 0) + 1)

    async def asked(self) -> dict[TaskKind, list]:
        """What waits for a person, by kind."""
        found = defaultdict(list)
        async with self.app.db.read() as tx:
            for task in await tasks.opened(tx):
                found[TaskKind(task.kind)].append(task)
        return found

    async def approve(self) -> None:
        """Say yes to the one draft that waits."""
        (draft,) = (await self.asked())[TaskKind.APPROVE_DRAFT]
        await answering.answer(self.app, draft.id, "yes", CONSOLE)

    async def says_that_it_is(self, category: str) -> None:
        """The rep says what an answer is, where we ask because we are not sure."""
        for doubt in (await self.asked())[TaskKind.REVIEW_REPLY]:
            await answering.answer(self.app, doubt.id, category, CONSOLE)

    async def read(self) -> int:
        """Read every mailbox."""
        read = 0
        for address in self.servers.accounts:
            read += await reading.sync(self.app, (await connecting.find(self.app, address)).id)
        return read

    async def left(self, account: Account) -> int:
        """How many mails to somebody have left; servers deliver them when they come to it."""
        async with self.app.db.read() as tx:
            prospect = await prospects.find(tx, account.address)
            if prospect is None:
                return 0
            all_of_them = [
                mail
                for enrollment in await enrollments.of_prospect(tx, prospect.id)
                for mail in await messages.of_enrollment(tx, enrollment.id)
            ]
        return sum(mail.state is MessageState.SENT for mail in all_of_them)

    async def received(self, account: Account, count: int = 1) -> list[Received]:
        """What a person finds in their INBOX, once `count` mails are there, and all that left to them."""
        count = max(count, await self.left(account))
        inbox = self.server.inbox(account)
        await inbox.connect()
        try:
            for _ in range(int(SOON / 0.1)):
                await inbox.examine("INBOX")
                uids = await inbox.uids_after(0)
                if len(uids) >= count:
                    return [parse(raw) for raw in (await inbox.fetch(uids)).values()]
                await asyncio.sleep(0.1)
        finally:
            await inbox.close()
        raise AssertionError(f"{count} mails expected for {account.address}, found {len(uids)}")

    async def answers(self, account: Account, to: Received, text: str) -> None:
        """A person answers a mail from their own mailbox, and the answer has arrived."""
        answer, recipient = EmailMessage(), to.sender.email
        answer["From"], answer["To"] = f"Dana Buyer <{account.address}>", recipient
        answer["Subject"], answer["Date"] = f"Re: {to.subject}", format_datetime(self.clock())
        answer["Message-ID"] = make_msgid(domain="buyer.test")
        answer["In-Reply-To"] = answer["References"] = to.message_id
        quoted = "\n".join(f"> {line}" for line in to.text.splitlines())
        answer.set_content(f"{text}\n\nOn Tuesday, Robin Rep wrote:\n{quoted}\n")
        await self.writes(account, answer.as_bytes(), recipient)

    async def writes(self, account: Account, raw: bytes, to: str = "") -> None:
        """A mail to us leaves somebody's mailbox, and has arrived. to: the rep unless said."""
        to = to or self.rep.address
        before = len(await self.server.flags(to))
        sender = self.server.sender(account)
        outcome = await sender.send(raw, account.address, to)
        await sender.close()
        assert outcome.kind == "accepted", outcome
        await self.arrival(before + 1, to)

    async def arrival(self, count: int, address: str = "") -> None:
        """Wait until an INBOX holds so many mails. address: the rep's unless said."""
        address = address or self.rep.address
        for _ in range(int(SOON / 0.1)):
            if len(await self.server.flags(address)) >= count:
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"{count} mails expected in the mailbox of {address}")

    async def state(self, enrollment) -> str:
        async with self.app.db.read() as tx:
            return (await enrollments.get(tx, enrollment.id)).state.value

    async def status(self, email: str) -> str:
        async with self.app.db.read() as tx:
            return (await prospects.find(tx, email)).status.value


def _app(office: Office, db: Database) -> App:
    vault = Vault([SECRET])
    policy = Policy(
        company=Company("Vendor", "1 Sample Street"),
        public_url="https://mail.vendor.test",
        workplace_url="https://cadence.vendor.test",
        pace=Pace(1000, 1000, 0, 0, 0),
    )
    connections = Connections(db, vault, office.servers)
    return App(db, Library(), vault, Links([SECRET]), connections, policy, office.clock)


@pytest.fixture
async def office(mail_server: MailServer, tmp_path: Path) -> AsyncIterator[Office]:
    rep = await mail_server.account("rep", "vendor.test")
    db = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/cadence.db")
    office = Office.__new__(Office)
    office.server, office.folder, office.rep, office.offset = mail_server, tmp_path, rep, timedelta()
    office.servers = Servers(mail_server, {rep.address: rep})
    office.app = _app(office, db)
    try:
        write_sequence(tmp_path / "templates")
        await publishing.publish(office.app, tmp_path / "templates", "lost")
        new = connecting.NewMailbox(
            rep.address, "Robin Rep", mail_server.smtp_url, mail_server.url, rep.address, rep.password
        )
        await connecting.add(office.app, new)
        yield office
    finally:
        await office.app.connections.close()
        await db.close()

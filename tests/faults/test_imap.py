"""A mailbox server that dies, cuts, renumbers, renames and falls silent: each reply is taken in once."""

import asyncio
import contextlib
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import sqlalchemy as sa

from cadence.core.errors import MailboxError
from cadence.core.model import Mailbox
from cadence.mail.endpoint import Credentials, Endpoint
from cadence.mail.imap import ImapInbox
from cadence.service import connecting, reading, sending
from cadence.service.app import App
from cadence.store.tables import enrollments, events, inbound
from cadence.worker.loops import Loops
from cadence.worker.rhythm import Rhythm
from tests.faults.mailbox_server import MailboxServer, Trouble
from tests.faults.scale import scaled, seeded
from tests.faults.site import Clock, enroll, furnish, opened, until_due
from tests.servers.cut import CutWire
from tests.servers.dovecot import Dovecot
from tests.service.fakes import FakeSender, FakeServers, reply

REP = "rep0@vendor.test"
PASSWORD = "secret"
QUICK = Rhythm(tick=0.05, upkeep=5.0, again=0.05, longest_again=0.2, reading_ends=0.5)


class Servers(FakeServers):
    """Mail leaves into a list; what arrives is read by IMAP. port: set where a test lays another wire."""

    def __init__(self, tls: ssl.SSLContext | None = None, patience: float = 0.15) -> None:
        super().__init__()
        self.tls, self.patience = tls, patience
        self.port: int | None = None

    def sender(self, mailbox: Mailbox, password: str) -> FakeSender:
        return FakeSender(self, mailbox.address)

    def inbox(self, mailbox: Mailbox, password: str) -> ImapInbox:  # type: ignore[override]
        url = mailbox.imap if self.port is None else f"imap://localhost:{self.port}"
        credentials = Credentials(mailbox.username, password)
        endpoint = Endpoint.parse(url, kind="imap")
        return ImapInbox(endpoint, credentials, ssl_context=self.tls, timeout=self.patience)


@dataclass
class Desk:
    """Two readers of one mailbox, and the people who answer."""

    one: App
    other: App
    servers: Servers
    clock: Clock
    mailbox: int
    people: list[str]
    troubles: Counter[str] = field(default_factory=Counter)

    def answer(self, number: int) -> bytes:
        """What the nth person writes."""
        to = next(mail.raw for mail in self.servers.sent if mail.recipient == self.people[number])
        words = "We went with another vendor because of the price."
        return reply(words, to=to, sender=self.people[number], at=self.clock(), number=number)

    async def read(self, app: App) -> bool:
        """Read once; False where the server stood in the way."""
        try:
            await reading.sync(app, self.mailbox)
        except MailboxError:
            await app.connections.drop(self.mailbox)
            return False
        return True

    async def wrong(self, planted: list[int]) -> list[str]:
        """Which of the planted replies were not taken in exactly once, or did not act exactly once."""
        kept = sa.select(inbound.c.sender, sa.func.count()).group_by(inbound.c.sender)
        acted = (
            sa.select(enrollments.c.id, sa.func.count(events.c.id))
            .join(events, events.c.enrollment_id == enrollments.c.id)
            .where(events.c.kind.like("reply.%"))
            .group_by(enrollments.c.id)
        )
        async with self.one.db.read() as tx:
            by_sender = {row[0]: row[1] for row in await tx.execute(kept)}
            reactions = [row[1] for row in await tx.execute(acted)]
        due = {self.people[number]: 1 for number in planted}
        found = [f"{who}: {by_sender.get(who, 0)} times" for who in due if by_sender.get(who) != 1]
        if (Counter(reactions)) != Counter({1: len(planted)}):
            found.append(f"reactions: {Counter(reactions)}")
        return found


@asynccontextmanager
async def desk(
    url: str, folder: Path, servers: Servers, imap: str, user: str, count: int
) -> AsyncIterator[Desk]:
    """An installation that has written to so many people."""
    clock = Clock()
    async with AsyncExitStack() as stack:
        one, other = [
            await stack.enter_async_context(opened(url, servers, clock, process=name))
            for name in ("one", "two")
        ]
        (mailbox,) = await furnish(one, folder / "templates", rep_smtp="smtp://localhost:1")
        await connecting.change(one, REP, {"imap": imap, "username": user}, PASSWORD)
        await enroll(one, count)
        clock.now += until_due()
        while (await sending.send_due(one, mailbox)).total():
            pass
        people = [f"p{n}@p{n}.example" for n in range(count)]
        assert len(servers.sent) == count
        yield Desk(one, other, servers, clock, mailbox, people)


# --- against a server that does as it is told ---


async def session(desk: Desk, server: MailboxServer, number: int, chance: Random) -> None:
    """A reply arrives, something goes wrong, and things are read until they can be."""
    folder = chance.choice(list(server.boxes))
    server.boxes[folder].add(desk.answer(number))
    forget_old(server)
    server.trouble, server.at = chance.choice(list(Trouble)), chance.randrange(9)
    accident = chance.choice(("renumbered", "renamed", "moved", "two readers", "nothing", "nothing"))
    desk.troubles.update((server.trouble.value, accident))
    await asyncio.gather(*(desk.read(app) for app in readers(desk, accident)))
    server.trouble = Trouble.NONE
    if accident == "renumbered":
        server.boxes[folder].renumber()
    if accident == "renamed":
        other = "Junk" if "Spam" in server.boxes else "Spam"
        server.rename(next(name for name in server.boxes if name != "INBOX"), other)
    if accident == "moved":
        where = next(name for name in server.boxes if name != folder)
        raw = server.boxes[folder].mails.pop(max(server.boxes[folder].mails))
        server.boxes[where].add(raw)
    for app in readers(desk, accident):
        await app.connections.drop(desk.mailbox)
    assert all(await asyncio.gather(*(desk.read(app) for app in readers(desk, accident))))


def readers(desk: Desk, accident: str) -> list[App]:
    return [desk.one, desk.other] if accident == "two readers" else [desk.one]


def forget_old(server: MailboxServer, keep: int = 20) -> None:
    for box in server.boxes.values():
        for uid in sorted(box.mails)[:-keep]:
            del box.mails[uid]


async def test_each_reply_is_taken_in_once_whatever_the_server_does(
    database_url: str, tmp_path: Path
) -> None:
    chance, sessions = seeded("imap"), scaled(30, 800)
    async with (
        MailboxServer().listening() as server,
        desk(database_url, tmp_path, Servers(), f"imap://localhost:{server.port}", "rep", sessions) as a_desk,
    ):
        for number in range(sessions):
            await session(a_desk, server, number, chance)
        print(f"{sessions} sessions: {dict(a_desk.troubles)}")  # noqa: T201 - figures
        assert not await a_desk.wrong(list(range(sessions)))


async def test_a_server_that_is_silent_when_mail_arrives_is_not_waited_for(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/cadence.db"
    async with (
        MailboxServer().listening() as server,
        desk(url, tmp_path, Servers(), f"imap://localhost:{server.port}", "rep", 1) as a_desk,
    ):
        server.trouble, server.at = Trouble.SILENT, 5  # from IDLE on
        loops = Loops(a_desk.one, poll=0.3, rhythm=QUICK)
        running = asyncio.create_task(loops.run())
        await until(lambda: any("IDLE" in command for command in server.commands))
        server.boxes["INBOX"].add(a_desk.answer(0))
        await until_taken_in(a_desk, 1)
        loops.stop()
        await running
        assert not await a_desk.wrong([0])


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - the server of these tests has no event for it
            await asyncio.sleep(0.02)


async def until_taken_in(desk: Desk, count: int) -> None:
    async with asyncio.timeout(10):
        while True:
            async with desk.one.db.read() as tx:
                if (await tx.execute(sa.select(sa.func.count()).select_from(inbound))).scalar_one() == count:
                    return
            await asyncio.sleep(0.02)


# --- against Dovecot ---


async def through_a_cut_wire(desk: Desk, server: Dovecot, chance: Random) -> None:
    """The connection is cut after some bytes of what the server says, in a literal as likely as not."""
    async with CutWire(server.ports["imap"], down=chance.randint(1500, 9000)).laid() as wire:
        desk.servers.port = wire.port
        await desk.read(desk.one)
        desk.servers.port = None
        await desk.one.connections.drop(desk.mailbox)


async def killed(desk: Desk, server: Dovecot, chance: Random) -> None:
    """The server dies while it is read, and comes back."""
    reading_it = asyncio.create_task(desk.read(desk.one))
    await asyncio.sleep(chance.uniform(0, 0.05))
    server.kill()
    await reading_it
    await asyncio.to_thread(server.start)


async def numbered_anew(desk: Desk, server: Dovecot, chance: Random) -> None:
    await desk.read(desk.one)
    for folder in ("INBOX", "Spam"):
        validity = str(chance.randint(2_000_000_000, 4_000_000_000))
        await asyncio.to_thread(
            server.doveadm, "mailbox", "update", "-u", USER, "--uid-validity", validity, folder
        )


async def renamed(desk: Desk, server: Dovecot, chance: Random) -> None:
    """The rep renames the folder and back again; its numbers go with it or not, as the server likes."""
    await desk.read(desk.one)
    for old, new in (("Spam", "Junk"), ("Junk", "Spam")):
        with contextlib.suppress(AssertionError):  # Dovecot makes the one of special use anew by itself
            await asyncio.to_thread(server.doveadm, "mailbox", "rename", "-u", USER, old, new)
        await desk.read(desk.one)


async def read_by_two(desk: Desk, server: Dovecot, chance: Random) -> None:
    assert all(await asyncio.gather(desk.read(desk.one), desk.read(desk.other)))


USER = "faults@vendor.test"
ACCIDENTS = (through_a_cut_wire, read_by_two, numbered_anew, through_a_cut_wire, renamed, killed)


async def test_each_reply_is_taken_in_once_from_a_dovecot_in_trouble(
    real_dovecot: Dovecot, tmp_path: Path
) -> None:
    chance, sessions = seeded("dovecot"), scaled(12, 200)
    if not (real_dovecot.home / "users" / USER).exists():
        real_dovecot.add_user(USER, PASSWORD)
    servers = Servers(real_dovecot.certificate.for_client(), patience=5.0)
    url = f"sqlite+aiosqlite:///{tmp_path}/cadence.db"
    imap = f"imap://localhost:{real_dovecot.ports['imap']}"
    async with desk(url, tmp_path, servers, imap, USER, sessions) as a_desk:
        for number in range(sessions):
            await real_dovecot.deliver(USER, a_desk.answer(number))
            accident = ACCIDENTS[number % len(ACCIDENTS)]
            a_desk.troubles[accident.__name__] += 1
            await accident(a_desk, real_dovecot, chance)
            while not await a_desk.read(a_desk.one):
                pass
        print(f"{sessions} sessions: {dict(a_desk.troubles)}")  # noqa: T201 - figures
        assert not await a_desk.wrong(list(range(sessions)))

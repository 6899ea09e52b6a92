"""A rolling restart of the scaled installation: nothing is lost, nothing doubled, nothing left in doubt.

The commands are those of docker-compose.yml, as processes on a private PostgreSQL and a private Redis.
"""

import asyncio
import contextlib
import os
import signal
import sys
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, make_msgid
from pathlib import Path

import sqlalchemy as sa
import yaml

from cadence.core.errors import CadenceError
from cadence.core.model import EnrollmentState, MessageState, Pace
from cadence.mail.sandbox import Sandbox
from cadence.service import admission, connecting, publishing
from cadence.service.app import App
from cadence.service.requests import Request
from cadence.settings import Settings
from cadence.store.tables import enrollments, inbound, messages, prospects
from cadence.wiring import open_app
from cadence.worker.queue import calling
from tests.faults.sink import Sink, Taken
from tests.servers.database import Postgres, Redis
from tests.servers.process import free_port
from tests.worker.conftest import until, write_sequence

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
GRACE = float(COMPOSE["worker"]["stop_grace_period"].removesuffix("s"))
STARTS_WITHIN = 60.0
SECRET = "a-secret-of-tests-with-more-than-thirty-two-characters"
REPS = [f"rep{number}@vendor.test" for number in range(4)]
PASSWORD = "a good password"
WAVE = 12
"""People who are enrolled before each restart."""


@dataclass
class Service:
    """A running service of the compose file."""

    name: str
    process: asyncio.subprocess.Process
    log: Path

    async def at_work(self) -> None:
        async with asyncio.timeout(STARTS_WITHIN):
            while "is at work" not in self.log.read_text():
                assert self.process.returncode is None, self.log.read_text()
                await asyncio.sleep(0.05)

    async def stop(self) -> None:
        """SIGTERM, as Docker does it: it must end in good order before the grace period does."""
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(GRACE):
            code = await self.process.wait()
        assert code == 0, self.log.read_text()[-3000:]


@dataclass
class Installation:
    """All services, what they work on, and the judge of what they send."""

    app: App
    box: Sandbox
    sink: Sink
    folder: Path
    environment: dict[str, str]
    people: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)

    async def start(self, name: str) -> Service:
        log = self.folder / f"{name}-{len(list(self.folder.glob('*.log')))}.log"
        with log.open("wb") as lines:
            process = await asyncio.create_subprocess_exec(
                *COMPOSE[name]["command"], cwd=ROOT, env=self.environment, stdout=lines, stderr=lines
            )
        self.services.append(Service(name, process, log))
        return self.services[-1]

    async def replace(self, service: Service) -> None:
        await service.stop()
        self.services.remove(service)
        await (await self.start(service.name)).at_work()

    async def enroll(self) -> None:
        """People whose first mail is due now, spread over the reps."""
        first = len(self.people)
        new = [f"p{number}@buyer{number}.example" for number in range(first, first + WAVE)]
        requests = [
            Request(who, "lost", company=who.partition("@")[2], mailbox=REPS[number % len(REPS)])
            for number, who in enumerate(new)
        ]
        async with self.app.db.write() as tx:
            made = await admission.admit(self.app, tx, requests)
        assert not [one for one in made if isinstance(one, CadenceError)]
        self.people += new
        await self.app.wake()

    async def in_flight(self, beyond: int) -> None:
        """Until mails of the last wave leave."""
        async with asyncio.timeout(STARTS_WITHIN):
            while len(self.to_people()) <= beyond:  # noqa: ASYNC110 - the sink tells of phases, not of numbers
                await asyncio.sleep(0.01)

    async def answer(self) -> None:
        """The recipient of the last mail answers it."""
        taken = self.to_people()[-1]
        rep = REPS[self.people.index(taken.recipient) % WAVE % len(REPS)]
        self.answered.append(taken.recipient)
        await self.box.deliver(
            rep,
            (
                f"From: {taken.recipient}\r\nTo: {rep}\r\nSubject: Re: Thank you\r\n"
                f"Date: {format_datetime(datetime.now(UTC))}\r\nMessage-ID: {make_msgid()}\r\n"
                f"In-Reply-To: {taken.message_id}\r\n\r\nPlease call me.\r\n"
            ).encode(),
        )

    def to_people(self) -> list[Taken]:
        """What left for the people; the reps are mailed of those who want to talk, besides."""
        return [taken for taken in self.sink.log if taken.recipient not in REPS]

    async def is_done(self) -> bool:
        """Whether every mail left and every answer acted."""
        async with self.app.db.read() as tx:
            left = sa.select(sa.func.count()).where(messages.c.state == MessageState.SENT)
            active = sa.select(sa.func.count()).where(enrollments.c.state == EnrollmentState.ACTIVE)
            sent = (await tx.execute(left)).scalar_one()
            return sent == len(self.people) and (await tx.execute(active)).scalar_one() == len(
                self.people
            ) - len(self.answered)

    async def states(self) -> dict[str, int]:
        """How many mails are in each state, but for those to come."""
        query = sa.select(messages.c.state, sa.func.count()).group_by(messages.c.state)
        async with self.app.db.read() as tx:
            return {row[0]: row[1] for row in await tx.execute(query.where(messages.c.attempts > 0))}

    async def kept(self) -> list[str]:
        """Who is known to have answered, once for each answer."""
        query = sa.select(prospects.c.email).join(inbound, inbound.c.prospect_id == prospects.c.id)
        async with self.app.db.read() as tx:
            return sorted((await tx.execute(query)).scalars())


@asynccontextmanager
async def installation(postgres: Postgres, redis: Redis, folder: Path) -> AsyncIterator[Installation]:
    url = postgres.new_database()
    environment = os.environ | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "CADENCE_DATABASE_URL": url.replace("+asyncpg", ""),
        "CADENCE_REDIS_URL": redis.url,
        "CADENCE_SECRET_KEY": SECRET,
        "CADENCE_DATA": str(folder / "data"),
        "CADENCE_PORT": str(free_port()),
        "CADENCE_COMPANY_POSTAL_ADDRESS": "1 Sample Street",
    }
    given = Settings(data=folder / "data", database_url=url, secret_key=SECRET)
    sink = Sink(delay=lambda phase: 0.15 if phase in ("content", "accepted") else 0.0)
    write_sequence(folder / "templates")
    async with (
        Sandbox(dict.fromkeys(REPS, PASSWORD)) as box,
        sink.listening(),
        open_app(given, clock=lambda: datetime.now(UTC) - timedelta(hours=3)) as app,
        calling(app, redis.url),
    ):
        await publishing.publish(app, folder / "templates", "lost")
        smtp, pace = f"smtp://127.0.0.1:{sink.port}", Pace(1000, 1000, 0, 0, 0)
        for rep in REPS:
            new = connecting.NewMailbox(rep, "Robin Rep", smtp, box.imap_url, rep, PASSWORD, pace=pace)
            await connecting.add(app, new)
        made = Installation(app, box, sink, folder, environment)
        try:
            yield made
        finally:
            for service in made.services:
                with contextlib.suppress(ProcessLookupError):
                    service.process.kill()
                await service.process.wait()


def answers(installation: Installation) -> int:
    """What the health check of the compose file asks."""
    port = installation.environment["CADENCE_PORT"]
    check = COMPOSE["web"]["healthcheck"]["test"][-1]
    path = check.partition(":8080")[2].partition("'")[0]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as response:
        return int(response.status)


async def is_alive(installation: Installation, name: str) -> bool:
    """What the compose file asks a service that serves nothing."""
    command = COMPOSE[name]["healthcheck"]["test"][1:]
    asked = await asyncio.create_subprocess_exec(
        *command,
        env=installation.environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    return await asked.wait() == 0


async def test_a_rolling_restart_under_load_loses_and_doubles_nothing(
    postgres: Postgres, redis: Redis, tmp_path: Path
) -> None:
    async with installation(postgres, redis, tmp_path) as office:
        for name in ("worker", "watch", "web"):
            for _ in range(COMPOSE[name].get("deploy", {}).get("replicas", 1)):
                await office.start(name)
        for service in office.services:
            await service.at_work()
        for service in list(office.services):
            before = len(office.to_people())
            await office.enroll()
            await office.in_flight(before)
            await office.answer()
            if service.name == "web":
                assert await asyncio.to_thread(answers, office) == 200
            await office.replace(service)
        assert await asyncio.to_thread(answers, office) == 200
        assert await is_alive(office, "worker")
        await until(office.is_done, within=STARTS_WITHIN)
        for service in office.services:
            await service.stop()
        assert not await is_alive(office, "watch")
        taken = office.to_people()
        assert sorted(each.recipient for each in taken) == sorted(office.people)
        assert len({each.message_id for each in taken}) == len(taken)
        assert await office.states() == {MessageState.SENT: len(office.people)}
        assert await office.kept() == sorted(office.answered)

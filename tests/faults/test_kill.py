"""kill -9 of the sending process, at every await and in every phase of SMTP: nothing is doubled or lost.

The mail server's log is the judge. A killed process is followed by another one whose clock is a minute
ahead, so all that can be recovered must be recovered by then.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa

from cadence.core.model import MessageState
from cadence.service import presence
from cadence.service.app import App
from cadence.store.tables import messages
from tests.faults.child import Order, Servers
from tests.faults.judge import judge
from tests.faults.processes import Nursery, Worker, nursery
from tests.faults.scale import LONG, scaled, seeded
from tests.faults.sink import PHASES, Sink
from tests.faults.site import FIRST, enroll, furnish, opened, until_due
from tests.servers.database import Postgres, Redis

STEPS = 130
"""About as many waits as the sending of three batches has; deaths are spread evenly over them."""
A_ROUND = 8
"""Waits of a round of upkeep that finds nothing to do, at least."""
BATCHES = (1, 3, 8)
"""How many mails leave together; each worker does it another way."""
HOWS = ("suspend", "phase", "resume", "phase", "suspend", "time", "resume", "upkeep")
ONCE_EACH = frozenset({"connect", "EHLO", "AUTH"})
"""Phases of a connection, which serves many mails."""
SPARE, EACH = 60, 10
"""Mails that there are, and for each kill: none of the killed workers may run out of work."""
REPS = 2
RECOVERY = timedelta(seconds=60)
WAITING = (MessageState.PLANNED, MessageState.DEFERRED)


@dataclass
class Yard:
    """What a round of killing works with. shift: how far the workers' clocks are ahead."""

    app: App
    url: str
    sink: Sink
    start: Callable[[Order], object]
    shift: timedelta
    redis: str | None = None
    deaths: Counter[str] = field(default_factory=Counter)
    number: int = 0

    def now(self) -> datetime:
        return datetime.now(UTC) + self.shift

    def check(self) -> None:
        """Fail at once where a mail was sent twice."""
        twice = [message_id for message_id, times in self.sink.counts.items() if times > 1]
        assert not twice, f"sent twice: {twice}"

    def order(self, **more: object) -> Order:
        self.number += 1
        seconds = self.shift.total_seconds()
        more |= {"redis": self.redis, "batch": BATCHES[self.number % len(BATCHES)]}
        return Order(self.url, f"worker-{self.number}", seconds, **more)  # type: ignore[arg-type]


@asynccontextmanager
async def yard(url: str, folder: Path, mails: int, chance: Random) -> AsyncIterator[tuple[Yard, Nursery]]:
    sink = Sink(lambda phase: chance.choice((0.0, 0.0, 0.001, 0.005)))
    made = Yard.__new__(Yard)
    made.shift = timedelta()
    async with (
        sink.listening(),
        opened(
            url,
            Servers(),
            lambda: made.now(),  # noqa: PLW0108 - it is made below
        ) as app,
        nursery(folder / "log") as n,
    ):
        made.__init__(app, url, sink, n.start, timedelta())  # type: ignore[misc]
        await furnish(app, folder / "templates", rep_smtp=f"smtp://127.0.0.1:{sink.port}", reps=REPS)
        await enroll(app, mails, reps=REPS)
        made.shift += until_due()
        yield made, n


async def count(app: App, *where: sa.ColumnElement[bool]) -> int:
    query = sa.select(sa.func.count()).select_from(messages).where(messages.c.step == FIRST, *where)
    async with app.db.read() as tx:
        return int((await tx.execute(query)).scalar_one())


async def run_until_all_is_settled(yard: Yard, nurse: Nursery) -> None:
    """Let one worker take over what the killed ones left behind, within the time promised, and finish."""
    killed_at = yard.now() - presence.ALIVE_FOR
    order = yard.order()
    worker = await nurse.start(order)
    of_the_dead = messages.c.sent_by != order.process
    claimed = sa.and_(messages.c.state.in_(WAITING), messages.c.wake_at != messages.c.due_at)
    stuck = sa.and_(of_the_dead, sa.or_(messages.c.state == MessageState.SENDING, claimed))
    while await count(yard.app, stuck, messages.c.wake_at > yard.now()):
        assert yard.now() - killed_at < RECOVERY, "not recovered in time"
        yard.check()
        await asyncio.sleep(0.02)
    while await count(yard.app, messages.c.state.in_((*WAITING, MessageState.SENDING))):
        assert not worker.ended.done(), "the worker ended by itself"
        yard.check()
        await asyncio.sleep(0.02)
    worker.stop()
    assert await worker.end() == 0


def kill_on(sink: Sink, worker: Worker, phase: str, times: int) -> None:
    """Kill a worker when the mail server sees a phase for the nth time."""
    seen = 0

    def reached(what: str) -> None:
        nonlocal seen
        seen += what == phase
        if seen == times:
            worker.kill()

    sink.on_phase = reached


async def kill_by(how: str, number: int, yard: Yard, nurse: Nursery, chance: Random) -> None:
    """Start a worker and see it die: by its own hand at an await, or by ours in a phase or at any time."""
    if how in ("suspend", "resume"):
        worker = await nurse.start(yard.order(die_at=1 + number % STEPS, when=how))
    elif how == "upkeep":
        rounds = 5 if yard.redis is None else 1  # arq looks after things four times a minute only
        worker = await nurse.start(yard.order(die_at=1 + number % (rounds * A_ROUND), work="look_after"))
    else:
        worker = await nurse.start(yard.order())
        if how == "phase":
            phase = PHASES[number % len(PHASES)]
            kill_on(yard.sink, worker, phase, 1 if phase in ONCE_EACH else chance.randint(1, 3))
        else:
            earliest = 0.02 if yard.redis is None else 0.5
            asyncio.get_running_loop().call_later(chance.uniform(earliest, 4 * earliest), worker.kill)
    await worker.end(60)
    yard.sink.on_phase = lambda phase: None
    yard.deaths[worker.died_at or how] += 1
    yard.check()


async def kill_many(yard: Yard, nurse: Nursery, kills: int, mails: int, chance: Random) -> None:
    """Kill one worker after another, each a little later than its predecessor counts as dead."""
    at = [chance.sample(range(STEPS), STEPS) for _ in range(1 + kills // STEPS)]
    numbers = [number for some in at for number in some][:kills]
    for place, number in enumerate(numbers):
        await kill_by(HOWS[place % len(HOWS)], number, yard, nurse, chance)
        yard.shift += presence.ALIVE_FOR
    async with asyncio.timeout(60 + mails):
        await run_until_all_is_settled(yard, nurse)
    verdict = await judge(yard.app, yard.sink.counts, expected=mails)
    print(f"{kills} kills at {len(yard.deaths)} places: {dict(verdict.states)}")  # noqa: T201 - figures
    assert not verdict.faults
    assert sum(yard.deaths.values()) == kills
    assert verdict.states["in_doubt"] <= kills * REPS * max(BATCHES), "more is hidden than was in flight"


async def test_a_killed_process_doubles_nothing_and_loses_nothing(database_url: str, tmp_path: Path) -> None:
    chance, kills = seeded("kill"), scaled(20, 800)
    mails = SPARE + EACH * kills
    async with yard(database_url, tmp_path, mails, chance) as (site, nurse):
        await kill_many(site, nurse, kills, mails, chance)


@pytest.mark.skipif(not LONG, reason="arq starts slowly: in the long form only")
async def test_a_killed_arq_worker_doubles_nothing_and_loses_nothing(
    postgres: Postgres, redis: Redis, tmp_path: Path
) -> None:
    chance, kills = seeded("kill arq"), 400
    mails = SPARE + EACH * kills
    async with yard(postgres.new_database(), tmp_path, mails, chance) as (site, nurse):
        site.redis = redis.url
        await kill_many(site, nurse, kills, mails, chance)

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

import sqlalchemy as sa

from cadence.core.model import MessageState
from cadence.service.app import App
from cadence.store.tables import messages
from tests.faults.child import Order, Servers
from tests.faults.judge import judge
from tests.faults.processes import Nursery, Worker, nursery
from tests.faults.scale import scaled, seeded
from tests.faults.sink import PHASES, Sink
from tests.faults.site import FIRST, enroll, furnish, opened, until_due

STEPS = 130
"""About as many waits as the sending of two mails has; deaths are spread evenly over them."""
HOWS = ("suspend", "phase", "resume", "phase", "suspend", "time", "resume", "upkeep")
ONCE_EACH = frozenset({"connect", "EHLO", "AUTH"})
"""Phases of a connection, which serves many mails."""
MAILS_PER_KILL = 4
REPS = 2
RECOVERY = timedelta(seconds=60)


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

    def order(self, **more: object) -> Order:
        self.number += 1
        seconds = self.shift.total_seconds()
        return Order(self.url, f"worker-{self.number}", seconds, redis=self.redis, **more)  # type: ignore[arg-type]


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


async def open_mails(app: App) -> int:
    """How many first mails are neither sent nor in doubt."""
    settled = (MessageState.SENT, MessageState.IN_DOUBT)
    query = sa.select(sa.func.count()).where(messages.c.step == FIRST, messages.c.state.not_in(settled))
    async with app.db.read() as tx:
        return int((await tx.execute(query)).scalar_one())


async def run_until_all_is_settled(yard: Yard, nurse: Nursery) -> None:
    """Let one worker finish what the killed ones left behind, within the time promised."""
    began = yard.now()
    yard.shift += RECOVERY - timedelta(seconds=20)
    worker = await nurse.start(yard.order())
    while await open_mails(yard.app):
        assert not worker.ended.done(), "the worker ended by itself"
        assert yard.now() - began < RECOVERY + timedelta(seconds=60), "not recovered in time"
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
        worker = await nurse.start(yard.order(die_at=1 + number % 40, work="look_after"))
    else:
        worker = await nurse.start(yard.order())
        if how == "phase":
            phase = PHASES[number % len(PHASES)]
            kill_on(yard.sink, worker, phase, 1 if phase in ONCE_EACH else chance.randint(1, 3))
        else:
            asyncio.get_running_loop().call_later(chance.uniform(0.05, 0.4), worker.kill)
    await worker.end()
    yard.sink.on_phase = lambda phase: None
    yard.deaths[worker.died_at or how] += 1


async def test_a_killed_process_doubles_nothing_and_loses_nothing(database_url: str, tmp_path: Path) -> None:
    chance = seeded("kill")
    kills = scaled(20, 1000)
    at = [chance.sample(range(STEPS), STEPS) for _ in range(1 + kills // STEPS)]
    numbers = [number for some in at for number in some][:kills]
    async with yard(database_url, tmp_path, kills * MAILS_PER_KILL, chance) as (site, nurse):
        for place, number in enumerate(numbers):
            await kill_by(HOWS[place % len(HOWS)], number, site, nurse, chance)
            site.shift += RECOVERY - timedelta(seconds=20)
        await run_until_all_is_settled(site, nurse)
        verdict = await judge(site.app, site.sink.counts, expected=kills * MAILS_PER_KILL)
        print(f"{kills} kills at {len(site.deaths)} places: {dict(verdict.states)}")  # noqa: T201 - figures
        assert not verdict.faults
        assert sum(site.deaths.values()) == kills
        assert verdict.states["in_doubt"] <= kills * REPS, "more is hidden than was in flight"

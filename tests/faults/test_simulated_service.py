"""Months of the real service on SQLite in virtual time: mails, replies, whims and deaths, from one seed.

One thing happens after the other, so that a seed replays; a process dies by being cut off at one of its
awaits. The judge reads the whole database after each event, and keeps the mail server's log beside it.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa

from cadence.core.delivery import Outcome, OutcomeKind
from cadence.core.errors import CadenceError
from cadence.core.lifecycle import LIVE, Fact
from cadence.core.model import EnrollmentState, MessageState
from cadence.service import enrolling, reading, sending, upkeep
from cadence.service.app import App
from cadence.store.tables import enrollments, messages
from tests.faults.scale import scaled, seeded
from tests.faults.site import Clock, enroll, furnish, opened
from tests.faults.steps import stepped
from tests.service.fakes import ACCEPTED, FakeServers, reply

M = MessageState
EVENTS = scaled(300, 10_000)
AWAITS = 60
"""About as many as the sending of a few mails has: deaths are spread over them."""
OPEN, WAITING = (M.PLANNED, M.DEFERRED, M.HELD), (M.PLANNED, M.DEFERRED)
SAID = (
    "Please take me off your list and never write again.",
    "Thanks, we chose another vendor because of the price.",
    "I am out of the office until next week.",
    "We are not interested.",
    "Could you call me tomorrow?",
)
ENDS = (
    Outcome(OutcomeKind.DEFERRED, 451, "4.3.0", "later"),
    Outcome(OutcomeKind.REFUSED, 550, "5.1.1", "no such user"),
    Outcome(OutcomeKind.IN_DOUBT, text="cut after the final dot"),
)


@dataclass
class Years:
    """One run.

    closed: who must not get mail any more; people: the address of each enrollment; seen: mails that left
    before the judge looked last; did: how often what happened.
    """

    apps: list[App]
    servers: FakeServers
    clock: Clock
    chance: Random
    mailboxes: list[int]
    closed: set[str] = field(default_factory=set)
    people: dict[int, str] = field(default_factory=dict)
    seen: int = 0
    did: Counter[str] = field(default_factory=Counter)

    @property
    def app(self) -> App:
        return self.chance.choice(self.apps)

    # --- what happens ---

    async def somebody_comes(self) -> None:
        prefix = f"n{len(self.people)}x"
        (made,) = await enroll(self.app, 1, prefix=prefix)
        self.people[made] = f"{prefix}0@{prefix}0.example"

    async def mail_leaves(self) -> None:
        self.servers.outcomes = [
            ACCEPTED if self.chance.random() < 0.9 else self.chance.choice(ENDS) for _ in range(20)
        ]
        for mailbox in self.mailboxes:
            await self.maybe_dies(sending.send_due(self.app, mailbox))

    async def things_are_looked_after(self) -> None:
        await self.maybe_dies(upkeep.look_after(self.app))

    async def somebody_answers(self) -> None:
        if self.servers.sent:
            mail = self.chance.choice(self.servers.sent)
            number = self.did["somebody_answers"]
            raw = reply(
                self.chance.choice(SAID), to=mail.raw, sender=mail.recipient, at=self.clock(), number=number
            )
            self.servers.mails(mail.mailbox).append(raw)
            await self.maybe_dies(self._read())

    async def _read(self) -> None:
        for mailbox in self.mailboxes:
            await reading.sync(self.app, mailbox)

    async def the_rep_decides(self) -> None:
        if self.people:
            email = self.chance.choice(list(self.people.values()))
            fact = self.chance.choice((Fact.PAUSE, Fact.RESUME, Fact.RESUME, Fact.STOP))
            until = self.clock() + timedelta(days=9) if fact is Fact.PAUSE else None
            try:
                await enrolling.change(self.app, email, fact, "the rep", until)
            except CadenceError:
                return
            if fact is Fact.STOP:
                self.closed.add(email)

    async def somebody_opts_out(self) -> None:
        if self.people:
            number = self.chance.choice(list(self.people))
            await enrolling.opt_out(self.app, number, "a link")
            self.closed.add(self.people[number])

    async def time_passes(self) -> None:
        self.clock.now += timedelta(seconds=self.chance.choice((30, 900, 7200, 86400, 400_000)))

    async def maybe_dies(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do it, or be cut off in the middle of it."""
        last = self.chance.randrange(AWAITS) if self.chance.random() < 0.3 else -1
        count = 0

        def hook(moment: str, where: str) -> None:
            nonlocal count
            count += moment == "suspend"
            if count == last and moment == "suspend":
                asyncio.get_running_loop().call_soon(task.cancel)

        task = asyncio.ensure_future(stepped(work, hook))
        await asyncio.wait({task})
        if task.cancelled():
            self.did["deaths"] += 1
        else:
            task.result()

    # --- what must hold ---

    async def judge(self) -> None:
        async with self.apps[0].db.read() as tx:
            mails = list(await tx.execute(sa.select(messages)))
            states = dict((await tx.execute(sa.select(enrollments.c.id, enrollments.c.state))).all())
        left = Counter(_message_id(mail.raw) for mail in self.servers.sent)
        for mail in self.servers.sent[self.seen :]:
            assert mail.recipient not in self.closed, f"{mail.recipient} got mail after the end"
        self.seen = len(self.servers.sent)
        names = Counter((row.enrollment_id, row.step, row.occurrence) for row in mails)
        assert max(names.values(), default=1) == 1
        for row in mails:
            state, times = states[row.enrollment_id], left[row.message_id]
            who = f"mail {row.id} ({row.step}) of enrollment {row.enrollment_id}, which is {state}"
            assert times <= 1, f"{who} left {times} times"
            assert times or row.state != M.SENT, f"{who} is sent by the book only"
            assert not times or row.state in (M.SENT, M.SENDING, M.IN_DOUBT), (
                f"{who}: left, being {row.state}"
            )
            assert row.state not in OPEN or state in LIVE, f"{who} is still open"
            if row.state in WAITING and state == EnrollmentState.ACTIVE:
                assert row.wake_at is not None, f"{who} waits, and nobody will ever look at it"

    async def come_to_rest(self) -> None:
        """No more deaths: whatever is due is dealt with, and nothing is in flight."""
        for _ in range(6):
            self.clock.now += timedelta(minutes=10)
            await upkeep.look_after(self.apps[0])
            for mailbox in self.mailboxes:
                await sending.send_due(self.apps[0], mailbox)
        async with self.apps[0].db.read() as tx:
            mails = list(await tx.execute(sa.select(messages)))
        for row in mails:
            assert row.state != M.SENDING, f"mail {row.id} is in flight for ever"
            if row.state in WAITING and row.wake_at is not None:
                late = self.clock() - row.wake_at
                assert late < timedelta(minutes=20), f"mail {row.id} is late by {late}"


def _message_id(raw: bytes) -> str:
    lines = raw.decode(errors="replace").split("\r\n")
    return next(line.partition(":")[2].strip() for line in lines if line.lower().startswith("message-id:"))


LIFE: tuple[tuple[int, Callable[[Years], Awaitable[None]]], ...] = (
    (2, Years.somebody_comes),
    (6, Years.mail_leaves),
    (4, Years.things_are_looked_after),
    (2, Years.somebody_answers),
    (2, Years.the_rep_decides),
    (1, Years.somebody_opts_out),
    (6, Years.time_passes),
)


async def test_months_of_the_service_with_everything_in_them(tmp_path: Path) -> None:
    chance, servers, clock = seeded("years"), FakeServers(), Clock()
    url = f"sqlite+aiosqlite:///{tmp_path}/cadence.db"
    async with AsyncExitStack() as stack:
        apps = [
            await stack.enter_async_context(opened(url, servers, clock, process=name))
            for name in ("one", "two")
        ]
        mailboxes = await furnish(apps[0], tmp_path / "templates", rep_smtp="smtp://localhost:1")
        years = Years(apps, servers, clock, chance, mailboxes)
        for _ in range(5):
            await years.somebody_comes()
        weights, deeds = zip(*LIFE, strict=True)
        for _ in range(EVENTS):
            (deed,) = chance.choices(deeds, weights)
            years.did[deed.__name__] += 1
            await deed(years)
            await years.judge()
        await years.come_to_rest()
        await years.judge()
    assert len(servers.sent) > EVENTS / 20, "a time in which nothing happens proves nothing"
    assert years.did["deaths"] > EVENTS / 50

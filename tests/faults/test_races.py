"""A reply, an opt-out, a pause or a bounce against a due mail: none leaves once the fact is visible.

Several workers, each on connections of its own, compete for the same mails, and a fact arrives at a chosen
moment of the sending. A sequence of the test's own says what was first: a mail breaks the rule if its
transaction was about to commit after that of the fact had returned.
"""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from cadence.core.lifecycle import Fact
from cadence.service import enrolling, reading, sending, situations, writing
from cadence.service.app import App
from cadence.store import flight
from cadence.store.tables import enrollments, inbound
from cadence.store.tables import messages as rows
from tests.faults.scale import scaled, seeded
from tests.faults.site import SECOND, Clock, enroll, furnish, opened, until_due
from tests.service.fakes import FakeServers, reply

WORKERS = 3
GROUP = 5
"""People whose mails are due at the same time."""
REP = "rep0@vendor.test"
GRACE = 0.03
"""Seconds that a worker gives a fact to get through, where it is not held back by a lock."""

MOMENTS = ("waiting", "looked", "written", "marking", "marked", "sending")
"""When the fact lands: it waits in the mailbox before anything begins; the reasons were looked at; the words
are there; just before, and just after, the mail is marked as being sent, which is not committed yet; the
server has it."""


@dataclass
class Race:
    """One mail and one fact. visible: when the fact's transaction had returned; begun: when the mail's was
    about to commit; both in the test's own sequence."""

    email: str
    enrollment: int
    moment: str
    act: Callable[[], Awaitable[None]]
    started: asyncio.Task[None] | None = None
    visible: int | None = None
    begun: int | None = None

    @property
    def is_broken(self) -> bool:
        return self.visible is not None and self.begun is not None and self.visible < self.begun


@dataclass
class Track:
    """Where races are run. by_message, by_recipient: the running ones."""

    apps: list[App]
    servers: FakeServers
    clock: Clock
    mailbox: int
    by_enrollment: dict[int, Race] = field(default_factory=dict)
    sequence: Any = field(default_factory=itertools.count)
    people: int = 0

    async def reach(self, moment: str, enrollment: int) -> None:
        """A worker came to a moment of a sending: now the fact may start, and gets the time to land."""
        race = self.by_enrollment.get(enrollment)
        if race is None:
            return
        if race.moment == moment and race.started is None:
            race.started = asyncio.create_task(self.run(race))
        if race.started is not None and not race.started.done():
            await asyncio.wait({race.started}, timeout=GRACE)

    async def run(self, race: Race) -> None:
        await race.act()
        race.visible = next(self.sequence)


@asynccontextmanager
async def track(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Track]:
    clock, servers = Clock(), FakeServers()
    async with AsyncExitStack() as stack:
        apps = [
            await stack.enter_async_context(opened(url, servers, clock, process=f"worker-{n}", batch=2))
            for n in range(WORKERS + 1)
        ]
        (mailbox,) = await furnish(apps[0], folder, rep_smtp="smtp://localhost:1")
        made = Track(apps, servers, clock, mailbox)
        watch(made, monkeypatch)
        yield made


def watch(track: Track, monkeypatch: pytest.MonkeyPatch) -> None:
    """Listen at the seams of the send path."""

    look, draft, begin = situations.look, writing.draft, flight.begin

    async def watched_look(app: App, tx: Any, claimed: Any) -> Any:
        looked = await look(app, tx, claimed)
        for message in claimed:
            await track.reach("looked", message.enrollment_id)
        return looked

    async def watched_draft(app: App, tx: Any, case: Any, *rest: Any) -> Any:
        written = await draft(app, tx, case, *rest)
        await track.reach("written", case.enrollment.id)
        return written

    async def watched_begin(tx: Any, departures: Any, **more: Any) -> set[int]:
        ids = {departure.message.id: departure.message.enrollment_id for departure in departures}
        for enrollment in ids.values():
            await track.reach("marking", enrollment)
        begun = await begin(tx, departures, **more)
        for enrollment in ids.values():
            await track.reach("marked", enrollment)
        for message_id in begun:
            race = track.by_enrollment.get(ids[message_id])
            if race is not None:
                race.begun = next(track.sequence)
        return begun

    monkeypatch.setattr(situations, "look", watched_look)
    monkeypatch.setattr(writing, "draft", watched_draft)
    monkeypatch.setattr(flight, "begin", watched_begin)


# --- the facts ---


async def opt_out(track: Track, race: Race) -> None:
    await enrolling.opt_out(track.apps[-1], race.enrollment, "an unsubscribe link")


async def pause(track: Track, race: Race) -> None:
    await enrolling.change(track.apps[-1], race.email, Fact.PAUSE, "the rep said so")


async def answer(track: Track, race: Race) -> None:
    arrives(track, race, person)
    await reading.sync(track.apps[-1], track.mailbox)


async def bounce(track: Track, race: Race) -> None:
    arrives(track, race, report)
    await reading.sync(track.apps[-1], track.mailbox)


FACTS = {"unsubscribe": opt_out, "pause": pause, "reply": answer, "bounce": bounce}
BY_MAIL = {"reply": "person", "bounce": "report"}


def arrives(track: Track, race: Race, write: Callable[[Track, Race, bytes], bytes]) -> None:
    """A mail about the one that was sent before gets into the mailbox."""
    before = next(mail.raw for mail in track.servers.sent if mail.recipient == race.email)
    track.servers.mails(REP).append(write(track, race, before))


def person(track: Track, race: Race, before: bytes) -> bytes:
    words = "Please take me off your list, we are not interested."
    return reply(words, to=before, sender=race.email, at=track.clock(), number=race.enrollment)


def report(track: Track, race: Race, before: bytes) -> bytes:
    """A report of failed delivery (RFC 3464)."""
    message_id = next(line for line in before.decode().splitlines() if line.lower().startswith("message-id:"))
    return (
        f"From: Mail Delivery System <MAILER-DAEMON@mx.example>\r\nTo: {REP}\r\nSubject: Undelivered Mail\r\n"
        f"Date: {format_datetime(track.clock())}\r\nMessage-ID: <report-{race.enrollment}@mx.example>\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nUser unknown.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {race.email}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{message_id}\r\n\r\n--b--\r\n"
    ).encode()


# --- running them ---


async def run_group(track: Track, kind: str, chance: Random) -> list[Race]:
    """Let a group of people be written to while the fact lands on each of them."""
    track.people += 1
    prefix = f"g{track.people}x"
    ids = await enroll(track.apps[0], GROUP, prefix=prefix)
    track.clock.now += until_due()
    await drain(track.apps[0], track.mailbox)
    races = []
    for number, enrollment in enumerate(ids):
        moment = chance.choice(MOMENTS if kind in BY_MAIL else MOMENTS[1:])
        race = Race(f"{prefix}{number}@{prefix}{number}.example", enrollment, moment, lambda: None)  # type: ignore[arg-type, return-value]
        race.act = partial(FACTS[kind], track, race)
        races.append(race)
    track.by_enrollment = {race.enrollment: race for race in races}
    track.clock.now += timedelta(days=4)
    for race in races:
        if race.moment == "waiting":
            race.visible = next(track.sequence)
            arrives(track, race, person if kind == "reply" else report)
    for _ in range(2):  # what is put off at first is looked at again
        await asyncio.gather(*(drain(app, track.mailbox) for app in track.apps[:WORKERS]))
    for race in races:
        if race.started is None and race.moment != "waiting":
            race.started = asyncio.create_task(track.run(race))
        if race.started is not None:
            await race.started
    return races


async def drain(app: App, mailbox: int) -> None:
    """Be a worker until nothing is due."""
    while (results := await sending.send_due(app, mailbox)).total():
        assert not results["fault"], "a worker stumbled"


async def leftovers(track: Track, kind: str, races: list[Race]) -> list[str]:
    """What is wrong after a group: a doubled mail, a fault on the way, a fact that did not land or last."""
    wrong = [
        f"{race.email}: {kind} at {race.moment} was visible, and the mail left"
        for race in races
        if race.is_broken
    ]
    sent = Counter(mail.recipient for mail in track.servers.sent)
    wrong += [f"{race.email} got {sent[race.email]} mails" for race in races if sent[race.email] > 2]
    ids = [race.enrollment for race in races]
    async with track.apps[0].db.read() as tx:
        alive = sa.select(sa.func.count()).where(enrollments.c.id.in_(ids), enrollments.c.state == "active")
        read = sa.select(sa.func.count()).where(inbound.c.enrollment_id.in_(ids))
        second = sa.select(rows.c.state).where(rows.c.enrollment_id.in_(ids), rows.c.step == SECOND)
        of_paused = sa.select(enrollments.c.id).where(
            enrollments.c.id.in_(ids), enrollments.c.state == "paused"
        )
        awake = sa.select(sa.func.count()).where(
            rows.c.enrollment_id.in_(of_paused), rows.c.wake_at.is_not(None)
        )
        states = set((await tx.execute(second)).scalars())
        if active := (await tx.execute(alive)).scalar_one():
            wrong.append(f"{active} {kind}s did not land")
        if looked_at := (await tx.execute(awake)).scalar_one():
            wrong.append(f"{looked_at} mails are looked at although their enrollments are paused")
        if kind in BY_MAIL and (kept := (await tx.execute(read)).scalar_one()) != len(races):
            wrong.append(f"{kept} of {len(races)} mails were kept")
    if odd := states - {"sent", "cancelled", "planned", "skipped"}:
        wrong.append(f"mails were left {odd}")
    return wrong


@pytest.mark.parametrize("kind", FACTS)
async def test_no_mail_begins_to_leave_after_the_fact_was_visible(
    kind: str, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    chance = seeded(f"races/{kind}")
    count = scaled(25, 2500)
    outcome: Counter[str] = Counter()
    async with track(database_url, tmp_path / "templates", monkeypatch) as course:
        for _ in range(count // GROUP):
            races = await run_group(course, kind, chance)
            assert not (wrong := await leftovers(course, kind, races)), wrong
            outcome.update("left before it" if race.begun is not None else "held back" for race in races)
    print(f"{count} races of {kind}: {dict(outcome)}")  # noqa: T201 - the figures of the long form

"""How fast it is found out what to do, and when: `python -m benchmarks.scheduling`.

The calendar of many people, the look for due mails among few and among very many, the decisions alone.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import outcome
from benchmarks.installation import EPOCH, SEQUENCE, TEMPLATES, furnish, opened
from benchmarks.line_up import databases
from cadence.content.catalogue import SequenceContent, load, read_snapshot
from cadence.core.dispatch import Facts, SendNow, decide
from cadence.core.model import (
    Enrollment,
    EnrollmentState,
    Mailbox,
    MessageState,
    OutboundMessage,
    Pace,
    Place,
)
from cadence.core.planning import Course, following
from cadence.core.relevance import Profile
from cadence.core.sequence import From
from cadence.service.app import App
from cadence.service.workload import Crowd, workload
from cadence.store import messages
from cadence.store.agenda import agenda

BARRIER = timedelta(seconds=60)
MAILBOXES, DUE, FEW = 10, 200, 1_000
MONTHS = 18


# --- the calendar of many ---


def simulated(content: SequenceContent, people: int) -> dict[str, Any]:
    """What `cadence simulate --people` computes: on all processors, on one, and each person by themselves."""
    stories = tuple(story.facts for story in content.stories)
    crowd = Crowd(content.sequence, stories, (Profile("retail", 120), Profile("health", 900)), EPOCH, MONTHS)
    few = min(people, 1_000)
    together, mails = _seconds_for(crowd, people)
    alone, _ = _seconds_for(crowd, people, 1)
    one_by_one, _ = _seconds_for(crowd, few, 1)  # so few differ all from one another
    return {
        "people": people,
        "mails": mails,
        "seconds": round(together, 2),
        "seconds_on_one_processor": round(alone, 2),
        "seconds_per_1000": round(together * 1000 / people, 3),
        "seconds_per_1000_of_whom_none_are_alike": round(one_by_one * 1000 / few, 3),
        "ratio": round((one_by_one / few) / (together / people), 2),
    }


def _seconds_for(crowd: Crowd, people: int, processes: int | None = None) -> tuple[float, int]:
    began = time.perf_counter()
    mails = workload(crowd, people, processes).months.total()
    return time.perf_counter() - began, mails


# --- the look for due mails ---

_ROWS: dict[str, dict[str, str]] = {
    "accounts": {"id": "i", "key": "'c' || i", "name": "'Company ' || i", "created_at": "{at}"},
    "prospects": {
        "id": "i",
        "account_id": "i",
        "email": "'dana@c' || i || '.example'",
        "email_key": "'dana@c' || i || '.example'",
        "language": "'en'",
        "zone": "'UTC'",
        "status": "'new'",
        "created_at": "{at}",
    },
    "deals": {"id": "i", "account_id": "i", "name": "'Deal'", "lost_at": "{at}", "created_at": "{at}"},
    "enrollments": {
        "id": "i",
        "prospect_id": "i",
        "deal_id": "i",
        "sequence": f"'{SEQUENCE}'",
        "mailbox_id": "{mailbox}",
        "state": "'active'",
        "started_at": "{at}",
        "ends_at": "{at}",
        "heard": "{none}",
        "created_at": "{at}",
    },
    "messages": {
        "enrollment_id": "i",
        "prospect_id": "i",
        "account_id": "i",
        "mailbox_id": "{mailbox}",
        "step": "'thank-you'",
        "occurrence": "1",
        "state": "'planned'",
        "wake_at": "{wake}",
        "due_at": "{wake}",
        "base_at": "{at}",
        "why": "'2 hours after the deal was lost'",
        "message_id": "'<' || i || '@vendor.test>'",
    },
}
_DIALECTS = {
    "SQLite": {
        "series": "with recursive n(i) as (select 1 union all select i + 1 from n where i < {count})",
        "from": "n",
        "none": "'[]'",
        "at": f"'{EPOCH:%Y-%m-%d %H:%M:%S}.000000'",
        "wake": "strftime('%Y-%m-%d %H:%M:%S.000000', "
        f"'{EPOCH:%Y-%m-%d %H:%M:%S}', printf('%d seconds', {{seconds}}))",
    },
    "PostgreSQL": {
        "series": "",
        "from": "generate_series(1, {count}) as n(i)",
        "none": "cast('[]' as json)",
        "at": f"timestamptz '{EPOCH:%Y-%m-%d %H:%M:%S}+00'",
        "wake": f"timestamptz '{EPOCH:%Y-%m-%d %H:%M:%S}+00' + ({{seconds}}) * interval '1 second'",
    },
}


async def _fill(app: App, kind: str, count: int) -> None:
    """Make so many active enrollments, each with its next mail in the queue, of which DUE are due."""
    apart = max(count // DUE, 1)
    seconds = f"case when i % {apart} = 0 then -60 else 3600 + i end"
    words = {name: text.format(count=count, seconds=seconds) for name, text in _DIALECTS[kind].items()}
    words["mailbox"] = f"1 + i / {apart} % {MAILBOXES}"
    async with app.db.write() as tx:
        for table, columns in _ROWS.items():
            names, values = ", ".join(columns), ", ".join(columns.values()).format(**words)
            what = f"insert into {table} ({names}) {words['series']} select {values} from {words['from']}"
            await tx.exec_driver_sql(what)
    async with app.db.write() as tx:
        await tx.exec_driver_sql("analyze")


async def _scan(app: App) -> None:
    """What a worker asks at every tick."""
    async with app.db.read() as tx:
        assert len(await agenda(tx, EPOCH)) == MAILBOXES


async def _claim(app: App) -> None:
    """Take the due mails of one mailbox, and give them back."""
    until = EPOCH + timedelta(minutes=1)
    async with app.db.write() as tx:
        taken = await messages.claim(tx, 1, now=EPOCH, until=until, limit=DUE // MAILBOXES)
        assert len(taken) == DUE // MAILBOXES
        await messages.give_back(tx, [message.id for message in taken], until=until)


async def _abandoned(app: App) -> None:
    """What upkeep asks: the mails that a dead process held."""
    async with app.db.write() as tx:
        assert not await messages.abandoned(tx, EPOCH, "me")
        assert not await messages.take_back(tx, EPOCH, "me")


_LOOKS: dict[str, Callable[[App], Awaitable[None]]] = {"scan": _scan, "claim": _claim, "upkeep": _abandoned}


async def scanned(kind: str, urls: dict[int, str], rounds: int) -> dict[str, Any]:
    """The same looks into a small and a big database with the same number of due mails, in turns.

    urls: of an empty database for each number of enrollments, the smaller one first.
    """
    few, many = urls
    times: dict[tuple[str, int], list[float]] = {}
    async with opened(urls[few], lambda: EPOCH) as small, opened(urls[many], lambda: EPOCH) as big:
        for count, app in ((few, small), (many, big)):
            await furnish(app, smtp="smtp://localhost:1", reps=MAILBOXES)
            await _fill(app, kind, count)
        for _ in range(rounds):
            for name, look in _LOOKS.items():
                for count, app in ((few, small), (many, big)):
                    began = time.perf_counter()
                    await look(app)
                    times.setdefault((name, count), []).append(time.perf_counter() - began)
    found: dict[str, Any] = {"few": few, "many": many, "due": DUE}
    for name in _LOOKS:
        low, high = median(times[name, few]), median(times[name, many])
        found[name] = {
            "ms_among_few": round(low * 1000, 2),
            "ms_among_many": round(high * 1000, 2),
            "ratio": round(high / low, 2),
        }
    return found


def scanned_on_each(few: int, many: int, rounds: int) -> dict[str, Any]:
    """`scanned` on SQLite and, where it is installed, on PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder, databases() as (postgres, _):
        urls = {"SQLite": {count: f"sqlite+aiosqlite:///{folder}/{count}.db" for count in (few, many)}}
        if postgres is not None:
            urls["PostgreSQL"] = {count: postgres.new_database() for count in (few, many)}
        return {kind: asyncio.run(scanned(kind, each, rounds)) for kind, each in urls.items()}


# --- the decisions alone ---


def decided(content: SequenceContent, seconds: float) -> dict[str, Any]:
    """How often a second the pure core plans, and decides."""
    place = Place("Europe/Berlin", "DE", "BE")
    dates: dict[str, date | datetime | None] = {"deal.lost_at": EPOCH, "deal.competitor_contract_end": None}
    course = Course(content.sequence, place, EPOCH, dates)
    facts = _facts(content, place)
    assert decide(facts, EPOCH, BARRIER) == SendNow()
    return {
        "plans_per_second": _rate(lambda: following(course, "feedback", 1, EPOCH), seconds),
        "decisions_per_second": _rate(lambda: decide(facts, EPOCH, BARRIER), seconds),
    }


def _rate(work: Callable[[], object], seconds: float) -> int:
    count, began = 0, time.perf_counter()
    while (passed := time.perf_counter() - began) < seconds:
        for _ in range(50):
            work()
        count += 50
    return round(count / passed)


def _facts(content: SequenceContent, place: Place) -> Facts:
    enrollment = Enrollment(1, 1, 1, SEQUENCE, 1, None, EnrollmentState.ACTIVE, EPOCH)
    message = OutboundMessage(
        id=1,
        enrollment_id=1,
        step="thank-you",
        occurrence=1,
        state=MessageState.PLANNED,
        due_at=EPOCH,
        base_at=EPOCH,
        message_id="<1@vendor.test>",
        why="",
    )
    pace = Pace(daily_cap=100, ramp_from=100, ramp_step=0, gap=0, jitter=0)
    mailbox = Mailbox(1, "rep@vendor.test", "Rep", From.REP, "", "", "", EPOCH, pace=pace)
    return Facts(
        enrollment=enrollment,
        message=message,
        sequence=content.sequence,
        place=place,
        mailbox=mailbox,
        ends_at=EPOCH + timedelta(days=500),
        synced_at=EPOCH,
    )


def show(found: dict[str, Any]) -> str:
    """The tables that people read."""
    calendar, core = found["simulate"], found["core"]
    lines = [
        f"simulate: {calendar['people']:,} people over {MONTHS} months in {calendar['seconds']} s, on one "
        f"processor in {calendar['seconds_on_one_processor']} s; {calendar['seconds_per_1000']} s for 1,000, "
        f"{calendar['seconds_per_1000_of_whom_none_are_alike']} s on one processor where none are alike"
    ]
    for kind, scan in found["due_scan"].items():
        rows = [
            (name, *(f"{scan[name][key]:.2f}" for key in ("ms_among_few", "ms_among_many", "ratio")))
            for name in _LOOKS
        ]
        heading = (f"{kind}, ms with {DUE} due among", f"{scan['few']:,}", f"{scan['many']:,}", "ratio")
        lines.append(outcome.table(heading, rows))
    lines.append(
        f"plans: {core['plans_per_second']:,} a second; decisions: {core['decisions_per_second']:,} a second"
    )
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, help="of the simulation (default 100000, short 200)")
    options.add_argument("--enrollments", type=int, help="of the big database (default 1000000, short 5000)")
    options.add_argument("--short", action="store_true", help="under 20 seconds: only to see that it runs")
    options.add_argument("--results", type=Path, default=outcome.RESULTS, help="where to write")
    given = options.parse_args(argv)
    many = given.enrollments or (5_000 if given.short else 1_000_000)
    if many <= FEW:
        options.error(f"--enrollments must be more than the {FEW} of the small database")
    content = load(read_snapshot(TEMPLATES, SEQUENCE), SEQUENCE)
    found = {
        "simulate": simulated(content, given.people or (200 if given.short else 100_000)),
        "due_scan": scanned_on_each(FEW, many, rounds=3 if given.short else 15),
        "core": decided(content, 0.2 if given.short else 2.0),
    }
    print("scheduling")
    print(show(found))
    outcome.keep(given.results, "scheduling", found, short=given.short)


if __name__ == "__main__":
    main()

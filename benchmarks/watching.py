"""What it takes to watch very many mailboxes, and how soon a reply acts: `python -m benchmarks.watching`.

The real `cadence watch`, over TLS, with PostgreSQL where installed, else SQLite; and an IMAP server that says
when it told of a mail (crowd.py), since Dovecot would need a process for each of thousands of connections.
"""

import argparse
import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import sqlalchemy as sa

from benchmarks import outcome
from benchmarks.backfill import pretend_sent, reply
from benchmarks.installation import address_of, enroll_due, furnish, opened
from benchmarks.program import Program, Server, database
from cadence.core.model import EnrollmentState
from cadence.service.app import App
from cadence.store.tables import enrollments, mailboxes, prospects

_SLOWEST_START = 600.0
_SLOWEST_REPLY = 120.0


# --- what it works on ---


@asynccontextmanager
async def _installation(url: str, imap: str, count: int) -> AsyncIterator[App]:
    """So many mailboxes, from each of which one mail is to leave."""
    async with opened(url, lambda: datetime.now(UTC)) as app:
        await furnish(app, smtp="smtp://localhost:1", imap=imap, reps=count)
        await enroll_due(app, [f"c{number}" for number in range(count)], reps=count)
        yield app


# --- what is measured ---


async def _until_all_are_read(app: App, watcher: Program, count: int) -> float:
    """Seconds until every mailbox was read for the first time."""
    began = time.perf_counter()
    query = sa.select(sa.func.count()).select_from(mailboxes).where(mailboxes.c.synced_at.is_not(None))
    while time.perf_counter() - began < _SLOWEST_START:
        async with app.db.read() as tx:
            if (await tx.execute(query)).scalar_one() == count:
                return time.perf_counter() - began
        watcher.cpu_seconds()  # raises where it ended
        await asyncio.sleep(0.2)
    raise RuntimeError("not every mailbox was read")


async def _at_rest(watcher: Program, seconds: float) -> float:
    """How much of one processor it takes while nothing happens, as a percentage."""
    cpu, began = watcher.cpu_seconds(), time.perf_counter()
    await asyncio.sleep(seconds)
    return 100 * (watcher.cpu_seconds() - cpu) / (time.perf_counter() - began)


async def _answered(app: App, server: Server, sample: Sequence[int]) -> list[float]:
    """Seconds from the server's notice of a reply to the change of status, for each of these mailboxes."""
    async with app.db.read() as tx:
        people = {row.id: row.email for row in await tx.execute(sa.select(prospects.c.id, prospects.c.email))}
    sent = {people[row.prospect_id]: row.message_id for row in await pretend_sent(app)}
    delays = []
    for number in sample:
        email = f"dana@c{number}.example"
        raw = reply("Thanks, but we are happy with what we have.", sent[email], email, number, number)
        told = server.deliver(address_of(number), raw)
        delays.append(await _changed(app, number + 1) - told)
    return delays


async def _changed(app: App, enrollment_id: int) -> float:
    """When an enrollment is seen not to be active any more, as time.monotonic has it."""
    query = sa.select(enrollments.c.state).where(enrollments.c.id == enrollment_id)
    end = time.monotonic() + _SLOWEST_REPLY
    while time.monotonic() < end:
        async with app.db.read() as tx:
            if (await tx.execute(query)).scalar_one() != EnrollmentState.ACTIVE:
                return time.monotonic()
        await asyncio.sleep(0.01)
    raise RuntimeError(f"the reply of enrollment {enrollment_id} was not seen")


async def watched(count: int, replies: int, rest: float) -> dict[str, Any]:
    """Watch so many mailboxes, rest, and let people answer in some of them, one after the other."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        kind, url = stack.enter_context(database(folder))
        server = stack.enter_context(Server.running(folder))
        async with _installation(url, server.url, count) as app:
            trusted = {"SSL_CERT_FILE": str(folder / "cert.pem")}
            watcher = Program("watch", url, folder / "watcher.log", **trusted)
            try:
                start = await _until_all_are_read(app, watcher, count)
                cpu = watcher.cpu_seconds()
                percent = await _at_rest(watcher, rest)
                delays = sorted(await _answered(app, server, range(0, count, max(count // replies, 1))))
                now, most = watcher.megabytes()
            finally:
                stop = watcher.stop()
    return {
        "mailboxes": count,
        "database": kind,
        "resident_mb": round(now, 1),
        "peak_mb": round(most, 1),
        "start_seconds": round(start, 1),
        "start_cpu_seconds": round(cpu, 1),
        "stop_seconds": round(stop, 1),
        "rest_seconds": rest,
        "rest_cpu_percent": round(percent, 1),
        "replies": len(delays),
        "reply_seconds": {
            "median": round(median(delays), 3),
            "p99": round(delays[-(-99 * len(delays) // 100) - 1], 3),
            "max": round(delays[-1], 3),
        },
    }


def show(found: dict[str, Any]) -> str:
    """The lines that people read."""
    late = found["reply_seconds"]
    return "\n".join(
        (
            f"{found['mailboxes']:,} mailboxes, {found['database']}: "
            f"{found['resident_mb']} MB resident, {found['peak_mb']} MB at most",
            f"all read {found['start_seconds']} s after the start ({found['start_cpu_seconds']} s of CPU), "
            f"ended within {found['stop_seconds']} s",
            f"at rest: {found['rest_cpu_percent']} % of a processor over {found['rest_seconds']:g} s",
            f"{found['replies']} replies acted {late['median']} s (median), {late['p99']} s (p99), "
            f"{late['max']} s (at most) after the server's notice",
        )
    )


def main(argv: list[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--mailboxes", type=int, help="default 1000, short 20")
    options.add_argument("--short", action="store_true", help="under 20 seconds: only to see that it runs")
    options.add_argument("--results", type=Path, default=outcome.RESULTS, help="where to write")
    given = options.parse_args(argv)
    print("watching")
    count = given.mailboxes or (20 if given.short else 1_000)
    found = asyncio.run(watched(count, 3 if given.short else 100, 2.0 if given.short else 60.0))
    print(show(found))
    outcome.keep(given.results, "watching", found, short=given.short)


if __name__ == "__main__":
    main()

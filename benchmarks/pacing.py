"""Whether mailboxes with a gap between their mails are served in time: `python -m benchmarks.pacing`.

The real `cadence worker` on PostgreSQL and Redis, and the real `cadence run` on SQLite, each alone, with an
IMAP server (crowd.py) and an SMTP server that notes when each mail came. The mailboxes begin one after the
other, spread over one gap; each then has a mail to send whenever its gap is over.
"""

import argparse
import asyncio
import contextlib
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import outcome
from benchmarks.installation import address_of, connect, opened
from benchmarks.program import Program, Server
from benchmarks.sink import noted, noting_sink
from cadence.core.errors import CadenceError
from cadence.core.model import Pace
from cadence.service import admission, publishing
from cadence.service.app import App
from cadence.service.requests import Request
from tests.servers.database import Postgres, Redis, postgres_programs

AFTER = timedelta(hours=2)
_AT_ONCE = 500
_SEQUENCE = """
name     = "Steady"
audience = "lost"
ends     = "18 months"

[window]
days     = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
hours    = "00:00-24:00"
holidays = "send"

[[step]]
name    = "thank-you"
after   = "2 hours"
subject = "Thank you"
"""
_LAYOUT = "{{ body }} {{ company.postal_address }} {{ links.unsubscribe or 'Reply stop.' }}"
_FILES = {
    "steady/sequence.toml": _SEQUENCE,
    "steady/thank-you.md.j2": "Hello, thank you.",
    "_shared/layout.txt.j2": _LAYOUT,
    "_shared/layout.html.j2": f"<html><body>{_LAYOUT}</body></html>",
}


@contextmanager
def _worker(kind: str, folder: Path) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Where to work: the command, a fresh database, and what else the command must know."""
    if kind == "SQLite":
        more = {"CADENCE_DATA": str(folder / "data"), "CADENCE_TEMPLATES": str(folder / "templates")}
        yield "run", f"sqlite+aiosqlite:///{folder}/cadence.db", more
        return
    postgres, redis = Postgres().start(), Redis().start()
    try:
        yield "worker", postgres.new_database(), {"CADENCE_REDIS_URL": redis.url}
    finally:
        redis.stop()
        postgres.remove()


async def _fill(
    app: App, folder: Path, *, smtp: str, imap: str, start: datetime, mailboxes: int, mails: int, gap: int
) -> None:
    """Let each mailbox have so many mails to send, from its own moment within the first gap on."""
    for path, text in _FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    await publishing.publish(app, folder, "steady")
    await connect(app, smtp=smtp, imap=imap, reps=mailboxes, pace=Pace(1000, 1000, 0, gap, 0))
    requests = [
        Request(
            f"dana@c{rep}-{number}.example",
            "steady",
            company=f"Company {rep}-{number}",
            lost_at=_first(start, rep, mailboxes, gap) - AFTER,
            mailbox=address_of(rep),
        )
        for rep in range(mailboxes)
        for number in range(mails)
    ]
    for begin in range(0, len(requests), _AT_ONCE):
        async with app.db.write() as tx:
            made = await admission.admit(app, tx, requests[begin : begin + _AT_ONCE])
        refused = [one for one in made if isinstance(one, CadenceError)]
        if refused:
            raise refused[0]


def _first(start: datetime, rep: int, mailboxes: int, gap: int) -> datetime:
    """When a mailbox's first mail is due."""
    return start + timedelta(seconds=gap * rep / mailboxes)


def lateness(came: list[tuple[float, str]], first: dict[str, float], gap: int) -> list[float]:
    """Seconds by which each mail came after it might: first: when that of each mailbox was due."""
    by_mailbox: defaultdict[str, list[float]] = defaultdict(list)
    for at, sender in sorted(came):
        by_mailbox[sender].append(at)
    late = []
    for sender, times in by_mailbox.items():
        due = [first[sender], *(at + gap for at in times[:-1])]
        late += [at - then for at, then in zip(times, due, strict=True)]
    return sorted(late)


async def paced(kind: str, *, mailboxes: int, mails: int, gap: int, lead: float) -> dict[str, Any]:
    """Serve so many mailboxes with one process; lead: seconds that it has to start."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        command, url, more = stack.enter_context(_worker(kind, folder))
        server = stack.enter_context(Server.running(folder))
        smtp = stack.enter_context(noting_sink(folder / "sink.log"))
        async with opened(url, lambda: datetime.now(UTC)) as app:
            wait = lead + mailboxes * mails / 200  # enrolling takes its time as well
            start = datetime.now(UTC) + timedelta(seconds=wait)
            await _fill(
                app,
                folder / "templates",
                smtp=f"smtp://localhost:{smtp}",
                imap=server.url,
                start=start,
                mailboxes=mailboxes,
                mails=mails,
                gap=gap,
            )
        own = {"SSL_CERT_FILE": str(folder / "cert.pem"), "CADENCE_COMPANY_POSTAL_ADDRESS": "1 Sample Street"}
        program = Program(command, url, folder / "worker.log", **own, **more)
        try:
            cpu = await _until_all_came(
                program, folder / "sink.log", start, mailboxes * mails, gap * (mails + 3)
            )
            now, most = program.megabytes()
        finally:
            program.stop()
        came = noted(folder / "sink.log")
    first = {address_of(rep): _first(start, rep, mailboxes, gap).timestamp() for rep in range(mailboxes)}
    late = lateness(came, first, gap)
    return {
        "command": f"cadence {command}",
        "database": kind,
        "mails": len(came),
        "late_seconds": {
            "earliest": round(late[0], 3),
            "median": round(median(late), 3),
            "p99": round(late[-(-99 * len(late) // 100) - 1], 3),
            "max": round(late[-1], 3),
        },
        "within_a_second": round(sum(abs(one) <= 1 for one in late) / len(late), 4),
        "cpu_ms_per_mail": round(1000 * cpu / len(came), 1),
        "resident_mb": round(now, 1),
        "peak_mb": round(most, 1),
    }


async def _until_all_came(program: Program, log: Path, start: datetime, count: int, within: float) -> float:
    """Wait for so many mails; gives the processor time that they took."""
    end = start.timestamp() + within
    while datetime.now(UTC) < start:
        await asyncio.sleep(0.2)
        cpu = program.cpu_seconds()
    while len(noted(log)) < count:
        if time.time() > end:
            raise RuntimeError(f"{len(noted(log))} of {count} mails came")
        await asyncio.sleep(0.5)
        program.cpu_seconds()
    return program.cpu_seconds() - cpu


def show(found: dict[str, Any]) -> str:
    """The table that people read."""
    heading = ("seconds late", "earliest", "median", "p99", "max", "within 1 s", "CPU ms/mail", "MB")
    rows = [
        (
            f"{one['command']}, {one['database']}",
            *(f"{one['late_seconds'][name]:.2f}" for name in ("earliest", "median", "p99", "max")),
            f"{100 * one['within_a_second']:.1f} %",
            f"{one['cpu_ms_per_mail']:.1f}",
            f"{one['resident_mb']:.0f}",
        )
        for one in found["workers"]
    ]
    what = f"{found['mailboxes']} mailboxes, {found['mails_each']} mails each, {found['gap_seconds']} s apart"
    return "\n".join((what, outcome.table(heading, rows)))


def main(argv: list[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--mailboxes", type=int, help="default 500, short 10")
    options.add_argument("--only", choices=("SQLite", "PostgreSQL"), help="one of the two alone")
    options.add_argument("--short", action="store_true", help="only to see that it runs")
    options.add_argument("--results", type=Path, default=outcome.RESULTS, help="where to write")
    given = options.parse_args(argv)
    kinds = ["SQLite"]
    if postgres_programs() is not None and shutil.which("redis-server") is not None:
        kinds.insert(0, "PostgreSQL")
    count = given.mailboxes or (10 if given.short else 500)
    mails, gap, lead = (2, 3, 5.0) if given.short else (5, 30, 40.0)
    print("pacing")
    found: dict[str, Any] = {"mailboxes": count, "gap_seconds": gap, "mails_each": mails, "workers": []}
    for kind in kinds:
        if given.only in (None, kind):
            found["workers"].append(
                asyncio.run(paced(kind, mailboxes=count, mails=mails, gap=gap, lead=lead))
            )
    print(show(found))
    outcome.keep(given.results, "pacing", found, short=given.short)


if __name__ == "__main__":
    main()

"""How long it takes to move an installation into PostgreSQL: `python -m benchmarks.moving`.

The command itself, on two installations of which one is ten times as large: what counts is that it takes
ten times as long, and no more memory.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks import outcome
from benchmarks.backfill import pretend_sent
from benchmarks.installation import enroll_due, furnish, opened
from benchmarks.line_up import ROOT
from cadence.store.copying import CARRIED
from cadence.store.tables import messages
from tests.servers.database import Postgres, postgres_programs

_PEOPLE = (10_000, 100_000)
_SHORT = (100, 1_000)
_ENROLLED_AT_ONCE = 5_000
_MAIL = 1_500
"""Bytes of a mail as it is kept, compressed."""


async def _fill(folder: Path, people: int) -> int:
    """An installation in which everybody was written to once; gives how many rows it has."""
    url = f"sqlite+aiosqlite:///{folder}/cadence.db"
    async with opened(url, lambda: datetime.now(UTC)) as app:
        await furnish(app, smtp="smtp://localhost:1")
        for start in range(0, people, _ENROLLED_AT_ONCE):
            await enroll_due(app, [f"c{n}" for n in range(start, min(start + _ENROLLED_AT_ONCE, people))])
        await pretend_sent(app)
        async with app.db.write() as tx:
            await tx.execute(messages.update().values(raw=os.urandom(_MAIL)))
            return sum([(await tx.execute(_count(table))).scalar_one() for table in CARRIED])


def _count(table: sa.Table) -> sa.Select[tuple[int]]:
    return sa.select(sa.func.count()).select_from(table)


def _move(folder: Path, url: str) -> tuple[float, float, float]:
    """Seconds, seconds of processor time and megabytes that `cadence migrate-to` took."""
    words = [sys.executable, "-m", "cadence", "migrate-to", url, "--data", str(folder)]
    began = time.perf_counter()
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError("the installation was not moved")
    return seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def _measure(postgres: Postgres, people: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        rows = asyncio.run(_fill(Path(folder), people))
        seconds, cpu, most = _move(Path(folder), postgres.new_database(template="template1"))
    return {
        "people": people,
        "rows": rows,
        "seconds": round(seconds, 1),
        "rows a second": round(rows / seconds),
        "cpu seconds": round(cpu, 1),
        "megabytes": round(most),
    }


def main(argv: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--short", action="store_true", help="only to see that everything runs")
    options.add_argument("--results", type=Path, default=outcome.RESULTS, help="where to write")
    given = options.parse_args(argv)
    if postgres_programs() is None:
        print("Moving into PostgreSQL: left out, because PostgreSQL is not installed")
        return
    postgres = Postgres()
    try:
        postgres.start()
        found = [_measure(postgres, people) for people in (_SHORT if given.short else _PEOPLE)]
    finally:
        postgres.remove()
    print("Moving an installation from SQLite into PostgreSQL, compared on both sides")
    print(outcome.table(tuple(found[0]), [tuple(f"{value:,}" for value in one.values()) for one in found]))
    outcome.keep(given.results, "moving", {"installations": found}, short=given.short)


if __name__ == "__main__":
    main()

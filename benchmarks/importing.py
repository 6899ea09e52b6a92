"""How long a spreadsheet takes to become enrollments, in how much memory: `python -m benchmarks.importing`.

The file as `cadence import` takes it, in one transaction, and as the browser's upload does, which is looked
through first and then carried out in the background; each in a process of its own, with two lengths of the
file: what counts is that the longer one takes no more memory.
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

from benchmarks import outcome
from benchmarks.installation import SEQUENCE, furnish, opened
from benchmarks.line_up import ROOT
from cadence.core.people import Role, User
from cadence.core.rights import RIGHTS, Visitor
from cadence.service import importing, importing_jobs, jobs
from cadence.service.app import App
from cadence.service.importing import Order
from cadence.store.database import insert
from cadence.store.tables import users
from tests.servers.database import Postgres, postgres_programs

_ROWS = (10_000, 100_000)
_SHORT = (20,)
_WAYS = ("command", "browser")
_HEADER = "email,first_name,last_name,company,country,deal_name,reason,lost_at\n"


def _write(path: Path, rows: int) -> None:
    """Every tenth row is a reject: its day does not exist."""
    with path.open("w", encoding="utf-8") as file:
        file.write(_HEADER)
        for n in range(rows):
            day = "2026-02-30" if n % 10 == 0 else "2026-02-03"
            file.write(f"p{n}@firm{n // 2}.example,Kim,Sample,Firm {n // 2},GB,Scanners,price,{day}\n")


async def _visitor(app: App) -> Visitor:
    email = "admin@vendor.test"
    about = {"name": "Alex", "role": Role.ADMINISTRATOR, "team": "", "zone": "UTC", "password": ""}
    async with app.db.write() as tx:
        id_ = await insert(tx, users, email=email, email_key=email, created_at=app.clock(), **about)
    user = User(id_, email, "Alex", Role.ADMINISTRATOR, "", "UTC", app.clock())
    return Visitor(user, RIGHTS[user.role], "")


async def _upload(app: App, path: Path) -> int:
    """As the browser does it; gives how many were let in."""
    who = await _visitor(app)
    with path.open("rb") as file:
        job_id = await importing_jobs.upload(app, who, path.name, file)
    job, _ = await jobs.look(app, who, job_id)
    columns = importing_jobs.guessed(job.asked["header"])
    chosen: dict[str, Any] = {"columns": columns, "sequence": SEQUENCE, "mailbox": "", "date_order": ""}
    await importing_jobs.map_columns(app, who, job_id, **chosen)
    await jobs.work(app)
    await jobs.approve(app, who, job_id)
    await jobs.work(app)
    job, _ = await jobs.look(app, who, job_id)
    return int(job.result["changed"])


async def _import(way: str, url: str, path: Path) -> None:
    async with opened(url, lambda: datetime.now(UTC)) as app:
        if way == "browser":
            enrolled = await _upload(app, path)
        else:
            enrolled = (await importing.import_file(app, Order(path, SEQUENCE, {}, {}))).enrolled
    if not enrolled:
        raise RuntimeError("nobody was let in")


async def _furnish(url: str) -> None:
    async with opened(url, lambda: datetime.now(UTC)) as app:
        await furnish(app, smtp="smtp://localhost:1")


def _measure(way: str, database: str, url: str, path: Path, rows: int) -> dict[str, Any]:
    asyncio.run(_furnish(url))
    words = [sys.executable, "-m", "benchmarks.importing", "--way", way, "--url", url, "--file", str(path)]
    began = time.perf_counter()
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError("the file was not imported")
    return {
        "database": database,
        "way": way,
        "rows": f"{rows:,}",
        "seconds": round(seconds, 1),
        "cpu seconds": round(used.ru_utime + used.ru_stime, 1),
        "megabytes": round(used.ru_maxrss / 1024),
    }


def _all(postgres: Postgres | None, every: Sequence[int]) -> list[dict[str, Any]]:
    found = []
    for rows in every:
        for way in _WAYS:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "people.csv"
                _write(path, rows)
                url = f"sqlite+aiosqlite:///{folder}/cadence.db"
                found.append(_measure(way, "SQLite", url, path, rows))
                if postgres is not None:
                    url = postgres.new_database(template="template1")
                    found.append(_measure(way, "PostgreSQL", url, path, rows))
    return found


def main(argv: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--short", action="store_true", help="only to see that everything runs")
    options.add_argument("--results", type=Path, default=outcome.RESULTS, help="where to write")
    options.add_argument("--only", choices=("SQLite",), help="leave PostgreSQL out")
    options.add_argument("--way", choices=_WAYS, help=argparse.SUPPRESS)
    options.add_argument("--url", help=argparse.SUPPRESS)
    options.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args(argv)
    if given.way:
        asyncio.run(_import(given.way, given.url, given.file))
        return
    postgres = Postgres() if postgres_programs() and not given.only else None
    try:
        if postgres is not None:
            postgres.start()
        found = _all(postgres, _SHORT if given.short else _ROWS)
    finally:
        if postgres is not None:
            postgres.remove()
    print("A spreadsheet becomes enrollments")
    print(outcome.table(tuple(found[0]), [tuple(map(str, one.values())) for one in found]))
    outcome.keep(given.results, "importing", {"files": found}, short=given.short)


if __name__ == "__main__":
    main()

"""Runs the demo from beginning to end, before an audience, and says whether everything held."""

import asyncio
import json
import logging
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import structlog
from rich.console import Console

from cadence.demo import evidence, invariants, summary
from cadence.demo.cast import LostDeal, cast
from cadence.demo.document import document
from cadence.demo.happenings import Audience, Nobody
from cadence.demo.lines import Lines
from cadence.demo.picture import Snapshot
from cadence.demo.play import Play, ends_at
from cadence.demo.screen import Board, Screen
from cadence.demo.stage import START, set_up

MONTHS = 18
SEED = 1


def run_demo(
    *,
    as_json: bool,
    console: Console,
    serve: bool = False,
    months: int = MONTHS,
    seed: int = SEED,
    picture: Path | None = None,
) -> int:
    """Run the demo; gives the exit code: 0 only if every invariant held.

    as_json: print one JSON document instead of showing anything; serve: keep the data until Ctrl+C;
    months: how long after the last enrollment it goes on; seed: other ones make people a little faster
    or slower; picture: draw the live table into this SVG file.
    """
    with tempfile.TemporaryDirectory(prefix="cadence-demo-") as folder, _warnings_only():
        return asyncio.run(
            _run(Path(folder), as_json, console, serve=serve, months=months, seed=seed, picture=picture)
        )


@contextmanager
def _warnings_only() -> Iterator[None]:
    """Log to standard error, and only what is amiss: standard output is the demo's."""
    before = structlog.get_config()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    try:
        yield
    finally:
        structlog.configure(**before)


async def _run(
    folder: Path,
    as_json: bool,
    console: Console,
    *,
    serve: bool,
    months: int,
    seed: int,
    picture: Path | None,
) -> int:
    began, deals = time.monotonic(), cast()
    until = ends_at(deals, months)
    async with set_up(folder) as stage:
        with _audience(as_json, console, deals, until, picture) as audience:
            play = Play(stage, deals, seed=seed, ends_at=until, audience=audience)
            await play.perform()
        seen = await evidence.gather(play, deals)
        outcome = await document(play, seen)
    findings = invariants.check(seen)
    broken = [f"{finding.says}: {case}" for finding in findings for case in finding.broken]
    if as_json:
        sys.stdout.write(json.dumps(outcome, ensure_ascii=False, indent=2) + "\n")
        sys.stderr.writelines(f"broken: {line}\n" for line in broken)
    else:
        summary.summarize(console, outcome, seen, findings, time.monotonic() - began)
    if serve:
        summary.look_around(Console(stderr=True) if as_json else console, folder)
        await _stopped()
    elif not as_json:
        summary.go_on(console)
    return int(bool(broken))


@contextmanager
def _audience(
    as_json: bool, console: Console, deals: tuple[LostDeal, ...], until: datetime, picture: Path | None
) -> Iterator[Audience]:
    """Who watches: nobody for JSON, a painter, a live table on a terminal, else plain lines."""
    if picture is not None:
        yield Snapshot(picture, deals, until)
    elif as_json:
        yield Nobody()
    elif console.is_terminal:
        with Screen(Board(console, deals, START, until)) as screen:
            yield screen
    else:
        yield Lines(console)


async def _stopped() -> None:
    """Wait for Ctrl+C or SIGTERM."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()

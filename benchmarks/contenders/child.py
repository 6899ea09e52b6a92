"""Runs one contender in a process of its own and measures only what it does between order and answer.

Needs nothing but the standard library, since a contender may live in another environment than Cadence's.
"""

import asyncio
import gc
import json
import re
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TextIO

Work = Callable[[int], Awaitable[int]]
"""Takes how many mails there are, gives how many were dealt with."""


def cpu_seconds() -> float:
    """Processor time of this process and of those it waited for."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(use.ru_utime + use.ru_stime for use in map(resource.getrusage, who))


def peak_mb() -> float:
    """The most memory that this program ever held, in megabytes; ru_maxrss would count its parent's, too."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def read_words(path: str) -> dict[str, Any]:
    """The mail as plain templates, and people to send it to; see benchmarks/sending.py."""
    words: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
    return words


async def serve(answers: TextIO, **works: Work) -> None:
    """Carry out orders from the input, one line of JSON each, until it ends."""
    gc.freeze()  # as a server does once it has started: what was loaded is not searched for garbage
    print(json.dumps({"ready": True}), file=answers, flush=True)
    while line := sys.stdin.readline():
        order = json.loads(line)
        cpu, began = cpu_seconds(), time.perf_counter()
        done = await works[order["work"]](order["count"])
        answer = {
            "done": done,
            "seconds": time.perf_counter() - began,
            "cpu": cpu_seconds() - cpu,
            "peak_mb": peak_mb(),
        }
        print(json.dumps(answer), file=answers, flush=True)


def run(main: Callable[[dict[str, Any], TextIO], Awaitable[None]]) -> None:
    """Start a contender; its settings are the first argument, in JSON. Stray prints go to stderr."""
    answers, sys.stdout = sys.stdout, sys.stderr
    asyncio.run(_awaited(main(json.loads(sys.argv[1]), answers)))


async def _awaited(work: Awaitable[None]) -> None:
    await work

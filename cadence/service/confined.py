"""Runs what somebody else wrote where it can hurt nobody: in a process limited in time and memory.

Drafts are rendered here. Jinja's sandbox bounds what a template may touch, not what it costs, so a draft
that loops or grows is ended from outside: by the system after some seconds of processor time or at a
limit of memory, and by us where even that does not help. The process keeps nothing of ours but two
pipes; it serves many jobs, since starting one takes longer than most jobs.
"""

import asyncio
import atexit
import contextlib
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar, cast

import cadence
from cadence.core.errors import ContentError, InvalidInput
from cadence.service.cell import HEAD, LENGTH, OUT_OF_MEMORY

R = TypeVar("R")

SECONDS = 2.0
"""Processor time of one job."""
PATIENCE = 15.0
"""Seconds by the clock beyond that: on a busy machine a job waits for its turn, and a new process starts."""
MEGABYTES = 512
"""Address space of a process, with the libraries that it loads."""
AT_ONCE = 2

TOO_LONG = "This takes too long to write: is there a loop that never comes to its end?"
TOO_LARGE = "This needs too much memory to write: is there something that grows and grows?"

_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="confined")
_own = threading.local()
_cells: set["subprocess.Popen[bytes]"] = set()


async def confined(function: Callable[..., R], *arguments: object, seconds: float = SECONDS) -> R:
    """Call a function of a module in a limited process, without blocking the loop.

    seconds: of processor time. Raises what it raises of our errors, and InvalidInput where it takes too
    long or too much.
    """
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_threads, _call, seconds, function, arguments)


def _call(seconds: float, function: Callable[..., R], arguments: tuple[object, ...]) -> R:
    job = pickle.dumps((function, arguments))
    cell = _cell()
    ended = threading.Timer(seconds + PATIENCE, cell.kill)
    ended.start()
    try:
        answer = _ask(cell, HEAD.pack(seconds, len(job)) + job)
    finally:
        ended.cancel()
    if answer is None:
        _own.cell = None
        status = _bury(cell)
        raise InvalidInput(TOO_LARGE if status == OUT_OF_MEMORY else TOO_LONG)
    return cast("R", _told(answer))


def _ask(cell: "subprocess.Popen[bytes]", request: bytes) -> bytes | None:
    """The answer, None where the process ended over it."""
    assert cell.stdin
    assert cell.stdout
    try:
        cell.stdin.write(request)
        cell.stdin.flush()
        head = cell.stdout.read(LENGTH.size)
        if len(head) < LENGTH.size:
            return None
        (length,) = LENGTH.unpack(head)
        answer = cell.stdout.read(length)
    except OSError:
        return None
    return answer if len(answer) == length else None


def _told(answer: bytes) -> object:
    kind, said = pickle.loads(answer)  # noqa: S301 - by our own child
    match kind:
        case "done":
            return said
        case "content":
            raise ContentError(*said)
        case "refused":
            fault, words = said
            raise fault(words)
    raise RuntimeError(f"a confined job broke:\n{said}")


def _cell() -> "subprocess.Popen[bytes]":
    """The process of this thread; a new one where there is none, or where it ended."""
    cell: subprocess.Popen[bytes] | None = getattr(_own, "cell", None)
    if cell is not None and cell.poll() is None:
        return cell
    if cell is not None:
        _bury(cell)
    _own.cell = subprocess.Popen(  # noqa: S603 - ourselves
        [sys.executable, "-m", "cadence.service.cell", str(MEGABYTES)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd="/",
        env={"PATH": os.defpath, "PYTHONPATH": str(Path(cadence.__file__).parents[1]), "PYTHONUTF8": "1"},
    )
    _cells.add(_own.cell)
    return cast("subprocess.Popen[bytes]", _own.cell)


def _bury(cell: "subprocess.Popen[bytes]") -> int:
    """End a process for good, and say how it ended."""
    with contextlib.suppress(OSError):
        assert cell.stdin
        cell.stdin.close()
    if cell.poll() is None and cell.stdout and not cell.stdout.closed:
        with contextlib.suppress(subprocess.TimeoutExpired):
            cell.wait(0.5)
    cell.kill()
    status = cell.wait()
    if cell.stdout:
        cell.stdout.close()
    _cells.discard(cell)
    return status


@atexit.register
def _leave() -> None:
    for cell in list(_cells):
        cell.kill()
        _bury(cell)

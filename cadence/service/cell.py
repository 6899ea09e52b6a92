"""The process behind confined.py: does one job after another, until one is too long or too large.

It is started as a program of its own, with nothing of its parent's but two pipes: no settings, no keys, no
connection. A job and its answer are pickled, each behind its length.
"""

import pickle
import resource
import signal
import struct
import sys
import traceback
from typing import Any, BinaryIO

from cadence.core.errors import CadenceError, ContentError

HEAD = struct.Struct("!dQ")
"""Before a job: the seconds of processor time that it may take, and its length in bytes."""
LENGTH = struct.Struct("!Q")
"""Before an answer: its length in bytes."""
OUT_OF_MEMORY = 12


def main(megabytes: int) -> None:
    """Do jobs until there are no more; the system ends whoever takes too long."""
    size = megabytes * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it has nothing to write to a file
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    given, told = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library may print is no answer
    while head := given.read(HEAD.size):
        seconds, length = HEAD.unpack(head)
        _answer(told, given.read(length), seconds)


def _answer(told: BinaryIO, job: bytes, seconds: float) -> None:
    try:
        signal.setitimer(signal.ITIMER_PROF, seconds)  # its signal ends the process
        answer = pickle.dumps(_outcome(job))
        signal.setitimer(signal.ITIMER_PROF, 0)
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)
    told.write(LENGTH.pack(len(answer)) + answer)
    told.flush()


def _outcome(job: bytes) -> tuple[str, Any]:
    """What came of it, in a form that can be pickled."""
    try:
        function, arguments = pickle.loads(job)  # noqa: S301 - by our own parent
        return "done", function(*arguments)
    except ContentError as fault:
        return "content", (fault.message, fault.path, fault.line)
    except CadenceError as fault:
        return "refused", (type(fault), str(fault))
    except MemoryError:
        raise
    except Exception:
        return "broke", traceback.format_exc()


if __name__ == "__main__":
    main(int(sys.argv[1]))

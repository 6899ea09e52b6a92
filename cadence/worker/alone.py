"""Makes sure that only one process runs the loops of an embedded installation."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cadence.core.errors import CadenceError, Conflict

NAME = "run.lock"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a data folder for this process; raises Conflict where another one does.

    The system lets go of the lock whenever the process ends, however it ends.
    """
    path = folder / NAME
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        stream = path.open("a+", encoding="ascii")
    except OSError as fault:
        raise CadenceError(f"the data folder cannot be used: {fault}") from fault
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            stream.seek(0)
            who = stream.read(20).strip()
            by = f" (process {who})" if who.isdigit() else ""
            raise Conflict(f"another `cadence run`{by} works on {folder} already") from None
        stream.truncate(0)
        stream.write(f"{os.getpid()}\n")
        stream.flush()
        yield

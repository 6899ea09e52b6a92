"""Processes that say that they are alive, so that what a dead one held goes to others in time."""

import os
import socket
from datetime import timedelta
from uuid import uuid4

from cadence.core.sharing import share
from cadence.service.app import App
from cadence.store import processes

BEAT = timedelta(seconds=10)
ALIVE_FOR = timedelta(seconds=40)
"""A dead watcher's mailboxes move, and a dead worker's mails in flight are in doubt, after this."""

WATCHER = "watcher"
WORKER = "worker"


def new_name() -> str:
    """A name for this process that no other process ever had: where it runs, and chance."""
    return f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"


def machine_of(name: str) -> str:
    """Where the process of a name runs, or ran."""
    return name.rsplit("-", 2)[0]


async def at_work_here(app: App) -> list[str]:
    """The workers and watchers of this machine, or of this container, that are alive."""
    async with app.db.read() as tx:
        named = [name for kind in (WATCHER, WORKER) for name in await processes.alive(tx, kind, app.clock())]
    return [name for name in named if machine_of(name) == socket.gethostname()]


async def beat(app: App, kind: str) -> None:
    """Say that this process is alive."""
    assert app.process is not None
    now = app.clock()
    async with app.db.write() as tx:
        await processes.beat(tx, app.process, kind, now=now, until=now + ALIVE_FOR)


async def leave(app: App) -> None:
    """Say that this process ends in good order, with nothing in flight."""
    assert app.process is not None
    async with app.db.write() as tx:
        await processes.leave(tx, app.process)


async def my_mailboxes(app: App) -> set[int]:
    """The mailboxes that this watcher is to wait on now, after giving back and taking its fair part."""
    assert app.process is not None
    async with app.db.write() as tx:
        alive = await processes.alive(tx, WATCHER, app.clock())
        if app.process not in alive:
            return set()  # we were late: others have what was ours
        part = share(app.process, await processes.watched(tx), alive)
        await processes.give(tx, app.process, part.give)
        return set(part.keep) | await processes.take(tx, app.process, part.take, alive)

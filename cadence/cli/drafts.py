"""What goes on while an author writes: lint after every save, and a preview that follows."""

import asyncio
import socket
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from cadence.cli.shell import out
from cadence.cli.signals import on_signals
from cadence.content.files import read_snapshot, state_of
from cadence.web.drafts import EVERY, Saves, drafts_app
from cadence.web.server import WebServer, listen, url_of


def after_each_save(folder: Path, look: Callable[[], None]) -> None:
    """Look now, and again after every save below the folder, until Ctrl+C."""
    seen = None
    try:
        while True:
            now = state_of(folder)
            if now != seen:
                seen = now
                look()
                out.print("Waiting for the next save; Ctrl+C ends it.")
            time.sleep(EVERY)
    except KeyboardInterrupt:
        return


def serve(folder: Path, name: str, port: int) -> None:
    """Show a sequence's mails in the browser until a signal; raises NotFound, CadenceError for the port."""
    read_snapshot(folder, name)  # it is there
    with closing(listen("127.0.0.1", port)) as listening:
        asyncio.run(_serve(folder, name, listening))


async def _serve(folder: Path, name: str, port: socket.socket) -> None:
    stop = asyncio.Event()
    saves = Saves(folder)
    server = WebServer(drafts_app(folder, name, saves), port)
    with on_signals(stop.set):
        out.print(f"{name} as it would be read: {url_of(port)}  (Ctrl+C ends it)", markup=False)
        async with asyncio.TaskGroup() as group:
            group.create_task(saves.watch())
            group.create_task(server.run())
            await stop.wait()
            await saves.close()
            server.stop()

"""The scaled installation: workers, watchers and web servers, any number of each, on one database."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import closing
from typing import Annotated, Protocol

import typer

from cadence import logs
from cadence.cli import limits
from cadence.cli.shell import Data, cli, err, out, settings, with_app
from cadence.cli.signals import on_signals
from cadence.core.errors import InvalidInput
from cadence.service import presence
from cadence.service.app import App
from cadence.settings import Settings
from cadence.wiring import open_app

Port = Annotated[
    int | None, typer.Option("--port", min=0, max=65535, help="Port to listen on; else CADENCE_PORT.")
]


class Process(Protocol):
    """What runs until it is told to stop."""

    def stop(self) -> None:
        """Begin nothing more."""

    async def run(self) -> None:
        """Run until `stop`, and then until what is in flight is settled."""


@cli.command()
def worker(data: Data = None) -> None:
    """Send what is due, one of any number of such processes; needs CADENCE_REDIS_URL."""
    from cadence.worker.queue import QueueWorker, redis_settings  # noqa: PLC0415 - only here

    given = settings(data=data)
    if given.redis_url is None:
        raise InvalidInput("CADENCE_REDIS_URL is not set; without Redis, `cadence run` does it all")
    redis = redis_settings(given.redis_url.get_secret_value())
    _run(given, "worker", lambda app: QueueWorker(app, redis))


@cli.command()
def watch(data: Data = None) -> None:
    """Read mailboxes as mail arrives; such processes share the mailboxes among them."""
    from cadence.worker.watch import WatchProcess  # noqa: PLC0415 - only here

    given = settings(data=data)
    _run(given, "watcher", lambda app: WatchProcess(app, poll=given.poll_seconds))


@cli.command()
def web(data: Data = None, port: Port = None) -> None:
    """Serve the workplace, the pages for readers, and the health of the installation."""
    from cadence.cli.way_in import say_way_in  # noqa: PLC0415 - only here
    from cadence.web.app import create_app  # noqa: PLC0415
    from cadence.web.server import WebServer, listen, url_of  # noqa: PLC0415
    from cadence.web.service import WebService  # noqa: PLC0415

    given = settings(data=data, port=port)

    def serve(app: App) -> Process:
        pages = create_app(WebService(app), workplace=app, metrics_token=given.scrape_token)
        return WebServer(pages, listening)

    with closing(listen(given.host, given.port)) as listening:
        url = url_of(listening)
        out.print(f"The workplace is served at {url}.", markup=False)
        _run(given, "web server", serve, lambda app: say_way_in(app, url))


@cli.command()
def alive(data: Data = None) -> None:
    """Say which workers and watchers of this machine are at work; exit code 1 where none is."""
    found = with_app(presence.at_work_here, data=data)
    for name in found:
        out.print(name, markup=False)
    if not found:
        err.print("cadence: no worker and no watcher of this machine is at work", markup=False)
        raise typer.Exit(1)


async def _nothing(app: App) -> None:
    """Begin without a word."""


def _run(
    given: Settings,
    what: str,
    make: Callable[[App], Process],
    before: Callable[[App], Awaitable[None]] = _nothing,
) -> None:
    logs.set_up(given.log_format, given.log_level)
    limits.lift()
    asyncio.run(_until_told(given, what, make, before))
    out.print("Stopped.")


async def _until_told(
    given: Settings, what: str, make: Callable[[App], Process], before: Callable[[App], Awaitable[None]]
) -> None:
    from cadence.worker.queue import calling  # noqa: PLC0415 - only here

    name = presence.new_name()
    redis_url = given.redis_url.get_secret_value() if given.redis_url else None
    async with open_app(given, process=name) as app, calling(app, redis_url):
        process = make(app)
        with on_signals(process.stop):
            await before(app)
            out.print(f"Cadence {what} {name} is at work. Ctrl+C stops it.", markup=False)
            await process.run()

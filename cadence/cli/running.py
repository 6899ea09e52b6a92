"""`cadence run`: says what it will do and what is missing, then does it until it is told to stop."""

import asyncio
import socket
import sys
from collections.abc import Sequence
from contextlib import closing

from cadence import logs
from cadence.cli import limits
from cadence.cli.findings import show
from cadence.cli.shell import err, out
from cadence.cli.signals import on_signals
from cadence.cli.way_in import say_way_in
from cadence.core.errors import CadenceError
from cadence.core.model import EnrollmentState
from cadence.core.sequence import From
from cadence.service import presence, publishing, readiness
from cadence.service.app import App
from cadence.service.publishing import Publication
from cadence.service.readiness import Readiness
from cadence.settings import Settings
from cadence.web.app import create_app
from cadence.web.server import WebServer, listen, url_of
from cadence.web.service import WebService
from cadence.wiring import open_app
from cadence.worker.alone import alone
from cadence.worker.loops import Loops


def run(settings: Settings) -> None:
    """Run until a signal; returns once what was in flight is settled."""
    logs.set_up(settings.log_format, settings.log_level)
    limits.lift()
    with alone(settings.data), closing(listen(settings.host, settings.port)) as listening:
        try:
            asyncio.run(_run(settings, listening))
        except asyncio.CancelledError:
            err.print("Stopped at once. A mail that was in flight counts as in doubt.", markup=False)
            sys.exit(1)
    out.print("Stopped.")


async def _run(settings: Settings, listening: socket.socket) -> None:
    stop = asyncio.Event()
    with on_signals(stop.set):
        async with open_app(settings, process=presence.new_name()) as app:
            published = await publishing.publish_clean(app, settings.templates)
            ready = await readiness.look(app)
            _say(settings, app, ready, published, url_of(listening))
            await say_way_in(app, url_of(listening))
            out.print("Ctrl+C stops it.")
            loops = Loops(app, poll=settings.poll_seconds, templates=settings.templates)
            service = WebService(app, works=True)
            web = create_app(service, workplace=app, metrics_token=settings.scrape_token)
            await _work(loops, WebServer(web, listening), stop)


async def _work(loops: Loops, server: WebServer, stop: asyncio.Event) -> None:
    """Run the loops and the server until stop is set; then both end, each in its own time."""
    async with asyncio.TaskGroup() as group:
        group.create_task(loops.run())
        group.create_task(server.run())
        await stop.wait()
        loops.stop()
        server.stop()


# --- what is said on start ---


def _say(
    settings: Settings,
    app: App,
    ready: Readiness,
    published: Sequence[Publication | CadenceError],
    url: str,
) -> None:
    out.print(f"Cadence works on {settings.data}, with the sequences of {settings.templates}.", markup=False)
    for line in (_on_sequences(ready, published), _on_mailboxes(ready), _on_people(ready)):
        out.print(line, markup=False)
    out.print(f"The workplace is served at {url} (its health at {url}/healthz).", markup=False)
    if missing := readiness.lacks(app, ready, published, None if settings.secret_key else settings.key_file):
        out.print("What is missing:")
        for check in missing:
            show(check)


def _on_sequences(ready: Readiness, published: Sequence[Publication | CadenceError]) -> str:
    new = {each.sequence: each.number for each in published if isinstance(each, Publication) and each.number}
    names = [f"{name} (revision {new[name]}, new)" if name in new else name for name in ready.sequences]
    return f"Sequences: {', '.join(names) or 'none'}. They are published again whenever they are saved."


def _on_mailboxes(ready: Readiness) -> str:
    if not ready.mailboxes:
        return "Mailboxes: none yet; one that is connected later is picked up at once."
    names = [
        f"{m.address} ({'executive' if m.role is From.EXECUTIVE else 'rep'}, {m.state})"
        for m in ready.mailboxes
    ]
    return f"Mailboxes: {', '.join(names)}. Due mails leave from them, and what arrives is read."


def _on_people(ready: Readiness) -> str:
    active = ready.people.get(EnrollmentState.ACTIVE, 0)
    paused = ready.people.get(EnrollmentState.PAUSED, 0)
    when = f"; the next look at a mail is at {ready.next_at:%Y-%m-%d %H:%M} UTC" if ready.next_at else ""
    tasks = f" {ready.open_tasks} tasks wait for a person: `cadence tasks`." if ready.open_tasks else ""
    return f"People: {active} active, {paused} paused{when}.{tasks}"

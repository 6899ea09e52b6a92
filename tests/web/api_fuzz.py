"""Every operation of the API over real HTTP, with what its document allows and with what it does not.

`python -m tests.web.api_fuzz [CASES] [SEED]` prints how often which status came; the short form is
test_api_fuzz.py. No answer is a 5xx, all are as the document says, and none comes without a token.
"""

import asyncio
import sys
import tempfile
import threading
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from cadence.core.people import Role
from cadence.core.rights import SCOPES
from cadence.service import publishing
from cadence.web.server import WebServer, listen, url_of
from tests.service.conftest import World, furnished, write_sequence
from tests.service.fakes import reply
from tests.web.site import Site

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.ignored_auth,
    checks.unsupported_method,
]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


async def fill(world: World) -> None:
    """Something of each kind, so that not everything is a 404."""
    world.app.templates = world.templates
    write_sequence(world.templates, name="closed-lost")
    await publishing.publish(world.app, world.templates, "closed-lost")
    for number in range(3):
        await world.enroll(f"p{number}@lost{number}.example", company=f"Lost {number}")
    await world.after(hours=2)
    for number, sent in enumerate(world.sent, 1):
        words = reply("Hm.", to=sent.raw, sender=sent.recipient, at=world.now, number=number)
        await world.arrives(words)


class Server(threading.Thread):
    """The application on a port, in a thread and a loop of its own."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.folder, self.ready = folder, threading.Event()
        self.url, self.headers = "", {}

    def run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        async with furnished(f"sqlite+aiosqlite:///{self.folder}/api.db", self.folder / "templates") as world:
            await fill(world)
            site = Site(world)
            client = await site.software(await site.person(Role.ADMINISTRATOR), *SCOPES)
            self.headers = {"Authorization": client.headers["authorization"]}
            await client.post(
                "/api/v1/webhooks", json={"url": "https://crm.example/", "events": ["reply.received"]}
            )
            await client.post("/api/v1/webhooks/1/test")
            with listen("127.0.0.1", 0) as listening:
                self.server, self.loop = WebServer(site.web, listening), asyncio.get_running_loop()
                self.url = url_of(listening)
                self.ready.set()
                await self.server.run()
            await site.close()

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.server.stop)
        self.join(30)


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    server = Server(folder)
    server.start()
    assert server.ready.wait(60)
    try:
        yield server
    finally:
        server.stop()


def fuzz(folder: Path, cases: int, number: int = 0) -> Counter[int]:
    """Ask about so many times, all operations alike; gives how often which status came."""
    came: Counter[int] = Counter()
    with served(folder) as server, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the generators: about what they could not make
        schema = schemathesis.openapi.from_url(f"{server.url}/openapi.json")
        operations = [found.ok() for found in schema.get_all_operations()]
        for operation in operations:
            for mode in MODES:
                _ask(server, operation, mode, max(1, cases // len(operations) // len(MODES)), number, came)
    return came


def _ask(
    server: Server, operation: Any, mode: GenerationMode, cases: int, number: int, came: Counter[int]
) -> None:
    @seed(number)
    @settings(
        max_examples=cases,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        if mode is GenerationMode.POSITIVE:
            _aim(case)
        response = case.call(base_url=server.url, headers=server.headers)
        came[response.status_code] += 1
        case.validate_response(response, checks=CHECKS, headers=server.headers)

    ask()


def _aim(case: Any) -> None:
    """Let every other request be about something that is there."""
    for name, value in (case.path_parameters or {}).items():
        if isinstance(value, int) and value % 2:
            case.path_parameters[name] = value % 5 + 1
        elif name == "name":
            case.path_parameters[name] = "lost"
    if case.headers and "If-Match" in case.headers:
        case.headers["If-Match"] = "*"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        wanted, number = [*map(int, sys.argv[1:]), *(5000, 0)[len(sys.argv) - 1 :]]
        found = fuzz(Path(folder), wanted, number)
        sys.stdout.write(f"{sum(found.values())} answers: {dict(sorted(found.items()))}, seed {number}\n")

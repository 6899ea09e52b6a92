"""The command line as a person uses it, and a sandbox mail server in a thread of its own beside it."""

import asyncio
import io
import json
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cadence.cli import main
from cadence.core.sequence import From
from cadence.mail.sandbox import Sandbox
from cadence.service import connecting, publishing
from cadence.service.connecting import NewMailbox
from cadence.setting_values import shipped_templates
from cadence.settings import PREFIX, load
from cadence.wiring import open_app

REP = "rep@vendor.test"
BOSS = "boss@vendor.test"
PASSWORD = "a good password"


@dataclass(frozen=True)
class Said:
    """How a command ended. code: 0, 1 or 2."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document that `--json` prints."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """The documents that `classify --json` prints, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]


Cadence = Callable[..., Said]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder and an environment without settings."""
    for name in list(os.environ):
        if name.upper().startswith(PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def cadence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Cadence:
    """Run one command: `cadence("mailbox", "list")`; stdin: what is piped into it."""

    def run(*words: object, stdin: str = "") -> Said:
        monkeypatch.setattr(sys, "argv", ["cadence", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        code = 0
        with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
            try:
                main()
            except SystemExit as end:
                code = int(end.code or 0)
        return Said(code, out.getvalue(), err.getvalue())

    return run


@dataclass
class Servers:
    """A running sandbox: where to send and to read."""

    box: Sandbox
    loop: asyncio.AbstractEventLoop

    @property
    def urls(self) -> tuple[str, ...]:
        return "--smtp", self.box.smtp_url, "--imap", self.box.imap_url

    def mails(self, address: str) -> list[bytes]:
        return asyncio.run_coroutine_threadsafe(self.box.mails(address), self.loop).result(10)


@pytest.fixture
def servers() -> Iterator[Servers]:
    started, stop = threading.Event(), asyncio.Event()
    found: list[Servers] = []

    async def serve() -> None:
        async with Sandbox({REP: PASSWORD, BOSS: PASSWORD}) as box:
            found.append(Servers(box, asyncio.get_running_loop()))
            started.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert started.wait(20)
    yield found[0]
    found[0].loop.call_soon_threadsafe(stop.set)
    thread.join(20)


@pytest.fixture
def connected(cadence: Cadence, servers: Servers) -> Servers:
    """A working folder with one mailbox."""
    said = cadence("mailbox", "add", REP, *servers.urls, "--password-stdin", stdin=PASSWORD)
    assert said.code == 0, said.err
    return servers


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with closed-lost published and two mailboxes that were never tried."""
    data = tmp_path_factory.mktemp("prepared") / "data"
    servers = ("smtp://localhost:2525", "imap://localhost:1143")

    async def prepare() -> None:
        async with open_app(load(data=data)) as app:
            await publishing.publish(app, shipped_templates(), "closed-lost")
            for address, role in (("rep@vendor.example", From.REP), ("vp@vendor.example", From.EXECUTIVE)):
                new = NewMailbox(address, "Robin Rep", *servers, address, PASSWORD, role=role)
                await connecting.add(app, new)

    asyncio.run(prepare())
    return data


@pytest.fixture
def installed(cadence: Cadence, folder: Path, prepared: Path) -> Cadence:
    """The command line in a working folder with such a data folder."""
    shutil.copytree(prepared, folder / "data")
    return cadence

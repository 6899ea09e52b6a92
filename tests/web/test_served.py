"""The workplace as processes serve it: the link on the console, requests of a browser, the way back in."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.web.site import PASSWORD, Browser

EMAIL = "alex@vendor.test"


class Served:
    """`cadence run` or `cadence web` on a free port, and what it said so far."""

    def __init__(self, folder: Path, command: str, database_url: str) -> None:
        self.folder, self.log = folder, folder / f"{time.monotonic_ns()}.txt"
        self.environment = {
            **os.environ,
            "CADENCE_DATABASE_URL": database_url.replace("+aiosqlite", "").replace("+asyncpg", ""),
            "PYTHONUNBUFFERED": "1",
        }
        with self.log.open("wb") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cadence", command, "--port", "0"],
                cwd=folder,
                env=self.environment,
                stdout=stream,
                stderr=subprocess.STDOUT,
            )

    def says(self, pattern: str, within: float = 60.0) -> str:
        end = time.monotonic() + within
        while not (found := re.search(pattern, self.log.read_text())):
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.05)
        return found[1]

    def cadence(self, *words: str) -> str:
        """Run another command beside it."""
        done = subprocess.run(
            [sys.executable, "-m", "cadence", *words],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return done.stdout

    def stop(self) -> None:
        self.process.terminate()
        assert self.process.wait(30) == 0, self.log.read_text()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in list(os.environ):
        if name.startswith("CADENCE_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    return tmp_path


@pytest.fixture
def served(folder: Path, database_url: str) -> Iterator[Served]:
    """Embedded on SQLite, scaled on PostgreSQL."""
    running = Served(folder, "run" if "sqlite" in database_url else "web", database_url)
    yield running
    running.process.kill()
    running.process.wait()


async def test_somebody_comes_in_works_leaves_and_comes_back(served: Served, database_url: str) -> None:
    link = served.says(r"(http://127\.0\.0\.1:\d+/invite/\S+)")
    base = link.partition("/invite")[0]
    served.says("(Ctrl.C stops it)")
    async with Browser(base_url=base, timeout=30) as browser, httpx.AsyncClient(base_url=base) as stranger:
        assert (await stranger.get("/healthz")).json() == {"status": "ok"}
        assert "/api/v1/me" in (await stranger.get("/openapi.json")).json()["paths"]
        typed = {"name": "Alex", "email": EMAIL, "password": PASSWORD, "again": PASSWORD}
        assert (await browser.submit(link, **typed)).status_code == 303
        assert (await browser.get("/", follow_redirects=True)).status_code == 200
        (style,) = re.findall(r'href="(/static/app\.\w+\.css)"', (await browser.get("/people")).text)
        assert (await browser.get(style)).headers["content-encoding"] == "gzip"
        made = await browser.submit("/account", "/account/tokens", name="CRM", scopes=["audit"])
        (token,) = re.findall(r"cadence_[\w-]{43}", made.text)
        bearer = {"Authorization": f"Bearer {token}"}
        entries = (await stranger.get("/api/v1/audit", headers=bearer)).json()["items"]
        assert {entry["address"] for entry in entries} == {"127.0.0.1"}
        await browser.submit("/people", "/logout")
        assert (await browser.get("/people")).status_code == 303
        answer = await browser.submit("/login", "/login", email=EMAIL, password=PASSWORD)
        assert answer.status_code == 303
        path = re.search(r"(/invite/\S+)", served.cadence("user", "reset", EMAIL))
        assert path
        assert (
            await browser.submit(path[1], name="Alex", password=PASSWORD * 2, again=PASSWORD * 2)
        ).status_code == 303
    served.stop()
    again = Served(served.folder, "run" if "sqlite" in database_url else "web", database_url)
    try:
        again.says("(Ctrl.C stops it)")
        assert "/invite/" not in again.log.read_text()
        again.stop()
    finally:
        again.process.kill()
        again.process.wait()


def test_the_terminal_lets_people_in_and_back_in(served: Served) -> None:
    served.says("(Ctrl.C stops it)")
    said = served.cadence("user", "invite", EMAIL, "--role", "author", "--name", "Alex")
    assert "is invited as an author" in said
    assert re.search(r"http://127\.0\.0\.1:8080/invite/\S{43}\n", said)
    assert EMAIL in served.cadence("user", "list")
    assert '"state": "invited"' in served.cadence("user", "list", "--json")

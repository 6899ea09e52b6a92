"""docs/api.md does what it says: its commands run, and its example verifies our messages."""

import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import cadence
from cadence.core import webhooks
from cadence.core.webhooks import WAITS, WebhookEvent
from tests.web.api_fuzz import served
from tests.web.site import one_database as database_url

__all__ = ["database_url"]

PAGE = (Path(cadence.__file__).parent.parent / "docs" / "api.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_every_command_of_the_page_works(tmp_path):
    assert len(blocks("sh")) >= 6
    with served(tmp_path) as server:
        token = server.headers["Authorization"].removeprefix("Bearer ")
        for block in blocks("sh"):
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", block],
                env={"CADENCE": server.url, "TOKEN": token, "PATH": "/usr/bin:/bin"},
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            assert done.returncode == 0, (block, done.stdout, done.stderr)
            if "deals/lost" in block:
                assert done.stdout.count('"enrolled"') == 2
            if "/webhooks" in block:
                assert '"secret":"whsec_' in done.stdout


def test_the_example_verifies_our_messages():
    (block,) = blocks("python")
    found: dict = {}
    exec(block, found)
    secret, other = webhooks.secret_of(b"a" * 32), webhooks.secret_of(b"b" * 32)
    now = datetime.now(UTC)
    given = webhooks.headers("msg_1", now, b"{}", [other, secret])
    assert found["is_genuine"](secret, given, b"{}")
    assert not found["is_genuine"](secret, given, b"{ }")
    assert not found["is_genuine"](webhooks.secret_of(b"c" * 32), given, b"{}")
    old = webhooks.headers("msg_1", now - timedelta(minutes=6), b"{}", [secret])
    assert not found["is_genuine"](secret, old, b"{}")


@pytest.mark.parametrize("event", [event.value for event in WebhookEvent])
def test_every_event_is_in_the_table(event):
    assert f"| `{event}` |" in PAGE


def test_the_waits_are_those_that_are_kept():
    hours = [f"{wait // timedelta(hours=1)}" for wait in WAITS[3:]]
    assert f"after 5 s, 5 min, 30 min, {', '.join(hours[:-1])} and {hours[-1]} h" in PAGE

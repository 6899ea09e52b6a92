"""`cadence crm`: connected, given rules, visited and removed by whoever has a shell."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Cadence
from tests.servers.hubspot_api import HubSpotApi


@pytest.fixture
def hubspot() -> Iterator[HubSpotApi]:
    """It listens in a thread of its own: commands have loops of theirs."""
    api, ready, loop = HubSpotApi(), threading.Event(), asyncio.new_event_loop()
    done = asyncio.Event()

    async def listen() -> None:
        async with api.listening():
            ready.set()
            await done.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(listen(),))
    thread.start()
    ready.wait()
    yield api
    loop.call_soon_threadsafe(done.set)
    thread.join()
    loop.close()


@pytest.fixture
def connected(
    installed: Cadence, hubspot: HubSpotApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Cadence:
    monkeypatch.setenv("CADENCE_WEBHOOKS_PRIVATE", "true")
    assert installed("user", "invite", "alex@vendor.test", "--role", "administrator").code == 0
    secrets = tmp_path / "secrets.toml"
    secrets.write_text(f'token = "{hubspot.token}"\nhook = "the-secret"\n', encoding="utf-8")
    said = installed("crm", "add", "hubspot", "--url", hubspot.url, "--secrets-file", str(secrets), *BY)
    assert said.code == 0, said.err
    return installed


BY = ("--as", "alex@vendor.test")


def test_a_crm_is_connected_looked_at_and_removed(connected: Cadence, hubspot: HubSpotApi) -> None:
    assert "HubSpot 2510: active, not read yet" in connected("crm", "list").out
    assert hubspot.token not in connected("crm", "list", "--json").out
    assert connected("crm", "check", "1").out.startswith("HubSpot 2510: it lets us in.")
    assert connected("crm", "sync", "1", *BY).code == 0
    hubspot.token = "another"
    assert connected("crm", "check", "1").code == 1
    assert connected("crm", "remove", "1", *BY).code == 0
    assert "No CRM" in connected("crm", "list").out
    assert connected("crm", "check", "1").code == 2


def test_rules_are_printed_and_read_back(connected: Cadence, tmp_path: Path) -> None:
    printed = connected("crm", "rules", "1").out
    assert 'reason" = "closed_lost_reason"' in printed
    file = tmp_path / "crm.toml"
    file.write_text('[[rule]]\npipeline = "Sales"\nsequence = "closed-lost"\n', encoding="utf-8")
    assert connected("crm", "rules", "1", str(file), *BY).code == 0
    assert 'pipeline = ["Sales"]' in connected("crm", "rules", "1").out
    for wrong in ('[[rule]]\nsequence = "nobody-wrote-it"\n', "[[rule]]\nstart = 7\n", "[[rule"):
        file.write_text(wrong, encoding="utf-8")
        assert connected("crm", "rules", "1", str(file), *BY).code == 2


def test_what_cannot_be_used_is_said_in_a_line(installed: Cadence, tmp_path: Path) -> None:
    file = tmp_path / "secrets.toml"
    file.write_text('shoe_size = "7"\n', encoding="utf-8")
    for words, says in (
        (("add", "a-shoebox"), "is no CRM"),
        (("add", "hubspot", "--secrets-file", str(file)), "there is no shoe_size"),
        (("add", "hubspot", "--secrets-file", "nowhere.toml"), "No such file"),
        (("rules", "7"), "There is no connection 7"),
        (("sync", "7", "--as", "nobody@vendor.test"), "there is no user"),
    ):
        said = installed("crm", *words)
        assert (said.code, says in said.err) == (2, True), said.err

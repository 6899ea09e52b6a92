"""Mailboxes on the command line: what is stored was tried, and what cannot be used changes nothing."""

import asyncio
import json
import re
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

import pytest

from cadence.service import consenting
from tests.cli.conftest import BOSS, PASSWORD, REP, Cadence, Servers
from tests.servers.authority import Authority, callback
from tests.servers.graph_api import GraphApi
from tests.servers.process import free_port

S = TypeVar("S", Authority, GraphApi)


def listed(cadence: Cadence) -> list[dict[str, object]]:
    found = json.loads(cadence("mailbox", "list", "--json").out)
    assert isinstance(found, list)
    return found


def test_a_mailbox_is_tried_and_then_stored(cadence: Cadence, servers: Servers) -> None:
    said = cadence("mailbox", "add", REP, *servers.urls, "--password-stdin", stdin=f"{PASSWORD}\n")
    assert (said.code, said.err) == (0, "")
    assert "both servers let us in" in said.out
    (one,) = listed(cadence)
    assert (one["address"], one["username"], one["name"], one["role"], one["state"]) == (
        REP,
        REP,
        "Rep",
        "rep",
        "active",
    )


def test_everything_can_be_said_of_it(cadence: Cadence, servers: Servers, folder: Path) -> None:
    (folder / "password").write_text(PASSWORD + "\n")
    (folder / "signature").write_text("Vendor Inc.\n1 Sample Street\n")
    words = ("--name", "Bo Boss", "--title", "VP", "--phone", "+1 555 0100", "--executive", "--zone")
    pace = ("--daily-cap", 9, "--ramp-from", 3, "--ramp-step", 1, "--gap", 5, "--jitter", 0)
    said = cadence(
        *("mailbox", "add", BOSS, *servers.urls, "--password-file", "password", *words, "Europe/Berlin"),
        *("--country", "de", "--region", "BY", "--signature-file", "signature", "--plus-addressing", *pace),
    )
    assert said.code == 0, said.err
    (one,) = listed(cadence)
    assert (one["name"], one["role"], one["zone"], one["cap_today"]) == (
        "Bo Boss",
        "executive",
        "Europe/Berlin",
        3,
    )


def test_a_wrong_password_stores_nothing(cadence: Cadence, servers: Servers) -> None:
    said = cadence("mailbox", "add", REP, *servers.urls, "--password-stdin", stdin="wrong")
    assert said.code == 1
    assert said.err.startswith("cadence: mail cannot leave: ")
    assert said.err.count("\n") == 1
    assert listed(cadence) == []


def test_a_server_that_is_not_there_stores_nothing_unless_that_is_wanted(cadence: Cadence) -> None:
    nowhere = ("--smtp", f"smtp://127.0.0.1:{free_port()}", "--imap", f"imap://127.0.0.1:{free_port()}")
    assert cadence("mailbox", "add", REP, *nowhere, "--password-stdin", stdin=PASSWORD).code == 1
    assert listed(cadence) == []
    said = cadence("mailbox", "add", REP, *nowhere, "--password-stdin", "--no-test", stdin=PASSWORD)
    assert said.code == 0
    assert len(listed(cadence)) == 1
    said = cadence("mailbox", "test", REP)
    assert said.code == 1
    assert said.err.startswith(f"cadence: {REP}: mail cannot leave")


@pytest.mark.parametrize(
    ("words", "stdin", "complaint"),
    [
        (
            ("nobody", "--smtp", "smtp://h", "--imap", "imap://h", "--password-stdin"),
            "x",
            "not an email address",
        ),
        ((REP, "--password-stdin"), "x", "--smtp smtp://host:587"),
        ((REP, "--smtp", "http://h", "--imap", "imap://h", "--password-stdin"), "x", "begins with smtp://"),
        ((REP, "--smtp", "smtp://h", "--imap", "imap://h"), "", "--password-stdin or --password-file"),
        ((REP, "--smtp", "smtp://h", "--imap", "imap://h", "--password-stdin"), "", "no password in"),
        ((REP, "--smtp", "smtp://h", "--imap", "imap://h", "--password-stdin"), "a\nb", "more than one line"),
        ((REP, "--smtp", "smtp://h", "--imap", "imap://h", "--password-file", "gone"), "", "cannot be read"),
        (
            (REP, "--smtp", "smtp://h", "--imap", "imap://h", "--password-stdin", "--zone", "Mars/Base"),
            "x",
            "Mars/Base",
        ),
        (
            (REP, "--smtp", "smtp://h", "--imap", "imap://h", "--password-stdin", "--country", "Germany"),
            "x",
            "country",
        ),
        ((REP, "--smtp", "smtp://u:p@h", "--imap", "imap://h", "--password-stdin"), "x", "do not belong"),
        (
            (REP, "--smtp", "smtp://h", "--imap", "imap://h", "--password-stdin", "--name", " "),
            "x",
            "the name",
        ),
    ],
)
def test_what_cannot_be_used_is_one_line_and_stores_nothing(
    cadence: Cadence, words: tuple[str, ...], stdin: str, complaint: str
) -> None:
    said = cadence("mailbox", "add", *words, stdin=stdin)
    assert (said.code, said.out) == (2, "")
    assert complaint in said.err
    assert said.err.count("\n") == 1
    assert listed(cadence) == []


def test_the_same_mailbox_twice_is_refused(cadence: Cadence, connected: Servers) -> None:
    said = cadence("mailbox", "add", REP.upper(), *connected.urls, "--password-stdin", stdin=PASSWORD)
    assert said.code == 2
    assert "connected already" in said.err


def test_no_password_is_stored_or_shown_as_it_is(cadence: Cadence, connected: Servers, folder: Path) -> None:
    with sqlite3.connect(folder / "data" / "cadence.db") as db:
        rows = str(db.execute("SELECT * FROM mailboxes").fetchall())
    db.close()
    assert PASSWORD not in rows
    assert PASSWORD not in cadence("mailbox", "list", "--json").out + cadence("mailbox", "list").out


def test_a_mailbox_is_paused_and_resumed(cadence: Cadence, connected: Servers) -> None:
    assert cadence("mailbox", "pause", REP).code == 0
    assert listed(cadence)[0]["state"] == "paused"
    assert "paused by a person" in cadence("mailbox", "list").out
    assert cadence("mailbox", "resume", REP).code == 0
    assert listed(cadence)[0]["state"] == "active"


def test_one_thing_can_be_changed_and_the_rest_stays(cadence: Cadence, connected: Servers) -> None:
    assert cadence("mailbox", "change", REP, "--name", "Robin Rep", "--daily-cap", 7).code == 0
    (one,) = listed(cadence)
    assert (one["name"], one["cap_today"], one["smtp"]) == ("Robin Rep", 7, connected.box.smtp_url)
    assert cadence("mailbox", "test", REP).code == 0
    assert cadence("mailbox", "change", REP, "--password-stdin", stdin="other").code == 0
    said = cadence("mailbox", "test", REP, "--json")
    assert (said.code, json.loads(said.out)["ok"]) == (1, False)


@pytest.mark.parametrize("words", [(), ("--smtp", "x"), ("--zone", "Mars/Base"), ("--name", "")])
def test_a_change_that_cannot_be_changes_nothing(
    cadence: Cadence, connected: Servers, words: tuple[str, ...]
) -> None:
    before = listed(cadence)
    said = cadence("mailbox", "change", REP, *words)
    assert said.code == 2
    assert said.err.count("\n") == 1
    assert listed(cadence) == before


@pytest.mark.parametrize("command", ["test", "pause", "resume", "remove", "change"])
def test_an_unknown_mailbox_is_said_to_be_one(cadence: Cadence, command: str) -> None:
    said = cadence("mailbox", command, "nobody@vendor.test")
    assert said.code == 2
    assert "there is no mailbox nobody@vendor.test" in said.err


def test_a_removed_mailbox_is_gone_and_can_come_back(cadence: Cadence, connected: Servers) -> None:
    assert cadence("mailbox", "remove", REP).code == 0
    assert listed(cadence) == []
    assert cadence("mailbox", "add", REP, *connected.urls, "--password-stdin", stdin=PASSWORD).code == 0
    assert len(listed(cadence)) == 1


def test_a_name_comes_from_the_address_where_none_is_said(cadence: Cadence, servers: Servers) -> None:
    words = ("maria-luz.lopez@vendor.test", *servers.urls, "--password-stdin", "--no-test")
    assert "Maria Luz Lopez" in cadence("mailbox", "add", *words, stdin="x").out


def test_an_empty_list_says_how_to_begin(cadence: Cadence) -> None:
    assert "cadence mailbox add" in cadence("mailbox", "list").out


@pytest.fixture
def authority() -> Iterator[Authority]:
    """Whoever signs people in."""
    yield from in_a_thread(Authority(eager=REP, interval=0))


@pytest.fixture
def graph(authority: Authority) -> Iterator[GraphApi]:
    """An API that takes the authority's tokens."""
    yield from in_a_thread(GraphApi(REP, whose=authority.whose))


def in_a_thread(made: S) -> Iterator[S]:
    loop, ready, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with made.listening():
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    ready.wait()
    yield made
    loop.call_soon_threadsafe(stop.set)
    thread.join()
    loop.close()


def signed_in_at(authority: Authority, monkeypatch: pytest.MonkeyPatch, **more: str) -> None:
    base = f"http://localhost:{authority.port}"
    urls = {
        "authorize_url": f"{base}/authorize",
        "token_url": f"{base}/token",
        "scopes": "mail offline_access",
    }
    for name, value in {"client_id": "cadence", "client_secret": "s3cret&", **urls, **more}.items():
        monkeypatch.setenv(f"CADENCE_OAUTH_{name.upper()}", value)


def test_a_mailbox_is_signed_in_by_a_code_and_later_again(
    cadence: Cadence, servers: Servers, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in_at(authority, monkeypatch, device_url=f"http://localhost:{authority.port}/device")
    said = cadence("mailbox", "add", REP, *servers.urls, "--oauth", "oauth", "--no-test")
    assert (said.code, said.err) == (0, "")
    assert f"Open http://localhost:{authority.port}/enter, type in ABCD-EFGH" in said.out
    refused = cadence("mailbox", "change", REP, "--oauth", "oauth")
    assert refused.code == 1
    assert "takes no OAuth tokens" in refused.err  # the sandbox does not
    assert "access" not in refused.out + refused.err
    both = cadence("mailbox", "change", REP, "--oauth", "oauth", "--password-stdin", stdin="s3cret")
    assert both.code == 2
    assert "CADENCE_GOOGLE_CLIENT_ID" in cadence("mailbox", "change", REP, "--oauth", "google").err


def test_a_mailbox_is_signed_in_by_the_address_at_which_the_browser_ends(
    cadence: Cadence, servers: Servers, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in_at(authority, monkeypatch)
    shown: list[str] = []

    def browse(prompt: str) -> str:
        return callback("http://localhost/", authority.consent(shown[-1], REP))

    monkeypatch.setattr("builtins.input", browse)
    page = consenting.begin
    monkeypatch.setattr(consenting, "begin", lambda *a, **more: shown.append(page(*a, **more)) or shown[-1])
    said = cadence("mailbox", "add", REP, *servers.urls, "--oauth", "oauth", "--no-test")
    assert (said.code, said.err) == (0, "")
    assert shown[0] in said.out.replace("\n", "")
    monkeypatch.setattr("builtins.input", lambda prompt: "http://localhost/?error=access_denied")
    denied = cadence("mailbox", "add", "b" + REP, *servers.urls, "--oauth", "oauth", "--no-test")
    assert (denied.code, denied.err) == (2, "cadence: access_denied\n")


def test_a_mailbox_is_connected_by_an_api_and_one_with_a_password_goes_over_to_it(
    cadence: Cadence, servers: Servers, authority: Authority, graph: GraphApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in_at(authority, monkeypatch, device_url=f"http://localhost:{authority.port}/device")
    there = ("--smtp", graph.url, "--imap", graph.url, "--oauth", "oauth")
    assert cadence("mailbox", "add", REP, *there).code == 0
    (one,) = listed(cadence)
    assert (one["imap"], one["signed_in_with"], one["state"]) == (graph.url, "oauth", "active")
    assert cadence("mailbox", "test", REP).code == 0
    assert cadence("mailbox", "change", REP, "--password-stdin", stdin=PASSWORD).err.startswith(
        "cadence: an API"
    )
    assert cadence("mailbox", "remove", REP).code == 0
    assert cadence("mailbox", "add", REP, *servers.urls, "--password-stdin", stdin=PASSWORD).code == 0
    assert cadence("mailbox", "change", REP, *there).code == 0
    assert listed(cadence)[0]["smtp"] == graph.url


def test_the_api_of_a_provider_is_asked_for_the_least_that_mail_needs(
    cadence: Cadence, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cadence("mailbox", "add", REP, "--api", "--smtp", "x").code == 2
    assert "no API is known" in cadence("mailbox", "add", REP, "--oauth", "oauth", "--api").err
    missing = cadence("mailbox", "add", REP, "--oauth", "microsoft", "--api").err
    assert "CADENCE_MICROSOFT_CLIENT_ID" in missing
    monkeypatch.setenv("CADENCE_GOOGLE_CLIENT_ID", "cadence")
    monkeypatch.setattr("builtins.input", lambda prompt: "http://localhost/?error=access_denied")
    said = cadence("mailbox", "add", REP, "--oauth", "google", "--api").out.replace("\n", "")
    scopes = parse_qs(urlsplit(re.search(r"https://accounts\S+?(?=It ends)", said)[0]).query)["scope"][0]  # type: ignore[index]
    assert scopes.split() == [
        f"https://www.googleapis.com/auth/gmail.{what}" for what in ("send", "readonly")
    ]

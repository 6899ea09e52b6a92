"""`cadence relay` and `cadence dkim`: what is stored was tried, secrets are shown once, keys are printed."""

import re

import pytest

from tests.cli.conftest import PASSWORD, REP, Cadence, Servers


@pytest.fixture
def smtp(servers: Servers) -> str:
    return str(servers.urls[1])


def add(
    cadence: Cadence, smtp: str, *more: object, password: str = PASSWORD, kind: str = "postfix"
) -> object:
    words = ("--kind", kind, "--smtp", smtp, "--username", REP, "--password-stdin")
    return cadence("relay", "add", "house", *words, *more, stdin=f"{password}\n")


def test_a_relay_is_tried_stored_used_and_forgotten(cadence: Cadence, servers: Servers, smtp: str) -> None:
    said = add(cadence, smtp)
    assert (said.code, said.err) == (0, "")
    assert "cadence dkim add DOMAIN --rsa" in said.out
    imap = servers.urls[servers.urls.index("--imap") + 1]
    words = ("mailbox", "add", REP, "--imap", imap, "--relay", "house", "--password-stdin")
    said = cadence(*words, stdin=f"{PASSWORD}\n")
    assert "both servers let us in" in said.out, said.err
    (one,) = cadence("relay", "list", "--json").json
    assert (one["name"], one["kind"], one["dkim"], one["mailboxes"]) == ("house", "postfix", True, [REP])
    assert REP in cadence("relay", "list").out
    assert cadence("relay", "remove", "house").code == 2
    assert cadence("mailbox", "change", REP, "--smtp", smtp.replace("127.0.0.1", "localhost")).code == 0
    assert cadence("relay", "remove", "house").code == 0
    assert cadence("relay", "list", "--json").json == []


def test_a_relay_that_lets_nobody_in_is_not_stored(cadence: Cadence, smtp: str) -> None:
    said = add(cadence, smtp, password="a guess")
    assert said.code == 1
    assert "does not let us in" in said.err
    assert cadence("relay", "list", "--json").json == []
    assert add(cadence, smtp, "--no-test", password="a guess").code == 0
    assert cadence("relay", "test", "house").code == 1
    assert cadence("relay", "change", "house", "--password-stdin", stdin=PASSWORD).code == 0
    assert cadence("relay", "test", "house").code == 0


def test_where_a_relay_reports_is_printed_and_its_secret_once(
    cadence: Cadence, smtp: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(cadence, smtp, kind="postmark")
    assert "CADENCE_PUBLIC_URL" in cadence("relay", "hook", "house").err
    monkeypatch.setenv("CADENCE_PUBLIC_URL", "https://cadence.vendor.example")
    said = cadence("relay", "hook", "house").out
    assert "https://cadence.vendor.example/hooks/relay/1" in said
    secret = re.search(r"the password (\S{32})\n", said)
    assert secret
    assert secret[1] not in cadence("relay", "list", "--json").out
    assert secret[1] not in cadence("relay", "hook", "house").out


def test_a_relay_whose_server_is_not_said_is_asked_for(cadence: Cadence) -> None:
    assert "--smtp smtp://email-smtp.REGION" in cadence("relay", "add", "aws", "--kind", "ses").err
    assert "--smtp smtp://host:587" in cadence("relay", "add", "house", "--kind", "postfix").err


def test_bounces_return_where_it_is_said(cadence: Cadence, servers: Servers) -> None:
    cadence("mailbox", "add", REP, *servers.urls, "--password-stdin", stdin=f"{PASSWORD}\n")
    for domain in ("bounces.vendor.test", ""):
        assert cadence("mailbox", "change", REP, "--return-path", domain).code == 0
    assert "is not a domain" in cadence("mailbox", "change", REP, "--return-path", "a b").err


def test_a_key_is_made_printed_used_and_forgotten(cadence: Cadence, folder: object) -> None:
    said = cadence("dkim", "add", "vendor.test", "--rsa", "--selector", "one")
    assert said.code == 0, said.err
    record = re.search(r"value:  (v=DKIM1; k=rsa; p=\S+)\n", said.out)
    assert record
    assert "name:   one._domainkey.vendor.test" in said.out
    (key,) = cadence("dkim", "list", "--json").json
    assert (key["record"], key["used_since"]) == (record[1], None)
    assert cadence("dkim", "check").code == 1
    assert "used" in cadence("dkim", "check", "vendor.test", "--force").out
    assert cadence("dkim", "list", "--json").json[0]["used_since"]
    assert "used since" in cadence("dkim", "list").out
    assert "PRIVATE KEY" not in cadence("dkim", "list", "--json").out
    assert cadence("dkim", "remove", "vendor.test", "one").code == 0
    assert cadence("dkim", "list", "--json").json == []
    assert cadence("dkim", "remove", "vendor.test", "one").code == 2

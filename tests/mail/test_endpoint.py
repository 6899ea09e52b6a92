"""Where servers are, and how their connections are protected."""

import pytest

from cadence.core.errors import InvalidInput
from cadence.mail.endpoint import Credentials, Endpoint, Security


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("smtp://mail.example", "smtp://mail.example:587"),
        ("smtps://Mail.Example.:2465", "smtps://mail.example:2465"),
        ("smtp://mail.bücher.example", "smtp://mail.xn--bcher-kva.example:587"),
        ("smtp://[::1]:25", "smtp://[::1]:25"),
        (" smtp://mail_server:25/ ", "smtp://mail_server:25"),
    ],
)
def test_a_url_says_where_a_server_is(url: str, text: str) -> None:
    assert str(Endpoint.parse(url, kind="smtp")) == text


def test_the_scheme_says_how_the_connection_is_protected() -> None:
    assert Endpoint.parse("imap://a.example", kind="imap") == Endpoint(
        "imap", "a.example", 143, Security.STARTTLS
    )
    assert Endpoint.parse("imaps://a.example", kind="imap") == Endpoint(
        "imap", "a.example", 993, Security.TLS
    )


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example",
        "imap://a.example",
        "http://a.example",
        "smtp://",
        "smtp://a.example:0",
        "smtp://a b",
        "smtp://a.example:70000",
        "smtp://a.example/inbox",
        "smtp://a.example?x=1",
        "smtp://a..example",
        "smtp://[",
    ],
)
def test_what_is_no_server_is_refused_in_one_line(url: str) -> None:
    with pytest.raises(InvalidInput) as fault:
        Endpoint.parse(url, kind="smtp")
    assert "\n" not in str(fault.value)
    assert "smtps://host:465" in str(fault.value)


@pytest.mark.parametrize("url", ["smtp://a.example:465", "smtps://a.example:587"])
def test_a_port_that_belongs_to_the_other_kind_of_protection_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput, match="is the port of"):
        Endpoint.parse(url, kind="smtp")


def test_a_password_in_a_url_is_refused_and_not_repeated() -> None:
    with pytest.raises(InvalidInput) as fault:
        Endpoint.parse("smtp://rep:hunter2@a.example", kind="smtp")
    assert "hunter2" not in str(fault.value)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("[::1]", True),
        ("10.0.0.1", False),
        ("localhost.example", False),
        ("127.0.0.1.example", False),
    ],
)
def test_only_this_machine_is_loopback(host: str, loopback: bool) -> None:
    assert Endpoint.parse(f"smtp://{host}", kind="smtp").is_loopback is loopback


def test_credentials_are_not_shown() -> None:
    assert "s3cret" not in repr(Credentials("rep", password="s3cret", token="s3cret"))


@pytest.mark.parametrize("value", ["a\r\nRCPT", "a\0b", "a\x01auth=Bearer x"])
def test_credentials_cannot_carry_another_command(value: str) -> None:
    with pytest.raises(InvalidInput):
        Credentials("rep", password=value)
    with pytest.raises(InvalidInput):
        Credentials(value, token="x")

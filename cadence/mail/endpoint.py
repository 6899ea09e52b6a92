"""Decides where a mail server is and how its connection is protected, from a URL a person typed."""

import ipaddress
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal
from urllib.parse import urlsplit

import idna

from cadence.core.errors import InvalidInput

Kind = Literal["smtp", "imap"]

_PORTS = {"smtp": 587, "smtps": 465, "imap": 143, "imaps": 993}
"""RFC 8314 §3.2 and §3.3, RFC 9051 §2.1."""

API_KINDS = frozenset({"gmail", "graph"})
"""The APIs for mail that are spoken, as the scheme of their address."""

_ASCII_NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?")
"""Underscores are no host name's (RFC 952), but container networks use them."""


class Security(StrEnum):
    """How a connection is protected."""

    STARTTLS = "starttls"
    """Upgraded after the greeting; a loopback server that offers no upgrade is used as it is."""
    TLS = "tls"
    """From the first byte (RFC 8314)."""


def is_loopback(host: str) -> bool:
    """Whether a host name or IP address is this very machine (RFC 6761 §6.3)."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a server listens. port: 1 to 65535; host: an ASCII name or an IP address."""

    kind: Kind
    host: str
    port: int
    security: Security

    @classmethod
    def parse(cls, url: str, *, kind: Kind) -> "Endpoint":
        """Read "smtp://host:587", "smtps://host", "imap://…" or "imaps://…".

        Raises InvalidInput with one line that never repeats a password typed into the URL.
        """
        want = f'write it as "{kind}://host:{_PORTS[kind]}" or "{kind}s://host:{_PORTS[kind + "s"]}"'
        try:
            parts = urlsplit(url.strip())
            port = parts.port
        except ValueError:
            raise InvalidInput(f"that is not the address of a server; {want}") from None
        if parts.scheme not in (kind, kind + "s"):
            raise InvalidInput(
                f"the address of an {kind.upper()} server begins with {kind}:// or {kind}s://; {want}"
            )
        if parts.username is not None or parts.password is not None:
            raise InvalidInput(f"user name and password do not belong in the address of a server; {want}")
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise InvalidInput(f"nothing may follow the port in the address of a server; {want}")
        host = _host(parts.hostname or "", want)
        security = Security.TLS if parts.scheme.endswith("s") else Security.STARTTLS
        return cls(
            kind, host, _PORTS[parts.scheme] if port is None else _port(port, parts.scheme, want), security
        )

    @property
    def is_loopback(self) -> bool:
        """Whether the connection never leaves this machine, so that plain text is acceptable."""
        return is_loopback(self.host)

    def __str__(self) -> str:
        scheme = self.kind + ("s" if self.security is Security.TLS else "")
        return f"{scheme}://{_shown(self.host)}:{self.port}"


@dataclass(frozen=True, slots=True)
class ApiEndpoint:
    """Where an API for mail is asked over HTTPS. kind: whose API it is; port: None for that of HTTPS."""

    kind: str
    host: str
    port: int | None = None

    @classmethod
    def parse(cls, url: str) -> "ApiEndpoint":
        """Read "gmail://gmail.googleapis.com" or "graph://graph.microsoft.com"; raises InvalidInput."""
        want = (
            'write the address of an API as "gmail://gmail.googleapis.com" or "graph://graph.microsoft.com"'
        )
        try:
            parts = urlsplit(url.strip())
            port = parts.port
        except ValueError:
            raise InvalidInput(want) from None
        if parts.scheme not in API_KINDS or "@" in parts.netloc or port == 0:
            raise InvalidInput(want)
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise InvalidInput(want)
        return cls(parts.scheme, _host(parts.hostname or "", want), port)

    @property
    def is_loopback(self) -> bool:
        """Whether what is said to it never leaves this machine, so that plain text is acceptable."""
        return is_loopback(self.host)

    @property
    def netloc(self) -> str:
        """Host and port as they stand in a URL."""
        return _shown(self.host) + (f":{self.port}" if self.port else "")

    def __str__(self) -> str:
        return f"{self.kind}://{self.netloc}"


def is_api(url: str) -> bool:
    """Whether this is the address of an API rather than of a mail server."""
    return url.strip().partition("://")[0].lower() in API_KINDS


def checked_servers(smtp: str, imap: str) -> tuple[str, str]:
    """Where mail leaves and where it is read, as they are stored: two servers, or twice the same API.

    Raises InvalidInput.
    """
    if not (is_api(smtp) or is_api(imap)):
        return str(Endpoint.parse(smtp, kind="smtp")), str(Endpoint.parse(imap, kind="imap"))
    out, into = ApiEndpoint.parse(smtp), ApiEndpoint.parse(imap)
    if out != into:
        raise InvalidInput("a mailbox is sent from and read by the same API: give its address for both")
    return str(out), str(into)


@dataclass(frozen=True, slots=True)
class Credentials:
    """How to log in: a password, or an OAuth 2 access token (see sasl.py). Neither is ever shown."""

    username: str
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for value in (self.username, self.password, self.token):
            if value is not None and any(sign in value for sign in "\0\r\n\x01"):
                raise InvalidInput("a user name or password cannot contain control characters")


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _port(port: int, scheme: str, want: str) -> int:
    if not port:
        raise InvalidInput(f"0 is not the port of a server; {want}")
    other = scheme.removesuffix("s") if scheme.endswith("s") else scheme + "s"
    if port == _PORTS[other]:
        raise InvalidInput(f"{port} is the port of {other}://; {want}")
    return port


def _host(host: str, want: str) -> str:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    if _ASCII_NAME.fullmatch(host):
        return host.lower().rstrip(".")
    try:
        return idna.encode(host, uts46=True).decode("ascii").lower()
    except idna.IDNAError:
        raise InvalidInput(f"{host!r} is not the name of a server; {want}") from None

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
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}"


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

"""Decides where the servers of a mailbox are, from what its domain publishes in the DNS and on its web site.

SRV records (RFC 6186; RFC 8314 §5.1 for submissions), the host that Outlook would ask (Microsoft's
Autodiscover), and a file in Thunderbird's autoconfiguration format.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from xml.etree import ElementTree

from dns.asyncresolver import Resolver
from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer

from cadence.core.errors import InvalidInput
from cadence.mail.endpoint import Endpoint, Kind

LONGEST_LOOK = 5.0
"""Seconds for one question."""
LARGEST_FILE = 64_000
_MOST_SERVERS = 50

SERVICES: tuple[tuple[Kind, str, str], ...] = (
    ("smtp", "_submissions._tcp", "smtps"),
    ("smtp", "_submission._tcp", "smtp"),
    ("imap", "_imaps._tcp", "imaps"),
    ("imap", "_imap._tcp", "imap"),
)
"""What is looked for, the safest first; RFC 8314 §3 prefers TLS from the first byte."""


@dataclass(frozen=True, slots=True)
class Server:
    """An SRV record (RFC 2782). host: empty where the service is decidedly not offered."""

    priority: int
    weight: int
    port: int
    host: str


@dataclass(frozen=True, slots=True)
class Found:
    """Where servers are. smtp, imap: URLs; username: for the log-in; how: in a word, for people."""

    smtp: str
    imap: str
    username: str
    how: str


class Names(Protocol):
    """Asks the DNS; an empty list where there is nothing, or nobody answers."""

    async def servers(self, name: str) -> list[Server]:
        """The SRV records of a name."""

    async def exchangers(self, domain: str) -> list[str]:
        """The hosts that take the mail of a domain (MX), the preferred first."""

    async def alias(self, name: str) -> str:
        """The name that a name stands for (CNAME); empty where it stands for itself."""


class SystemNames:
    """Asks the resolver of this machine."""

    async def servers(self, name: str) -> list[Server]:
        """The SRV records of a name."""
        return [
            Server(one.priority, one.weight, one.port, one.target.to_text(omit_final_dot=True).rstrip("."))
            for one in await self._look(name, "SRV")
        ]

    async def exchangers(self, domain: str) -> list[str]:
        """The hosts that take the mail of a domain (MX), the preferred first."""
        found = sorted(await self._look(domain, "MX"), key=lambda one: one.preference)
        return [one.exchange.to_text(omit_final_dot=True) for one in found]

    async def alias(self, name: str) -> str:
        """The name that a name stands for (CNAME); empty where it stands for itself."""
        found = await self._look(name, "CNAME")
        return str(found[0].target.to_text(omit_final_dot=True)) if found else ""

    async def _look(self, name: str, kind: str) -> list[Any]:
        try:
            answer = await Resolver().resolve(name, kind, lifetime=LONGEST_LOOK)
        except (NXDOMAIN, NoAnswer, DNSException, OSError):
            return []
        return list(answer)[:_MOST_SERVERS]


async def by_dns(names: Names, address: str, domain: str) -> Found | None:
    """The servers that SRV records name; None where they do not name both kinds."""
    urls: dict[Kind, str] = {}
    for kind, service, scheme in SERVICES:
        if kind not in urls and (url := _best(await names.servers(f"{service}.{domain}"), kind, scheme)):
            urls[kind] = url
    if len(urls) < 2:
        return None
    return Found(urls["smtp"], urls["imap"], address, f"the DNS of {domain}")


def _best(servers: Sequence[Server], kind: Kind, scheme: str) -> str | None:
    """The most preferred server. Weights share load among equals, so the heaviest is as good as any."""
    for one in sorted(servers, key=lambda one: (one.priority, -one.weight)):
        if url := _url(kind, scheme, one.host, one.port):
            return url
    return None


async def autodiscover_hosts(names: Names, domain: str) -> list[str]:
    """Where Outlook would ask for a domain; it tells whose the mailboxes are where mail comes in elsewhere.

    https://learn.microsoft.com/exchange/architecture/client-access/autodiscover. What is said there is for
    those who have logged in, so nobody is asked: the name of the host is enough.
    """
    alias = await names.alias(f"autodiscover.{domain}")
    servers = await names.servers(f"_autodiscover._tcp.{domain}")
    return [host for host in (alias, *(one.host for one in servers)) if host]


def autoconfig_url(domain: str) -> str:
    """Where a domain says it on its own web site; other places would have to be trusted as well."""
    return f"https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml"


def by_file(file: bytes, address: str, domain: str) -> Found | None:
    """The servers that an autoconfiguration file names; None where it does not name both, safely."""
    if len(file) > LARGEST_FILE or b"<!" in file.replace(b"<!--", b""):
        return None  # entities can make a small file a huge one, or read other files
    try:
        root = ElementTree.fromstring(file)  # noqa: S314 - without declarations there are no entities
    except ElementTree.ParseError:
        return None
    imap = _server(root, "incomingServer", "imap", address)
    smtp = _server(root, "outgoingServer", "smtp", address)
    if imap is None or smtp is None:
        return None
    return Found(smtp[0], imap[0], imap[1], f"the web site of {domain}")


def _server(root: ElementTree.Element, tag: str, kind: Kind, address: str) -> tuple[str, str] | None:
    """URL and user name of the first server of a kind that is reached over TLS and takes a password."""
    schemes = {"SSL": f"{kind}s", "STARTTLS": kind}
    for one in list(root.iter(tag))[:_MOST_SERVERS]:
        scheme = schemes.get(_text(one, "socketType").upper())
        ways = {(way.text or "").strip() for way in one.findall("authentication")}
        port = _text(one, "port")
        if one.get("type") != kind or scheme is None or not port.isascii() or not port.isdecimal():
            continue
        if ways and not ways & {"password-cleartext", "password-encrypted", "plain", "secure"}:
            continue
        if url := _url(kind, scheme, _filled(_text(one, "hostname"), address), int(port[:6])):
            return url, _filled(_text(one, "username") or "%EMAILADDRESS%", address)
    return None


def _text(element: ElementTree.Element, tag: str) -> str:
    return (element.findtext(tag) or "").strip()[:255]


def _filled(text: str, address: str) -> str:
    local, _, domain = address.rpartition("@")
    for name, value in (("EMAILADDRESS", address), ("EMAILLOCALPART", local), ("EMAILDOMAIN", domain)):
        text = text.replace(f"%{name}%", value)
    return text


def _url(kind: Kind, scheme: str, host: str, port: int) -> str | None:
    """The URL, where it can be one: a host by its name, so that its certificate can be verified."""
    try:
        found = Endpoint.parse(f"{scheme}://{host}:{port}", kind=kind)
    except InvalidInput:
        return None
    return str(found) if "." in host and not host.replace(".", "").isdecimal() else None

"""Looks up what a domain publishes about its mail: who may send it, and how it is signed.

SPF (RFC 7208), DKIM keys (RFC 6376 §3.6.2) and DMARC (RFC 7489 §6.1) are all text records.
"""

from typing import Protocol

from dns.asyncresolver import Resolver
from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer

LONGEST_LOOK = 5.0
"""Seconds for one question."""

_FOR_TESTS = (".test", ".example", ".invalid", ".localhost", ".local")
"""Names that never are in the public DNS (RFC 2606 §2, RFC 6762 §3)."""


class Lookup(Protocol):
    """Asks the DNS."""

    async def texts(self, name: str) -> list[str] | None:
        """The text records of a name; None where no resolver answers."""


class SystemResolver:
    """Asks the resolver of this machine."""

    async def texts(self, name: str) -> list[str] | None:
        """The text records of a name, each put together from its pieces; None where no resolver answers."""
        try:
            answer = await Resolver().resolve(name, "TXT", lifetime=LONGEST_LOOK)
        except (NXDOMAIN, NoAnswer):
            return []
        except (DNSException, OSError):
            return None
        return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]


def is_for_tests(domain: str) -> bool:
    """Whether a domain is one that cannot be looked up by anybody."""
    return f".{domain}".endswith(_FOR_TESTS) or "." not in domain


async def spf(lookup: Lookup, domain: str) -> list[str] | None:
    """The SPF records of a domain; there should be exactly one (RFC 7208 §4.5)."""
    texts = await lookup.texts(domain)
    if texts is None:
        return None
    return [text for text in texts if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")]


async def dmarc(lookup: Lookup, domain: str) -> str | None:
    """The DMARC record that holds for a domain, its own or a parent's; empty for none, None: no answer."""
    labels = domain.split(".")
    for start in range(max(len(labels) - 1, 1)):
        texts = await lookup.texts("_dmarc." + ".".join(labels[start:]))
        if texts is None:
            return None
        for text in texts:
            if text.lower().replace(" ", "").startswith("v=dmarc1"):
                return text
    return ""


async def dkim_key(lookup: Lookup, domain: str, selector: str) -> bool | None:
    """Whether the key that a signature names is published; None where no resolver answers."""
    texts = await lookup.texts(f"{selector}._domainkey.{domain}")
    if texts is None:
        return None
    return any(tags(text).get("p") for text in texts)


def tags(record: str) -> dict[str, str]:
    """Read "v=DMARC1; p=none" into its tags (RFC 6376 §3.2)."""
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): "".join(value.split()) for name, equals, value in pairs if equals}

"""Decide when two spellings of an email address are the same one."""

import re
import unicodedata

import idna

from cadence.core.errors import InvalidInput

LONGEST_ADDRESS = 254
LONGEST_LOCAL_PART = 64
_LOCAL = re.compile(r"[^\s\x00-\x1f\x7f\"(),:;<>@\[\\\]]+")
_LITERAL = re.compile(r"\[[0-9a-fA-F.:IPv]{3,50}\]")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")


def normalize(email: str) -> str:
    """Return the key by which addresses are compared: case folded, the domain in its ASCII form (RFC 5890).

    Tags after "+" and dots stay, since only some providers ignore them. Raises InvalidInput for what is
    no address (RFC 5321 §4.1.2; quoted local parts are refused, since nobody has one).
    """
    address = unicodedata.normalize("NFC", email.strip())
    if address.lower().startswith("mailto:"):
        address = address[7:]
    local, at, domain = address.rpartition("@")
    if any(unicodedata.category(char) == "Cf" for char in local):
        raise InvalidInput(f"{email[:100]!r} holds a character that nobody sees: type the address anew")
    if not at or not _LOCAL.fullmatch(local) or local.startswith(".") or local.endswith("."):
        raise InvalidInput(f"{email[:100]!r} is not an email address")
    local = unicodedata.normalize("NFC", local.casefold())
    if len(local.encode()) > LONGEST_LOCAL_PART:
        raise InvalidInput(f"{email[:100]!r}: the part before the @ is too long")
    normalized = f"{local}@{_ascii_domain(domain, email)}"
    if len(normalized.encode()) > LONGEST_ADDRESS:
        raise InvalidInput(f"{email[:100]!r} is too long for an email address")
    return normalized


def domain_of(email: str) -> str:
    """Return the domain of an address in its ASCII form; raises InvalidInput."""
    return normalize(email).rpartition("@")[2]


def _ascii_domain(domain: str, email: str) -> str:
    if _LITERAL.fullmatch(domain):
        return domain.lower()
    domain = domain.rstrip(".").lower()
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError) as error:
            raise InvalidInput(f"{email[:100]!r}: no such domain can exist") from error
    if not domain or not all(_LABEL.fullmatch(label) for label in domain.split(".")):
        raise InvalidInput(f"{email[:100]!r}: no such domain can exist")
    return domain

"""Decides how addresses travel in an SMTP envelope, and which extensions a mail needs for that.

Domains always go in their ASCII form (RFC 5891), so SMTPUTF8 (RFC 6531) is asked of the server only
for a local part, or a header, that cannot be written without it.
"""

import re
from dataclasses import dataclass

import idna

from cadence.core.errors import InvalidInput

_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\x9f<>]")
_MAX_PATH = 254
"""RFC 5321 §4.5.3.1.3, without the angle brackets."""


def ascii_domain(address: str) -> str:
    """The address with its domain in A-labels and its local part untouched; raises InvalidInput."""
    local, at, domain = address.rpartition("@")
    if not (local and at and domain) or _FORBIDDEN.search(address):
        raise InvalidInput(f"{address!r} is not an email address")
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except idna.IDNAError:
            raise InvalidInput(f"{address!r} has a domain that cannot exist") from None
    if len(local) + 1 + len(domain) > _MAX_PATH:
        raise InvalidInput(f"{address[:40]!r}… is too long for an email address")
    return f"{local}@{domain}"


@dataclass(frozen=True, slots=True)
class Envelope:
    """sender and recipient: paths with their angle brackets, as MAIL and RCPT take them."""

    sender: bytes
    recipient: bytes
    needs_utf8: bool
    has_8bit: bool

    @classmethod
    def of(cls, raw: bytes, sender: str, recipient: str) -> "Envelope":
        """Make the envelope of one mail; raises InvalidInput for what is no address."""
        paths = [f"<{ascii_domain(address)}>".encode() for address in (sender, recipient)]
        head, _, _ = raw.partition(b"\r\n\r\n")
        needs_utf8 = not (head.isascii() and all(path.isascii() for path in paths))
        return cls(paths[0], paths[1], needs_utf8, not raw.isascii())

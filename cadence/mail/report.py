"""Decide what a machine-readable delivery report says about each recipient (RFC 3464, RFC 6533)."""

import re
from dataclasses import dataclass

from cadence.mail.headers import Headers, read_headers
from cadence.mail.parse import Received

MOST_RECIPIENTS = 200
LONGEST_TEXT = 60_000
LONGEST_BLOCK = 4_000
STATUS_PARTS = frozenset(
    {"message/delivery-status", "message/global-delivery-status", "message/delivery-report"}
)
RETURNED_PARTS = frozenset(
    {
        "message/rfc822",
        "message/global",
        "text/rfc822-headers",
        "message/rfc822-headers",
        "message/global-headers",
    }
)
_STARTS = frozenset({"original-recipient", "final-recipient"})
_REST = frozenset({"action", "status", "diagnostic-code"})
_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_WRITTEN = re.compile(r"^(?P<mark>(?:> ?){0,3})(?:final|original)-recipient\s?:", re.I | re.M)
_ADDRESS = re.compile(r"[^\s<>;\"(),]{1,64}@[^\s<>;\"(),]{1,255}|\"[^\"]{1,60}\"@[^\s<>;\"(),]{1,255}")


@dataclass(frozen=True, slots=True)
class Recipient:
    """One recipient of a report.

    email: the address that failed; original: the one it was sent to, where the report tells them apart;
    action: failed, delayed, delivered, relayed, expanded or "" (RFC 3464 §2.3.3); status: RFC 3463.
    """

    email: str | None
    original: str | None
    action: str
    status: str | None
    diagnostic: str


def delivery_report(received: Received) -> tuple[Recipient, ...]:
    """Read every recipient of every delivery-status part; none where there is no such part."""
    found: list[Recipient] = []
    for part in received.parts:
        if part.content_type in STATUS_PARTS:
            found.extend(_recipients(part.body))
    return tuple(found[:MOST_RECIPIENTS])


def report_in_text(text: str) -> tuple[Recipient, ...]:
    """Read the fields of a report that stands in plain text: its parts were lost, or it reports a report."""
    start = _WRITTEN.search(text[:LONGEST_TEXT])
    if not start:
        return ()
    block = text[start.start() : start.start() + LONGEST_BLOCK].replace("\n" + start["mark"], "\n")
    fields, _, _ = block.removeprefix(start["mark"]).partition("\n\n")
    return tuple(_recipients(b"Reporting-MTA: unknown\n" + fields.encode()))


def returned_headers(received: Received) -> Headers:
    """Return the header fields of the mail that is reported on, where the report has a part for it."""
    for part in received.parts[1:]:
        if part.content_type in RETURNED_PARTS:
            return read_headers(part.body.lstrip(b"\n").partition(b"\n\n")[0])
    return Headers()


def enhanced_status(text: str) -> str | None:
    """Find an enhanced status code (RFC 3463) in a diagnostic."""
    found = _ENHANCED.search(text[:2_000])
    return found[1] if found else None


def address_in(field: str) -> str | None:
    """Read the address of "rfc822; <anna@firm.test>"; None for X.400 and the like without an "@"."""
    value = field.rpartition(";")[2] if ";" in field else field
    found = _ADDRESS.search(value[:1_000])
    return found[0].strip(".") if found else None


def _recipients(body: bytes) -> list[Recipient]:
    fields = read_headers(b"\n".join(line for line in body.split(b"\n") if line.strip())).fields
    found = [_recipient(group) for group in _groups(fields) if _names_one(group)]
    return [recipient for recipient in found if recipient.email or recipient.action]


def _groups(fields: tuple[tuple[str, str], ...]) -> list[Headers]:
    """Cut the fields into one group a recipient; blank lines between groups are often missing."""
    groups: list[list[tuple[str, str]]] = [[]]
    for name, value in fields:
        seen = {key for key, _ in groups[-1]}
        if name in _STARTS and (name in seen or (seen & _REST and len(groups) > 1) or len(groups) == 1):
            groups.append([])
        groups[-1].append((name, value))
    return [Headers(tuple(group)) for group in groups[: MOST_RECIPIENTS + 1]]


def _names_one(group: Headers) -> bool:
    return any(name in group for name in ("final-recipient", "original-recipient", "x-actual-recipient"))


def _recipient(group: Headers) -> Recipient:
    final = address_in(group.get("x-actual-recipient")) or address_in(group.get("final-recipient"))
    original = address_in(group.get("original-recipient"))
    diagnostic = " ".join(group.get_all("diagnostic-code")) or group.get("x-supplementary-info")
    status = enhanced_status(group.get("status"))
    if status is None or status.endswith(".0.0"):
        status = enhanced_status(diagnostic) or status
    action = re.sub(r"[^a-z]", " ", group.get("action").lower()).split()
    return Recipient(final or original, original, action[0] if action else "", status, diagnostic[:2_000])

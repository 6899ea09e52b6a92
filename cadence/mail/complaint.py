"""Decide whether a mail is a feedback-loop report, and of whom (RFC 5965, and Microsoft's older form)."""

import re
from dataclasses import dataclass

from cadence.core.replies import Bounce
from cadence.mail.headers import Headers, read_headers
from cadence.mail.parse import Received
from cadence.mail.report import address_in, returned_headers

_OLDER = re.compile(r"complaint about message from \S", re.I)
_NO_COMPLAINT = frozenset({"not-spam", "auth-failure", "dmarc"})


@dataclass(frozen=True, slots=True)
class Complaint:
    """A report that a recipient called a mail spam: kind (RFC 5965 §7.3), and of which mail to whom."""

    kind: str
    about: Bounce


def read_complaint(received: Received) -> Complaint | None:
    """Read a feedback report; None where the mail is none, or reports that a mail is *not* spam."""
    for part in received.parts:
        if part.content_type == "message/feedback-report":
            fields = read_headers(part.body.strip())
            kind = fields.get("feedback-type").strip().lower()
            if kind in _NO_COMPLAINT:
                return None
            return Complaint(kind or "abuse", _about(received, fields))
    return _read_older(received)


def _read_older(received: Received) -> Complaint | None:
    """Microsoft's programme sends the mail alone and names whom it went to in a field added to it."""
    if not _OLDER.match(received.subject):
        return None
    recipient = address_in(returned_headers(received).get("x-hmxmroriginalrecipient"))
    return (
        Complaint("abuse", _about(received, Headers((("original-rcpt-to", recipient),))))
        if recipient
        else None
    )


def _about(received: Received, fields: Headers) -> Bounce:
    returned = returned_headers(received)
    ids = returned.ids("message-id")
    recipient = address_in(fields.get("original-rcpt-to")) or address_in(returned.get("to"))
    return Bounce(
        recipient=recipient,
        status=None,
        original_message_id=ids[-1] if ids else None,
        diagnostic=received.text[:300],
        recipients=(recipient,) if recipient else (),
    )

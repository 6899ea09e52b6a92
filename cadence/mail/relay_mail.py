"""Writes what a relay reports as the mail that another server would have sent: a delivery report (RFC 3464)
or a feedback report (RFC 5965). So it is kept, shown, understood and acted on as such a mail is.
"""

from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256

from cadence.core.relays import Happening, RelayReport

_ACTIONS = {Happening.FAILED: "failed", Happening.DELAYED: "delayed"}
_DAEMON = "mailer-daemon@relay.invalid"


def as_mail(report: RelayReport, *, message_id: str, sender: str, now: datetime, name: str) -> bytes:
    """A report on the mail of ours that has this Message-ID. sender: who wrote that mail; now: where the
    report tells no time; name: a Message-ID for the report itself.
    """
    complaint = report.happening is Happening.COMPLAINED
    kind = "feedback-report" if complaint else "delivery-status"
    boundary = "=_" + sha256(name.encode()).hexdigest()[:32]
    said = report.diagnostic or f"{report.recipient or 'a recipient'}: {report.happening}"
    head = [
        f"From: Mail Delivery System <{_DAEMON}>",
        f"To: {sender}",
        f"Subject: {'Feedback report' if complaint else 'Delivery status notification'}",
        f"Date: {format_datetime(report.at or now)}",
        f"Message-ID: {name}",
        "Auto-Submitted: auto-replied",  # RFC 3834 §5
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type={kind}; boundary="{boundary}"',
    ]
    parts = (
        ("text/plain; charset=utf-8", [said]),
        (f"message/{kind}", _feedback(report) if complaint else _status(report)),
        ("text/rfc822-headers", [f"Message-ID: {message_id}", f"From: {sender}"]),
    )
    lines = [*head, ""]
    for content_type, content in parts:
        lines += [f"--{boundary}", f"Content-Type: {content_type}", "", *content, ""]
    return "\r\n".join([*lines, f"--{boundary}--", ""]).encode()


def _status(report: RelayReport) -> list[str]:
    """RFC 3464 §2."""
    fields = [f"Action: {_ACTIONS[report.happening]}"]
    if report.recipient:
        fields.insert(0, f"Final-Recipient: rfc822; {report.recipient}")
    if report.status:
        fields.append(f"Status: {report.status}")
    if report.diagnostic:
        fields.append(f"Diagnostic-Code: smtp; {report.diagnostic}")
    return ["Reporting-MTA: dns; relay.invalid", "", *fields]


def _feedback(report: RelayReport) -> list[str]:
    """RFC 5965 §3."""
    fields = ["Feedback-Type: abuse", "User-Agent: Cadence/1", "Version: 1"]
    return [*fields, f"Original-Rcpt-To: <{report.recipient}>"] if report.recipient else fields

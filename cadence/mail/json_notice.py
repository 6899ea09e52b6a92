"""Decide which recipients a notification in JSON reports, as Amazon SES mails them by way of SNS."""

import json
import re
from typing import Any

from cadence.mail.parse import Received
from cadence.mail.report import Recipient, enhanced_status

LARGEST = 100_000
"""Characters."""
_BROKEN = re.compile(r"!?\r?\n ?")
"""How servers cut the one long line of it."""
_KIND = re.compile(r'"(?:notificationType|eventType)"\s*:\s*"Bounce"')


def noticed(received: Received) -> tuple[Recipient, ...]:
    """Return the recipients that a notification of a bounce names; none where the mail is no such thing."""
    text = received.text[:LARGEST].lstrip()
    if not text.startswith("{") or not _KIND.search(text):
        return ()
    try:
        notice, _ = json.JSONDecoder().raw_decode(_BROKEN.sub("", text))
    except (ValueError, RecursionError):
        return ()
    bounce = notice.get("bounce")
    told = bounce.get("bouncedRecipients") if isinstance(bounce, dict) else None
    return tuple(_recipient(one) for one in told if isinstance(one, dict)) if isinstance(told, list) else ()


def _recipient(told: dict[str, Any]) -> Recipient:
    words = str(told.get("diagnosticCode", ""))
    email = told.get("emailAddress")
    return Recipient(
        email=email if isinstance(email, str) else None,
        original=None,
        action=str(told.get("action", "failed")).lower(),
        status=enhanced_status(str(told.get("status", ""))) or enhanced_status(words),
        diagnostic=words,
    )

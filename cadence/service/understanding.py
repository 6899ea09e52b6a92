"""What a mail says, whatever bytes it is made of; and how a verdict reads as plain data."""

from typing import Any

import structlog

from cadence.core.replies import Verdict, action
from cadence.mail.classify import classify
from cadence.mail.parse import Received, parse

log = structlog.get_logger()


def understand(raw: bytes) -> tuple[Received, Verdict | None]:
    """Parse and classify a mail; never raises, None for what cannot be read."""
    received = parse(raw)
    if received.unreadable is not None:
        return received, None
    try:
        return received, classify(received)
    except Exception as fault:  # a mail that breaks the code is kept and shown, and the loop goes on
        log.exception("mail not understood")
        return Received(unreadable=f"{type(fault).__name__}: {fault}"[:200]), None


def attributes(verdict: Verdict) -> dict[str, Any]:
    """A verdict as plain data, under the names of the vocabulary (docs/replies.md)."""
    return {
        "category": verdict.category.value,
        "confidence": round(verdict.confidence, 3),
        "action": action(verdict).value,
        "evidence": list(verdict.evidence),
        "text": verdict.text,
        "language": verdict.language,
        "loss_reasons": [reason.value for reason in verdict.loss_reasons],
        "competitor": verdict.competitor,
        "resume_on": verdict.resume_on.isoformat() if verdict.resume_on else None,
        "people": [{"name": p.name, "email": p.email, "company": p.company} for p in verdict.people],
        "firm_no": verdict.firm_no,
        "automatic": verdict.automatic,
    }

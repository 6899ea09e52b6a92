"""What a mail says, whatever bytes it is made of; and how a verdict reads as plain data."""

import zlib
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import structlog

from cadence.core.replies import Person, Verdict, action
from cadence.mail.classify import classify
from cadence.mail.headers import Headers
from cadence.mail.intent.model import load, model, shipped, using
from cadence.mail.parse import Received, parse

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Understood:
    """A mail that was read whole, without its bulk.

    received: its heads alone; verdict: None for what cannot be read; packed: the raw mail, compressed;
    digest: of the raw mail.
    """

    uid: int
    received: Received
    verdict: Verdict | None
    packed: bytes
    digest: str


def understand(raw: bytes) -> tuple[Received, Verdict | None]:
    """Parse and classify a mail by the model in use; never raises, None for what cannot be read."""
    received = parse(raw)
    if received.unreadable is not None:
        return received, None
    try:
        verdict = classify(received)
        return received, replace(verdict, model=model().version) if verdict.odds else verdict
    except Exception as fault:  # a mail that breaks the code is kept and shown, and the loop goes on
        log.exception("mail not understood")
        return Received(unreadable=f"{type(fault).__name__}: {fault}"[:200]), None


def digested(mails: list[tuple[int, bytes]], packed: bytes | None = None) -> list[Understood]:
    """Read mails, each with its UID, and keep what is needed of them.

    packed: the file of the model that reads; None is the shipped one.
    """
    with using(load(packed or shipped())):
        return [_digested(uid, raw) for uid, raw in mails]


def _digested(uid: int, raw: bytes) -> Understood:
    received, verdict = understand(raw)
    heads = replace(received, text="", html=None, attachments=(), headers=Headers(), root=None)
    return Understood(uid, heads, verdict, zlib.compress(raw, 6), sha256(raw).hexdigest())


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
        "contract_end": verdict.contract_end.isoformat() if verdict.contract_end else None,
        "people": [_person(person) for person in verdict.people],
        "moved": _person(verdict.moved) if verdict.moved else None,
        "rsvp": verdict.rsvp.value if verdict.rsvp else None,
        "firm_no": verdict.firm_no,
        "automatic": verdict.automatic,
        "model": verdict.model,
    }


def _person(person: Person) -> dict[str, str | None]:
    return {"name": person.name, "email": person.email, "company": person.company}

"""Reads what relays report of mails that they took, each in its own JSON, as one kind of record.

What a relay calls permanent is of class 5 here, what it calls temporary of class 4, whatever code stands
beside it: it knows whether it goes on trying. What does not concern us is left out.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from cadence.core.errors import InvalidInput
from cadence.core.relays import Happening, RelayKind, RelayReport
from cadence.mail.relay_sender import given_id
from cadence.mail.report import enhanced_status

LONGEST = 1_000
"""Characters of whatever a report says."""
_ARN = re.compile(r"arn:[a-z-]+:ses:([a-z0-9-]+):")
_REFUSED_AS_SPAM = "rejected as spam, or by a policy"
"""Words that `severity.is_sender_fault` knows: the recipient can do nothing for it."""


def read(kind: RelayKind, document: Any) -> list[RelayReport]:
    """The reports in one request of a relay; document: its body, of SES what SNS carries.

    Raises InvalidInput where it is not what that relay sends.
    """
    try:
        return list(_READERS[kind](document))
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError, OSError) as fault:
        raise InvalidInput(f"this is no report of {kind}") from fault


def _ses(document: Any) -> Iterator[RelayReport]:
    """https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html."""
    what = document.get("eventType") or document.get("notificationType")
    if what in _SES_KINDS:
        yield from _ses_report(what, document, document["mail"])


_SES_KINDS = frozenset({"Bounce", "Complaint", "DeliveryDelay", "Delivery", "Reject", "Subscription"})


def _ses_report(what: str, document: Any, mail: Any) -> Iterator[RelayReport]:
    headers = {str(one["name"]).lower(): str(one["value"]) for one in mail.get("headers") or ()}
    written = headers.get("message-id") or (mail.get("commonHeaders") or {}).get("messageId")
    known = (_id(written), _ses_given(mail))
    match what:
        case "Bounce":
            yield from _ses_bounce(document["bounce"], *known)
        case "Complaint" if document["complaint"].get("complaintFeedbackType") != "not-spam":
            for one in document["complaint"]["complainedRecipients"]:
                yield _ses_one(Happening.COMPLAINED, document["complaint"], one["emailAddress"], known)
        case "DeliveryDelay":
            for one in document["deliveryDelay"]["delayedRecipients"]:
                said = (one.get("status"), one.get("diagnosticCode"))
                yield _ses_one(
                    Happening.DELAYED, document["deliveryDelay"], one["emailAddress"], known, *said
                )
        case "Delivery":
            for email in document["delivery"]["recipients"]:
                yield _ses_one(Happening.DELIVERED, document["delivery"], email, known)
        case "Reject" | "Subscription":
            yield from _ses_of_all(what, document, mail, known)


def _ses_of_all(
    what: str, document: Any, mail: Any, known: tuple[str | None, str | None]
) -> Iterator[RelayReport]:
    """What holds for everybody to whom a mail went, since the report names nobody."""
    for email in mail["destination"]:
        if what == "Reject":
            said = ("5.7.1", f"{_REFUSED_AS_SPAM}: {document['reject'].get('reason')}")
            yield _ses_one(Happening.FAILED, {"timestamp": mail["timestamp"]}, email, known, *said)
        elif document["subscription"]["newTopicPreferences"].get("unsubscribeAll"):
            yield _ses_one(Happening.UNSUBSCRIBED, document["subscription"], email, known)


def _ses_given(mail: Any) -> str | None:
    """The Message-ID that SES wrote into a mail; it names the region in which it did."""
    region = _ARN.match(mail.get("sourceArn") or "")
    return given_id(_text(mail["messageId"]), region[1]) if region else None


def _ses_bounce(found: Any, written: str | None, given: str | None) -> Iterator[RelayReport]:
    for one in found["bouncedRecipients"]:
        status = _status(
            one.get("status"), found["bounceType"] == "Permanent"
        )  # else Transient, Undetermined
        said = one.get("diagnosticCode") or f"{found['bounceType']}, {found.get('bounceSubType')}"
        yield _ses_one(Happening.FAILED, found, one["emailAddress"], (written, given), status, said)


def _ses_one(
    what: Happening,
    found: Any,
    email: Any,
    known: tuple[str | None, str | None],
    status: str | None = None,
    said: Any = "",
) -> RelayReport:
    written, given = known
    names = (what, found.get("feedbackId") or given or written, email, found["timestamp"])
    key = " ".join(map(str, names))
    return RelayReport(what, key, written, _text(email), given, status, _text(said), _day(found["timestamp"]))


def _postmark(document: Any) -> Iterator[RelayReport]:
    """https://postmarkapp.com/developer/webhooks/bounce-webhook, and the other kinds beside it."""
    what, kind = document["RecordType"], document.get("Type")
    written = _id((document.get("Metadata") or {}).get("cadence"))
    if what == "Delivery":
        key = f"delivered {document['MessageID']}"
        at = _day(document["DeliveredAt"])
        yield RelayReport(Happening.DELIVERED, key, written, _text(document["Recipient"]), at=at)
        return
    if what == "SubscriptionChange" and document.get("SuppressionReason") == _POSTMARK_UNSUBSCRIBED:
        email, at = _text(document["Recipient"]), _day(document["ChangedAt"])
        key = f"unsubscribed {document['MessageID']} {at}"
        yield RelayReport(Happening.UNSUBSCRIBED, key, written, email, at=at)
    if what not in ("Bounce", "SpamComplaint") or kind not in _POSTMARK:
        return
    happening, status, why = _POSTMARK[kind]
    said = ": ".join(part for part in (why, _text(document.get("Details")) or kind) if part)
    if happening is Happening.FAILED and not why:
        status = _status(enhanced_status(said), status.startswith("5"))
    key, at = f"{what} {document['ID']}", _day(document["BouncedAt"])
    email = _text(document["Email"])
    yield RelayReport(happening, key, written, email, status=status, diagnostic=said[:LONGEST], at=at)


_POSTMARK_UNSUBSCRIBED = "ManualSuppression"
"""https://postmarkapp.com/developer/webhooks/subscription-change-webhook; other reasons come as their own."""
_POSTMARK = {
    "HardBounce": (Happening.FAILED, "5.0.0", ""),
    "BadEmailAddress": (Happening.FAILED, "5.1.3", ""),
    "SoftBounce": (Happening.FAILED, "4.0.0", ""),
    "DnsError": (Happening.FAILED, "4.4.3", ""),
    "Unknown": (Happening.FAILED, "4.0.0", ""),
    "Transient": (Happening.DELAYED, "4.0.0", ""),
    "Blocked": (Happening.FAILED, "5.7.1", _REFUSED_AS_SPAM),
    "SpamNotification": (Happening.FAILED, "5.7.1", _REFUSED_AS_SPAM),
    "VirusNotification": (Happening.FAILED, "5.7.1", _REFUSED_AS_SPAM),
    "DMARCPolicy": (Happening.FAILED, "5.7.1", _REFUSED_AS_SPAM),
    "SpamComplaint": (Happening.COMPLAINED, "", ""),
}
"""https://postmarkapp.com/developer/api/bounce-api#bounce-types; the others are no failures of delivery."""


def _mailgun(document: Any) -> Iterator[RelayReport]:
    """https://documentation.mailgun.com/docs/mailgun/user-manual/events/event-structure."""
    event = document["event-data"]
    what, why = event["event"], _text(event.get("reason"))
    status = event.get("delivery-status") or {}
    said = _text(status.get("message") or status.get("description") or why)
    code = status.get("enhanced-code") or enhanced_status(said)
    happening = _MAILGUN.get(what)
    if what == "failed":
        happening = Happening.FAILED if event.get("severity") == "permanent" else Happening.DELAYED
        code = _status(
            code, happening is Happening.FAILED and why != "old"
        )  # old: it was tried for long enough
        happening = _MAILGUN.get(why, happening)
        if why == "espblock":
            code, said = "5.7.1", f"{_REFUSED_AS_SPAM}: {said}"
    elif what == "rejected":
        happening, code = Happening.FAILED, "5.7.1"
        said = f"{_REFUSED_AS_SPAM}: {(event.get('reject') or {}).get('reason')}"
    if happening is not None:
        written = _id(((event.get("message") or {}).get("headers") or {}).get("message-id"))
        at = datetime.fromtimestamp(float(event["timestamp"]), UTC)
        email = _text(event["recipient"])
        yield RelayReport(
            happening, _text(event["id"]), written, email, status=code, diagnostic=said[:LONGEST], at=at
        )


_MAILGUN = {
    "delivered": Happening.DELIVERED,
    "complained": Happening.COMPLAINED,
    "suppress-complaint": Happening.COMPLAINED,
    "unsubscribed": Happening.UNSUBSCRIBED,
    "suppress-unsubscribe": Happening.UNSUBSCRIBED,
}


def _sendgrid(document: Any) -> Iterator[RelayReport]:
    """https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event."""
    for event in document:
        what, said = event["event"], _text(event.get("reason") or event.get("response"))
        happening, status = _SENDGRID.get(what), event.get("status") or enhanced_status(said)
        if what == "bounce":
            status = _status(status, event.get("type") != "blocked")
        elif what == "dropped":
            status = "5.0.0"
            if said.startswith("Spam Content"):
                status, said = "5.7.1", f"{_REFUSED_AS_SPAM}: {said}"
            elif said.startswith("Spam Reporting"):
                happening = Happening.COMPLAINED
            elif said.startswith("Unsubscribed"):
                happening = Happening.UNSUBSCRIBED
        if happening is not None:
            at = datetime.fromtimestamp(int(event["timestamp"]), UTC)
            written, email = _id(event.get("smtp-id")), _text(event["email"])
            yield RelayReport(
                happening,
                _text(event["sg_event_id"]),
                written,
                email,
                status=status,
                diagnostic=said[:LONGEST],
                at=at,
            )


_SENDGRID = {
    "delivered": Happening.DELIVERED,
    "deferred": Happening.DELAYED,
    "bounce": Happening.FAILED,
    "dropped": Happening.FAILED,
    "spamreport": Happening.COMPLAINED,
    "unsubscribe": Happening.UNSUBSCRIBED,
    "group_unsubscribe": Happening.UNSUBSCRIBED,
}

_READERS: dict[RelayKind, Callable[[Any], Iterable[RelayReport]]] = {
    RelayKind.SES: _ses,
    RelayKind.POSTMARK: _postmark,
    RelayKind.MAILGUN: _mailgun,
    RelayKind.SENDGRID: _sendgrid,
}


def _status(code: Any, permanent: bool) -> str:
    """An enhanced status code (RFC 3463 §2) of the class that the relay says."""
    known = enhanced_status(_text(code))
    return ("5" if permanent else "4") + (known[1:] if known else ".0.0")


def _text(said: Any) -> str:
    """What stands in a field, in one line."""
    return " ".join(str(said or "").split())[:LONGEST]


def _id(said: Any) -> str | None:
    """A Message-ID with its angle brackets, which some leave off."""
    plain = _text(said).strip("<>")
    return f"<{plain}>" if plain else None


def _day(said: Any) -> datetime:
    """An instant in ISO 8601; one without a zone is UTC."""
    at = datetime.fromisoformat(said)
    return at if at.tzinfo else at.replace(tzinfo=UTC)

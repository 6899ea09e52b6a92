"""Relays as they report: requests signed and worded as the published references say, with people made up."""

import hashlib
import hmac
import json
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as new_curve_key
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Request = tuple[dict[str, str], bytes]
"""Header fields and body."""
REGION = "eu-central-1"
TOPIC = f"arn:aws:sns:{REGION}:210987654321:post-bounces"
CERTIFICATE = f"https://sns.{REGION}.amazonaws.com/SimpleNotificationService-{'0a1b' * 8}.pem"
_RSA, _CURVE = generate_private_key(65537, 2048), new_curve_key(SECP256R1())


def packed(document: Any) -> bytes:
    return json.dumps(document).encode()


# --- Amazon SES, by SNS ---


@dataclass
class Sns:
    """The topic to which SES reports; it stands where the way outside is, and has a certificate."""

    now: datetime
    asked: list[str] = field(default_factory=list)
    private: bool = False

    async def get(self, url: str, limit: int) -> bytes | None:
        self.asked.append(url)
        return self.certificate if url == CERTIFICATE else b"<ConfirmSubscriptionResponse/>"

    @property
    def certificate(self) -> bytes:
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sns.amazonaws.com")])
        made = x509.CertificateBuilder(name, name, _RSA.public_key(), x509.random_serial_number())
        made = made.not_valid_before(self.now - timedelta(days=9)).not_valid_after(
            self.now + timedelta(days=9)
        )
        return made.sign(_RSA, SHA256()).public_bytes(Encoding.PEM)

    def says(self, kind: str, message: str, *, version: str = "2", **more: str) -> dict[str, str]:
        said = {
            "Type": kind,
            "MessageId": "7f0a6c52-1c6e-5f0e-9a52-3a1a6d2a9b11",
            "TopicArn": TOPIC,
            "Message": message,
            "Timestamp": "2026-03-03T13:00:00.000Z",
            "SignatureVersion": version,
            "SigningCertURL": CERTIFICATE,
        } | more
        names = ("Message", "MessageId", "SubscribeURL", "Subject", "Timestamp", "Token", "TopicArn", "Type")
        signed = "".join(f"{name}\n{said[name]}\n" for name in names if name in said)
        hashed = SHA1() if version == "1" else SHA256()
        return {"Signature": b64encode(_RSA.sign(signed.encode(), PKCS1v15(), hashed)).decode()} | said

    def tells(self, report: dict[str, Any], *, version: str = "2", **more: str) -> Request:
        return {}, packed(self.says("Notification", json.dumps(report), version=version, **more))


def ses(what: str, message_id: str, email: str, given: str = "0107-a-000000", **about: Any) -> dict[str, Any]:
    """What SES says of a mail. about: of the bounce, the complaint, the delivery."""
    part = what[0].lower() + what[1:]
    person = {"emailAddress": email} | about.pop("person", {})
    more: dict[str, Any] = {"timestamp": "2026-03-03T12:59:58.400Z"} | about
    if what == "Delivery":
        more["recipients"] = [email]
    elif what not in ("Reject", "Subscription"):
        more |= {"feedbackId": f"feedback-{message_id}"} if what != "DeliveryDelay" else {}
        more[{"Bounce": "bounced", "Complaint": "complained"}.get(what, "delayed") + "Recipients"] = [person]
    return {
        "eventType": what,
        part: more,
        "mail": {
            "timestamp": "2026-03-03T12:59:51.101Z",
            "messageId": given,
            "sourceArn": f"arn:aws:ses:{REGION}:210987654321:identity/vendor.test",
            "destination": [email],
            "headers": [
                {"name": "From", "value": "rep@vendor.test"},
                {"name": "Message-ID", "value": message_id},
            ],
            "commonHeaders": {"messageId": message_id},
        },
    }


# --- the others ---


def mailgun(key: str, at: datetime, token: str, event: dict[str, Any]) -> Request:
    timestamp = str(int(at.timestamp()))
    signature = hmac.new(key.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
    signed = {"timestamp": timestamp, "token": token, "signature": signature}
    return {}, packed({"signature": signed, "event-data": event})


def mailgun_event(what: str, message_id: str, email: str, **about: Any) -> dict[str, Any]:
    return {
        "event": what,
        "id": f"{what}-{message_id}",
        "timestamp": datetime(2026, 3, 3, 12, 59, 58, tzinfo=UTC).timestamp(),
        "recipient": email,
        "message": {"headers": {"message-id": message_id.strip("<>"), "to": email}},
    } | about


def postmark(kind: str, message_id: str | None, email: str, **about: Any) -> dict[str, Any]:
    record = "SpamComplaint" if kind == "SpamComplaint" else "Bounce"
    metadata = {"cadence": message_id.strip("<>")} if message_id else {}
    return {
        "RecordType": record,
        "ID": crc32(f"{kind} {message_id}".encode()),
        "Type": kind,
        "MessageID": "5d1c1c5e-0b6f-4c8e-8c7c-8f6a1f3b9d20",
        "Email": email,
        "Details": "",
        "BouncedAt": "2026-03-03T12:59:58.1234567Z",
        "Metadata": metadata,
    } | about


def sendgrid_event(what: str, message_id: str, email: str, **about: Any) -> dict[str, Any]:
    return {
        "event": what,
        "email": email,
        "timestamp": 1772542798,
        "smtp-id": message_id,
        "sg_event_id": f"{what}-{message_id}",
    } | about


def sendgrid_key() -> str:
    public = _CURVE.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b64encode(public).decode()


def sendgrid(events: list[dict[str, Any]], timestamp: str = "1772542800") -> Request:
    body = packed(events)
    signature = _CURVE.sign(timestamp.encode() + body, ECDSA(SHA256()))
    prefix = "x-twilio-email-event-webhook-"
    return {f"{prefix}timestamp": timestamp, f"{prefix}signature": b64encode(signature).decode()}, body

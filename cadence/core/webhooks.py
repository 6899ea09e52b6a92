"""Webhooks: what other software can hear of, how a message is signed and proven, and when it is tried again.

Signatures and headers are those of the Standard Webhooks specification 1.0.
"""

import base64
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from cadence.core.errors import Unauthenticated


class WebhookEvent(StrEnum):
    """What a webhook can hear of; the names are public."""

    REPLY_RECEIVED = "reply.received"
    PROSPECT_STATUS_CHANGED = "prospect.status_changed"
    ENROLLMENT_ENDED = "enrollment.ended"
    MESSAGE_SENT = "message.sent"
    DECISION_OPEN = "decision_open"
    TASK_OPENED = "task.opened"
    MAILBOX_FAULT = "mailbox.fault"


TEST = "webhook.test"
"""What is sent when somebody asks for a trial."""

SECRET_MARK = "whsec_"  # noqa: S105 - it says what follows
SECRET_BYTES = 32

GONE = 410
"""By this status a receiver says that it wants to hear nothing more."""

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
WAITS = (
    timedelta(seconds=5),
    5 * _MINUTE,
    30 * _MINUTE,
    2 * _HOUR,
    5 * _HOUR,
    10 * _HOUR,
    14 * _HOUR,
    20 * _HOUR,
    24 * _HOUR,
)
"""Between two tries: a bit more than three days in all."""


def again_at(now: datetime, attempts: int, key: int) -> datetime | None:
    """When to try again after so many tries, None: not any more.

    key: moves the instant by up to a tenth, so that what failed together does not come back together.
    """
    if attempts > len(WAITS):
        return None
    wait = WAITS[attempts - 1]
    return now + wait + wait * (key % 100) / 1000


def secret_of(key: bytes) -> str:
    """A secret as it is shown."""
    return SECRET_MARK + base64.b64encode(key).decode()


def headers(message_id: str, at: datetime, body: bytes, secrets: Iterable[str]) -> Mapping[str, str]:
    """The headers of one try; signed by each of the secrets, while they are being changed."""
    timestamp = str(int(at.timestamp()))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{_signature(secret, signed)}" for secret in secrets),
    }


TOLERANCE = timedelta(minutes=5)
"""How old a message may be, or how far ahead: clocks differ, and what is older may be a repetition."""


def check(given: Mapping[str, str], body: bytes, secrets: Iterable[str], now: datetime) -> None:
    """Make sure that somebody who has one of the secrets sends this now; raises Unauthenticated.

    given: the headers, by lower-case name.
    """
    message_id, timestamp = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    shown = [part.removeprefix("v1,") for part in given.get("webhook-signature", "").split()[:MOST_SHOWN]]
    signed = f"{message_id}.{timestamp}.".encode() + body
    expected = [_signature(secret, signed) for secret in secrets]
    proven = [hmac.compare_digest(one.encode(), right.encode()) for one in shown for right in expected]
    if not (message_id and any(proven)):
        raise Unauthenticated("The signature is wrong.")
    if not re.fullmatch(r"\d{1,12}", timestamp) or abs(now.timestamp() - int(timestamp)) > TOLERANCE.seconds:
        raise Unauthenticated("It was signed too long ago, or its clock is wrong.")


MOST_SHOWN = 10
"""Signatures that are looked at."""


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(SECRET_MARK))
    return base64.b64encode(hmac.digest(key, signed, sha256)).decode()

"""Makes sure that what claims to be a report of a relay is one, before a word of it is believed.

Each relay proves itself in its own way. Whatever fails the proof is refused in the same words, and what it
held is written nowhere.
"""

import hashlib
import hmac
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_public_key

from cadence.core.errors import InvalidInput, Unauthenticated
from cadence.core.relays import RelayKind
from cadence.service.app import App
from cadence.store import relays

log = structlog.get_logger()

REPLAY_WINDOW = timedelta(days=1)
"""For how long a signed time is good: Mailgun tries for eight hours, and clocks differ."""
HEADER = "x-cadence-secret"
USER = "cadence"
"""Under which name, and in which field, a relay that signs nothing shows its secret."""
LONGEST_CERTIFICATE = 20_000
MOST_CERTIFICATES = 20
TOPIC = re.compile(r"arn:aws(?:-cn|-us-gov)?:sns:([a-z]{2}(?:-[a-z]+)+-\d):\d{12}:[A-Za-z0-9_-]{1,256}")
"""The ARN of an SNS topic, with its region."""


@dataclass(frozen=True, slots=True)
class Knock:
    """A request that claims to be a relay's. hook: what we know it by; headers: by lower-case name."""

    relay_id: int
    hook: str
    headers: Mapping[str, str]
    body: bytes


async def opened(app: App, kind: RelayKind, knock: Knock) -> Any:
    """The JSON that a relay reports in; None where it wanted something else, which was done.

    Raises Unauthenticated where it proves nothing, InvalidInput where it is no JSON.
    """
    return await _PROOFS[kind](app, knock)


async def _ses(app: App, knock: Knock) -> Any:
    """https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html."""
    said = _object(_json(knock.body))
    region = TOPIC.fullmatch(knock.hook)
    if region is None or not hmac.compare_digest(_word(said, "TopicArn").encode(), knock.hook.encode()):
        raise _refused("it is of another topic")
    host = f"sns.{region[1]}.amazonaws.com" + (".cn" if region[1].startswith("cn-") else "")
    await _check_signature_of_sns(app, said, host)
    match said.get("Type"):
        case "Notification":
            return _told(_word(said, "Message"))
        case "SubscriptionConfirmation":
            await _subscribe(app, _word(said, "SubscribeURL"), host)
    return None


def _told(message: str) -> Any:
    """What SES tells; None where that is a word of its own, as when it tries a topic out."""
    try:
        return _json(message.encode())
    except InvalidInput:
        return None


async def _check_signature_of_sns(app: App, said: Mapping[str, Any], host: str) -> None:
    url = _word(said, "SigningCertURL")
    if not re.fullmatch(rf"https://{re.escape(host)}/SimpleNotificationService-[0-9a-f]{{32}}\.pem", url):
        raise _refused("its certificate is not one of SNS in the region of the topic")
    names = _SNS_SIGNED.get(_word(said, "Type"))
    hashed = _SNS_HASHES.get(_word(said, "SignatureVersion"))
    if names is None or hashed is None:
        raise _refused("it is signed in a way that nobody knows")
    signed = "".join(f"{name}\n{_word(said, name)}\n" for name in names if name in said)
    key = (await _certificate(app, url)).public_key()
    try:
        if not isinstance(key, RSAPublicKey):
            raise InvalidSignature
        key.verify(b64decode(_word(said, "Signature")), signed.encode(), PKCS1v15(), hashed)
    except (InvalidSignature, ValueError):
        raise _refused("its signature is wrong") from None


_SNS_HASHES: dict[str, HashAlgorithm] = {"1": SHA1(), "2": SHA256()}  # noqa: S303 - it is what SNS began with
_SNS_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": (
        "Message",
        "MessageId",
        "SubscribeURL",
        "Timestamp",
        "Token",
        "TopicArn",
        "Type",
    ),
}
_SNS_SIGNED["UnsubscribeConfirmation"] = _SNS_SIGNED["SubscriptionConfirmation"]


async def _certificate(app: App, url: str) -> x509.Certificate:
    """The certificate of SNS, fetched once; raises Unauthenticated or, for now, Unreachable."""
    if url not in app.certificates:
        pem = await app.outside.get(url, LONGEST_CERTIFICATE)
        if len(app.certificates) >= MOST_CERTIFICATES:
            app.certificates.clear()
        app.certificates[url] = pem or b""
    try:
        found = x509.load_pem_x509_certificate(app.certificates[url])
    except ValueError:
        del app.certificates[url]
        raise _refused("its certificate cannot be read") from None
    if not found.not_valid_before_utc <= app.clock() <= found.not_valid_after_utc:
        del app.certificates[url]
        raise _refused("its certificate is not valid now")
    return found


async def _subscribe(app: App, url: str, host: str) -> None:
    """Say yes to what we were subscribed to; the URL was signed, and leads to SNS alone."""
    if not url.startswith(f"https://{host}/?"):
        raise _refused("it wants to be confirmed elsewhere than at SNS")
    await app.outside.get(url, LONGEST_CERTIFICATE)
    log.info("a topic of SNS was confirmed")


async def _mailgun(app: App, knock: Knock) -> Any:
    """https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks.

    What is signed is a time and a token, not the report: so a token is good for one report.
    """
    said = _object(_json(knock.body))
    given = _object(said.get("signature"))
    timestamp, token = _word(given, "timestamp"), _word(given, "token")
    expected = hmac.digest(knock.hook.encode(), f"{timestamp}{token}".encode(), "sha256").hex()
    if not hmac.compare_digest(expected.encode(), _word(given, "signature").encode()):
        raise _refused("its signature is wrong")
    await _check_once(app, knock, timestamp, token)
    return said


async def _check_once(app: App, knock: Knock, timestamp: str, token: str) -> None:
    now = app.clock()
    try:
        at = datetime.fromtimestamp(int(timestamp), UTC)
    except (ValueError, OverflowError, OSError):
        raise _refused("its time is none") from None
    if abs(now - at) > REPLAY_WINDOW:
        raise _refused("it was signed too long ago")
    digests = (hashlib.sha256(part).hexdigest() for part in (token.encode(), knock.body))
    async with app.db.write() as tx:
        forget = now - 2 * REPLAY_WINDOW
        if not await relays.use_token(tx, knock.relay_id, *digests, now=now, forget=forget):
            raise _refused("its token was used for another report")


async def _postmark(app: App, knock: Knock) -> Any:
    """Postmark signs nothing: it shows a secret, by HTTP Basic authentication or in a field of its own.

    https://postmarkapp.com/developer/webhooks/webhooks-overview.
    """
    basic = "Basic " + b64encode(f"{USER}:{knock.hook}".encode()).decode("ascii")
    shown = (
        (knock.headers.get("authorization", ""), basic),
        (knock.headers.get(HEADER, ""), knock.hook),
    )
    fits = [hmac.compare_digest(given.encode(), expected.encode()) for given, expected in shown]
    if True not in fits:
        raise _refused("its secret is wrong")
    return _json(knock.body)


async def _sendgrid(app: App, knock: Knock) -> Any:
    """https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features."""
    timestamp = knock.headers.get("x-twilio-email-event-webhook-timestamp", "")
    signature = knock.headers.get("x-twilio-email-event-webhook-signature", "")
    try:
        key = load_der_public_key(b64decode(knock.hook))
        if not isinstance(key, EllipticCurvePublicKey):
            raise InvalidSignature
        key.verify(b64decode(signature), timestamp.encode() + knock.body, ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        raise _refused("its signature is wrong") from None
    return _json(knock.body)


_PROOFS: dict[RelayKind, Callable[[App, Knock], Awaitable[Any]]] = {
    RelayKind.SES: _ses,
    RelayKind.POSTMARK: _postmark,
    RelayKind.MAILGUN: _mailgun,
    RelayKind.SENDGRID: _sendgrid,
}


def proves(kind: RelayKind) -> bool:
    """Whether a kind of relay reports by webhook at all."""
    return kind in _PROOFS


def _refused(why: str) -> Unauthenticated:
    return Unauthenticated(f"This is no report of the relay: {why}.")


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise InvalidInput("A relay reports in JSON.") from None


def _object(document: Any) -> Mapping[str, Any]:
    if not isinstance(document, dict):
        raise InvalidInput("This is no report of the relay.")
    return document


def _word(document: Mapping[str, Any], name: str) -> str:
    found = document.get(name, "")
    if not isinstance(found, str):
        raise InvalidInput("This is no report of the relay.")
    return found

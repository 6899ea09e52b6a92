"""Decides what a connection to a mail server must prove, and what a failed proof means to a person."""

import functools
import ssl
from asyncio import sslproto

sslproto.SSLProtocol.max_size = 17 * 1024
"""asyncio keeps a buffer of this size for each TLS connection, by itself of 256 KiB: with a thousand
mailboxes that is most of the memory. A record, of 16 KiB at most (RFC 8446 §5.1), fits into this one.
"""

_REASONS = {
    "WRONG_VERSION_NUMBER": "the server does not speak TLS from the first byte on this port",
    "UNSUPPORTED_PROTOCOL": "the server speaks only versions of TLS that are no longer safe",
    "TLSV1_ALERT_PROTOCOL_VERSION": "the server speaks only versions of TLS that are no longer safe",
}


@functools.cache
def verifying_context() -> ssl.SSLContext:
    """TLS as every connection uses it unless given another: certificate and name are verified.

    The system's certificates count, or those of the file that SSL_CERT_FILE names.
    """
    return ssl.create_default_context()


def is_passing(fault: ssl.SSLError) -> bool:
    """Whether the connection merely broke off; anything else stays wrong until a person changes something."""
    return isinstance(fault, ssl.SSLEOFError | ssl.SSLZeroReturnError)


NOT_SECURE = "no secure connection"


def is_about_trust(text: str) -> bool:
    """Whether words about a fault say that a server did not prove who it is."""
    return NOT_SECURE in text


def explain(fault: ssl.SSLError) -> str:
    """Say what went wrong in words."""
    verdict = getattr(fault, "verify_message", "")
    if verdict:
        return f"{NOT_SECURE}: the certificate does not verify: {verdict}"
    reason = str(fault.reason or fault)
    return f"{NOT_SECURE}: {_REASONS.get(reason, reason)}"

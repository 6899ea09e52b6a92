"""Repeats the Message-ID that we gave a mail, where a provider may write another one over it.

Gmail's and Exchange's APIs give some mails Message-IDs of theirs, Amazon SES all of them. The copy in Sent,
or what the relay reports, then says by this field which mail of ours it is, and so under which id the reader
has it.
"""

import re

from cadence.mail.parse import Received

FIELD = "X-Original-Message-ID"
_MESSAGE_ID = re.compile(rb"^message-id:[ \t]*(<[^<>\s]+>)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)


def message_id_of(raw: bytes) -> str | None:
    """The Message-ID that a mail of ours was given when it was written, with its angle brackets."""
    found = _MESSAGE_ID.search(raw.partition(b"\r\n\r\n")[0])
    return found[1].decode("ascii") if found else None


def marked(raw: bytes) -> bytes:
    """A mail of ours with the field that repeats its Message-ID."""
    known = message_id_of(raw)
    return raw if known is None else f"{FIELD}: {known}\r\n".encode() + raw


def ids_of(received: Received) -> tuple[str, ...]:
    """Under which Message-IDs a mail of our own mailbox may be known to us: as it left, as we wrote it."""
    known = (received.message_id, *received.headers.ids(FIELD))
    return tuple(dict.fromkeys(one for one in known if one))

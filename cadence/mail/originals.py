"""Repeats the Message-ID that we gave a mail, where a provider may write another one over it.

Gmail's and Exchange's APIs give some mails Message-IDs of theirs. The copy in Sent then says, by this field,
which mail of ours it is, and so under which id the reader has it.
"""

import re

from cadence.mail.parse import Received

FIELD = "X-Original-Message-ID"
_MESSAGE_ID = re.compile(rb"^message-id:[ \t]*(<[^<>\s]+>)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)


def marked(raw: bytes) -> bytes:
    """A mail of ours with the field that repeats its Message-ID."""
    head, _, _ = raw.partition(b"\r\n\r\n")
    found = _MESSAGE_ID.search(head)
    return raw if found is None else FIELD.encode() + b": " + found[1] + b"\r\n" + raw


def ids_of(received: Received) -> tuple[str, ...]:
    """Under which Message-IDs a mail of our own mailbox may be known to us: as it left, as we wrote it."""
    known = (received.message_id, *received.headers.ids(FIELD))
    return tuple(dict.fromkeys(one for one in known if one))

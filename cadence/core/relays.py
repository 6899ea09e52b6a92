"""Relays: the servers through which a team sends, of which kind they are, and what they report of a mail."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RelayKind(StrEnum):
    """Whose server it is; what each does to a mail is in mail/presets.py."""

    SES = "ses"
    POSTMARK = "postmark"
    MAILGUN = "mailgun"
    SENDGRID = "sendgrid"
    POSTFIX = "postfix"
    """One of one's own, Postfix or another that does as the standards say."""


@dataclass(frozen=True, slots=True)
class Relay:
    """A server through which mailboxes send that are read elsewhere.

    smtp: its URL; username: None where it lets us in without a log-in; signs: Cadence signs what leaves by it
    (DKIM); is_heard: something is kept by which its reports are known to be its own.
    """

    id: int
    name: str
    kind: RelayKind
    smtp: str
    username: str | None
    signs: bool
    created_at: datetime
    is_heard: bool = False


class Happening(StrEnum):
    """What a relay says became of a mail that it took."""

    DELIVERED = "delivered"
    DELAYED = "delayed"
    """It goes on trying."""
    FAILED = "failed"
    """It has given up, for good or for now: the status says which."""
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    """By a link or a list of the relay's own."""


@dataclass(frozen=True, slots=True)
class RelayReport:
    """One of them, for one recipient.

    key: names this happening, however often it is told; message_id: as we wrote it, with its angle brackets,
    None where it is not told; given: the Message-ID that the relay wrote over it; status: RFC 3463.
    """

    happening: Happening
    key: str
    message_id: str | None
    recipient: str | None
    given: str | None = None
    status: str | None = None
    diagnostic: str = ""
    at: datetime | None = None

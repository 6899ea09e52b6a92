"""Which of our mails does a message from outside answer?

The clues are tried from the surest to the weakest; the first that leads somewhere decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

CLOCKS_DIFFER = timedelta(days=1)
"""A message may claim to be this much older than the mail of ours that it answers."""


@dataclass(frozen=True, slots=True)
class Clues:
    """What a message says about where it belongs; addresses are normalized.

    reported_id, reported_recipient: from a delivery report; replied_ids: In-Reply-To, then References
    from the latest back (RFC 5322 §3.6.4); invitation: the Message-ID of the mail that invited somebody who
    answers with their calendar; token: of our plus-address, the enrollment's id; returned: the mail of ours
    that names itself in the address to which the message went, which nobody can make up; written_at: the
    message's own date, since an old mail of the same person answers nothing.
    """

    sender: str | None
    replied_ids: tuple[str, ...] = ()
    token: int | None = None
    returned: int | None = None
    invitation: str | None = None
    reported_id: str | None = None
    reported_recipient: str | None = None
    written_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail of ours that left or may have left."""

    message_id: str
    outbound_id: int
    enrollment_id: int
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Index:
    """What is known of our mails, for the clues at hand.

    by_address: the mails to a prospect, and those of threads in which an address took part; by_id: by row.
    """

    by_message_id: Mapping[str, Sent]
    by_enrollment: Mapping[int, Sent]
    by_address: Mapping[str, tuple[Sent, ...]]
    by_id: Mapping[int, Sent] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """The mail that is answered, and the clue that led there."""

    sent: Sent
    why: str


def match(clues: Clues, index: Index) -> Match | None:
    """Find the mail that a message belongs to, or None where it is not about any of ours."""
    if (sent := _named(clues, index)) is not None:
        return sent
    for position, message_id in enumerate(clues.replied_ids):
        if message_id in index.by_message_id:
            clue = "In-Reply-To" if position == 0 else "References"
            return Match(index.by_message_id[message_id], f"{clue} names our mail")
    if clues.token is not None and clues.token in index.by_enrollment:
        return Match(index.by_enrollment[clues.token], "sent to the address of this thread")
    for address, why in (
        (clues.reported_recipient, "the report names an address we wrote to"),
        (clues.sender, "from an address we wrote to or that answered in the thread"),
    ):
        candidates = [sent for sent in index.by_address.get(address or "", ()) if _before(sent, clues)]
        if candidates:
            return Match(max(candidates, key=lambda sent: (sent.sent_at, sent.outbound_id)), why)
    return None


def _named(clues: Clues, index: Index) -> Match | None:
    """The mail that a message names by itself, whoever wrote it."""
    if clues.returned is not None and clues.returned in index.by_id:
        return Match(index.by_id[clues.returned], "sent to the return path of our mail")
    if clues.reported_id and clues.reported_id in index.by_message_id:
        return Match(index.by_message_id[clues.reported_id], "the report names our mail")
    if clues.invitation and clues.invitation in index.by_message_id:
        return Match(index.by_message_id[clues.invitation], "their calendar names our invitation")
    return None


def _before(sent: Sent, clues: Clues) -> bool:
    return clues.written_at is None or sent.sent_at <= clues.written_at + CLOCKS_DIFFER

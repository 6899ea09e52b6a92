"""Which enrollment a received mail is about: the clues in it, and what is known of our mails for them."""

import re
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.address import normalize
from cadence.core.errors import InvalidInput
from cadence.core.matching import Clues, Index, Match, Sent, match
from cadence.core.replies import Verdict
from cadence.mail import return_path
from cadence.mail.originals import ids_of
from cadence.mail.parse import Received
from cadence.service import return_paths
from cadence.service.vault import Vault
from cadence.store import correspondence, inbound

_TOKEN = re.compile(r"\+c(\d{1,15})@")
_MACHINES = ("mailer-daemon", "postmaster", "mail-daemon", "mdaemon", "mailerdaemon")


class Trail:
    """Everything of our mails that the clues in a batch of mails can lead to. vault: knows return paths."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._by_id: dict[int, Sent] = {}
        self._by_message_id: dict[str, Sent] = {}
        self._by_enrollment: dict[int, Sent] = {}
        self._by_address: dict[str, tuple[Sent, ...]] = {}
        self._index = Index(self._by_message_id, self._by_enrollment, self._by_address, self._by_id)

    @classmethod
    async def of(
        cls, vault: Vault, tx: AsyncConnection, mails: Iterable[tuple[Received, Verdict | None]]
    ) -> "Trail":
        """Look up what is known for these mails; verdict: None before a mail was read whole."""
        heads = list(mails)
        clues = [clues_of(vault, head, verdict) for head, verdict in heads]
        ids = {i for clue in clues for i in (*clue.replied_ids, clue.reported_id, clue.invitation) if i}
        ids |= {known for head, _ in heads for known in ids_of(head)}
        keys = {k for clue in clues for k in (clue.sender, clue.reported_recipient) if k}
        took_part = await inbound.enrollments_of_participants(tx, keys)
        threads = {clue.token for clue in clues if clue.token is not None}
        threads |= {enrollment_id for found in took_part.values() for enrollment_id in found}
        returned = {clue.returned for clue in clues if clue.returned is not None}
        trail = cls(vault)
        for row in await correspondence.threads_of(tx, keys, ids, threads, returned):
            left_at = row.sent_at or row.first_attempt_at
            trail._add(row.email_key, Sent(row.message_id, row.id, row.enrollment_id, left_at), row.left_as)
        for key, found in took_part.items():
            for enrollment_id in found:
                trail.joined(enrollment_id, [key])
        return trail

    def joined(self, enrollment_id: int, email_keys: Iterable[str]) -> None:
        """These addresses took part in the thread of an enrollment: what they write next is about it."""
        latest = self._by_enrollment.get(enrollment_id)
        for key in email_keys if latest else ():
            self._by_address[key] = (*self._by_address.get(key, ()), latest)  # type: ignore[arg-type]

    def match(self, received: Received, verdict: Verdict | None) -> Match | None:
        """The mail of ours that a message answers, None where it is about none."""
        return match(clues_of(self._vault, received, verdict), self._index)

    def is_ours(self, received: Received) -> bool:
        """Whether a message is one that we sent ourselves."""
        return self.copied(received) is not None

    def copied(self, received: Received) -> Sent | None:
        """The mail of ours of which a mail in our own folder is a copy."""
        known = (self._by_message_id.get(message_id) for message_id in ids_of(received))
        return next((sent for sent in known if sent), None)

    def is_renamed(self, received: Received) -> bool:
        """Whether a copy of a mail of ours has a Message-ID that is not known yet: its provider's."""
        return self.is_ours(received) and received.message_id not in self._by_message_id

    def _add(self, key: str, sent: Sent, left_as: str | None) -> None:
        self._by_id[sent.outbound_id] = sent
        self._by_message_id |= {known: sent for known in (sent.message_id, left_as) if known}
        self._by_address[key] = (*self._by_address.get(key, ()), sent)
        known = self._by_enrollment.get(sent.enrollment_id, sent)
        self._by_enrollment[sent.enrollment_id] = max(sent, known, key=lambda s: (s.sent_at, s.outbound_id))


def clues_of(vault: Vault, received: Received, verdict: Verdict | None) -> Clues:
    """What a message says about where it belongs.

    What went to a return path that is not ours, though it looks like one, reports on nobody's address.
    """
    bounce = verdict.bounce if verdict else None
    paths = [address for address in received.recipients_seen if return_path.token_in(address)]
    returned = next((known for path in paths if (known := return_paths.message_of(vault, path))), None)
    forged = bool(paths) and returned is None
    tokens = (_TOKEN.search(address) for address in received.recipients_seen)
    return Clues(
        sender=sender_of(received),
        replied_ids=(*received.in_reply_to, *reversed(received.references)),
        invitation=f"<{verdict.invitation}>" if verdict and verdict.invitation else None,
        token=next((int(token[1]) for token in tokens if token), None),
        returned=returned,
        reported_id=bounce.original_message_id if bounce else None,
        reported_recipient=key_of(bounce.recipient) if bounce and bounce.recipient and not forged else None,
        written_at=received.date,
    )


def looks_like_report(head: Received) -> bool:
    """Whether a mail may be about a mail of ours that only its body names."""
    sender = head.sender.email.lower() if head.sender else ""
    return (
        not sender
        or sender.startswith(_MACHINES)
        or head.headers.get("content-type").lower().startswith("multipart/report")
        or head.headers.get("return-path").strip() == "<>"
        or "x-failed-recipients" in head.headers
        or "auto-submitted" in head.headers
    )


def identity(received: Received, digest: str) -> str:
    """By which the same mail in two folders, or after a renumbering, is recognized.

    digest: of the whole mail, for one that has no Message-ID.
    """
    if received.message_id is None:
        return digest
    sender = received.sender.email if received.sender else ""
    parts = (received.message_id, sender, str(received.date), received.subject)
    return sha256("\0".join(parts).encode(errors="replace")).hexdigest()


@lru_cache(10_000)
def key_of(email: str) -> str | None:
    """The normalized form of an address in a mail, None where it is none."""
    try:
        return normalize(email)
    except InvalidInput:
        return None


def sender_of(received: Received) -> str | None:
    """The normalized address that a mail came from."""
    return key_of(received.sender.email) if received.sender else None


def participants(received: Received) -> set[str]:
    """Everybody whom an answer to this mail would reach, and who wrote it."""
    people = (received.sender, *received.reply_to, *received.cc)
    return {key for person in people if person and (key := key_of(person.email))}


def recipients(received: Received) -> set[str]:
    """Everybody to whom a mail was written."""
    return {key for person in (*received.to, *received.cc) if (key := key_of(person.email))}

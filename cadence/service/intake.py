"""What is done with one mail of a mailbox: does it concern us, what does it say, what follows."""

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.address import normalize
from cadence.core.errors import InvalidInput
from cadence.core.lifecycle import Fact
from cadence.core.matching import Clues, Index, Match, Sent, match
from cadence.core.model import Mailbox, TaskKind
from cadence.core.replies import AUTOMATIC, Verdict, action
from cadence.mail.parse import Received
from cadence.service import outcomes, reacting, transitions
from cadence.service.app import App
from cadence.service.understanding import understand
from cadence.store import correspondence, enrollments, events, inbound, locks, mailboxes, prospects, tasks
from cadence.store.mailboxes import Cursor

_TOKEN = re.compile(r"\+c(\d{1,15})@")
_MACHINES = ("mailer-daemon", "postmaster", "mail-daemon", "mdaemon", "mailerdaemon")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mail is in a mailbox; is_sent: in the folder of what the rep sent."""

    mailbox: Mailbox
    folder: str
    uidvalidity: int
    uid: int
    is_sent: bool


async def concerning(
    app: App, tx: AsyncConnection, heads: Sequence[Received], *, is_sent: bool
) -> list[bool]:
    """Which of these mails, known by their headers only, must be fetched whole."""
    index = await _index(tx, heads)
    if is_sent:
        known = await prospects.known(tx, {key for head in heads for key in _recipients(head)})
        unproven = await correspondence.unproven(tx, {head.message_id for head in heads if head.message_id})
        return [
            head.message_id in unproven  # which proves that it left
            or bool(_recipients(head) & known and head.message_id not in index.by_message_id)
            for head in heads
        ]
    ours = await mailboxes.address_keys(tx)
    return [
        key_of(head.sender.email if head.sender else "") not in ours
        and (_looks_like_report(head) or _match(head, None, index) is not None)
        for head in heads
    ]


async def take_in(app: App, place: Place, raw: bytes, head: Received) -> int:
    """Keep a mail, let it act, and move the cursor past it, all at once; 1 if it concerned us."""
    received, verdict = await asyncio.to_thread(understand, raw)
    async with app.db.write() as tx:
        await locks.intake_of(tx, place.mailbox.id)
        done = await _take_in(app, tx, place, raw, received if received.unreadable is None else head, verdict)
        cursor = Cursor(place.uidvalidity, place.uid)
        await mailboxes.move_cursor(tx, place.mailbox.id, place.folder, cursor)
    return int(done)


async def _take_in(
    app: App, tx: AsyncConnection, place: Place, raw: bytes, received: Received, verdict: Verdict | None
) -> bool:
    key = _key(received, raw)
    if await inbound.is_known(tx, place.mailbox.id, key, place.folder, place.uidvalidity, place.uid):
        return False
    index = await _index(tx, [received], verdict)
    if place.is_sent:
        return await _own_mail(app, tx, place, received, index)
    found = _match(received, verdict, index)
    if found is None and (verdict is not None or not _looks_like_report(received)):
        return False
    prospect_id = None
    if found is not None:
        prospect_id = (await enrollments.get(tx, found.sent.enrollment_id)).prospect_id
    inbound_id = await inbound.add(
        tx,
        raw=raw,
        verdict=verdict,
        mailbox_id=place.mailbox.id,
        folder=place.folder,
        uidvalidity=place.uidvalidity,
        uid=place.uid,
        message_key=key,
        enrollment_id=found.sent.enrollment_id if found else None,
        prospect_id=prospect_id,
        outbound_id=found.sent.outbound_id if found else None,
        matched_by=found.why if found else None,
        sender=received.sender.email if received.sender else None,
        subject=received.subject,
        written_at=received.date,
        received_at=app.clock(),
        action=action(verdict) if verdict else None,
        unreadable=None if verdict else received.unreadable or "it could not be understood",
    )
    if verdict is None:
        await _unreadable(app, tx, place, inbound_id, found)
    elif found is not None:
        await _act(app, tx, place, received, verdict, found, inbound_id)
    return True


async def _act(
    app: App,
    tx: AsyncConnection,
    place: Place,
    received: Received,
    verdict: Verdict,
    found: Match,
    inbound_id: int,
) -> None:
    await locks.company_of(tx, (await enrollments.get(tx, found.sent.enrollment_id)).prospect_id)
    case = await enrollments.case(tx, found.sent.enrollment_id)
    if verdict.category not in AUTOMATIC:
        await enrollments.join(tx, case.enrollment.id, _participants(received))
    await events.add(
        tx,
        f"reply.{verdict.category}",
        "; ".join(verdict.evidence) or "no evidence",
        at=app.clock(),
        prospect_id=case.prospect.id,
        enrollment_id=case.enrollment.id,
        message_id=found.sent.outbound_id,
        inbound_id=inbound_id,
        mailbox_id=place.mailbox.id,
        data={"confidence": verdict.confidence, "matched_by": found.why},
    )
    sender = key_of(received.sender.email) if received.sender else None
    await reacting.react_to(
        app,
        tx,
        case,
        verdict,
        inbound_id=inbound_id,
        outbound_id=found.sent.outbound_id,
        sender=sender,
        written_at=min(received.date or app.clock(), app.clock()),
    )


async def _unreadable(
    app: App, tx: AsyncConnection, place: Place, inbound_id: int, found: Match | None
) -> None:
    """It may be a person's answer: nothing more leaves until somebody has looked at it."""
    about: dict[str, int | None] = {"inbound_id": inbound_id, "mailbox_id": place.mailbox.id}
    if found is not None:
        enrollment = await enrollments.get(tx, found.sent.enrollment_id)
        about |= {"enrollment_id": enrollment.id, "prospect_id": enrollment.prospect_id}
        why = "a mail arrived that could not be read"
        await transitions.apply(app, tx, enrollment.id, Fact.PAUSE, why, inbound_id=inbound_id)
    text = f"A mail in {place.folder} of {place.mailbox.address} could not be read: look at it there"
    await tasks.add(tx, TaskKind.UNREADABLE, text, now=app.clock(), **about)


async def _own_mail(app: App, tx: AsyncConnection, place: Place, received: Received, index: Index) -> bool:
    """A mail in Sent: the proof that one of ours left, or the rep's own, who has taken over."""
    written_at = received.date or app.clock()
    message_id = received.message_id or ""
    if ours := (await correspondence.unproven(tx, [message_id])).get(message_id):
        left = replace(ours, sent_at=ours.sent_at or written_at)
        await outcomes.found_in_sent(app, tx, left, place.mailbox)
        return False
    if message_id in index.by_message_id:
        return False
    for key in sorted(_recipients(received)):
        prospect = await prospects.find(tx, key)
        for enrollment in await enrollments.of_prospect(tx, prospect.id) if prospect else []:
            if written_at < enrollment.started_at:
                continue
            why = f"{place.mailbox.address} wrote to them in person"
            if await transitions.apply(app, tx, enrollment.id, Fact.PAUSE, why):
                await tasks.add(
                    tx,
                    TaskKind.TOOK_OVER,
                    f"{why}: resume the sequence when you are done",
                    now=app.clock(),
                    prospect_id=enrollment.prospect_id,
                    enrollment_id=enrollment.id,
                )
    return False


async def _index(tx: AsyncConnection, heads: Iterable[Received], verdict: Verdict | None = None) -> Index:
    """What is known of our mails, as far as these mails' clues can lead."""
    clues = [_clues(head, verdict) for head in heads]
    ids = {i for clue in clues for i in (*clue.replied_ids, clue.reported_id) if i}
    ids |= {head.message_id for head in heads if head.message_id}
    keys = {k for clue in clues for k in (clue.sender, clue.reported_recipient) if k}
    keys |= {key for head in heads for key in _recipients(head)}
    took_part = await inbound.enrollments_of_participants(tx, keys)
    tokens = {clue.token for clue in clues if clue.token is not None}
    threads = tokens | {e for found in took_part.values() for e in found}
    by_address: dict[str, list[Sent]] = {}
    by_enrollment: dict[int, Sent] = {}
    by_message_id: dict[str, Sent] = {}
    for row in await correspondence.sent_to(tx, keys, ids, threads):
        sent = Sent(row.message_id, row.id, row.enrollment_id, row.sent_at or row.first_attempt_at)
        by_message_id[row.message_id] = sent
        by_address.setdefault(row.email_key, []).append(sent)
        by_enrollment[row.enrollment_id] = max(
            sent, by_enrollment.get(row.enrollment_id, sent), key=lambda s: (s.sent_at, s.outbound_id)
        )
    for key, ids_of_threads in took_part.items():
        by_address.setdefault(key, []).extend(by_enrollment[e] for e in ids_of_threads if e in by_enrollment)
    return Index(by_message_id, by_enrollment, {key: tuple(sent) for key, sent in by_address.items()})


def _match(received: Received, verdict: Verdict | None, index: Index) -> Match | None:
    return match(_clues(received, verdict), index)


def _clues(received: Received, verdict: Verdict | None) -> Clues:
    bounce = verdict.bounce if verdict else None
    tokens = (_TOKEN.search(address) for address in received.recipients_seen)
    return Clues(
        sender=key_of(received.sender.email) if received.sender else None,
        replied_ids=(*received.in_reply_to, *reversed(received.references)),
        token=next((int(token[1]) for token in tokens if token), None),
        reported_id=bounce.original_message_id if bounce else None,
        reported_recipient=key_of(bounce.recipient) if bounce and bounce.recipient else None,
        written_at=received.date,
    )


def _looks_like_report(head: Received) -> bool:
    """Whether a mail may be about a mail of ours that only its body names."""
    sender = head.sender.email.lower() if head.sender else ""
    content_type = (head.headers.get("content-type") or "").lower()
    return (
        not sender
        or sender.startswith(_MACHINES)
        or content_type.startswith("multipart/report")
        or (head.headers.get("return-path") or "").strip() == "<>"
        or head.headers.get("x-failed-recipients") is not None
        or head.headers.get("auto-submitted") is not None
    )


def _key(received: Received, raw: bytes) -> str:
    """By which the same mail in two folders, or after a renumbering, is recognized."""
    if received.message_id is None:
        return sha256(raw).hexdigest()
    sender = received.sender.email if received.sender else ""
    parts = (received.message_id, sender, str(received.date), received.subject)
    return sha256("\0".join(parts).encode(errors="replace")).hexdigest()


def key_of(email: str) -> str | None:
    """The normalized form of an address in a mail, None where it is none."""
    try:
        return normalize(email)
    except InvalidInput:
        return None


def _participants(received: Received) -> set[str]:
    people = (received.sender, *received.reply_to, *received.cc)
    return {key for person in people if person and (key := key_of(person.email))}


def _recipients(received: Received) -> set[str]:
    return {key for person in (*received.to, *received.cc) if (key := key_of(person.email))}

"""What is done with the mails of a mailbox: do they concern us, what do they say, what follows.

A batch is one transaction, in which every mail acts as if it had come alone. A mail that breaks a batch is
taken in alone; one that cannot be taken in at all is kept as unreadable and shown, and the others go on.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.errors import DatabaseAway
from cadence.core.lifecycle import Fact
from cadence.core.matching import Match
from cadence.core.model import Deal, Mailbox, TaskKind
from cadence.core.occasions import event_of
from cadence.core.replies import AUTOMATIC, Category, Verdict, about_invitation, action
from cadence.core.rivals import about_deal
from cadence.core.sequence import Sequence
from cadence.mail.originals import ids_of
from cadence.mail.parse import Received
from cadence.service import forgotten, reacting, sent_folder
from cadence.service.app import App
from cadence.service.reacting import Reply
from cadence.service.tracing import (
    Trail,
    identity,
    key_of,
    looks_like_report,
    participants,
    recipients,
    sender_of,
)
from cadence.service.understanding import Understood
from cadence.store import correspondence, deals, inbound, locks, mailboxes, posting, prospects
from cadence.store.ledger import Ledger
from cadence.store.mailboxes import Cursor

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Place:
    """A folder of a mailbox, as it is numbered now; is_sent: that of what the rep sent."""

    mailbox: Mailbox
    folder: str
    uidvalidity: int
    is_sent: bool


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail that may concern us, read whole. received: its heads; may_report: what it says of a mail of ours
    may stand in its body alone; key: by which it is recognized.
    """

    uid: int
    received: Received
    may_report: bool
    verdict: Verdict | None
    packed: bytes
    key: str

    @classmethod
    def of(cls, mail: Understood, head: Received) -> "Arrived":
        """head: the mail as its headers alone show it, for one that cannot be read."""
        received = mail.received
        if received.unreadable is not None:
            received = replace(head, unreadable=received.unreadable)
        key = identity(received, mail.digest)
        return cls(mail.uid, received, looks_like_report(head), mail.verdict, mail.packed, key)


async def concerning(app: App, heads: list[Received], writers: set[str], *, is_sent: bool) -> list[bool]:
    """Which of these mails, known by their headers only, must be fetched whole.

    writers: who may have taken part in a thread by mails that are not taken in yet; it grows.
    """
    async with app.db.read() as tx:
        trail = await Trail.of(app.vault, tx, ((head, None) for head in heads))
        if is_sent:
            known = await prospects.known(tx, {key for head in heads for key in recipients(head)})
            unproven = await correspondence.unproven(tx, {known for head in heads for known in ids_of(head)})
            return [
                not unproven.keys().isdisjoint(ids_of(head))  # which proves that it left
                or trail.is_renamed(head)
                or bool(recipients(head) & known and not trail.is_ours(head))
                for head in heads
            ]
        ours = await mailboxes.address_keys(tx)
        ours |= await forgotten.among(app, tx, map(sender_of, heads))
    found = []
    for head in heads:
        sender = sender_of(head)
        answers = sender in writers or trail.match(head, None) is not None
        found.append(sender not in ours and (answers or looks_like_report(head)))
        if found[-1]:
            writers |= participants(head)
    return found


async def take_in(app: App, place: Place, mails: list[Arrived], up_to: int) -> int:
    """Keep mails in their order, let them act, and move the cursor past them; gives how many concerned us.

    up_to: the UID up to which everything is dealt with then.
    """
    found = 0
    for batch, last_uid in _batches(place, mails, up_to):
        try:
            found += await _together(app, place, batch, last_uid)
        except Exception as fault:
            if not batch:
                raise
            log.warning("mails are taken in one by one", mailbox_id=place.mailbox.id, fault=str(fault))
            for mail in batch:
                found += await _alone(app, place, mail)
            await _together(app, place, [], last_uid)
    return found


async def take_in_one(app: App, place: Place, mail: Arrived) -> int:
    """Keep a mail that no folder holds, and let it act; gives how many concerned us, none the second time."""
    async with app.db.write() as tx:
        await locks.intake_of(tx, place.mailbox.id)
        return await _keep(app, tx, place, [mail])


def _batches(place: Place, mails: list[Arrived], up_to: int) -> Iterator[tuple[list[Arrived], int]]:
    """What can be one transaction, and how far the cursor moves with it.

    A soft bounce ends a batch: the mail that it is about counts as sent no more, and what follows may
    be about another one. The rep's own mails are taken in one by one.
    """
    batch: list[Arrived] = []
    for mail in mails:
        batch.append(mail)
        soft = mail.verdict is not None and mail.verdict.category is Category.BOUNCE_SOFT
        if (soft or place.is_sent) and mail is not mails[-1]:
            yield batch, mail.uid
            batch = []
    yield batch, up_to


async def _alone(app: App, place: Place, mail: Arrived) -> int:
    try:
        return await _together(app, place, [mail], mail.uid)
    except DatabaseAway:
        raise
    except Exception as fault:
        log.exception("a mail could not be taken in", mailbox_id=place.mailbox.id)
        why = f"{type(fault).__name__}: {fault}"[:200]
        unread = replace(mail, verdict=None, received=replace(mail.received, unreadable=why))
        return await _together(app, place, [unread], mail.uid)


async def _together(app: App, place: Place, mails: list[Arrived], last_uid: int) -> int:
    """Keep mails, let them act, and move the cursor, all at once."""
    async with app.db.write() as tx:
        await locks.intake_of(tx, place.mailbox.id)
        found = await _keep(app, tx, place, mails)
        cursor = Cursor(place.uidvalidity, last_uid)
        await mailboxes.move_cursor(tx, place.mailbox.id, place.folder, cursor)
    return found


async def _keep(app: App, tx: AsyncConnection, place: Place, mails: list[Arrived]) -> int:
    if not mails:
        return 0
    new = await _without_erased(app, tx, await _unknown(tx, place, mails))
    trail = await Trail.of(app.vault, tx, ((mail.received, mail.verdict) for mail in new))
    if place.is_sent:
        for mail in new:
            await sent_folder.take_in(app, tx, place.mailbox, mail.received, trail)
        return 0
    now = app.clock()
    found = [(mail, match) for mail in new for match in (_traced(trail, mail),) if _concerns(mail, match)]
    senders = {key for mail, match in found if match and (key := sender_of(mail.received))}
    ledger = await posting.read(tx, {match.sent.enrollment_id for _, match in found if match}, senders)
    lost = await deals.of_ids(
        tx, {ledger.enrollment(match.sent.enrollment_id).deal_id for _, match in found if match}
    )
    found = [(_heard(ledger, mail, match, lost), match) for mail, match in found]
    ids = await inbound.add_many(tx, [_row(now, ledger, place, mail, match) for mail, match in found])
    sequences = await _sequences(app, tx, ledger, (match for _, match in found if match))
    for (mail, match), inbound_id in zip(found, ids, strict=True):
        if mail.verdict is None:
            _unreadable(ledger, place, inbound_id, match, now)
        elif match is not None:
            reply = _reply(mail, match, mail.verdict, inbound_id, now)
            _record(ledger, place, mail, match, reply, now)
            reacting.act(ledger, reply, sequences[match.sent.enrollment_id], now)
    await posting.write(tx, ledger)
    return len(found)


async def _sequences(
    app: App, tx: AsyncConnection, ledger: Ledger, matches: Iterable[Match]
) -> dict[int, Sequence]:
    """The published sequence of each enrollment."""
    names = {m.sent.enrollment_id: ledger.enrollment(m.sent.enrollment_id).sequence for m in matches}
    published = {name: await app.library.published(tx, name) for name in sorted(set(names.values()))}
    return {of: published[name].content.sequence for of, name in names.items()}


async def _unknown(tx: AsyncConnection, place: Place, mails: list[Arrived]) -> list[Arrived]:
    """The mails that were not kept before, from this place or from another folder of the mailbox."""
    keys, uids = await inbound.known(
        tx,
        place.mailbox.id,
        [mail.key for mail in mails],
        folder=place.folder,
        uidvalidity=place.uidvalidity,
        uids=[mail.uid for mail in mails],
    )
    new = []
    for mail in mails:
        if mail.key not in keys and mail.uid not in uids:
            new.append(mail)
            keys.add(mail.key)
    return new


async def _without_erased(app: App, tx: AsyncConnection, mails: list[Arrived]) -> list[Arrived]:
    """What somebody writes who was erased is kept nowhere, nor that another mail went to them as well."""
    erased = await forgotten.among(app, tx, {key for mail in mails for key in participants(mail.received)})
    if not erased:
        return mails
    return [_addressed_without(mail, erased) for mail in mails if sender_of(mail.received) not in erased]


def _addressed_without(mail: Arrived, erased: set[str]) -> Arrived:
    received = mail.received
    reply_to, cc = (
        tuple(one for one in field if key_of(one.email) not in erased)
        for field in (received.reply_to, received.cc)
    )
    return replace(mail, received=replace(received, reply_to=reply_to, cc=cc))


def _traced(trail: Trail, mail: Arrived) -> Match | None:
    """What a mail is about; whoever takes part in that thread is known to the mails behind it."""
    found = trail.match(mail.received, mail.verdict)
    if found and mail.verdict is not None and mail.verdict.category not in AUTOMATIC:
        trail.joined(found.sent.enrollment_id, participants(mail.received))
    return found


def _heard(ledger: Ledger, mail: Arrived, found: Match | None, lost: dict[int, Deal]) -> Arrived:
    """What a mail says, once it is known who won its deal, and whether what it answers invited somebody."""
    if found is None or mail.verdict is None:
        return mail
    answered = ledger.mails[found.sent.enrollment_id].get(found.sent.outbound_id)
    invited = answered is not None and event_of(answered.story) is not None
    deal = lost[ledger.enrollment(found.sent.enrollment_id).deal_id]
    heard = about_deal(about_invitation(mail.verdict, invited=invited), deal.competitor)
    return replace(mail, verdict=heard)


def _concerns(mail: Arrived, found: Match | None) -> bool:
    """What cannot be read may be about us where a report of ours would look like that."""
    return found is not None or (mail.verdict is None and mail.may_report)


def _row(now: datetime, ledger: Ledger, place: Place, mail: Arrived, found: Match | None) -> dict[str, Any]:
    received, verdict = mail.received, mail.verdict
    enrollment = ledger.enrollment(found.sent.enrollment_id) if found else None
    return {
        "raw": mail.packed,
        "category": verdict.category if verdict else None,
        "confidence": verdict.confidence if verdict else None,
        "verdict": inbound.pack_verdict(verdict) if verdict else None,
        "mailbox_id": place.mailbox.id,
        "folder": place.folder,
        "uidvalidity": place.uidvalidity,
        "uid": mail.uid,
        "message_key": mail.key,
        "enrollment_id": enrollment.id if enrollment else None,
        "prospect_id": enrollment.prospect_id if enrollment else None,
        "outbound_id": found.sent.outbound_id if found else None,
        "matched_by": found.why if found else None,
        "sender": received.sender.email if received.sender else None,
        "subject": received.subject,
        "written_at": received.date,
        "received_at": now,
        "action": action(verdict) if verdict else None,
        "unreadable": None if verdict else received.unreadable or "it could not be understood",
    }


def _reply(mail: Arrived, found: Match, verdict: Verdict, inbound_id: int, now: datetime) -> Reply:
    written_at = min(mail.received.date or now, now)
    sender = sender_of(mail.received)
    return Reply(found.sent.enrollment_id, inbound_id, found.sent.outbound_id, verdict, sender, written_at)


def _record(ledger: Ledger, place: Place, mail: Arrived, found: Match, reply: Reply, now: datetime) -> None:
    """That the reply came, and who takes part in its thread."""
    verdict = reply.verdict
    if verdict.category not in AUTOMATIC:
        ledger.join(reply.enrollment_id, participants(mail.received))
    ledger.note(
        f"reply.{verdict.category}",
        "; ".join(verdict.evidence) or "no evidence",
        at=now,
        prospect_id=ledger.enrollment(reply.enrollment_id).prospect_id,
        enrollment_id=reply.enrollment_id,
        message_id=reply.outbound_id,
        inbound_id=reply.inbound_id,
        mailbox_id=place.mailbox.id,
        data={"confidence": verdict.confidence, "matched_by": found.why},
    )


def _unreadable(ledger: Ledger, place: Place, inbound_id: int, found: Match | None, now: datetime) -> None:
    """It may be a person's answer: nothing more leaves until somebody has looked at it."""
    about: dict[str, int | None] = {"inbound_id": inbound_id, "mailbox_id": place.mailbox.id}
    why = "a mail arrived that could not be read"
    if found is not None:
        enrollment = ledger.enrollment(found.sent.enrollment_id)
        about |= {"enrollment_id": enrollment.id, "prospect_id": enrollment.prospect_id}
        reacting.apply(ledger, enrollment.id, Fact.PAUSE, why, now, inbound_id=inbound_id)
    ledger.note("reply.unreadable", why, at=now, data=None, **about)
    text = f"A mail in {place.folder} of {place.mailbox.address} could not be read: look at it there"
    ledger.ask(TaskKind.UNREADABLE, text, now=now, **about)

"""What follows from a mail in the folder of what the rep sent.

A provider's API may give a mail of ours a Message-ID of its own. Its copy there tells which, so that what
people answer is known to be an answer to it, and what follows stands below it.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.lifecycle import Fact
from cadence.core.model import Mailbox, MessageState, OutboundMessage, TaskKind
from cadence.mail.endpoint import is_api
from cadence.mail.originals import ids_of
from cadence.mail.parse import Received
from cadence.service import outcomes, transitions
from cadence.service.app import App
from cadence.service.tracing import Trail, recipients
from cadence.store import correspondence, enrollments, letters, messages, prospects, tasks

FILED_WITHIN = timedelta(minutes=15)
CLOCKS_DIFFER = timedelta(minutes=2)
"""How much later than ours, and how much earlier, the date of a copy may be."""


async def take_in(app: App, tx: AsyncConnection, mailbox: Mailbox, received: Received, trail: Trail) -> None:
    """Let a mail that the rep sent act: it proves that one of ours left, or that the rep has taken over."""
    written_at = received.date or app.clock()
    if ours := await _original(tx, mailbox, received, trail, written_at):
        if received.message_id not in (None, ours.message_id, ours.left_as):
            await correspondence.leave_as(tx, ours.id, str(received.message_id))
        if ours.state in (MessageState.IN_DOUBT, MessageState.PLANNED):
            left = replace(ours, sent_at=ours.sent_at or written_at)
            await outcomes.found_in_sent(app, tx, left, mailbox)
        return
    for message_id in ids_of(received):
        why = "there is a copy in Sent"
        if answered := await letters.proven(tx, message_id, written_at, why):
            await tasks.close_about(tx, TaskKind.IN_DOUBT, why, now=app.clock(), inbound_id=answered)
            return
    await _take_over(app, tx, mailbox, received, written_at)


async def _original(
    tx: AsyncConnection, mailbox: Mailbox, received: Received, trail: Trail, written_at: datetime
) -> OutboundMessage | None:
    """The mail of ours of which this is a copy: by its ids, or, since Exchange drops what it sees fit to drop
    of what is handed to its API, by reader, subject and time.
    """
    for proven in (await correspondence.unproven(tx, ids_of(received))).values():
        return proven
    if sent := trail.copied(received):
        return await messages.get(tx, sent.outbound_id)
    if not is_api(mailbox.smtp):
        return None
    span = (written_at - FILED_WITHIN, written_at + CLOCKS_DIFFER)
    found = await correspondence.look_alike(tx, mailbox.id, recipients(received), received.subject, span)
    return None if found is None else await messages.get(tx, found)


async def _take_over(
    app: App, tx: AsyncConnection, mailbox: Mailbox, received: Received, written_at: datetime
) -> None:
    for key in sorted(recipients(received)):
        prospect = await prospects.find(tx, key)
        for enrollment in await enrollments.of_prospect(tx, prospect.id) if prospect else []:
            if written_at < enrollment.started_at:
                continue
            why = f"{mailbox.address} wrote to them in person"
            if await transitions.apply(app, tx, enrollment.id, Fact.PAUSE, why):
                await tasks.add(
                    tx,
                    TaskKind.TOOK_OVER,
                    f"{why}: resume the sequence when you are done",
                    now=app.clock(),
                    prospect_id=enrollment.prospect_id,
                    enrollment_id=enrollment.id,
                )

"""What follows from a mail in the folder of what the rep sent."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.lifecycle import Fact
from cadence.core.model import Mailbox, TaskKind
from cadence.mail.parse import Received
from cadence.service import outcomes, transitions
from cadence.service.app import App
from cadence.service.tracing import Trail, recipients
from cadence.store import correspondence, enrollments, letters, prospects, tasks


async def take_in(app: App, tx: AsyncConnection, mailbox: Mailbox, received: Received, trail: Trail) -> None:
    """Let a mail that the rep sent act: it proves that one of ours left, or that the rep has taken over."""
    written_at = received.date or app.clock()
    message_id = received.message_id or ""
    if ours := (await correspondence.unproven(tx, [message_id])).get(message_id):
        left = replace(ours, sent_at=ours.sent_at or written_at)
        await outcomes.found_in_sent(app, tx, left, mailbox)
        return
    if trail.is_ours(received):
        return
    if answered := await letters.found_in_sent(tx, message_id, written_at):
        why = "there is a copy in Sent"
        await tasks.close_about(tx, TaskKind.IN_DOUBT, why, now=app.clock(), inbound_id=answered)
        return
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

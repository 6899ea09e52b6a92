"""Hands the people of one mailbox over to another, when a rep leaves: threads go on, and the new one says so.

What has left stays with who wrote it, and is still read; what is to come is written by the new one, in the
same threads, and the first such mail says from whom they have taken over.
"""

from dataclasses import dataclass

from cadence.core.errors import Conflict
from cadence.core.model import Enrollment, Mailbox, MailboxState
from cadence.core.people import Actor
from cadence.service.app import App
from cadence.store import audit, events, handovers, locks
from cadence.store.handovers import Load


@dataclass(frozen=True, slots=True)
class Preview:
    """What a hand-over would do. refusals: why it cannot be done; empty where it can."""

    load: Load
    refusals: tuple[str, ...]


async def preview(app: App, before: Mailbox, after: Mailbox) -> Preview:
    """Count what would move, and say what stands against it."""
    async with app.db.read() as tx:
        return Preview(await handovers.load(tx, before.id), _refusals(before, after))


async def hand_over(app: App, actor: Actor, before: Mailbox, after: Mailbox) -> Load:
    """Move everything that is to come; gives what was moved. Raises Conflict where it cannot be done."""
    refusals = _refusals(before, after)
    if refusals:
        raise Conflict(refusals[0])
    now = app.clock()
    async with app.db.write() as tx:
        for mailbox_id in sorted((before.id, after.id)):  # whoever marks a mail as leaving holds its mailbox
            await locks.mailbox(tx, mailbox_id)
        load = await handovers.load(tx, before.id)
        await handovers.move(tx, before.id, after.id)
        said = f"{before.address} to {after.address}: {load.people} people, {load.mails} mails"
        await audit.record(tx, actor, "mailbox.handed_over", said, at=now)
        await events.add(tx, "mailbox.handed_over", said, at=now, mailbox_id=before.id)
    return load


def _refusals(before: Mailbox, after: Mailbox) -> tuple[str, ...]:
    found = []
    if before.id == after.id:
        found.append("That is the same mailbox.")
    if after.state is not MailboxState.ACTIVE:
        found.append(f"{after.address} is {after.state}: nothing would leave from it.")
    if before.role is not after.role:
        found.append(f"{before.address} signs as {before.role}, {after.address} as {after.role}.")
    return tuple(found)


def before(enrollment: Enrollment, mailbox_id: int) -> list[int]:
    """Who wrote in this enrollment before a mailbox took over, the last first."""
    found: list[int] = []
    for earlier, later in reversed(enrollment.handovers):
        if later == (found[-1] if found else mailbox_id) and earlier not in (*found, mailbox_id):
            found.append(earlier)
    return found

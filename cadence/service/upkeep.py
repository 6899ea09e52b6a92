"""What is looked after from time to time: pauses that end, mails in doubt, copies owed to Sent, totals."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.delivery import OutcomeKind
from cadence.core.model import Enrollment, Mailbox, MessageState, OutboundMessage
from cadence.service import letters, outcomes, transitions
from cadence.service.app import App, Inbox
from cadence.store import correspondence, enrollments, locks, mailboxes, messages, totals

COPIES_AT_ONCE = 50
DOUBTS_AT_ONCE = 20


async def look_after(app: App) -> Counter[str]:
    """Resume what waited long enough, and see to what dead workers left; counts each.

    Every company whose pause ends gets a transaction of its own, so that nobody waits for more than one.
    """
    now = app.clock()
    done: Counter[str] = Counter()
    async with app.db.read() as tx:
        rested = await enrollments.due_to_resume(tx, now)
        abandoned = await messages.abandoned(tx, now, app.process)
    for enrollment in rested:
        async with app.db.write() as tx:
            done["resumed"] += await _resume(app, tx, enrollment)
    for start in range(0, len(abandoned), DOUBTS_AT_ONCE):
        async with app.db.write() as tx:
            done[OutcomeKind.IN_DOUBT] += await _doubt(app, tx, abandoned[start : start + DOUBTS_AT_ONCE])
    async with app.db.write() as tx:
        done["taken_back"] += await messages.take_back(tx, now, app.process)
    done[OutcomeKind.IN_DOUBT] += await letters.doubt_abandoned(app)
    async with app.db.write() as tx:
        await totals.count(tx, now)
    return done


async def _resume(app: App, tx: AsyncConnection, enrollment: Enrollment) -> bool:
    """The pause is over; False where it was made longer, or ended, before we held the company."""
    await locks.company_of(tx, enrollment.prospect_id)
    if (await enrollments.get(tx, enrollment.id)).resume_at != enrollment.resume_at:
        return False
    return await transitions.resume(app, tx, enrollment.id, "the pause is over")


async def _doubt(app: App, tx: AsyncConnection, forgotten: Sequence[OutboundMessage]) -> int:
    """Nobody finished these mails; counts those that no worker did after all, before we held them."""
    tried = {message.id: message.attempts for message in forgotten}
    await locks.companies_of_mails(tx, tried)
    known = await messages.of_ids(tx, tried)
    still = [one for one in known if (one.state, one.attempts) == (MessageState.SENDING, tried[one.id])]
    for message in still:
        await outcomes.in_doubt(app, tx, message, "the worker that sent it died before it knew")
    return len(still)


async def file_copies(app: App, mailbox: Mailbox) -> int:
    """Put copies of what was sent into Sent, unless the provider files them by itself.

    The first copy of a mailbox tells: if it is there already, none is filed from then on. Raises
    MailboxError; what is still owed is tried again the next time.
    """
    if mailbox.sent_folder is None:
        return 0
    async with app.db.read() as tx:
        owed = await correspondence.to_file(tx, mailbox.id, COPIES_AT_ONCE)
    if not owed:
        return 0
    filed = 0
    async with app.connections.inbox(mailbox) as inbox:
        for message in owed:
            filed += await _file_copy(app, mailbox, mailbox.sent_folder, inbox, message)
    return filed


async def _file_copy(app: App, mailbox: Mailbox, folder: str, inbox: Inbox, message: OutboundMessage) -> bool:
    async with app.db.read() as tx:
        raw = await correspondence.raw(tx, message.id)
    there = bool(await inbox.find(folder, message.message_id))
    if not there:
        await inbox.append(folder, raw, message.sent_at or app.clock())
    async with app.db.write() as tx:
        await correspondence.filed(tx, message.id)
        if mailbox.files_sent is None:
            await mailboxes.change(tx, mailbox.id, files_sent=there)
    return not there

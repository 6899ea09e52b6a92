"""Mails in doubt: the Sent folder of the mailbox is asked whether they left.

A copy there proves that a mail left. That there is none proves that it did not only where the provider
files copies by itself (which the doctor, or the first mail, has shown), and after time enough to do so:
by the clock, and by another that nobody can set.
"""

from datetime import timedelta

from cadence.core.model import Mailbox, OutboundMessage
from cadence.service import outcomes
from cadence.service.app import App
from cadence.store import correspondence, enrollments, locks

FILED_WITHIN = timedelta(minutes=15)
"""Later than this no provider files a copy any more."""

ABSENT = "it is not in the Sent folder, where the provider files what leaves"


async def resolve(app: App, mailbox: Mailbox) -> int:
    """Look for the mails in doubt of a mailbox in its Sent folder; gives how many are certain now.

    Raises MailboxError; what is still in doubt is looked for again the next time.
    """
    if mailbox.sent_folder is None:
        return 0
    async with app.db.read() as tx:
        doubtful = await correspondence.in_doubt(tx, mailbox.id)
    if not doubtful:
        return 0
    certain = 0
    async with app.connections.inbox(mailbox) as inbox:
        for message in doubtful:
            found = bool(await inbox.find(mailbox.sent_folder, message.message_id))
            if found or _is_proof(app, mailbox, message):
                certain += await _settle(app, mailbox, message, found)
    return certain


def _is_proof(app: App, mailbox: Mailbox, message: OutboundMessage) -> bool:
    """Whether the absence of a copy means that the mail did not leave."""
    if not mailbox.files_sent or message.sent_at is None:
        return False
    first_seen = app.doubted.setdefault(message.id, app.steady())  # the clock may jump
    waited = min(app.clock() - message.sent_at, timedelta(seconds=app.steady() - first_seen))
    return waited > FILED_WITHIN


async def _settle(app: App, mailbox: Mailbox, message: OutboundMessage, left: bool) -> bool:
    async with app.db.write() as tx:
        enrollment = await enrollments.get(tx, message.enrollment_id)
        await locks.company_of(tx, enrollment.prospect_id)
        if left:
            return await outcomes.found_in_sent(app, tx, message, mailbox)
        return await outcomes.never_left(app, tx, message, ABSENT)

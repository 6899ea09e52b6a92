"""Where mails stand at the moment: everything that is decided about them, read in one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.dispatch import Facts
from cadence.core.model import Mailbox, OutboundMessage
from cadence.service import courses, grounds
from cadence.service.app import App
from cadence.service.library import Published
from cadence.store import standing
from cadence.store.enrollments import Case
from cadence.store.standing import Standing, Use


@dataclass(frozen=True, slots=True)
class Situation:
    """One mail with everything that is decided about it.

    claimed: the mail as its worker got it; to_read: the mailboxes in which an answer may be waiting.
    """

    claimed: OutboundMessage
    case: Case
    published: Published
    mailbox: Mailbox | None
    facts: Facts
    to_read: frozenset[int]


async def look(app: App, tx: AsyncConnection, claimed: Iterable[OutboundMessage]) -> list[Situation]:
    """Read everything that is decided upon, for mails in their order."""
    by_id = {message.id: message for message in claimed}
    found = await standing.of_messages(tx, by_id)
    stands = [found[message_id] for message_id in by_id]
    published = {
        name: await app.library.published(tx, name)
        for name in sorted({stand.case.enrollment.sequence for stand in stands})
    }
    writers = await standing.writers(tx, {stand.case.account.id for stand in stands})
    uses: dict[int, Use] = {}
    situations = []
    for stand in stands:
        content = published[stand.case.enrollment.sequence]
        mailbox = courses.mailbox_for(stand.case, content.content.sequence.step(stand.message.step))
        if mailbox is not None and mailbox.id not in uses:
            uses[mailbox.id] = await standing.use(
                tx, mailbox.id, courses.midnight(app.clock(), mailbox.place)
            )
        use = uses[mailbox.id] if mailbox else None
        read = dict(writers.get(stand.case.account.id, {}))
        if mailbox is not None and use is not None:
            read[mailbox.id] = use.synced_at
        facts = _facts(stand, content, mailbox, use, _since_when(read.values()))
        situations.append(
            Situation(by_id[stand.message.id], stand.case, content, mailbox, facts, frozenset(read))
        )
    return situations


def _facts(
    stand: Standing,
    published: Published,
    mailbox: Mailbox | None,
    use: Use | None,
    synced_at: datetime | None,
) -> Facts:
    return Facts(
        enrollment=stand.case.enrollment,
        message=stand.message,
        sequence=published.content.sequence,
        place=stand.case.prospect.place,
        mailbox=mailbox,
        ends_at=stand.case.ends_at,
        account_id=stand.case.account.id,
        suppressed=stand.suppressed,
        unreachable=stand.unreachable,
        synced_at=synced_at,
        last_to_prospect=stand.last_to_prospect,
        last_to_account=stand.last_to_account,
        sent_today=use.sent_today if use else 0,
        last_sent_at=use.last_sent_at if use else None,
        first_day=use.first_sent_on if use else None,
        earlier_open=stand.earlier_open,
        ground=grounds.of(stand.case, published.content.sequence),
    )


def _since_when(read: Iterable[datetime | None]) -> datetime | None:
    """Since when all these mailboxes are known to have been read, None where one never was."""
    known = list(read)
    return min((at for at in known if at is not None), default=None) if None not in known else None

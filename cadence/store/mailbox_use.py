"""How many mailboxes at once are used today: a few queries for them all, each along an index."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.store.enrollments import LIVE
from cadence.store.tables import enrollments, mailboxes, messages

MANY = 1000
"""People beyond this are not counted: nobody needs to know on a page whether it is 20,000 or 20,001."""


@dataclass(frozen=True, slots=True)
class DayOfUse:
    """A mailbox today. first_day: of its use; people: enrolled to be written to by it, MANY + 1 for more."""

    first_day: date | None
    read_at: datetime | None
    sent_today: int
    people: int


async def today(tx: AsyncConnection, midnights: Mapping[int, datetime]) -> dict[int, DayOfUse]:
    """How mailboxes are used; midnights: the start of its day by the id of each."""
    sent: dict[int, int] = {}
    by_midnight: dict[datetime, list[int]] = defaultdict(list)
    for mailbox_id, midnight in midnights.items():
        by_midnight[midnight].append(mailbox_id)
    for midnight, ids in by_midnight.items():
        sent |= {row[0]: row[1] for row in await tx.execute(_SENT, {"of": ids, "midnight": midnight})}
    return {
        row.id: DayOfUse(row.first_sent_on, row.synced_at, sent.get(row.id, 0), row.people)
        for row in await tx.execute(_USES, {"of": list(midnights)})
    }


_OF: sa.BindParameter[Any] = sa.bindparam("of", expanding=True)
_SENT = (
    sa.select(messages.c.mailbox_id, sa.func.count())
    .where(messages.c.mailbox_id.in_(_OF), messages.c.sent_at >= sa.bindparam("midnight"))
    .group_by(messages.c.mailbox_id)
)
_FEW = (
    sa.select(enrollments.c.prospect_id)  # which stands in the index that names the mailbox
    .where(enrollments.c.mailbox_id == mailboxes.c.id, enrollments.c.state.in_(LIVE))
    .limit(MANY + 1)
    .correlate(mailboxes)
    .subquery()
)
_PEOPLE = sa.select(sa.func.count()).select_from(_FEW).scalar_subquery()
_USES = sa.select(
    mailboxes.c.id, mailboxes.c.first_sent_on, mailboxes.c.synced_at, _PEOPLE.label("people")
).where(mailboxes.c.id.in_(_OF))

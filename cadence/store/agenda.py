"""Which mailboxes have a mail to look at by a given instant, and from when on."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.store.tables import mailboxes, messages


async def agenda(tx: AsyncConnection, until: datetime) -> dict[int | None, datetime]:
    """The mailboxes with a mail to look at by `until`, each with its first one's instant.

    None among them stands for mails that have no sender.
    """
    rows = await tx.execute(_AGENDA, {"until": until})
    return {row.mailbox_id: row.wake_at for row in rows}


# The queue is asked mailbox by mailbox: one step into its index for each, however many mails wait in it.

_FIRST = sa.select(sa.func.min(messages.c.wake_at)).where(messages.c.wake_at <= sa.bindparam("until"))
_FIRSTS = sa.union_all(
    sa.select(
        mailboxes.c.id.label("mailbox_id"),
        _FIRST.where(messages.c.mailbox_id == mailboxes.c.id)
        .correlate(mailboxes)
        .scalar_subquery()
        .label("wake_at"),
    ),
    sa.select(sa.null(), _FIRST.where(messages.c.mailbox_id.is_(None)).scalar_subquery()),
).subquery()
_AGENDA = sa.select(_FIRSTS).where(_FIRSTS.c.wake_at.is_not(None))

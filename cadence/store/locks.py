"""Who must wait for whom, where several processes write at once.

Whatever changes where somebody stands, and whatever marks a mail to them as being sent, holds the row of
their company: so a mail never leaves after an answer was visible, and two mailboxes never write to one
company at once. The row of a mailbox is held, after the company's, so that its pace is kept. Whoever takes
in what a mailbox received holds that, before any company, so that two readers take in each mail once. The
locks let rows be referred to meanwhile (NO KEY UPDATE): a foreign key that waits for one would close a
circle. On SQLite a transaction that writes is alone anyway.
"""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.store.tables import accounts, mailboxes, messages, prospects

_INTAKE, _TOTALS = 1, 2
"""Name these kinds of locks among the advisory locks of the database."""


async def company_of(tx: AsyncConnection, prospect_id: int) -> bool:
    """Hold the company of a person until the transaction ends.

    True where somebody may have changed it while we waited, so that what was read before is stale.
    """
    if tx.dialect.name == "sqlite":
        return False
    company = sa.select(prospects.c.account_id).where(prospects.c.id == prospect_id).scalar_subquery()
    await _hold(tx, company)
    return True


async def company_of_mail(tx: AsyncConnection, message_id: int) -> None:
    """Hold the company of the person to whom a mail is, until the transaction ends."""
    if tx.dialect.name == "sqlite":
        return
    reader = sa.select(messages.c.prospect_id).where(messages.c.id == message_id).scalar_subquery()
    company = sa.select(prospects.c.account_id).where(prospects.c.id == reader).scalar_subquery()
    await _hold(tx, company)


async def _hold(tx: AsyncConnection, company: sa.ScalarSelect[int]) -> None:
    await tx.execute(sa.select(accounts.c.id).where(accounts.c.id == company).with_for_update(key_share=True))


async def mailbox(tx: AsyncConnection, mailbox_id: int) -> None:
    """Hold a mailbox until the transaction ends."""
    if tx.dialect.name == "sqlite":
        return
    row = sa.select(mailboxes.c.id).where(mailboxes.c.id == mailbox_id)
    await tx.execute(row.with_for_update(key_share=True))


async def intake_of(tx: AsyncConnection, mailbox_id: int) -> None:
    """Be the only one who takes in what a mailbox received, until the transaction ends."""
    if tx.dialect.name != "sqlite":
        await tx.execute(sa.select(sa.func.pg_advisory_xact_lock(_INTAKE, sa.cast(mailbox_id, sa.Integer))))


async def totals(tx: AsyncConnection) -> bool:
    """Be the only one who counts events, until the transaction ends; False where somebody does already."""
    if tx.dialect.name == "sqlite":
        return True
    return bool((await tx.execute(sa.select(sa.func.pg_try_advisory_xact_lock(_TOTALS, 0)))).scalar_one())

"""Who must wait for whom, where several processes write at once.

Whatever changes where somebody stands, and whatever marks a mail to them as being sent, holds the row of
their company: so a mail never leaves after an answer was visible, and two mailboxes never write to one
company at once. The row of a mailbox is held, after the company's, so that its pace is kept. Whoever takes
in what a mailbox received holds that, before any company, so that two readers take in each mail once. The
locks let rows be referred to meanwhile (NO KEY UPDATE): a foreign key that waits for one would close a
circle. On SQLite a transaction that writes is alone anyway.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.store.tables import accounts, mailboxes, messages, prospects

_INTAKE, _TOTALS, _ADMISSION = 1, 2, 3
"""Name these kinds of locks among the advisory locks of the database."""


async def company_of(tx: AsyncConnection, prospect_id: int) -> bool:
    """Hold the company of a person until the transaction ends.

    True where somebody may have changed it while we waited, so that what was read before is stale.
    """
    if tx.dialect.name == "sqlite":
        return False
    await _hold(tx, sa.select(prospects.c.account_id).where(prospects.c.id == prospect_id))
    return True


async def companies_of_mails(tx: AsyncConnection, message_ids: Iterable[int]) -> None:
    """Hold the companies of the people to whom mails are, until the transaction ends.

    In the order of their ids, so that two who hold several never wait for each other.
    """
    if tx.dialect.name == "sqlite":
        return
    readers = sa.select(messages.c.prospect_id).where(messages.c.id.in_(list(message_ids)))
    companies = sa.select(prospects.c.account_id).where(prospects.c.id.in_(readers))
    await _hold(tx, companies)


async def companies_of(tx: AsyncConnection, prospect_ids: Iterable[int]) -> None:
    """Hold the companies of people until the transaction ends, in the order of their ids."""
    if tx.dialect.name != "sqlite":
        await _hold(tx, sa.select(prospects.c.account_id).where(prospects.c.id.in_(list(prospect_ids))))


async def _hold(tx: AsyncConnection, companies: sa.Select[tuple[int]]) -> None:
    held = sa.select(accounts.c.id).where(accounts.c.id.in_(companies)).order_by(accounts.c.id)
    await tx.execute(held.with_for_update(key_share=True))


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


async def admission(tx: AsyncConnection) -> None:
    """Be the only one who lets people in or shuts them out until the transaction ends; before any company."""
    if tx.dialect.name != "sqlite":
        await tx.execute(sa.select(sa.func.pg_advisory_xact_lock(_ADMISSION, 0)))

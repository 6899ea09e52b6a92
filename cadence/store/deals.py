"""Deals that were lost."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.model import Deal
from cadence.core.replies import AUTOMATIC
from cadence.store.database import insert
from cadence.store.tables import accounts, deals, enrollments, events, inbound, prospects


def deal_of(row: Any) -> Deal:
    """Read a deal from a row that holds its columns."""
    return Deal(
        id=row.id,
        account_id=row.account_id,
        name=row.name,
        lost_at=row.lost_at,
        product=row.product,
        reason=row.reason,
        competitor=row.competitor,
        competitor_contract_end=row.competitor_contract_end,
        amount=row.amount,
        crm_id=row.crm_id,
        missing=row.missing,
        missing_ships=row.missing_ships,
        alternative=row.alternative,
        referred_by=row.referred_by,
    )


async def put(
    tx: AsyncConnection,
    *,
    account_id: int,
    name: str,
    lost_at: datetime,
    facts: dict[str, Any],
    now: datetime,
) -> int:
    """The account's deal of this name, made if there is none; what is newly known replaces what was.

    facts: some of bulk.DEAL_FACTS; None leaves a value as it is.
    """
    query = sa.select(deals.c.id).where(deals.c.account_id == account_id, deals.c.name == name)
    deal_id = (await tx.execute(query)).scalar_one_or_none()
    news = {column: value for column, value in facts.items() if value is not None}
    if deal_id is not None:
        if news:
            await tx.execute(deals.update().where(deals.c.id == deal_id).values(**news))
        return int(deal_id)
    values = {"account_id": account_id, "name": name, "lost_at": lost_at, "created_at": now}
    return await insert(tx, deals, **values, **news)


async def get(tx: AsyncConnection, deal_id: int) -> Deal:
    """The deal of this id."""
    return deal_of((await tx.execute(sa.select(deals).where(deals.c.id == deal_id))).one())


async def of_crm(tx: AsyncConnection, crm_id: str) -> list[Deal]:
    """What a CRM knows as one deal: one for each company of its contacts."""
    query = sa.select(deals).where(deals.c.crm_id == crm_id).order_by(deals.c.id)
    return [deal_of(row) for row in await tx.execute(query)]


async def is_taken(tx: AsyncConnection, name: str, account_keys: Iterable[str], crm_id: str) -> bool:
    """Whether one of these companies has another deal of a CRM under this name."""
    query = (
        sa.select(deals.c.id)
        .join(accounts, accounts.c.id == deals.c.account_id)
        .where(accounts.c.key.in_(list(account_keys)), deals.c.name == name, deals.c.crm_id != crm_id)
    )
    return (await tx.execute(query.limit(1))).first() is not None


async def change(tx: AsyncConnection, deal_ids: Iterable[int], **values: Any) -> None:
    """Set some columns of deals."""
    if values:
        await tx.execute(deals.update().where(deals.c.id.in_(list(deal_ids))).values(**values))


async def enrolled_for(tx: AsyncConnection, deal_ids: Iterable[int], sequence: str) -> dict[str, int]:
    """Who was ever enrolled in a sequence for these deals: normalized address → enrollment."""
    query = (
        sa.select(prospects.c.email_key, enrollments.c.id)
        .join(enrollments, enrollments.c.prospect_id == prospects.c.id)
        .where(enrollments.c.deal_id.in_(list(deal_ids)), enrollments.c.sequence == sequence)
        .order_by(enrollments.c.id)
    )
    return {row.email_key: row.id for row in await tx.execute(query)}


async def of_ids(tx: AsyncConnection, deal_ids: Iterable[int]) -> dict[int, Deal]:
    """The deals of these ids."""
    rows = await tx.execute(sa.select(deals).where(deals.c.id.in_(list(deal_ids))))
    return {row.id: deal_of(row) for row in rows}


async def told_contract_ends(tx: AsyncConnection, kind: str, since: datetime) -> list[Any]:
    """Replies read since then that tell when a contract ends, of deals of which that is not known.

    kind: of the events of replies that were heeded before, which are left out. Columns: id, sender, deal_id,
    prospect_id, enrollment_id, ends_on (as text), the oldest first.
    """
    ends_on = inbound.c.verdict["contract_end"].as_string()
    heeded = sa.select(sa.literal(1)).where(events.c.kind == kind, events.c.inbound_id == inbound.c.id)
    query = (
        sa.select(
            inbound.c.id,
            inbound.c.sender,
            inbound.c.prospect_id,
            inbound.c.enrollment_id,
            enrollments.c.deal_id,
            ends_on.label("ends_on"),
        )
        .join(enrollments, enrollments.c.id == inbound.c.enrollment_id)
        .join(deals, deals.c.id == enrollments.c.deal_id)
        .where(
            inbound.c.received_at >= since,
            inbound.c.category.not_in(sorted(AUTOMATIC)),
            ends_on.is_not(None),
            deals.c.competitor_contract_end.is_(None),
            ~sa.exists(heeded),
        )
        .order_by(inbound.c.id)
    )
    return list(await tx.execute(query))

"""Deals that were lost."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.model import Deal
from cadence.store.database import insert
from cadence.store.tables import deals


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

    facts: product, reason, competitor, competitor_contract_end, amount; None leaves a value as it is.
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

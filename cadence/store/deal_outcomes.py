"""What became of lost deals, as a person said."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.people import User
from cadence.store.tables import accounts, deals, enrollments, prospects
from cadence.store.users import in_reach


@dataclass(frozen=True, slots=True)
class DealOutcome:
    """A deal and what became of it. outcome: "won", "let_go", or None while nobody said."""

    deal_id: int
    name: str
    account: str
    amount: str | None
    outcome: str | None
    on: date | None
    outcome_amount: str | None
    reason: str | None


_COLUMNS = (
    deals.c.id,
    deals.c.name,
    accounts.c.name.label("account"),
    deals.c.amount,
    deals.c.outcome,
    deals.c.outcome_on,
    deals.c.outcome_amount,
    deals.c.outcome_reason,
)
_DEALS = sa.select(*_COLUMNS).join(accounts, accounts.c.id == deals.c.account_id)


async def find(tx: AsyncConnection, deal_id: int) -> DealOutcome | None:
    """The deal of this id."""
    row = (await tx.execute(_DEALS.where(deals.c.id == deal_id))).one_or_none()
    return DealOutcome(*row) if row else None


async def of_person(tx: AsyncConnection, email_key: str) -> list[DealOutcome]:
    """The deals for which a person was enrolled, the newest first."""
    theirs = (
        sa.select(enrollments.c.deal_id)
        .join(prospects, prospects.c.id == enrollments.c.prospect_id)
        .where(prospects.c.email_key == email_key)
    )
    rows = await tx.execute(_DEALS.where(deals.c.id.in_(theirs)).order_by(deals.c.id.desc()))
    return [DealOutcome(*row) for row in rows]


async def is_reached(tx: AsyncConnection, deal_id: int, user: User) -> bool:
    """Whether anything of a deal is written from a mailbox for which a user's rights hold."""
    query = sa.select(enrollments.c.id).where(
        enrollments.c.deal_id == deal_id, in_reach(enrollments.c.mailbox_id, user)
    )
    return (await tx.execute(query.limit(1))).first() is not None


async def put(tx: AsyncConnection, deal_id: int, **values: Any) -> None:
    """Set what became of a deal; values: outcome, outcome_on, outcome_amount, outcome_reason."""
    await tx.execute(deals.update().where(deals.c.id == deal_id).values(**values))


async def people_of(tx: AsyncConnection, deal_id: int) -> list[int]:
    """The ids of everybody who was ever enrolled for a deal."""
    query = sa.select(enrollments.c.prospect_id).where(enrollments.c.deal_id == deal_id).distinct()
    return sorted((await tx.execute(query)).scalars())

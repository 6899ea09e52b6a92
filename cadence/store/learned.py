"""What answers taught in the time in which they came, whenever their deals were lost."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.replies import Category
from cadence.store.insights import CATEGORY, HUMAN, NAMES_A_REASON, REASONS, Scope, of_scope, within
from cadence.store.tables import accounts, deals, enrollments, inbound


async def told_why(tx: AsyncConnection, scope: Scope) -> list[Any]:
    """The answers of a scope that name reasons, the oldest first. Columns: inbound_id, deal_id, said."""
    query = (
        sa.select(inbound.c.id.label("inbound_id"), enrollments.c.deal_id, REASONS.label("said"))
        .join(enrollments, enrollments.c.id == inbound.c.enrollment_id)
        .where(HUMAN, NAMES_A_REASON, enrollments.c.deal_id.is_not(None))
        .where(*of_scope(scope), *within(inbound.c.received_at, scope))
        .order_by(inbound.c.id)
    )
    return list(await tx.execute(query))


async def talking_again(tx: AsyncConnection, scope: Scope) -> list[str]:
    """The companies that reopened a deal, or wished to talk, in the answers of a scope."""
    again = (Category.DECISION_OPEN.value, Category.INTERESTED.value)
    query = (
        sa.select(accounts.c.name)
        .select_from(inbound.join(enrollments, enrollments.c.id == inbound.c.enrollment_id))
        .join(deals, deals.c.id == enrollments.c.deal_id)
        .join(accounts, accounts.c.id == deals.c.account_id)
        .where(CATEGORY.in_(again), *of_scope(scope), *within(inbound.c.received_at, scope))
        .group_by(accounts.c.id, accounts.c.name)
        .order_by(sa.func.min(inbound.c.id))
    )
    return list((await tx.execute(query)).scalars())

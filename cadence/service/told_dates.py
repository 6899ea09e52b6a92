"""Keeps when a contract ends, where a reply tells it and the deal does not know; mails at it are planned.

It is done beside the taking in of replies, since it holds all companies of a deal, and those in their order.
What a person says of a deal, that its date is not known among them, is not written over.
"""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from cadence.service import deal_dates
from cadence.service.app import App
from cadence.store import deals, events

RECENT = timedelta(days=1)
"""Replies that were read since then are looked at; by then all of them were, many times."""
KIND = "deal.contract_end"
"""The event that a reply told it; there is one for each reply that was heeded."""


async def look_after(app: App) -> Counter[str]:
    """Heed what replies tell of contracts; counts the deals that know more now."""
    async with app.db.read() as tx:
        told = await deals.told_contract_ends(tx, KIND, app.clock() - RECENT)
    return Counter(contract_ends=sum([await _keep(app, row) for row in told]))


async def _keep(app: App, row: Any) -> bool:
    """Whether the deal knew nothing of it until now."""
    ends_on = date.fromisoformat(row.ends_on)
    async with app.db.write() as tx:
        await deal_dates.hold(tx, row.deal_id)
        before = await deals.get(tx, row.deal_id)
        if before.competitor_contract_end is not None:
            return False
        await deals.change(tx, [row.deal_id], competitor_contract_end=ends_on)
        await events.add(
            tx,
            KIND,
            f"their contract ends on {ends_on}, as {row.sender or 'they'} wrote",
            at=app.clock(),
            prospect_id=row.prospect_id,
            enrollment_id=row.enrollment_id,
            inbound_id=row.id,
        )
        await deal_dates.follow(app, tx, [before])
    return True

"""A CRM says that a deal which was lost is open again, or won: nothing more is sent for it."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.errors import Forbidden, NotFound
from cadence.core.lifecycle import Fact
from cadence.core.model import TaskKind
from cadence.core.rights import Visitor
from cadence.service import deal_outcomes, transitions
from cadence.service.app import App
from cadence.service.deal_outcomes import Outcome, Said
from cadence.store import audit, deals, enrollments, listing, tasks
from cadence.store import deal_outcomes as outcomes
from cadence.store.deal_outcomes import DealOutcome


async def reopened(app: App, visitor: Visitor, crm_id: str, why: str) -> int:
    """Stop everybody of a deal that is open again, and take back what a person said became of it; gives how
    many were stopped. Said again, it changes nothing. Raises NotFound or Forbidden.
    """
    stopped = 0
    for deal in await _known(app, visitor, crm_id):
        if deal.outcome is not None:
            await deal_outcomes.say(app, visitor.actor, deal.deal_id, Said(None))
        stopped += await _end(app, deal.deal_id, why)
    async with app.db.write() as tx:
        await audit.record(tx, visitor.actor, "deal.reopened", crm_id, at=app.clock())
    return stopped


async def won(app: App, visitor: Visitor, crm_id: str, why: str, *, amount: str = "", on: date) -> int:
    """Count a deal as won back, and stop everybody of it; gives how many were stopped. Said again, it changes
    nothing. Raises NotFound, Forbidden or InvalidInput.
    """
    stopped = 0
    for deal in await _known(app, visitor, crm_id):
        stopped += await _end(app, deal.deal_id, why)
        if deal.outcome != Outcome.WON:
            await deal_outcomes.say(app, visitor.actor, deal.deal_id, Said(Outcome.WON, amount=amount, on=on))
    return stopped


async def _known(app: App, visitor: Visitor, crm_id: str) -> list[DealOutcome]:
    """Our deals for it, one for each company, with what became of them."""
    async with app.db.read() as tx:
        found = [await _reached(tx, visitor, deal.id) for deal in await deals.of_crm(tx, crm_id)]
    if not found:
        raise NotFound(f"There is no deal {crm_id}.")
    return found


async def _reached(tx: AsyncConnection, visitor: Visitor, deal_id: int) -> DealOutcome:
    if await listing.one(tx, listing.deal_list(visitor.user), deal_id) is None:
        raise Forbidden("That deal is somebody else's.")
    found = await outcomes.find(tx, deal_id)
    assert found is not None
    return found


async def _end(app: App, deal_id: int, why: str) -> int:
    """Stop everybody of a deal, and ask nobody any more whether they begin."""
    stopped = 0
    async with app.db.write() as tx:
        for one in await enrollments.of_deal(tx, deal_id):
            stopped += await transitions.apply(app, tx, one.id, Fact.STOP, why)
            about = {"enrollment_id": one.id}
            await tasks.close_about(tx, TaskKind.CONFIRM_ENROLLMENT, why, now=app.clock(), **about)
    return stopped

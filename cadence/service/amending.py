"""What other software corrects in a person or a deal, unless somebody else changed it meanwhile."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cadence.core.legal import Ground
from cadence.core.rights import Visitor
from cadence.service import deal_dates, grounds, lists, worded
from cadence.service.app import App
from cadence.service.requests import Request, check, check_ground
from cadence.store import audit, crm_writes, deals, listing, locks, prospects


async def person(
    app: App, visitor: Visitor, prospect_id: int, values: Mapping[str, Any], *, unchanged: str
) -> Any:
    """Change first_name, last_name, title, language, zone, country or region; or basis, basis_source,
    basis_since or basis_until, and then mails that were held for want of a ground go on.

    Raises NotFound, InvalidInput or Stale, and then changes nothing.
    """
    theirs, now = listing.prospect_list(visitor.user), app.clock()
    facts = {name: value for name, value in values.items() if name not in worded.GROUND}
    async with app.db.write() as tx:
        await locks.company_of(tx, prospect_id)
        known = await lists.known(tx, theirs, prospect_id, hold=True)
        lists.check_unchanged(known, unchanged)
        check(Request(known.email, "", **facts), now)
        if facts:
            await prospects.change(tx, prospect_id, **facts)
        if facts.keys() != values.keys():
            ground = _ground(known, values, now)
            await grounds.put(app, tx, visitor.actor, await prospects.get(tx, prospect_id), ground)
        said = f"{known.email}: {', '.join(sorted(values))}"
        await audit.record(tx, visitor.actor, "prospect.changed", said, at=now)
        return await lists.known(tx, theirs, prospect_id)


def _ground(known: Any, values: Mapping[str, Any], now: datetime) -> Ground | None:
    """The ground as it becomes; one of another basis takes nothing over from the one before."""
    before = {name: getattr(known, name) for name in worded.GROUND}
    if values.get("basis", known.basis) != known.basis:
        before = {}
    given = {name: value for name, value in values.items() if name in worded.GROUND}
    if "basis" in given and given["basis"] is None:
        given = {name: value for name, value in given.items() if value is not None}
    ground = worded.ground_in(before | given, now)
    if ground is not None:
        check_ground(ground, now)
    return ground


async def deal(app: App, visitor: Visitor, deal_id: int, values: Mapping[str, Any], *, unchanged: str) -> Any:
    """Change some of bulk.DEAL_FACTS; mails that hang on a date of the deal follow it.

    Raises NotFound, InvalidInput or Stale, and then changes nothing.
    """
    theirs, now = listing.deal_list(visitor.user), app.clock()
    async with app.db.write() as tx:
        await deal_dates.hold(tx, deal_id)
        known = await lists.known(tx, theirs, deal_id, hold=True)
        lists.check_unchanged(known, unchanged)
        values = dict(values)
        if values.get("reason"):
            values["reason"] = worded.loss_reason(values["reason"]) or values["reason"]
        check(Request("", "", deal=values), now)
        before = await deals.get(tx, deal_id)
        await deals.change(tx, [deal_id], **values)
        await deal_dates.follow(app, tx, [before])
        await crm_writes.tell_of(tx, [deal_id], now=now)
        said = f"{deal_id}: {', '.join(sorted(values))}"
        await audit.record(tx, visitor.actor, "deal.changed", said, at=now)
        return await lists.known(tx, theirs, deal_id)

"""What other software corrects in a person or a deal, unless somebody else changed it meanwhile."""

from collections.abc import Mapping
from typing import Any

from cadence.core.rights import Visitor
from cadence.service import deal_dates, fields, lists
from cadence.service.app import App
from cadence.service.requests import Request, check
from cadence.store import audit, deals, listing, prospects


async def person(
    app: App, visitor: Visitor, prospect_id: int, values: Mapping[str, Any], *, unchanged: str
) -> Any:
    """Change first_name, last_name, title, language, zone, country or region.

    Raises NotFound, InvalidInput or Stale, and then changes nothing.
    """
    theirs, now = listing.prospect_list(visitor.user), app.clock()
    async with app.db.write() as tx:
        known = await lists.known(tx, theirs, prospect_id, hold=True)
        lists.check_unchanged(known, unchanged)
        check(Request(known.email, "", **values), now)
        await prospects.change(tx, prospect_id, **values)
        said = f"{known.email}: {', '.join(sorted(values))}"
        await audit.record(tx, visitor.actor, "prospect.changed", said, at=now)
        return await lists.known(tx, theirs, prospect_id)


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
            values["reason"] = fields.loss_reason(values["reason"]) or values["reason"]
        check(Request("", "", deal=values), now)
        before = await deals.get(tx, deal_id)
        await deals.change(tx, [deal_id], **values)
        await deal_dates.follow(app, tx, [before])
        said = f"{deal_id}: {', '.join(sorted(values))}"
        await audit.record(tx, visitor.actor, "deal.changed", said, at=now)
        return await lists.known(tx, theirs, deal_id)

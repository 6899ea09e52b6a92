"""Addresses that nobody is to write to any more, by the word of one of us."""

from typing import Any

from cadence.core.address import normalize
from cadence.core.errors import InvalidInput
from cadence.core.lifecycle import Fact
from cadence.core.rights import Visitor
from cadence.service import transitions
from cadence.service.app import App
from cadence.service.requests import LONGEST_TEXT
from cadence.store import audit, enrollments, listing, locks, prospects


async def add(app: App, visitor: Visitor, email: str, reason: str) -> Any:
    """Let nobody write to an address; whoever is enrolled under it is opted out. Twice is as good as once.

    Raises InvalidInput.
    """
    key, reason = normalize(email), " ".join(reason.split())
    if not reason or len(reason) > LONGEST_TEXT:
        raise InvalidInput("say in a few words why nobody is to write to them")
    now = app.clock()
    async with app.db.write() as tx:
        await locks.admission(tx)
        person = await prospects.find(tx, key)
        if person is not None:
            await locks.company_of(tx, person.id)
            for one in await enrollments.of_prospect(tx, person.id):
                await transitions.apply(app, tx, one.id, Fact.OPT_OUT, f"suppressed: {reason}")
        await prospects.suppress(tx, key, reason=reason, source=visitor.user.email, now=now)
        await audit.record(tx, visitor.actor, "suppression.added", f"{key}: {reason}", at=now)
        (found,) = await listing.page(tx, listing.suppression_list(email_key=key), before=None, limit=1)
        return found

"""Lost deals: a list, and one of them with its company, its people and what they said."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cadence.core.errors import NotFound
from cadence.core.rights import Visitor
from cadence.service.app import App
from cadence.service.paging import Part, cursor, position
from cadence.store import deal_lists

PART = 50


async def search(
    app: App, visitor: Visitor, *, text: str = "", reason: str = "", after: str = "", limit: int = PART
) -> Part[Any]:
    """Deals within reach, the newest first; raises InvalidInput for a cursor that is none."""
    behind = position(after, int)
    async with app.db.read() as tx:
        found = await deal_lists.page(
            tx,
            visitor.user,
            text=text,
            reason=reason,
            before=behind[0] if behind else None,
            limit=limit + 1,
        )
    return Part(found[:limit], cursor(found[limit - 1].id) if len(found) > limit else None)


@dataclass(frozen=True, slots=True)
class Dealt:
    """One deal. people: who was enrolled because of it; said: their replies, the newest first."""

    row: Any
    people: Sequence[Any]
    said: Sequence[Any]

    @property
    def reasons(self) -> list[str]:
        """Why it was lost in the people's own words, each reason once."""
        named = (reason for one in self.said for reason in one.verdict.get("loss_reasons", ()))
        return list(dict.fromkeys(named))


async def look(app: App, visitor: Visitor, deal_id: int) -> Dealt:
    """One deal; raises NotFound, also where nobody of it is within reach."""
    async with app.db.read() as tx:
        row = await deal_lists.one(tx, deal_id)
        people = await deal_lists.people(tx, visitor.user, deal_id) if row else []
        if not people:
            raise NotFound("There is no such deal, or it is somebody else's.")
        return Dealt(row, people, await deal_lists.said(tx, visitor.user, deal_id))

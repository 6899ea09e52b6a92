"""Lost deals and who comes to events: finding them, and one deal with its company, people and reason."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Response

from cadence.core.errors import InvalidInput
from cadence.core.replies import LossReason
from cadence.core.rights import Right
from cadence.service import dealing, occasions, prospecting
from cadence.web import standings, words
from cadence.web.visits import Id, Visit, may

routes = APIRouter()
_Reader = Annotated[Visit, may(Right.READ_PROSPECTS)]


@routes.get("/deals")
async def deals(visit: _Reader, q: str = "", reason: str = "", after: str = "") -> Response:
    """One part of the deals, newest first; htmx asks for the rows only."""
    if len(q) > 200:
        raise InvalidInput("Search for fewer words.")
    picked = {"q": q, "reason": reason}
    return visit.page(
        "deals.html.j2",
        block="rows",
        part=await dealing.search(visit.app, visit.who, text=q.strip(), reason=reason, after=after),
        picked=picked,
        query=urlencode({key: value for key, value in picked.items() if value}),
        after=after,
        events=[] if after or visit.is_fragment else await occasions.every(visit.app, visit.who),
        reasons=list(LossReason),
    )


@routes.get("/deals/{deal_id}")
async def deal(visit: _Reader, deal_id: Id) -> Response:
    """One of them."""
    return visit.page(
        "deal.html.j2",
        deal=await dealing.look(visit.app, visit.who, deal_id),
        standings=standings,
        words=words,
        name_of=prospecting.name_of,
        may_change=Right.CHANGE_PROSPECTS in visit.who.rights,
    )

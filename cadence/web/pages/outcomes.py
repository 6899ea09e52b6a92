"""Where a rep says what became of a lost deal."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Response

from cadence.core.calendar import local
from cadence.core.errors import CadenceError, InvalidInput
from cadence.core.model import Place
from cadence.core.rights import Right
from cadence.service import deal_outcomes
from cadence.service.deal_outcomes import Outcome, Said
from cadence.web.errors import status_of
from cadence.web.visits import Id, Visit, may

routes = APIRouter()
_Text = Annotated[str, Form()]
_Rep = Annotated[Visit, may(Right.CHANGE_PROSPECTS)]


@routes.get("/deals/{deal_id}/outcome")
async def look(visit: _Rep, deal_id: Id) -> Response:
    """What was said so far, and the two ways in which it can end."""
    return await _page(visit, deal_id)


@routes.post("/deals/{deal_id}/outcome")
async def say(
    visit: _Rep, deal_id: Id, outcome: _Text = "", amount: _Text = "", on: _Text = "", reason: _Text = ""
) -> Response:
    """Keep it; an outcome that is empty takes back what was said."""
    deal = await deal_outcomes.look(visit.app, visit.who, deal_id)
    try:
        said = Said(_outcome(outcome), amount=amount, on=_day(on), reason=reason)
        await deal_outcomes.say(visit.app, visit.who.actor, deal_id, said)
    except InvalidInput as fault:
        return await _page(visit, deal_id, fault, {"amount": amount, "reason": reason, "on": on})
    words = {
        "won": "won back. Nothing more is written for it.",
        "let_go": "let go. Nothing more is written for it.",
    }
    return visit.to(f"/deals/{deal_id}/outcome", f"{deal.name} is {words.get(outcome, 'open again.')}")


async def _page(
    visit: Visit, deal_id: int, fault: CadenceError | None = None, typed: dict[str, str] | None = None
) -> Response:
    today = local(visit.app.clock(), Place(visit.who.user.zone)).date()
    return visit.page(
        "outcome.html.j2",
        status=status_of(fault) if fault else 200,
        deal=await deal_outcomes.look(visit.app, visit.who, deal_id),
        fault=fault,
        typed=typed or {"amount": "", "reason": "", "on": today.isoformat()},
    )


def _outcome(text: str) -> Outcome | None:
    try:
        return Outcome(text) if text else None
    except ValueError:
        raise InvalidInput("Say whether it was won back or let go.") from None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput(f"{text[:40]!r} is not a day such as 2026-01-31.") from None

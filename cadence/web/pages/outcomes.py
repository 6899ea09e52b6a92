"""Where a rep says what became of a lost deal, and hands in the letter that its people wrote about us."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Response
from starlette.datastructures import UploadFile

from cadence.core.calendar import local
from cadence.core.errors import CadenceError, Conflict, InvalidInput
from cadence.core.model import Place
from cadence.core.rights import Right
from cadence.service import deal_outcomes, testimonials
from cadence.service.deal_outcomes import Outcome, Said
from cadence.service.testimonials import Copy
from cadence.web.errors import status_of
from cadence.web.visits import Id, Visit, may

routes = APIRouter()
_Text = Annotated[str, Form()]
_ROOM = 16 * 1024
"""Bytes that a form needs around a file."""
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


@routes.post("/deals/{deal_id}/letter", max_body_size=testimonials.LARGEST_LETTER + _ROOM)
async def letter(visit: _Rep, deal_id: Id) -> Response:
    """Draft a mail with a copy to whoever named them to us; it waits for a yes."""
    await deal_outcomes.look(visit.app, visit.who, deal_id)
    form = await visit.form()
    try:
        done = await testimonials.keep(visit.app, visit.who.actor, deal_id, await _copy(form.get("file")))
    except (InvalidInput, Conflict) as fault:
        return await _page(visit, deal_id, fault)
    finally:
        await form.close()
    await visit.app.wake()
    said = [f"A draft to {email} will wait for a yes on Today within minutes." for email in done.drafted]
    said += [f"{email} is not thanked: {why}." for email, why in done.refused.items()]
    return visit.to(f"/deals/{deal_id}/outcome", " ".join(said))


async def _copy(file: object) -> Copy:
    if not isinstance(file, UploadFile) or not file.filename:
        raise InvalidInput("Choose the letter first.")
    return Copy(file.filename, await file.read(testimonials.LARGEST_LETTER + 1))


async def _page(
    visit: Visit, deal_id: int, fault: CadenceError | None = None, typed: dict[str, str] | None = None
) -> Response:
    today = local(visit.app.clock(), Place(visit.who.user.zone)).date()
    return visit.page(
        "outcome.html.j2",
        status=status_of(fault) if fault else 200,
        deal=await deal_outcomes.look(visit.app, visit.who, deal_id),
        fault=fault,
        named_by=await testimonials.named_by(visit.app, deal_id),
        largest=testimonials.LARGEST_LETTER // 1_000_000,
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

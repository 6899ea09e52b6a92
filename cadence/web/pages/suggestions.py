"""Suggestions: people who were named in replies, with the words; each is enrolled, or left alone."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Response

from cadence.core.errors import CadenceError, Conflict, InvalidInput, NotFound
from cadence.core.rights import Right
from cadence.service import prospecting, referring
from cadence.service.paging import Part
from cadence.service.referring import Choice
from cadence.web import words
from cadence.web.errors import status_of
from cadence.web.visits import Id, Visit, may

routes = APIRouter()
_Text = Annotated[str, Form()]
_Reader = Annotated[Visit, may(Right.READ_REPLIES)]


@routes.get("/suggestions")
async def suggestions(visit: _Reader, every: str = "", after: str = "") -> Response:
    """Who waits for a decision, or everybody who was ever named."""
    return await _page(visit, every=bool(every), after=after)


@routes.post("/suggestions/{suggestion_id}/enroll")
async def enroll(
    visit: Annotated[Visit, may(Right.ENROLL)],
    suggestion_id: Id,
    email: _Text = "",
    country: _Text = "",
    sequence: _Text = "",
    consent: _Text = "",
) -> Response:
    """Let them into a sequence; consent: whoever named them agreed to be named in the mails."""
    choice = Choice(
        email=email.strip() or None,
        country=country.strip().upper() or None,
        sequence=sequence or None,
        names_source=bool(consent),
    )
    try:
        made = await referring.enroll(visit.app, visit.who.actor, suggestion_id, choice, visit.who.user)
    except (InvalidInput, Conflict, NotFound) as fault:
        return await _page(
            visit, fault=fault, typed={"id": suggestion_id, "email": email, "country": country}
        )
    await visit.app.wake()
    return visit.to("/suggestions", f"Enrolled in {made.sequence}.")


@routes.post("/suggestions/{suggestion_id}/dismiss")
async def dismiss(visit: Annotated[Visit, may(Right.ANSWER_TASKS)], suggestion_id: Id) -> Response:
    """Leave them alone."""
    one = await referring.dismiss(visit.app, visit.who.actor, suggestion_id, visit.who.user)
    return visit.to("/suggestions", f"{one.name or one.email or 'Whoever was named'} is left alone.")


async def _page(
    visit: Visit,
    *,
    every: bool = False,
    after: str = "",
    fault: CadenceError | None = None,
    typed: dict[str, Any] | None = None,
) -> Response:
    who = visit.who
    part = (
        await referring.every(visit.app, who.user, after=after)
        if every
        else Part(await referring.waiting(visit.app, who.user), None)
    )
    return visit.page(
        "suggestions.html.j2",
        status=status_of(fault) if fault else 200,
        part=part,
        every=every,
        after=after,
        sequences=(await prospecting.choices(visit.app, who)).sequences,
        referral=referring.REFERRAL,
        may_enroll=Right.ENROLL in who.rights,
        fault=fault,
        typed=typed or {"id": 0, "email": "", "country": ""},
        words=words,
    )

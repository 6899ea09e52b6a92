"""Companies as wholes: those nobody will write to; of one, what went wrong and what is covered."""

from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Query, Response

from cadence.core.errors import CadenceError, Conflict, InvalidInput
from cadence.core.rights import Right
from cadence.service import companies
from cadence.service.companies import LONGEST_NOTE, Cover
from cadence.web import standings
from cadence.web.errors import status_of
from cadence.web.visits import Id, Visit, may

routes = APIRouter()
_Text = Annotated[str, Form()]
_Reader = Annotated[Visit, may(Right.READ_PROSPECTS)]

SPANS = (30, 90, 180, 365)
"""The spans of silence that are one click away, in days."""


@routes.get("/companies/silent")
async def silent(
    visit: _Reader, days: Annotated[int, Query(ge=1, le=3660)] = companies.SILENT.days, after: str = ""
) -> Response:
    """Companies with an open deal that nobody will write to for so long; htmx asks for the rows only."""
    return visit.page(
        "silent.html.j2",
        block="rows",
        part=await companies.silent_part(visit.app, visit.who, timedelta(days=days), after=after),
        days=days,
        spans=SPANS,
        after=after,
    )


@routes.get("/companies/{account_id}")
async def company(visit: _Reader, account_id: Id) -> Response:
    """One company."""
    return await _page(visit, account_id)


@routes.post("/companies/{account_id}/covered")
async def covered(
    visit: Annotated[Visit, may(Right.CHANGE_PROSPECTS)],
    account_id: Id,
    reason: _Text = "",
    note: _Text = "",
    on: _Text = "",
    back: _Text = "",
) -> Response:
    """Say that what lost us a deal would not lose us the next, or take that back."""
    try:
        said = None if back else Cover(note, _day(on))
        known = await companies.tick(visit.app, visit.who, account_id, reason, said)
    except (InvalidInput, Conflict) as fault:
        return await _page(visit, account_id, fault, {"reason": reason, "note": note, "on": on})
    name = known.replace("_", " ").capitalize()
    return visit.to(f"/companies/{account_id}", f"{name} is {'not covered yet' if back else 'covered now'}.")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput(f"{text[:40]!r} is not a day such as 2026-01-31.") from None


async def _page(
    visit: Visit, account_id: int, fault: CadenceError | None = None, typed: dict[str, str] | None = None
) -> Response:
    return visit.page(
        "company.html.j2",
        status=status_of(fault) if fault else 200,
        company=await companies.look(visit.app, visit.who, account_id),
        may_change=Right.CHANGE_PROSPECTS in visit.who.rights,
        today=visit.app.clock().date(),
        longest=LONGEST_NOTE,
        instant=datetime.fromisoformat,
        fault=fault,
        typed=typed or {"reason": "", "note": "", "on": ""},
        standings=standings,
    )

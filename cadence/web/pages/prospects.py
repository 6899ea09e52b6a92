"""Prospects: finding them, and one of them with all that was written, heard, decided and is to come."""

from datetime import date, datetime, time
from typing import Annotated, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse

from cadence.core.errors import CadenceError, Conflict, InvalidInput
from cadence.core.lifecycle import Fact
from cadence.core.model import EnrollmentState, ProspectStatus
from cadence.core.replies import LossReason
from cadence.core.rights import Right
from cadence.service import changing, prospecting, steering
from cadence.store.searching import Wanted
from cadence.web import foreign, standings, words
from cadence.web.errors import status_of
from cadence.web.visits import Id, Visit, may

routes = APIRouter()
_Reader = Annotated[Visit, may(Right.READ_PROSPECTS)]
_Changer = Annotated[Visit, may(Right.CHANGE_PROSPECTS)]
_Text = Annotated[str, Form()]


FILTERS = ("q", "status", "state", "sequence", "whose", "reason")
"""What a list is cut by, as forms call it."""


def _picked(request: Request) -> dict[str, str]:
    return {name: request.query_params.get(name, "") for name in FILTERS}


Picked = Annotated[dict[str, str], Depends(_picked)]
"""What somebody chose of FILTERS."""


@routes.get("/prospects")
async def prospects(visit: _Reader, picked: Picked, after: str = "") -> Response:
    """One part of the people, newest first; htmx asks for the rows only."""
    try:
        wanted, fault = wanted_of(picked), None
        part = await prospecting.search(visit.app, visit.who, wanted, after=after)
    except InvalidInput as wrong:
        part, fault = await prospecting.search(visit.app, visit.who, Wanted()), wrong
    return visit.page(
        "prospects.html.j2",
        block="rows",
        status=status_of(fault) if fault else 200,
        part=part,
        picked=picked,
        fault=fault,
        query=urlencode({key: value for key, value in picked.items() if value}),
        after=after,
        choices=await prospecting.choices(visit.app, visit.who),
        statuses=list(ProspectStatus),
        states=list(EnrollmentState),
        reasons=list(LossReason),
        standings=standings,
        name_of=prospecting.name_of,
        may_change=Right.CHANGE_PROSPECTS in visit.who.rights,
    )


def wanted_of(picked: dict[str, str]) -> Wanted:
    """What a list's filters ask for; raises InvalidInput for what cannot be chosen."""
    if len(picked["q"]) > 200:
        raise InvalidInput("Search for fewer words.")
    for value, known in ((picked["status"], ProspectStatus), (picked["state"], EnrollmentState)):
        if value and value not in set(known):
            raise InvalidInput(f"There is no {value[:50]!r} to choose.")
    kind, _, number = picked["whose"].partition("-")
    if picked["whose"] and not (kind in ("owner", "box") and number.isdecimal() and len(number) < 19):
        raise InvalidInput("There is no such mailbox to choose.")
    return Wanted(
        text=picked["q"].strip(),
        status=picked["status"] or None,
        state=picked["state"] or None,
        sequence=picked["sequence"] or None,
        mailbox_id=int(number) if kind == "box" else None,
        owner_id=int(number) if kind == "owner" else None,
        reason=picked["reason"] or None,
    )


@routes.get("/prospects/{prospect_id}")
async def prospect(visit: _Reader, prospect_id: Id, after: str = "") -> Response:
    """One person; htmx asks for more of what happened."""
    return visit.page(
        "prospect.html.j2",
        block="happened",
        story=await prospecting.story(visit.app, visit.who, prospect_id) if not visit.is_fragment else None,
        happened=await prospecting.happened(visit.app, visit.who, prospect_id, after=after),
        prospect_id=prospect_id,
        after=after,
        standings=standings,
        words=words,
        told=prospecting.WORDS,
        may_change=Right.CHANGE_PROSPECTS in visit.who.rights,
    )


@routes.get("/prospects/{prospect_id}/{change}")
async def ask(visit: _Changer, prospect_id: Id, change: str, until: str = "") -> Response:
    """What would happen if they were paused, let go on, stopped or removed."""
    return await _asked(visit, prospect_id, change, until)


@routes.post("/prospects/{prospect_id}/{change}")
async def act(visit: _Changer, prospect_id: Id, change: str, until: _Text = "") -> Response:
    """Pause them, let them go on, stop or remove them."""
    fact = _fact(change)
    try:
        at = until_of(visit, until) if fact is Fact.PAUSE else None
        await changing.change(visit.app, visit.who, prospect_id, fact, at)
    except (InvalidInput, Conflict) as fault:
        return await _asked(visit, prospect_id, change, until, fault)
    await visit.app.wake()
    return visit.to(f"/prospects/{prospect_id}", f"Done: {steering.PAST[fact]}.")


def _fact(change: str) -> Fact:
    if change not in standings.CHANGES:
        raise InvalidInput("That cannot be done to a prospect.")
    return Fact(change)


def until_of(visit: Visit, said: str) -> datetime | None:
    """The morning of a day, where the visitor lives; None where none was said. Raises InvalidInput."""
    if not said:
        return None
    try:
        at = datetime.combine(date.fromisoformat(said), time(8), ZoneInfo(visit.who.user.zone))
    except ValueError:
        raise InvalidInput("Say the day as 2026-03-31.") from None
    if not visit.app.clock() < at < datetime(2100, 1, 1, tzinfo=at.tzinfo):
        raise InvalidInput("A pause ends on a day to come.")
    return at


async def _asked(
    visit: Visit, prospect_id: int, change: str, until: str, fault: CadenceError | None = None
) -> Response:
    fact = _fact(change)
    try:
        at = until_of(visit, until) if fact is Fact.PAUSE and fault is None else None
    except InvalidInput as wrong:
        at, fault = None, wrong
    person, consequences = await prospecting.foreseen(visit.app, visit.who, prospect_id, fact, at)
    facts: dict[str, Any] = {"until": until, "at": at, "change": change, "fact": fact, "fault": fault}
    return visit.page(
        "prospect_change.html.j2",
        status=status_of(fault) if fault else 200,
        person=person,
        name=prospecting.name_of(person),
        consequences=consequences,
        standings=standings,
        told=prospecting.WORDS,
        today=visit.app.clock().date(),
        **facts,
    )


# --- mails ---


@routes.get("/mails/{mail_id}")
async def mail(visit: _Reader, mail_id: Id) -> Response:
    """One mail as it left."""
    found, read = await prospecting.mail(visit.app, visit.who, mail_id)
    return visit.page("mail.html.j2", mail=found, read=read, standings=standings, sandbox=foreign.SANDBOX)


@routes.get("/mails/{mail_id}/html")
async def mail_html(visit: _Reader, mail_id: Id) -> Response:
    """Its HTML as it left, for the frame: it loads nothing, and may do nothing."""
    _, read = await prospecting.mail(visit.app, visit.who, mail_id)
    headers = {"Content-Security-Policy": foreign.POLICY, "X-Frame-Options": "SAMEORIGIN"}
    return HTMLResponse(read.html or "<p>This mail has no HTML.</p>", headers=headers)


@routes.get("/mails/{mail_id}/raw")
async def mail_raw(visit: _Reader, mail_id: Id) -> Response:
    """Its source."""
    found, _ = await prospecting.mail(visit.app, visit.who, mail_id)
    return PlainTextResponse(found.raw.decode("utf-8", "replace"))

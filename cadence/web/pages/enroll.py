"""Enrolling one person in the browser: who they are and what was lost, what would follow, and then yes."""

from typing import Annotated

from fastapi import APIRouter, Response

from cadence.core.errors import CadenceError, Conflict, InvalidInput, NotFound
from cadence.core.replies import LossReason
from cadence.core.rights import Right
from cadence.service import drafting, prospecting, simulating, steering, worded
from cadence.service.drafting import Foreseen
from cadence.service.requests import Request
from cadence.web.errors import status_of
from cadence.web.visits import Visit, may

routes = APIRouter()
_Enroller = Annotated[Visit, may(Right.ENROLL)]

OF_THE_PERSON = ("email", "first_name", "last_name", "title")
"""What differs between two contacts of the same deal."""
TYPED = (
    *OF_THE_PERSON, "language", "country", "company", "industry", "size", "deal_name", "lost_at", "reason",
    "missing", "competitor", "competitor_contract_end", "amount", "product", "alternative", "sequence",
    "mailbox", "executive",
)  # fmt: skip
"""The fields of the form; all but the sequence are columns of an import as well."""
LANGUAGES = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "nl": "Dutch",
    "pt": "Portuguese",
}  # fmt: skip


@routes.get("/prospects/enroll")
async def form(visit: _Enroller, sequence: str = "") -> Response:
    """The form, empty."""
    return await _form(visit, {"sequence": sequence})


@routes.post("/prospects/enroll")
async def act(visit: _Enroller) -> Response:
    """Look at what would follow; or enroll them, and perhaps go on with another contact of the deal."""
    given = await visit.form()
    typed = {name: str(given.get(name) or "").strip() for name in TYPED}
    try:
        request = _request(visit, typed)
        if given.get("act") == "look":
            return await _form(
                visit, typed, foreseen=await drafting.enrollment(visit.app, visit.who, request)
            )
        made = await steering.enroll(visit.app, visit.who, request)
    except (InvalidInput, Conflict, NotFound) as fault:
        return await _form(visit, typed, fault=fault)
    await visit.app.wake()
    if given.get("act") == "another":
        rest = {name: words for name, words in typed.items() if name not in OF_THE_PERSON}
        return await _form(visit, rest, done=f"{request.email} is enrolled in {request.sequence}.")
    return visit.to(f"/prospects/{made.prospect_id}", f"Enrolled in {request.sequence}.")


def _request(visit: Visit, typed: dict[str, str]) -> Request:
    if not typed["sequence"]:
        raise InvalidInput("Choose a sequence.")
    said = {name: words for name, words in typed.items() if name != "sequence"}
    place, now = visit.app.policy.place, visit.app.clock()
    return worded.request_of(said, sequence=typed["sequence"], now=now, place=place)


async def _form(
    visit: Visit,
    typed: dict[str, str],
    *,
    foreseen: Foreseen | None = None,
    fault: CadenceError | None = None,
    done: str = "",
) -> Response:
    return visit.page(
        "enroll.html.j2",
        status=status_of(fault) if fault else 200,
        typed=dict.fromkeys(TYPED, "") | typed,
        sequences=(await prospecting.choices(visit.app, visit.who)).sequences,
        boxes=await simulating.choices(visit.app, visit.who),
        executives=await steering.executives(visit.app),
        reasons=list(LossReason),
        languages=LANGUAGES,
        today=visit.app.clock().date(),
        told=prospecting.WORDS,
        foreseen=foreseen,
        fault=fault,
        done=done,
    )

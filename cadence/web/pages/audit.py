"""Who did what: the audit trail as administrators read it."""

from typing import Annotated

from fastapi import APIRouter, Response

from cadence.core.rights import Right
from cadence.service import auditing
from cadence.web.visits import Visit, may

routes = APIRouter()


@routes.get("/audit")
async def audit(visit: Annotated[Visit, may(Right.AUDIT)], after: str = "") -> Response:
    """One part of the trail, newest first; htmx asks for the rows only."""
    part = await auditing.page(visit.app, after=after)
    return visit.page("audit.html.j2", block="rows", part=part, after=after)

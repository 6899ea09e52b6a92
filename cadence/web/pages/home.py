"""Where a log-in leads: to the first page in the bar that one may see."""

from typing import Annotated

from fastapi import APIRouter, Response

from cadence.core.rights import Right
from cadence.web.navigation import entries
from cadence.web.visits import Visit, may

routes = APIRouter()


@routes.get("/")
async def home(visit: Annotated[Visit, may(Right.IDENTITY)]) -> Response:
    """Lead on."""
    return visit.to(entries(visit.who)[0].path)

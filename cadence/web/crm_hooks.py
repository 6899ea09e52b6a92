"""Where CRMs say that deals changed; a request proves by its CRM's own signature that it is one of theirs.

It is answered at once: which deals it names is kept, and they are read by the next visit.
"""

from collections.abc import Mapping
from typing import Protocol

from fastapi import APIRouter, Request, Response

from cadence.core.errors import CadenceError, CrmError
from cadence.web.errors import status_of
from cadence.web.public import body_of
from cadence.web.visits import Id

LONGEST_NOTICE = 1_000_000
"""Bytes; HubSpot gathers a hundred events into one request."""


class Noticing(Protocol):
    """What a CRM may do here."""

    async def notice(self, connection_id: int, path: str, headers: Mapping[str, str], body: bytes) -> None:
        """Keep which deals a CRM names; raises NotFound, Unauthenticated, CrmError, or our faults."""


def crm_hook_routes(service: Noticing) -> APIRouter:
    """The routes under /hooks/crm/."""
    routes = APIRouter()

    @routes.post("/hooks/crm/{connection_id}", max_body_size=LONGEST_NOTICE)
    async def notice(connection_id: Id, request: Request) -> Response:
        body = await body_of(request, LONGEST_NOTICE)
        if body is None:
            return Response(status_code=413)
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        try:
            await service.notice(connection_id, path, dict(request.headers), body)
        except CrmError:
            return Response(status_code=400)
        except CadenceError as fault:
            return Response(status_code=status_of(fault))
        return Response(status_code=204)

    return routes

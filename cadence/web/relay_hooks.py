"""Where relays report what became of mails; service/relay_proofs.py has them prove it before a word is read.

Whatever is no fault of the report's is answered so that the relay tries again (5xx).
"""

from collections.abc import Mapping
from typing import Protocol

from fastapi import APIRouter, Request, Response

from cadence.core.errors import CadenceError, Unauthenticated
from cadence.web.errors import status_of
from cadence.web.public import body_of
from cadence.web.visits import Id

LONGEST_REPORT = 1_000_000
"""Bytes: SNS carries 256 KiB, and SendGrid gathers many reports into one request."""


class Hearing(Protocol):
    """What a relay may do here."""

    async def hear(self, relay_id: int, headers: Mapping[str, str], body: bytes) -> None:
        """Take in what a relay reports; raises NotFound, Unauthenticated, InvalidInput, or our faults."""


def relay_routes(service: Hearing) -> APIRouter:
    """The routes under /hooks/relay/."""
    routes = APIRouter()

    @routes.post("/hooks/relay/{relay_id}", max_body_size=LONGEST_REPORT)
    async def hear(relay_id: Id, request: Request) -> Response:
        body = await body_of(request, LONGEST_REPORT)
        if body is None:
            return Response(status_code=413)
        try:
            await service.hear(relay_id, dict(request.headers), body)
        except Unauthenticated:
            return Response(status_code=401, headers={"WWW-Authenticate": 'Basic realm="relay"'})
        except CadenceError as fault:
            return Response(status_code=status_of(fault))
        return Response(status_code=200)

    return routes

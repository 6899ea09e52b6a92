"""One call of the API by other software: whose token it brought, and whether that may.

A resource's route declares its right by the type of its parameter, `Annotated[Call, may(Right.…)]`. The
API takes tokens only, never a browser's cookie, so no other site can act through somebody's browser.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer

from cadence.core.errors import Forbidden, Unauthenticated
from cadence.core.rights import Right, Visitor
from cadence.service import api_tokens
from cadence.service.app import App
from cadence.web.api import repeats
from cadence.web.visits import Guard, origin_of

_bearer = HTTPBearer(
    auto_error=False, scheme_name="token", description="A token made on the page “Your account”."
)


@dataclass(frozen=True, slots=True)
class Call:
    """One call. who: whose software asks."""

    request: Request
    app: App
    who: Visitor


class TokenGuard(Guard):
    """Lets in whose token has a right."""

    async def admit(self, request: Request) -> Call:
        """Say who calls; raises Unauthenticated or Forbidden."""
        app: App = request.app.state.cadence
        given = await _bearer(request)
        address = origin_of(request).address
        who = await api_tokens.visitor_of(app, given.credentials, address) if given else None
        if who is None:
            raise Unauthenticated("Send a valid token: Authorization: Bearer cadence_…")
        if self.right not in who.rights:
            raise Forbidden(f"This token lacks the scope {self.right}, or its user may not do this any more.")
        return Call(request, app, who)

    async def __call__(self, request: Request, _: Annotated[object, Depends(_bearer)]) -> Call:
        """Who was admitted before the request was read."""
        call: Call = request.state.call
        return call


def may(right: Right) -> Any:
    """A resource for tokens that have a right: `call: Annotated[Call, may(Right.…)]`."""
    return Depends(TokenGuard(right))


Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Resource(APIRoute):
    """A route of the API: nothing of a request is read before it is known who sends it and whether that may.

    A POST with an Idempotency-Key is carried out once, however often it comes.
    """

    def get_route_handler(self) -> Handler:
        """What answers a request."""
        handle = super().get_route_handler()
        guards = [one.call for one in self.dependant.dependencies if isinstance(one.call, TokenGuard)]

        async def admitted(request: Request) -> Response:
            for guard in guards:
                request.state.call = await guard.admit(request)
            if request.method == "POST" and repeats.HEADER in request.headers:
                call: Call = request.state.call
                return await repeats.once(call.app, call.who, request, handle)
            return await handle(request)

        return admitted


def resources(tag: str) -> APIRouter:
    """The routes of one kind of resource."""
    return APIRouter(tags=[tag], route_class=Resource)

"""One call of the API by other software: whose token it brought, and whether that may.

A resource's route declares its right by the type of its parameter, `Annotated[Call, may(Right.…)]`. The
API takes tokens only, never a browser's cookie, so no other site can act through somebody's browser.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field

from cadence.core.errors import Forbidden, Unauthenticated
from cadence.core.rights import Right, Visitor
from cadence.service import api_tokens
from cadence.service.app import App
from cadence.web.errors import PROBLEM
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

    async def __call__(
        self, request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
    ) -> Call:
        """Raises Unauthenticated or Forbidden."""
        app: App = request.app.state.cadence
        address = origin_of(request).address
        who = await api_tokens.visitor_of(app, given.credentials, address) if given else None
        if who is None:
            raise Unauthenticated("Send a valid token: Authorization: Bearer cadence_…")
        if self.right not in who.rights:
            raise Forbidden(f"This token lacks the scope {self.right}, or its user may not do this any more.")
        return Call(request, app, who)


def may(right: Right) -> Any:
    """A resource for tokens that have a right: `call: Annotated[Call, may(Right.…)]`."""
    return Depends(TokenGuard(right))


# --- what documents have in common ---


class Misfit(BaseModel):
    """One part of a request that cannot be used."""

    pointer: str = Field(description="Where it stands: a JSON pointer (RFC 6901).", examples=["/limit"])
    detail: str = Field(examples=["Input should be less than or equal to 200"])


class Problem(BaseModel):
    """Why there is no answer (RFC 9457)."""

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["Forbidden"])
    status: int = Field(examples=[403])
    detail: str = Field(examples=["This token lacks the scope audit, or its user may not do this any more."])
    errors: list[Misfit] | None = None


_CONTENT = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: {
        "model": Problem,
        "description": "No token, or one that does not work any more.",
        "content": _CONTENT,
    },
    403: {"model": Problem, "description": "The token lacks the scope.", "content": _CONTENT},
    422: {"model": Problem, "description": "Something in the request cannot be used.", "content": _CONTENT},
}
"""What every resource may answer."""

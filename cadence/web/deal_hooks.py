"""Where other software says by a signed message what became of a deal, in place of a request with a token.

A message is one of Standard Webhooks: `{"type": "deal.lost", "data": {…}}`, whose data is the body of the
request of the same name in the API.
"""

from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import Field, TypeAdapter, ValidationError

from cadence.core.rights import Right
from cadence.service import signed_hooks
from cadence.service.app import App
from cadence.web.api import deals
from cadence.web.api.documents import Document, Given
from cadence.web.public import body_of
from cadence.web.visits import Id

LONGEST_MESSAGE = 256_000
"""Bytes; fifty contacts with every fact about each take a fifth of it."""

routes = APIRouter(include_in_schema=False)


class _Message(Given):
    timestamp: str | None = None
    """What the specification asks for; the one that is signed counts."""


class _Lost(_Message):
    type: Literal["deal.lost"]
    data: deals.LostDeal


class _Reopened(_Message):
    type: Literal["deal.reopened"]
    data: deals.ReturnedDeal


class _Won(_Message):
    type: Literal["deal.won"]
    data: deals.WonDeal


_MESSAGE: TypeAdapter[_Lost | _Reopened | _Won] = TypeAdapter(
    Annotated[_Lost | _Reopened | _Won, Field(discriminator="type")]
)


@routes.post("/hooks/deals/{webhook_id}", max_body_size=LONGEST_MESSAGE)
async def take_in(request: Request, webhook_id: Id) -> Response:
    """Do what the message says, by the right of whoever made the webhook whose secret signed it."""
    app: App = request.app.state.cadence
    body = await body_of(request, LONGEST_MESSAGE)
    if body is None:
        raise HTTPException(413)
    who = await signed_hooks.sender(app, webhook_id, request.headers, body, Right.ENROLL)
    try:
        message = _MESSAGE.validate_json(body)
    except ValidationError as fault:
        raise RequestValidationError(
            [{**one, "loc": ("body", *one["loc"][1:])} for one in fault.errors(include_url=False)]
        ) from fault
    done: Document
    match message:
        case _Lost(data=given):
            done = await deals.take_lost(app, who, given)
        case _Won(data=given):
            done = await deals.take_won(app, who, given)
        case _Reopened(data=given):
            done = await deals.take_reopened(app, who, given)
    return JSONResponse(done.model_dump(mode="json"))

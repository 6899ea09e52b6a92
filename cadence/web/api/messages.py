"""Mails of ours: sent, on their way, to come."""

from datetime import datetime
from typing import Annotated

from fastapi import Response
from pydantic import Field

from cadence.core.model import MessageState
from cadence.core.rights import Right
from cadence.service import lists, originals
from cadence.store.listing import message_list
from cadence.web.api.calls import Call, may, resources
from cadence.web.api.documents import RAW, After, Document, Items, Limit, Number, Of, items, raw_answer

routes = resources("messages")


class Message(Document):
    """One mail of one enrollment, from plan to outcome."""

    id: int
    enrollment_id: int
    prospect_id: int
    email: str = Field(description="To whom.", examples=["dana@lost.example"])
    account_id: int
    mailbox_id: int | None
    step: str = Field(examples=["thank-you"])
    occurrence: int = Field(description="Which one of a step that repeats, from 1.")
    state: MessageState
    due_at: datetime
    sent_at: datetime | None
    why: str = Field(description="Why then.")
    subject: str | None = Field(description="As sent.", examples=["Thank you, Dana"])
    story: str | None = Field(examples=["bakery"])
    outcome: str | None = Field(description="What the mail server said.")
    attempts: int
    message_id: str = Field(description="Its Message-ID.", examples=["<cadence-1@vendor.example>"])


@routes.get("/messages", summary="Mails of ours")
async def messages(
    call: Annotated[Call, may(Right.READ_PROSPECTS)],
    enrollment_id: Of = None,
    prospect_id: Of = None,
    state: MessageState | None = None,
    after: After = None,
    limit: Limit = 50,
) -> Items[Message]:
    """The mails to people within reach."""
    of = message_list(call.who.user, enrollment_id=enrollment_id, prospect_id=prospect_id, state=state)
    return items(Message, await lists.part(call.app, of, after=after, limit=limit))


@routes.get("/messages/{message_id}", summary="One mail of ours")
async def message(call: Annotated[Call, may(Right.READ_PROSPECTS)], message_id: Number) -> Message:
    """One mail."""
    return Message.model_validate(await lists.one(call.app, message_list(call.who.user), message_id))


@routes.get(
    "/messages/{message_id}/raw", summary="A mail as it was sent", response_class=Response, responses=RAW
)
async def raw(call: Annotated[Call, may(Right.READ_PROSPECTS)], message_id: Number) -> Response:
    """The whole mail as it left, with all headers and parts; 404 before it did."""
    return raw_answer(await originals.sent(call.app, call.who, message_id))

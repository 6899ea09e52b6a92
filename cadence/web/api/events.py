"""Events: every transition and every decision, with why."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field

from cadence.core.rights import Right
from cadence.service import lists
from cadence.store.listing import event_list
from cadence.web.api.calls import Call, may, resources
from cadence.web.api.documents import After, Document, Items, Limit, Number, Of, Words, items

routes = resources("events")


class Event(Document):
    """One recorded transition or decision; it never changes."""

    id: int
    at: datetime
    kind: str = Field(examples=["enrollment.paused"])
    why: str = Field(examples=["away from the office"])
    prospect_id: int | None
    enrollment_id: int | None
    message_id: int | None
    reply_id: int | None = Field(validation_alias="inbound_id")
    mailbox_id: int | None
    data: dict[str, Any] | None


@routes.get("/events", summary="What happened, and why")
async def events(
    call: Annotated[Call, may(Right.READ_PROSPECTS)],
    enrollment_id: Of = None,
    prospect_id: Of = None,
    kind: Annotated[Words | None, Query(description="Only of this kind.")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Items[Event]:
    """What happened to people and mailboxes within reach."""
    of = event_list(call.who.user, enrollment_id=enrollment_id, prospect_id=prospect_id, kind=kind)
    return items(Event, await lists.part(call.app, of, after=after, limit=limit))


@routes.get("/events/{event_id}", summary="One event")
async def event(call: Annotated[Call, may(Right.READ_PROSPECTS)], event_id: Number) -> Event:
    """One event."""
    return Event.model_validate(await lists.one(call.app, event_list(call.who.user), event_id))

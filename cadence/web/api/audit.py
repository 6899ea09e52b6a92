"""The audit trail, for who keeps such trails elsewhere."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from cadence.core.rights import Right
from cadence.service import auditing
from cadence.web.api.calls import Call, may, resources

routes = resources("audit")


class Entry(BaseModel):
    """One thing that somebody did."""

    id: int
    at: datetime
    actor: str = Field(description="Who: an address, or “console”.", examples=["alex@vendor.example"])
    action: str = Field(examples=["user.invited"])
    subject: str = Field(examples=["robin@vendor.example as rep"])
    address: str | None = Field(description="From which IP address.", examples=["192.0.2.7"])


class Entries(BaseModel):
    """One part of the trail."""

    items: list[Entry]
    next: str | None = Field(description="The cursor of the following part; null at the end.")


@routes.get("/audit", summary="The audit trail, newest first")
async def audit(
    call: Annotated[Call, may(Right.AUDIT)],
    after: Annotated[str | None, Query(description="The cursor of an earlier answer.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Entries:
    """Who did what, when and from where."""
    part = await auditing.page(call.app, after=after, limit=limit)
    return Entries(
        items=[Entry.model_validate(one, from_attributes=True) for one in part.items], next=part.next
    )

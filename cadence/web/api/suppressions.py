"""Suppressions: addresses that nobody writes to."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import Field

from cadence.core.rights import Right
from cadence.service import lists, suppressing
from cadence.store.listing import suppression_list
from cadence.web.api.calls import Call, may, resources
from cadence.web.api.documents import After, Document, Email, Given, Items, Limit, Name, Words, items

routes = resources("suppressions")


class Suppression(Document):
    """An address that nobody writes to."""

    id: int
    email: str = Field(examples=["dana@lost.example"])
    reason: str = Field(examples=["asked not to be written to"])
    source: str = Field(description="Who or what said so.", examples=["unsubscribe"])
    at: datetime


class NewSuppression(Given):
    """Whom nobody is to write to, and why."""

    email: Email
    reason: Name = Field(examples=["asked on the phone"])


@routes.get("/suppressions", summary="Whom nobody writes to")
async def suppressions(
    call: Annotated[Call, may(Right.READ_SUPPRESSIONS)],
    email: Annotated[Words | None, Query(description="Only this address.")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Items[Suppression]:
    """Every address that nobody writes to, whoever's prospect it was: all have to know."""
    of = suppression_list(email_key=lists.key_of(email))
    return items(Suppression, await lists.part(call.app, of, after=after, limit=limit))


@routes.post("/suppressions", status_code=201, summary="Let nobody write to an address")
async def suppress(
    call: Annotated[Call, may(Right.CHANGE_SUPPRESSIONS)], given: NewSuppression
) -> Suppression:
    """Let nobody write to an address any more; whoever is enrolled under it is opted out. For good."""
    return Suppression.model_validate(await suppressing.add(call.app, call.who, given.email, given.reason))

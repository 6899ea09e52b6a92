"""People: who they are, what is known of them, and everything that happened with them."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Query, Response
from pydantic import Field

from cadence.core.errors import InvalidInput
from cadence.core.legal import Basis
from cadence.core.model import ProspectStatus
from cadence.core.rights import Right
from cadence.service import amending, lists
from cadence.store.listing import prospect_list
from cadence.web.api.calls import Call, may, resources
from cadence.web.api.documents import (
    PLAIN,
    After,
    Day,
    Document,
    Given,
    IfMatch,
    Items,
    Limit,
    Number,
    Of,
    Words,
    items,
    required,
    tagged,
)

routes = resources("prospects")


class Prospect(Document):
    """A person at a company."""

    id: int
    email: str = Field(examples=["dana@lost.example"])
    first_name: str | None = Field(examples=["Dana"])
    last_name: str | None = Field(examples=["Dole"])
    title: str | None = Field(examples=["Head of operations"])
    language: str = Field(description="ISO 639-1.", examples=["en"])
    zone: str = Field(description="IANA time zone.", examples=["Europe/Berlin"])
    country: str | None = Field(description="ISO 3166-1.", examples=["DE"])
    region: str | None = Field(description="Its part, for public holidays.", examples=["BY"])
    status: ProspectStatus = Field(description="What is known of their attitude.")
    unreachable: bool = Field(description="Mail to them cannot be delivered.")
    suppressed: bool = Field(description="Nobody writes to them.")
    basis: Basis | None = Field(description="The ground to write to them; null: what their enrollment tells.")
    basis_source: str | None = Field(description="How that is known.", examples=["form on our site"])
    basis_since: date | None = Field(description="Since when it counts.")
    basis_until: date | None = Field(description="Its last day, where somebody named one.")
    account_id: int
    company: str = Field(examples=["Lost Inc."])
    created_at: datetime


class ProspectChange(Given):
    """What is to be changed; what is left out stays, and null makes it unknown."""

    first_name: Words | None = Field(None, examples=["Dana"])
    last_name: Words | None = Field(None, examples=["Dole"])
    title: Words | None = Field(None, examples=["Head of operations"])
    language: str = Field(default_factory=str, pattern="^[a-z]{2}$", examples=["de"])
    zone: Words = Field(default_factory=str, min_length=1, examples=["Europe/Berlin"])
    country: str | None = Field(None, pattern="^[A-Z]{2}$", examples=["DE"])
    region: Words | None = Field(None, examples=["BY"])
    basis: Basis | None = Field(
        None, description="The ground to write to them; null: what their enrollment tells, and no other part."
    )
    basis_source: Words | None = Field(None, description="How that is known.", examples=["form on our site"])
    basis_since: Day | None = Field(None, description="Since when it counts.", examples=["2026-01-31"])
    basis_until: Day | None = Field(None, description="Its last day, where it has one.")


@routes.get("/prospects", summary="People")
async def prospects(
    call: Annotated[Call, may(Right.READ_PROSPECTS)],
    email: Annotated[Words | None, Query(description="Only the one of this address.")] = None,
    status: ProspectStatus | None = None,
    account_id: Of = None,
    q: Annotated[
        str,
        Query(max_length=100, pattern=PLAIN, description="Words that names, address or company begin with."),
    ] = "",
    after: After = None,
    limit: Limit = 50,
) -> Items[Prospect]:
    """The people who were ever enrolled, within reach."""
    if q and (email is not None or account_id is not None):
        raise InvalidInput("Look for words, or for an address or a company: not for both.")
    key = lists.key_of(email)
    of = prospect_list(call.who.user, email_key=key, status=status, account_id=account_id, words=q)
    return items(Prospect, await lists.part(call.app, of, after=after, limit=limit))


@routes.get("/prospects/{prospect_id}", summary="One person")
async def prospect(
    call: Annotated[Call, may(Right.READ_PROSPECTS)], prospect_id: Number, response: Response
) -> Prospect:
    """One person; the ETag is what a change wants as If-Match."""
    return tagged(Prospect, await lists.one(call.app, prospect_list(call.who.user), prospect_id), response)


@routes.patch("/prospects/{prospect_id}", summary="Change what is known of a person")
async def change(
    call: Annotated[Call, may(Right.CHANGE_PROSPECTS)],
    prospect_id: Number,
    given: ProspectChange,
    response: Response,
    if_match: IfMatch = None,
) -> Prospect:
    """Change some facts; mails that are written later use them.

    What is held for want of a ground to write to them goes on once one is named.
    """
    values = given.model_dump(exclude_unset=True)
    changed = await amending.person(call.app, call.who, prospect_id, values, unchanged=required(if_match))
    await call.app.wake()
    return tagged(Prospect, changed, response)

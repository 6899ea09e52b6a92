"""Companies."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import Field

from cadence.core.rights import Right
from cadence.service import lists
from cadence.store.listing import account_list
from cadence.web.api.calls import Call, may, resources
from cadence.web.api.documents import After, Document, Items, Limit, Number, Words, items

routes = resources("accounts")


class Account(Document):
    """A company with whom a deal was lost."""

    id: int
    name: str = Field(examples=["Lost Inc."])
    domain: str | None = Field(examples=["lost.example"])
    industry: str | None = Field(examples=["logistics"])
    size: int | None = Field(description="How many work there.", examples=[320])
    created_at: datetime


@routes.get("/accounts", summary="Companies")
async def accounts(
    call: Annotated[Call, may(Right.READ_PROSPECTS)],
    domain: Annotated[Words | None, Query(description="Only those of this domain.")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Items[Account]:
    """The companies of the people within reach."""
    of = account_list(call.who.user, domain=domain)
    return items(Account, await lists.part(call.app, of, after=after, limit=limit))


@routes.get("/accounts/{account_id}", summary="One company")
async def account(call: Annotated[Call, may(Right.READ_PROSPECTS)], account_id: Number) -> Account:
    """One company."""
    return Account.model_validate(await lists.one(call.app, account_list(call.who.user), account_id))

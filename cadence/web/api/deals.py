"""Lost deals: what is known of them, and the door for a CRM that says that one was lost."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Response
from pydantic import Field

from cadence.core.legal import Basis
from cadence.core.model import Place
from cadence.core.rights import Right, Visitor
from cadence.service import amending, deal_returns, lists, losing, worded
from cadence.service.app import App
from cadence.service.losing import Lost
from cadence.service.requests import Request
from cadence.store.bulk import DEAL_FACTS
from cadence.store.listing import deal_list
from cadence.web.api.calls import Call, may, resources
from cadence.web.api.documents import (
    After,
    Day,
    Document,
    Email,
    Given,
    IfMatch,
    Instant,
    Items,
    Limit,
    Name,
    Number,
    Of,
    Words,
    items,
    required,
    tagged,
)

routes = resources("deals")
MOST_CONTACTS = 50


class Deal(Document):
    """A deal that was lost, or a client relation that ended."""

    id: int
    account_id: int
    company: str = Field(examples=["Lost Inc."])
    crm_id: str | None = Field(description="The CRM's id of it.", examples=["0065g00000XyZ"])
    name: str = Field(examples=["Warehouse scanners"])
    lost_at: datetime
    product: str | None = Field(examples=["Scanners"])
    reason: str | None = Field(description="The rep's version.", examples=["price"])
    competitor: str | None = Field(examples=["Rival"])
    competitor_contract_end: date | None
    amount: str | None = Field(description="As people write it.", examples=["48,000 EUR"])
    missing: str | None = Field(description="What we could not do.", examples=["single sign-on"])
    missing_ships: date | None = Field(description="When we will.")
    alternative: str | None = Field(description="Who else can help them.", examples=["Osprey Systems"])
    referred_by: str | None = Field(
        description="Who named them, and agreed to be named.", examples=["Maren Ellison"]
    )
    outcome: str | None = Field(description="What became of it, once a person said so.", examples=["won"])
    outcome_on: date | None
    outcome_amount: str | None = Field(description="What was won back.", examples=["52,000 EUR"])
    created_at: datetime


class DealChange(Given):
    """What is to be changed; what is left out stays, and null makes it unknown."""

    product: Words | None = Field(None, examples=["Scanners"])
    reason: Words | None = Field(None, examples=["price"])
    competitor: Words | None = Field(None, examples=["Rival"])
    competitor_contract_end: Day | None = Field(None, examples=["2027-09-30"])
    amount: Words | None = Field(None, examples=["48,000 EUR"])
    missing: Words | None = Field(None, description="What we could not do.", examples=["single sign-on"])
    missing_ships: Day | None = Field(None, description="When we will.", examples=["2027-03-01"])
    alternative: Words | None = Field(
        None, description="Who else can help them.", examples=["Osprey Systems"]
    )
    referred_by: Words | None = Field(
        None, description="Who named them, and agreed to be named.", examples=["Maren Ellison"]
    )


class Contact(Given):
    """Somebody on their side."""

    email: Email
    first_name: Words | None = Field(None, examples=["Dana"])
    last_name: Words | None = Field(None, examples=["Dole"])
    title: Words | None = Field(None, examples=["Head of operations"])
    language: str | None = Field(None, pattern="^[a-z]{2}$", examples=["en"])
    zone: Words | None = Field(None, description="IANA time zone.", examples=["Europe/Berlin"])
    country: str | None = Field(None, pattern="^[A-Z]{2}$", examples=["DE"])
    region: Words | None = Field(None, examples=["BY"])
    basis: Basis | None = Field(None, description="The ground to write to them; null: the deal itself.")
    basis_source: Words | None = Field(None, description="How that is known.", examples=["form on our site"])
    basis_since: Day | None = Field(
        None, description="Since when it counts; left out: today.", examples=["2026-01-31"]
    )
    basis_until: Day | None = Field(None, description="Its last day, where it has one.")


GROUND = set(worded.GROUND)
"""What of a contact tells the ground to write to them."""


class Start(StrEnum):
    """What follows for the contacts."""

    ENROLL = "enroll"
    CONFIRM = "confirm"


class LostDeal(Given):
    """What a CRM says when a deal is closed-lost."""

    crm_id: Name = Field(description="The CRM's id of the deal.", examples=["0065g00000XyZ"])
    contacts: list[Contact] = Field(min_length=1, max_length=MOST_CONTACTS)
    sequence: Name = Field("closed-lost", description="Which one they enter.")
    start: Start = Field(
        Start.ENROLL, description="enroll: it begins; confirm: drafts, which wait for a person's word."
    )
    name: Words | None = Field(None, description="Of the deal.", examples=["Warehouse scanners"])
    company: Words | None = Field(None, examples=["Lost Inc."])
    industry: Words | None = Field(None, examples=["logistics"])
    size: int | None = Field(None, ge=1, lt=2**31, description="How many work there.", examples=[320])
    product: Words | None = Field(None, examples=["Scanners"])
    reason: Words | None = Field(None, description="Why it was lost.", examples=["price"])
    competitor: Words | None = Field(None, description="Who won it.", examples=["Rival"])
    competitor_contract_end: Day | None = None
    amount: Words | None = Field(None, description="As people write it.", examples=["48,000 EUR"])
    missing: Words | None = Field(None, description="What we could not do.", examples=["single sign-on"])
    missing_ships: Day | None = Field(None, description="When we will.", examples=["2027-03-01"])
    alternative: Words | None = Field(
        None, description="Who else can help them.", examples=["Osprey Systems"]
    )
    referred_by: Words | None = Field(
        None, description="Who named them, and agreed to be named.", examples=["Maren Ellison"]
    )
    lost_at: Instant | Day | None = Field(None, description="Left out: now.", examples=["2026-03-02"])
    rep: Email | None = Field(
        None,
        description="The mailbox that writes; left out: the only one you may use.",
        examples=["rep@vendor.example"],
    )
    executive: Email | None = Field(
        None, description="The executive's mailbox.", examples=["boss@vendor.example"]
    )


class ContactOutcome(StrEnum):
    """What became of a contact."""

    ENROLLED = "enrolled"
    WAITING = "waiting"
    KNOWN = "known"
    REFUSED = "refused"


class ContactResult(Document):
    """What became of one contact."""

    email: str = Field(examples=["dana@lost.example"])
    result: ContactOutcome = Field(description="known: was enrolled for this deal before.")
    enrollment_id: int | None
    why: str = Field(examples=["enrolled in closed-lost"])


class LostDealResult(Document):
    """What became of the contacts, in their order."""

    crm_id: str = Field(examples=["0065g00000XyZ"])
    contacts: list[ContactResult]


@routes.post("/deals/lost", summary="Say that a deal was lost")
async def lost(call: Annotated[Call, may(Right.ENROLL)], given: LostDeal) -> LostDealResult:
    """Enroll the contacts of a lost deal, or let them wait for a person's word.

    Safe to say again with the same `crm_id`: what is newly known is kept, new contacts are let in, and nobody
    who was ever enrolled for this deal is let in again. What is wrong with one contact refuses only that.
    """
    return await take_lost(call.app, call.who, given)


async def take_lost(app: App, visitor: Visitor, given: LostDeal) -> LostDealResult:
    """Do so, whichever way it was said."""
    place, now = app.policy.place, app.clock()
    contacts = [_request(given, one, place, now) for one in given.contacts]
    said = Lost(given.crm_id, given.sequence, contacts, confirm=given.start is Start.CONFIRM)
    results = await losing.report(app, visitor, said)
    await app.wake()
    return LostDealResult(
        crm_id=given.crm_id, contacts=[ContactResult.model_validate(one) for one in results]
    )


class ReturnedDeal(Given):
    """What a CRM says when a deal that was lost is open again."""

    crm_id: Name = Field(description="The CRM's id of the deal.", examples=["0065g00000XyZ"])


class WonDeal(ReturnedDeal):
    """What a CRM says when a deal that was lost is won."""

    amount: Words | None = Field(None, description="As people write it.", examples=["52,000 EUR"])
    won_on: Day | None = Field(None, description="Left out: today.", examples=["2026-06-02"])


class ReturnedDealResult(Document):
    """What that came to."""

    crm_id: str = Field(examples=["0065g00000XyZ"])
    stopped: int = Field(description="To how many people nothing more is sent because of it.", examples=[1])


@routes.post("/deals/reopened", summary="Say that a lost deal is open again")
async def reopened(call: Annotated[Call, may(Right.ENROLL)], given: ReturnedDeal) -> ReturnedDealResult:
    """Send nothing more for a deal that is open again in the CRM. Safe to say again."""
    return await take_reopened(call.app, call.who, given)


async def take_reopened(app: App, visitor: Visitor, given: ReturnedDeal) -> ReturnedDealResult:
    """Do so, whichever way it was said."""
    stopped = await deal_returns.reopened(app, visitor, given.crm_id, "the deal is open again in the CRM")
    return ReturnedDealResult(crm_id=given.crm_id, stopped=stopped)


@routes.post("/deals/won", summary="Say that a lost deal is won")
async def won(call: Annotated[Call, may(Right.ENROLL)], given: WonDeal) -> ReturnedDealResult:
    """Send nothing more for a deal that is won in the CRM, and count it as won back. Safe to say again."""
    return await take_won(call.app, call.who, given)


async def take_won(app: App, visitor: Visitor, given: WonDeal) -> ReturnedDealResult:
    """Do so, whichever way it was said."""
    on, why = given.won_on or app.clock().date(), "the deal was won in the CRM"
    stopped = await deal_returns.won(app, visitor, given.crm_id, why, amount=given.amount or "", on=on)
    return ReturnedDealResult(crm_id=given.crm_id, stopped=stopped)


def _request(given: LostDeal, contact: Contact, place: Place, now: datetime) -> Request:
    facts: dict[str, Any] = given.model_dump(include=set(DEAL_FACTS))
    if given.reason:
        facts["reason"] = worded.loss_reason(given.reason) or given.reason
    return Request(
        **contact.model_dump(exclude=GROUND),
        ground=worded.ground_in(contact.model_dump(include=GROUND), now),
        sequence=given.sequence,
        company=given.company,
        industry=given.industry,
        size=given.size,
        deal_name=given.name,
        deal=facts,
        lost_at=worded.moment_of(given.lost_at, place, now) if given.lost_at else None,
        mailbox=given.rep,
        executive=given.executive,
    )


@routes.get("/deals", summary="Lost deals")
async def deals(
    call: Annotated[Call, may(Right.READ_PROSPECTS)],
    account_id: Of = None,
    after: After = None,
    limit: Limit = 50,
) -> Items[Deal]:
    """The deals of the people within reach."""
    of = deal_list(call.who.user, account_id=account_id)
    return items(Deal, await lists.part(call.app, of, after=after, limit=limit))


@routes.get("/deals/{deal_id}", summary="One lost deal")
async def deal(call: Annotated[Call, may(Right.READ_PROSPECTS)], deal_id: Number, response: Response) -> Deal:
    """One deal; the ETag is what a change wants as If-Match."""
    return tagged(Deal, await lists.one(call.app, deal_list(call.who.user), deal_id), response)


@routes.patch("/deals/{deal_id}", summary="Change what is known of a deal")
async def change(
    call: Annotated[Call, may(Right.CHANGE_PROSPECTS)],
    deal_id: Number,
    given: DealChange,
    response: Response,
    if_match: IfMatch = None,
) -> Deal:
    """Change some facts; mails that are written later use them.

    Mails that hang on a date follow it: one that becomes known plans them, another one moves them, and where
    it is not known any more they are skipped. What left, was held or was skipped before stays as it is.
    """
    values = given.model_dump(exclude_unset=True)
    changed = await amending.deal(call.app, call.who, deal_id, values, unchanged=required(if_match))
    await call.app.wake()
    return tagged(Deal, changed, response)

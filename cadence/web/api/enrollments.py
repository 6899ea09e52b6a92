"""Enrollments: one person in one sequence, and what can be done to that."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field

from cadence.core.lifecycle import Fact
from cadence.core.model import EnrollmentState
from cadence.core.outlook import Happening
from cadence.core.rights import Right
from cadence.service import drafting, lists, steering, worded
from cadence.service.requests import Request
from cadence.store.bulk import DEAL_FACTS
from cadence.store.listing import enrollment_list
from cadence.web.api.calls import Call, may, resources
from cadence.web.api.deals import GROUND, Contact
from cadence.web.api.documents import (
    After,
    Day,
    Document,
    Email,
    Given,
    Instant,
    Items,
    Limit,
    Name,
    Number,
    Of,
    Words,
    items,
)

routes = resources("enrollments")


class Enrollment(Document):
    """One person in one sequence."""

    id: int
    prospect_id: int
    email: str = Field(examples=["dana@lost.example"])
    deal_id: int
    sequence: str = Field(examples=["closed-lost"])
    mailbox_id: int
    mailbox: str = Field(description="From which it is written.", examples=["rep@vendor.example"])
    state: EnrollmentState
    state_reason: str | None = Field(description="Why it is in this state.")
    started_at: datetime
    ends_at: datetime = Field(description="When it is over at the latest.")
    resume_at: datetime | None = Field(description="When a pause ends; null: when a person says so.")
    heard: list[str] = Field(description="Categories of the replies so far.", examples=[["question"]])


class NewEnrollment(Contact):
    """Whom to enroll, and what is known of the deal."""

    sequence: Name = Field(examples=["closed-lost"])
    company: Words | None = Field(None, examples=["Lost Inc."])
    industry: Words | None = Field(None, examples=["logistics"])
    size: int | None = Field(None, ge=1, lt=2**31, examples=[320])
    deal_name: Words | None = Field(None, examples=["Warehouse scanners"])
    product: Words | None = Field(None, examples=["Scanners"])
    reason: Words | None = Field(None, examples=["price"])
    competitor: Words | None = Field(None, examples=["Rival"])
    competitor_contract_end: Day | None = None
    amount: Words | None = Field(None, examples=["48,000 EUR"])
    missing: Words | None = Field(None, description="What we could not do.", examples=["single sign-on"])
    missing_ships: Day | None = Field(None, description="When we will.", examples=["2027-03-01"])
    alternative: Words | None = Field(
        None, description="Who else can help them.", examples=["Osprey Systems"]
    )
    referred_by: Words | None = Field(
        None, description="Who named them, and agreed to be named.", examples=["Maren Ellison"]
    )
    lost_at: Instant | Day | None = Field(None, description="Left out: now.", examples=["2026-03-02"])
    mailbox: Email | None = Field(
        None,
        description="Which one writes; left out: the only one you may use.",
        examples=["rep@vendor.example"],
    )
    executive: Email | None = Field(None, examples=["boss@vendor.example"])


class PlannedMail(Document):
    """A mail that would become due."""

    at: datetime
    what: Happening = Field(description="`sent`, `skipped` or `held`.", examples=["sent"])
    step: str = Field(examples=["thank-you"])
    occurrence: int = Field(description="Which one of a step that repeats, from 1.")
    story: str | None
    why: str = Field(description="Why then, or why not.")


class EnrollmentPreview(Document):
    """What would follow, had somebody been enrolled."""

    would: bool = Field(description="Whether they would be let in.")
    why: str | None = Field(description="Why not.")
    mailbox: str = Field(description="From which it would be written.", examples=["rep@vendor.example"])
    mails: list[PlannedMail] = Field(description="Of the next 24 months, if they never answer.")


class Pause(Given):
    """For how long."""

    until: Instant | None = Field(None, description="When it goes on; null: when a person says so.")


@routes.get("/enrollments", summary="Enrollments")
async def enrollments(
    call: Annotated[Call, may(Right.READ_PROSPECTS)],
    prospect_id: Of = None,
    deal_id: Of = None,
    sequence: Annotated[Words | None, Query(description="Only those in this sequence.")] = None,
    state: EnrollmentState | None = None,
    after: After = None,
    limit: Limit = 50,
) -> Items[Enrollment]:
    """Who is, or was, enrolled in what, within reach."""
    of = enrollment_list(
        call.who.user, prospect_id=prospect_id, deal_id=deal_id, sequence=sequence, state=state
    )
    return items(Enrollment, await lists.part(call.app, of, after=after, limit=limit))


@routes.get("/enrollments/{enrollment_id}", summary="One enrollment")
async def enrollment(call: Annotated[Call, may(Right.READ_PROSPECTS)], enrollment_id: Number) -> Enrollment:
    """One enrollment."""
    found = await lists.one(call.app, enrollment_list(call.who.user), enrollment_id)
    return Enrollment.model_validate(found)


@routes.post("/enrollments", status_code=201, summary="Enroll somebody")
async def enroll(call: Annotated[Call, may(Right.ENROLL)], given: NewEnrollment) -> Enrollment:
    """Let one person into a sequence; the first mails are planned at once."""
    made = await steering.enroll(call.app, call.who, _request(call, given))
    await call.app.wake()
    return Enrollment.model_validate(made)


@routes.post("/enrollments/preview", summary="See what enrolling somebody would do")
async def preview(call: Annotated[Call, may(Right.SIMULATE)], given: NewEnrollment) -> EnrollmentPreview:
    """By the rules of enrolling, but nobody is enrolled and nothing is kept."""
    foreseen = await drafting.enrollment(call.app, call.who, _request(call, given))
    mails = [PlannedMail.model_validate(one) for one in foreseen.entries]
    return EnrollmentPreview(
        would=foreseen.refused is None, why=foreseen.refused, mailbox=foreseen.mailbox, mails=mails
    )


def _request(call: Call, given: NewEnrollment) -> Request:
    said: dict[str, Any] = given.model_dump(exclude={*DEAL_FACTS, *GROUND, "lost_at"})
    deal: dict[str, Any] = given.model_dump(include=set(DEAL_FACTS), exclude_none=True)
    if given.reason:
        deal["reason"] = worded.loss_reason(given.reason) or given.reason
    now, place = call.app.clock(), call.app.policy.place
    lost_at = worded.moment_of(given.lost_at, place, now) if given.lost_at else None
    ground = worded.ground_in(given.model_dump(include=GROUND), now)
    return Request(**said, deal=deal, lost_at=lost_at, ground=ground)


async def _change(call: Call, enrollment_id: int, fact: Fact, until: datetime | None = None) -> Enrollment:
    changed = await steering.change(call.app, call.who, enrollment_id, fact, until=until)
    await call.app.wake()
    return Enrollment.model_validate(changed)


@routes.post("/enrollments/{enrollment_id}/pause", summary="Pause an enrollment")
async def pause(
    call: Annotated[Call, may(Right.CHANGE_PROSPECTS)], enrollment_id: Number, given: Pause | None = None
) -> Enrollment:
    """Nothing more is sent until then, or until somebody resumes it. A pause may only get longer."""
    return await _change(call, enrollment_id, Fact.PAUSE, given.until if given else None)


@routes.post("/enrollments/{enrollment_id}/resume", summary="Resume an enrollment")
async def resume(call: Annotated[Call, may(Right.CHANGE_PROSPECTS)], enrollment_id: Number) -> Enrollment:
    """Go on after a pause; mails that were due meanwhile get new dates, never a burst."""
    return await _change(call, enrollment_id, Fact.RESUME)


@routes.post("/enrollments/{enrollment_id}/stop", summary="Stop an enrollment")
async def stop(call: Annotated[Call, may(Right.CHANGE_PROSPECTS)], enrollment_id: Number) -> Enrollment:
    """Nothing more is sent, for good."""
    return await _change(call, enrollment_id, Fact.STOP)


@routes.post("/enrollments/{enrollment_id}/remove", summary="Take an enrollment back")
async def remove(call: Annotated[Call, may(Right.CHANGE_PROSPECTS)], enrollment_id: Number) -> Enrollment:
    """Nothing more is sent, since it was a mistake to enroll them."""
    return await _change(call, enrollment_id, Fact.REMOVE)

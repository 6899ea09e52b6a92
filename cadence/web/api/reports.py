"""Reports: where everybody stands, and what is learned from lost deals."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import HTTPException, Query
from pydantic import Field

from cadence.core.intervals import Share
from cadence.core.rights import Right
from cadence.service import figuring, insight_tables, insights, trials
from cadence.service.insight_tables import Mails
from cadence.web.api.calls import Call, may, resources
from cadence.web.api.documents import Document

routes = resources("reports")
PATIENCE = 5.0
"""Seconds that whoever asks waits for a report that is counted for the first time."""
_COUNTING = "It is being counted: ask again in a while.", {"Retry-After": "10"}


class Standing(Document):
    """How many there are within reach, by where they stand."""

    at: datetime
    prospects: dict[str, int] = Field(description="By status.", examples=[{"contacted": 41, "reopened": 3}])
    enrollments: dict[str, int] = Field(description="By state.", examples=[{"active": 40, "replied": 4}])
    messages: dict[str, int] = Field(description="By state.", examples=[{"planned": 80, "sent": 97}])
    replies: dict[str, int] = Field(description="By category.", examples=[{"feedback": 9}])
    tasks: dict[str, int] = Field(description="Open ones, by kind.", examples=[{"question": 2}])
    mailboxes: dict[str, int] = Field(description="By state.", examples=[{"active": 2}])


class Rate(Document):
    """So many of so many; low and high: the 95 % interval of the rate behind it."""

    count: int
    of: int
    low: float
    high: float


class Stage(Rate):
    """How many of the lost deals came so far, and what they are worth by currency."""

    name: str = Field(examples=["Won back"])
    amounts: dict[str, Decimal] = Field(examples=[{"EUR": "48000"}])


class Reason(Document):
    """A reason for a loss: how many deals by the rep's word, and by the prospect's."""

    reason: str = Field(examples=["price"])
    rep: int
    prospect: int


class Step(Rate):
    """How many mails of a step left, and how many of them a person answered."""

    sequence: str = Field(description="Empty for a story.", examples=["closed-lost"])
    name: str = Field(examples=["feedback"])


class Variant(Rate):
    """How many people answered one way of writing a step, of those who had 14 days to."""

    variant: str = Field(examples=["b"])
    sent: int


class Trial(Document):
    """Two ways of writing a step, tried side by side; of all mailboxes, whatever is within reach."""

    sequence: str = Field(examples=["closed-lost"])
    step: str = Field(examples=["thank-you"])
    begun_at: datetime
    ended_at: datetime | None = Field(description="When other words were published.")
    decided_at: datetime | None
    state: str = Field(description="`running`, `won`, `no_difference` or `ended`.", examples=["running"])
    winner: str | None = Field(description="The variant that is used from then on.", examples=["b"])
    says: str = Field(examples=["not enough yet: 40 of 200 of each had 14 days to be answered"])
    variants: list[Variant]


class LostDeals(Document):
    """What is learned from lost deals."""

    at: datetime = Field(description="When it was counted.")
    funnel: list[Stage]
    reasons: list[Reason]
    steps: list[Step]
    stories: list[Step]
    trials: list[Trial]


@routes.get("/reports/standing", summary="Where everybody stands")
async def standing(call: Annotated[Call, may(Right.READ_REPORTS)]) -> Standing:
    """Counts of people, enrollments, mails, replies, tasks and mailboxes within reach.

    Counting much takes a while: then the first answer is a 503, and a later one has it.
    """
    counted = await figuring.figures(call.app, call.who, patience=PATIENCE)
    if counted is None:
        raise HTTPException(503, *_COUNTING)
    return Standing.model_validate(counted)


@routes.get("/reports/lost-deals", summary="What is learned from lost deals")
async def lost_deals(
    call: Annotated[Call, may(Right.READ_REPORTS)],
    since: Annotated[date | None, Query(description="Lost on this day or later.")] = None,
    until: Annotated[date | None, Query(description="Lost on this day or earlier.")] = None,
) -> LostDeals:
    """The way from lost to won back, why deals are lost, and which mails are answered, within reach.

    Counting much takes a while: then the first answer is a 503, and a later one has it.
    """
    now = call.app.clock()
    first, last = (day.isoformat() if day else "" for day in (since, until))
    period = insights.period_of(first, last, now.date())
    kept = await insights.report(call.app, call.who, period, patience=PATIENCE)
    if kept is None:
        raise HTTPException(503, *_COUNTING)
    return LostDeals(
        at=kept.made_at,
        funnel=[
            Stage(name=one.name, amounts=one.sums, **_rate(one.share))
            for one in insight_tables.funnel(kept.body)
        ],
        reasons=[
            Reason(reason=reason, rep=rep, prospect=prospect)
            for reason, rep, prospect in insight_tables.reasons(kept.body)
        ],
        steps=[_step(one) for one in insight_tables.steps(kept.body)],
        stories=[_step(one) for one in insight_tables.stories(kept.body)],
        trials=[_trial(one) for one in await trials.shown(call.app)],
    )


def _step(mails: Mails) -> Step:
    return Step(sequence=mails.sequence, name=mails.name, **_rate(mails.answered))


def _trial(one: trials.Shown) -> Trial:
    names = ("sequence", "step", "begun_at", "ended_at", "decided_at", "state", "winner", "says")
    variants = [
        Variant(variant=name, sent=one.sent[name], **_rate(share)) for name, share in one.shares.items()
    ]
    return Trial(**{name: getattr(one, name) for name in names}, variants=variants)


def _rate(share: Share) -> dict[str, Any]:
    low, high = share.interval
    return {"count": share.count, "of": share.of, "low": low, "high": high}

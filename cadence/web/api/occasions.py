"""Events that people are invited to: what there is, who comes, announcing one, and telling of a change."""

from datetime import datetime
from typing import Annotated

from fastapi import Path
from pydantic import BeforeValidator, Field, NaiveDatetime

from cadence.core.occasions import Rsvp
from cadence.core.replies import LossReason
from cadence.core.rights import Right
from cadence.service import event_files
from cadence.service import occasions as service
from cadence.service.event_files import Announcement
from cadence.service.occasions import Gathering
from cadence.web.api.calls import Call, may, resources
from cadence.web.api.documents import (
    LONGEST,
    PLAIN,
    After,
    Day,
    Document,
    Email,
    Given,
    Items,
    Limit,
    Name,
    Words,
    items,
)
from cadence.web.api.replies import Done

routes = resources("occasions")
LONGEST_MAIL = 20_000
EventName = Annotated[str, Path(min_length=1, max_length=LONGEST, pattern=PLAIN, examples=["open-day"])]


def _of_the_place(given: object) -> object:
    if not isinstance(given, str):
        raise ValueError("write day and time as a text such as 2027-03-12T09:00:00")
    return given


ThereAndThen = Annotated[
    NaiveDatetime, BeforeValidator(_of_the_place), Field(examples=["2027-03-12T09:00:00"])
]
"""Day and time by the clocks of the place, without an offset."""


class Occasion(Document):
    """An event as the published sequences have it, and how many of those within reach come."""

    name: str = Field(examples=["open-day"])
    title: str = Field(examples=["A morning with the oven on"])
    starts: datetime
    ends: datetime
    zone: str = Field(description="Whose clocks these are.", examples=["Europe/Berlin"])
    place: str | None = Field(examples=["Bakery Sample, Hamburg"])
    link: str | None = Field(examples=["https://ours.example/oven"])
    capacity: int | None = Field(description="How many can come; null: no limit.", examples=[12])
    cancelled: bool
    invited: int
    accepted: int
    tentative: int
    declined: int
    untold: int = Field(description="Who was told something else of when and where it is.")
    waiting: int = Field(description="Drafts about a change that wait for a yes.")


class Occasions(Document):
    """All events."""

    items: list[Occasion]


class Guest(Document):
    """Somebody who was invited, and what they answered."""

    prospect_id: int
    email: str
    name: str | None
    company: str
    message_id: int = Field(description="Of the mail that invited them.")
    invited_at: datetime
    answer: Rsvp | None = Field(description="Their newest; null as long as there is none.")
    answered_at: datetime | None


class Announcing(Given):
    """An event as an author would write it; what is left out is as in the guide for authors."""

    title: Name = Field(examples=["A morning with the oven on"])
    starts: ThereAndThen
    ends: ThereAndThen = Field(examples=["2027-03-12T11:30:00"])
    zone: Name = Field(description="The time zone of the place.", examples=["Europe/Berlin"])
    words: str = Field(
        min_length=1,
        max_length=LONGEST_MAIL,
        description="The whole mail in Markdown and Jinja, greeting and sign-off included.",
        examples=["Hello,\n\non {{ event.day | date }} we look at how twelve bakeries plan their nights."],
    )
    place: Words | None = Field(None, description="A place, a link, or both.", examples=["Hamburg"])
    link: Words | None = Field(None, examples=["https://ours.example/oven"])
    capacity: Annotated[int, Field(ge=1, le=100_000)] | None = None
    until: Day | None = Field(None, description="The last day on which people are invited.")
    cancelled: bool = False
    industries: list[Name] = Field(default_factory=list, max_length=50, description="Empty: for all.")
    loss_reasons: list[LossReason] = Field(default_factory=list, max_length=20, description="Empty: for all.")
    languages: list[Name] = Field(default_factory=list, max_length=20, description="Empty: `en`.")
    size_min: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    size_max: Annotated[int, Field(ge=1, le=10_000_000)] | None = None


class Announced(Document):
    """The file was written; nobody is invited before it is published."""

    name: str = Field(examples=["open-day"])
    tellers: list[str] = Field(description="The sequences that could tell of it.", examples=[["closed-lost"]])


class Publication(Document):
    """Who tells of it now."""

    published: list[str] = Field(examples=[["closed-lost"]])
    left: dict[str, str] = Field(
        description="Why the other sequences do not yet.",
        examples=[{"price": "other files changed as well: price/thank-you.md.j2"}],
    )


class Attendance(Given):
    """What somebody told a person about coming."""

    email: Email
    answer: Rsvp


class Notice(Document):
    """Who is to be told of a change."""

    drafts: int = Field(description="Mails that wait for a yes on Today.")
    refused: dict[str, str] = Field(description="Why not the others, by address.", examples=[{}])


@routes.get("/occasions", summary="Events that people are invited to")
async def occasions(call: Annotated[Call, may(Right.READ_SEQUENCES)]) -> Occasions:
    """Every event of the published sequences, the next one first."""
    return Occasions(items=[_occasion(one) for one in await service.every(call.app, call.who)])


@routes.get("/occasions/{name}", summary="One event")
async def occasion(call: Annotated[Call, may(Right.READ_SEQUENCES)], name: EventName) -> Occasion:
    """One event of the published sequences."""
    return _occasion(await service.show(call.app, name, call.who))


@routes.put("/occasions/{name}", summary="Announce an event, or change one")
async def announce(
    call: Annotated[Call, may(Right.EDIT_SEQUENCES)], name: EventName, given: Announcing
) -> Announced:
    """Write its file, in place of the one that is there. It is looked over first; what is wrong is said."""
    said = Announcement(**given.model_dump())
    return Announced(name=name, tellers=await event_files.save(call.app, call.who, name, said))


@routes.post("/occasions/{name}/publish", summary="Publish an event")
async def publish(call: Annotated[Call, may(Right.PUBLISH_SEQUENCES)], name: EventName) -> Publication:
    """In every published sequence of which nothing else was changed; from then on people are invited."""
    done = await event_files.publish(call.app, call.who, name)
    await call.app.wake()
    return Publication(published=list(done.published), left=done.left)


@routes.get("/occasions/{name}/guests", summary="Who was invited, and comes")
async def guests(
    call: Annotated[Call, may(Right.READ_PROSPECTS)], name: EventName, after: After = None, limit: Limit = 50
) -> Items[Guest]:
    """Those within reach, in the order in which they were invited."""
    return items(Guest, await service.guests(call.app, call.who, name, after=after or "", limit=limit))


@routes.post("/occasions/{name}/guests", summary="Enter what somebody told about coming")
async def attend(
    call: Annotated[Call, may(Right.CHANGE_PROSPECTS)], name: EventName, given: Attendance
) -> Done:
    """Of somebody who was invited; the newest answer counts."""
    await service.answer(call.app, call.who.actor, given.email, name, given.answer, call.who)
    return Done(done=f"{given.email}: {given.answer}")


@routes.post("/occasions/{name}/notify", summary="Tell the invited of a change")
async def notify(call: Annotated[Call, may(Right.ENROLL)], name: EventName) -> Notice:
    """Draft a mail to everybody within reach who was told something else; each waits for a person's yes."""
    told = await service.notify(call.app, call.who.actor, name, call.who)
    await call.app.wake()
    return Notice(drafts=told.drafts, refused=told.refused)


def _occasion(one: Gathering) -> Occasion:
    when = one.occasion
    said = {answer.value: len(one.said(answer)) for answer in Rsvp}
    return Occasion(
        name=one.name.partition("/")[2],
        title=one.title,
        starts=when.starts,
        ends=when.ends,
        zone=when.zone,
        place=when.place,
        link=when.link,
        capacity=when.capacity,
        cancelled=when.cancelled,
        invited=len(one.guests),
        untold=len(one.untold),
        waiting=one.waiting,
        **said,
    )

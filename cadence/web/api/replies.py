"""Replies: what was received, how it was understood, and the word of a person who knows better."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Response
from pydantic import Field, StringConstraints

from cadence.core.occasions import Rsvp
from cadence.core.replies import Action, Category, LossReason
from cadence.core.rights import Right
from cadence.service import deciding, drafting, lists, originals
from cadence.service.letters import LONGEST_TEXT
from cadence.store.listing import reply_list
from cadence.web.api.calls import Call, may, resources
from cadence.web.api.documents import (
    RAW,
    After,
    Document,
    Given,
    Items,
    Limit,
    Number,
    Of,
    items,
    raw_answer,
)

routes = resources("replies")


class NamedPerson(Document):
    """Somebody whom a reply names."""

    name: str | None
    email: str | None
    company: str | None


class Verdict(Document):
    """What the product understood."""

    evidence: list[str] = Field(description="The rules, headers or words that decided.")
    text: str = Field(description="The new words, without quoted mail and signature.")
    language: str | None
    loss_reasons: list[LossReason]
    competitor: str | None
    resume_on: date | None = Field(description="When to come back.")
    contract_end: date | None = Field(
        default=None, description="The last day of their contract with the vendor they chose."
    )
    people: list[NamedPerson]
    moved: NamedPerson | None = Field(
        default=None, description="Where whoever wrote it can be written to now, if they say so."
    )
    rsvp: Rsvp | None = Field(default=None, description="What they answer to the invitation of our mail.")
    firm_no: bool = Field(description="Rules out any future business.")
    automatic: bool = Field(description="Written by a machine.")


class Reply(Document):
    """A mail that was received and concerns somebody enrolled."""

    id: int
    enrollment_id: int | None
    prospect_id: int | None
    email: str | None = Field(description="Of the prospect.", examples=["dana@lost.example"])
    mailbox_id: int
    outbound_id: int | None = Field(description="The mail of ours that it answers.")
    matched_by: str | None
    sender: str | None = Field(examples=["dana@lost.example"])
    subject: str | None
    written_at: datetime | None
    received_at: datetime
    category: Category | None = Field(
        description="What it means; a person's word counts before the product's."
    )
    read_as: Category | None = Field(description="What the product read.")
    corrected: Category | None = Field(description="What a person said that it means.")
    confidence: float | None = Field(description="0 to 1.")
    action: Action | None = Field(description="Whether the product acted on it or asked a person.")
    verdict: Verdict | None
    unreadable: str | None = Field(description="Why it could not be read.")


class Correction(Given):
    """What a reply means."""

    category: Category = Field(description="One that a person can mean, so none of a machine's.")


class AnswerDraft(Given):
    """What somebody might answer."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT)] = Field(
        description="The words, without greeting of the quoted mail.", examples=["Hello Dana, thank you."]
    )


class ToneFinding(Document):
    """Something in the words that could cost goodwill."""

    line: int
    kind: str = Field(examples=["pressure"])
    text: str
    why: str
    better: str


class DraftedAnswer(Document):
    """An answer as it would leave, were a person to send it; it is kept nowhere."""

    mailbox: str = Field(description="From which it would leave.", examples=["rep@vendor.example"])
    to: str = Field(examples=["dana@lost.example"])
    subject: str = Field(examples=["Re: Thank you"])
    text: str
    tone: list[ToneFinding]


class Done(Document):
    """What was done."""

    done: str = Field(examples=["dana@lost.example: told us why"])


@routes.get("/replies", summary="Replies")
async def replies(
    call: Annotated[Call, may(Right.READ_REPLIES)],
    enrollment_id: Of = None,
    prospect_id: Of = None,
    category: Category | None = None,
    after: After = None,
    limit: Limit = 50,
) -> Items[Reply]:
    """What was received from people within reach, as understood."""
    of = reply_list(call.who.user, enrollment_id=enrollment_id, prospect_id=prospect_id, category=category)
    return items(Reply, await lists.part(call.app, of, after=after, limit=limit))


@routes.get("/replies/{reply_id}", summary="One reply")
async def reply(call: Annotated[Call, may(Right.READ_REPLIES)], reply_id: Number) -> Reply:
    """One reply."""
    return Reply.model_validate(await lists.one(call.app, reply_list(call.who.user), reply_id))


@routes.get("/replies/{reply_id}/raw", summary="A reply as it came", response_class=Response, responses=RAW)
async def raw(call: Annotated[Call, may(Right.READ_REPLIES)], reply_id: Number) -> Response:
    """The whole mail as it was received. It is foreign: open it in nothing that trusts it."""
    return raw_answer(await originals.received(call.app, call.who, reply_id))


@routes.post("/replies/{reply_id}/draft", summary="See an answer as it would leave")
async def draft(
    call: Annotated[Call, may(Right.READ_REPLIES)], reply_id: Number, given: AnswerDraft
) -> DraftedAnswer:
    """To whom, from where and under which subject it would leave, and how its words sound.

    Nothing is kept or sent: a person sends it, from the page of the reply.
    """
    drafted = await drafting.answer(call.app, call.who, reply_id, given.text)
    return DraftedAnswer(
        mailbox=drafted.envelope.mailbox.address,
        to=drafted.envelope.recipient.email,
        subject=drafted.envelope.subject,
        text=drafted.text,
        tone=[ToneFinding.model_validate(one) for one in drafted.tone],
    )


@routes.post("/replies/{reply_id}/correction", summary="Say what a reply means")
async def correct(
    call: Annotated[Call, may(Right.CORRECT_REPLIES)], reply_id: Number, given: Correction
) -> Done:
    """Let a reply act as this category, whatever the product made of it."""
    done: Any = await deciding.correct(call.app, call.who, reply_id, given.category)
    await call.app.wake()
    return Done(done=done)

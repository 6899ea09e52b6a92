"""Sequences and stories, as they are published and mails are sent from them."""

from base64 import b64encode
from datetime import date, datetime
from typing import Annotated

from fastapi import Path, Query
from pydantic import Field

from cadence.content.stories import Story as Told
from cadence.core.replies import LossReason
from cadence.core.rights import Right
from cadence.core.sequence import Audience, From, Step
from cadence.service import drafting
from cadence.service import sequences as service
from cadence.service.previewing import Preview
from cadence.service.sequences import Shown
from cadence.web.api.calls import Call, may, resources
from cadence.web.api.documents import LONGEST, PLAIN, Document, Words

routes = resources("sequences")
SequenceName = Annotated[str, Path(min_length=1, max_length=LONGEST, pattern=PLAIN, examples=["closed-lost"])]


class SequenceStep(Document):
    """One mail of a sequence, in the words that authors write."""

    name: str = Field(examples=["thank-you"])
    sender: From
    after: str | None = Field(
        description="How long after the one before, or after the reply.", examples=["2 hours"]
    )
    at: str | None = Field(
        description="On a date of the deal.", examples=["deal.competitor_contract_end - 90 days"]
    )
    on: str | None = Field(description="Sent only after a reply of this category.", examples=["feedback"])
    within: str | None = Field(description="Later than this it is left out.", examples=["24 hours"])
    repeat: str | None = Field(examples=["60 days"])
    pool: str | None = Field(description="What it is chosen from.", examples=["stories"])
    review: bool = Field(description="Waits for a person's yes.")
    subject: str | None = Field(examples=["Thank you, {{ prospect.first_name }}"])
    unless: list[str] = Field(description="Not sent once such a reply came.")
    unless_sent: str | None = Field(
        description="Of a branch: it does not begin once that step left.", examples=["what-it-was-for"]
    )


class Sequence(Document):
    """A sequence as published."""

    name: str = Field(examples=["closed-lost"])
    title: str = Field(examples=["Closed-lost win-back"])
    audience: Audience
    language: str = Field(description="Of the files that name none.", examples=["en"])
    ends: str = Field(description="How long an enrollment lasts.", examples=["18 months"])
    revision: int
    published_at: datetime
    steps: list[SequenceStep]


class Sequences(Document):
    """All published sequences."""

    items: list[Sequence]


class RevisionFile(Document):
    """One file of a revision; either text or, where it is none, base64."""

    path: str = Field(examples=["closed-lost/sequence.toml"])
    text: str | None
    base64: str | None


class Revision(Document):
    """An immutable snapshot of an author's files."""

    sequence: str = Field(examples=["closed-lost"])
    number: int
    digest: str
    published_at: datetime
    files: list[RevisionFile]


class PreviewedMail(Document):
    """One mail as a sample would get it."""

    step: str = Field(description="Marked, of a step in two ways.", examples=["thank-you", "hello~b"])
    when: str | None = Field(examples=["4 business days after the one before"])
    sender: str | None = Field(examples=["Robin Sample <robin@oursample.example>"])
    subject: str | None
    text: str | None
    story: str | None
    fault: str | None = Field(description="Why it would be held or skipped, and is not shown.")


class SequencePreview(Document):
    """The mails of a sequence, written for somebody made up."""

    sequence: str = Field(examples=["closed-lost"])
    sample: str = Field(description="For whom.", examples=["price"])
    samples: list[str] = Field(description="For whom it can be shown.")
    mails: list[PreviewedMail]


class Story(Document):
    """How another client was helped, and for whom that is worth telling."""

    name: str = Field(examples=["bakery"])
    title: str = Field(examples=["A bakery"])
    industries: list[str] = Field(description="Empty: for all.")
    size_min: int | None
    size_max: int | None
    loss_reasons: list[LossReason] = Field(description="Empty: for all.")
    languages: list[str]
    fresh_until: date | None = Field(description="Its last day; null: always fresh.")


class Stories(Document):
    """All stories of the published sequences."""

    items: list[Story]


@routes.get("/sequences", summary="Sequences")
async def sequences(call: Annotated[Call, may(Right.READ_SEQUENCES)]) -> Sequences:
    """Every published sequence with its steps, by name."""
    return Sequences(items=[_sequence(one) for one in await service.published(call.app)])


@routes.get("/sequences/{name}", summary="One sequence")
async def sequence(call: Annotated[Call, may(Right.READ_SEQUENCES)], name: SequenceName) -> Sequence:
    """One published sequence with its steps."""
    return _sequence(await service.show(call.app, name))


@routes.get("/sequences/{name}/revision", summary="The published files of a sequence")
async def revision(call: Annotated[Call, may(Right.READ_SEQUENCES)], name: SequenceName) -> Revision:
    """The files from which mails are sent now."""
    found = await service.revision(call.app, name)
    return Revision(
        sequence=found.sequence,
        number=found.number,
        digest=found.digest,
        published_at=found.published_at,
        files=[_file(path, content) for path, content in sorted(found.files.items())],
    )


@routes.get("/sequences/{name}/preview", summary="The mails of a sequence for a sample")
async def preview(
    call: Annotated[Call, may(Right.READ_SEQUENCES)],
    name: SequenceName,
    sample: Annotated[Words, Query(description="One of `samples`; else the first.")] = "",
) -> SequencePreview:
    """Every published mail as one of the made-up people of the sequence would get it."""
    shown = await drafting.mails(call.app, name, sample)
    mails = [_previewed(step, found) for step, found in shown.mails]
    return SequencePreview(sequence=name, sample=shown.who, samples=list(shown.samples), mails=mails)


@routes.get("/stories", summary="Stories")
async def stories(call: Annotated[Call, may(Right.READ_SEQUENCES)]) -> Stories:
    """The stories that the published sequences tell, by name."""
    return Stories(items=[_story(one) for one in await service.stories(call.app)])


def _sequence(shown: Shown) -> Sequence:
    one = shown.sequence
    return Sequence(
        name=one.name,
        title=one.title,
        audience=one.audience,
        language=shown.language,
        ends=str(one.ends),
        revision=shown.number,
        published_at=shown.published_at,
        steps=[_step(step) for step in one.steps],
    )


def _step(step: Step) -> SequenceStep:
    said = {name: getattr(step, name) for name in ("after", "at", "on", "within", "repeat")}
    return SequenceStep(
        name=step.name,
        sender=step.sender,
        pool=step.pool,
        review=step.review,
        subject=step.subject,
        unless=sorted(step.unless),
        unless_sent=step.unless_sent,
        **{name: str(value) if value is not None else None for name, value in said.items()},
    )


def _previewed(step: str, found: Preview | str) -> PreviewedMail:
    if isinstance(found, str):
        unknown = dict.fromkeys(("when", "sender", "subject", "text", "story"))
        return PreviewedMail(step=step, fault=found, **unknown)
    said = {name: getattr(found, name) for name in ("when", "sender", "subject", "text", "story")}
    return PreviewedMail(step=step, fault=None, **said)


def _file(path: str, content: bytes) -> RevisionFile:
    try:
        return RevisionFile(path=path, text=content.decode(), base64=None)
    except UnicodeDecodeError:
        return RevisionFile(path=path, text=None, base64=b64encode(content).decode())


def _story(told: Told) -> Story:
    return Story(
        name=told.name,
        title=told.title,
        industries=sorted(told.industries),
        size_min=told.sizes[0],
        size_max=told.sizes[1],
        loss_reasons=sorted(told.loss_reasons),
        languages=sorted(told.languages),
        fresh_until=told.fresh_until,
    )

"""What the documents of the API have in common: problems, parts of lists, and the kinds of values in them."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Header, HTTPException, Path, Query, Response
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from cadence.service import lists
from cadence.service.paging import Part
from cadence.web.errors import PROBLEM

# --- values ---

LONGEST = 500
PLAIN = r"^[^\u0000-\u001f\u007f]*$"
"""No line breaks and no control characters: a name that holds them is a mistake or an attack."""

Words = Annotated[str, StringConstraints(max_length=LONGEST, pattern=PLAIN)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST, pattern=PLAIN)]
Email = Annotated[str, Field(min_length=3, max_length=254, pattern=PLAIN, examples=["dana@lost.example"])]
LATEST = 2**63 - 1
Number = Annotated[int, Path(ge=1, le=LATEST, description="Its id.", examples=[1])]
"""By which a path names something."""
Of = Annotated[int | None, Query(ge=1, le=LATEST)]
"""An id by which a list is cut down."""

EARLIEST_YEAR, LATEST_YEAR = 1970, 2200


def _written(given: object) -> object:
    """A number is no date, though it could count the seconds since 1970."""
    if not isinstance(given, str):
        raise ValueError("write a date as a text such as 2026-03-02")
    return given


def _within_reason(given: datetime) -> datetime:
    if not EARLIEST_YEAR < given.year < LATEST_YEAR:
        raise ValueError(f"the year must lie between {EARLIEST_YEAR} and {LATEST_YEAR}")
    return given.astimezone(UTC)


Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_written),
    AfterValidator(_within_reason),
    Field(examples=["2026-03-03T10:00:00Z"]),
]
"""An instant with its offset from UTC (RFC 3339)."""


Day = Annotated[date, BeforeValidator(_written), Field(examples=["2027-03-31"])]


class Document(BaseModel):
    """What is answered."""

    model_config = ConfigDict(from_attributes=True)


class Given(BaseModel):
    """What is sent; a misspelled name is a mistake and not left out.

    What a PATCH leaves out stays as it is. So its fields have no default that a generated client might send:
    default_factory does not get into the document.
    """

    model_config = ConfigDict(extra="forbid")


# --- lists ---

D = TypeVar("D", bound=BaseModel)

After = Annotated[
    str | None,
    Query(max_length=LONGEST, description="The cursor `next` of the part before; left out: the first part."),
]
Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]


class Items(Document, Generic[D]):
    """One part of a list, the newest first."""

    items: list[D]
    next: str | None = Field(description="The cursor of the following part; null at the end.")


def items(kind: type[D], part: Part[Any]) -> Items[D]:
    """A part of a list as a document."""
    return Items[kind](items=[kind.model_validate(one) for one in part.items], next=part.next)  # type: ignore[valid-type]


# --- single things, and changing them ---

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=LONGEST,
        description="The ETag of what is to be changed, or `*`; left out: 428.",
        examples=['"0c2f6a1b9d8e47350c2f6a1b9d8e4735"'],
    ),
]


def tagged(kind: type[D], record: Any, response: Response) -> D:
    """A single thing as a document; the response says by its ETag whether it changed."""
    response.headers["ETag"] = lists.tag_of(record)
    return kind.model_validate(record)


def required(if_match: str | None) -> str:
    """The state that somebody changes; who does not say might undo what others did (RFC 6585 §3)."""
    if if_match is None:
        raise HTTPException(428, "Send the ETag of what you change as If-Match, or If-Match: * to insist.")
    return if_match


# --- whole mails ---

RAW: dict[int | str, dict[str, Any]] = {
    200: {"content": {"message/rfc822": {"schema": {"type": "string", "format": "binary"}}}}
}


def raw_answer(raw: bytes) -> Response:
    """A whole mail, to be saved and not to be shown."""
    headers = {"Content-Disposition": 'attachment; filename="mail.eml"'}
    return Response(raw, media_type="message/rfc822", headers=headers)


# --- problems ---


class Misfit(BaseModel):
    """One part of a request that cannot be used."""

    pointer: str = Field(description="Where it stands: a JSON pointer (RFC 6901).", examples=["/limit"])
    detail: str = Field(examples=["Input should be less than or equal to 200"])


class Problem(BaseModel):
    """Why there is no answer (RFC 9457)."""

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["Forbidden"])
    status: int = Field(examples=[403])
    detail: str = Field(examples=["This token lacks the scope audit, or its user may not do this any more."])
    errors: list[Misfit] | None = None


def problem(description: str) -> dict[str, Any]:
    """An answer that is a problem, for the OpenAPI document."""
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"model": Problem, "description": description, "content": content}


PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: problem("No token, or one that does not work any more."),
    403: problem("The token lacks the scope, or its user does not reach that."),
    422: problem("Something in the request cannot be used."),
    503: problem("The database cannot be reached for now."),
}
"""What every resource may answer."""

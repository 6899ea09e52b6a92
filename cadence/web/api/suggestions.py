"""Suggestions: people who were named in replies, or gave their own new address; enrolling them, or not."""

from datetime import datetime
from typing import Annotated

from pydantic import AliasPath, Field

from cadence.core.rights import Right
from cadence.service import referring
from cadence.service.referring import Choice
from cadence.web.api.calls import Call, may, resources
from cadence.web.api.documents import After, Document, Given, Items, Name, Number, items
from cadence.web.api.replies import Done

routes = resources("suggestions")


class Suggestion(Document):
    """Somebody named in a reply."""

    id: int
    kind: str = Field(
        description="`referral`, `successor`, `moved` (their own new address) or `old_seat` (theirs before).",
        examples=["moved"],
    )
    name: str | None
    email: str | None
    company: str | None
    prospect_id: int = Field(
        validation_alias=AliasPath("source", "prospect_id"), description="In whose thread."
    )
    by: str = Field(validation_alias=AliasPath("source", "email"), description="Who wrote the reply.")
    words: str = Field(validation_alias=AliasPath("source", "words"), description="What the reply says.")
    at: datetime = Field(validation_alias=AliasPath("source", "at"))
    deal_id: int | None = Field(description="For which they were enrolled; null as long as they were not.")
    dismissed: str | None = Field(description="Who said that they are left alone.")


class Enrolling(Given):
    """What a person adds to a suggestion."""

    sequence: Name | None = Field(None, description="Left out: `referral`, for those who were referred.")
    email: Name | None = Field(None, description="Where the reply gives none.")
    country: Name | None = Field(None, description="Their country, such as DE.")
    names_source: bool = Field(False, description="The mails name the referrer, who agreed to that.")


@routes.get("/suggestions", summary="Who was named in replies")
async def suggestions(
    call: Annotated[Call, may(Right.READ_REPLIES)], after: After = None
) -> Items[Suggestion]:
    """Everybody within reach who was named, the newest first."""
    return items(Suggestion, await referring.every(call.app, call.who.user, after=after or ""))


@routes.post("/suggestions/{suggestion_id}/enroll", summary="Enroll somebody who was named")
async def enroll(call: Annotated[Call, may(Right.ENROLL)], suggestion_id: Number, given: Enrolling) -> Done:
    """A yes: only now are they written to, from the mailbox of the rep who was told."""
    choice = Choice(given.email, given.country, given.sequence, given.names_source)
    made = await referring.enroll(call.app, call.who.actor, suggestion_id, choice, call.who.user)
    await call.app.wake()
    return Done(done=f"enrolled in {made.sequence}")


@routes.post("/suggestions/{suggestion_id}/dismiss", summary="Leave somebody alone who was named")
async def dismiss(call: Annotated[Call, may(Right.ANSWER_TASKS)], suggestion_id: Number) -> Done:
    """Nobody is asked about them any more."""
    await referring.dismiss(call.app, call.who.actor, suggestion_id, call.who.user)
    return Done(done="left alone")

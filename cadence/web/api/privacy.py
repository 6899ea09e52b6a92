"""What a person can ask of whoever keeps something about them: to have it, and to be erased."""

from typing import Annotated

from fastapi import Response
from pydantic import Field

from cadence.core.rights import Right
from cadence.service import dossier, forgetting
from cadence.web.api.calls import Call, may, resources
from cadence.web.api.documents import Document, Email, Given, Number

routes = resources("privacy")
ARCHIVE = "application/zip"


class Erase(Given):
    """Whom to erase."""

    email: Email


class Erased(Document):
    """What was erased."""

    rows: dict[str, int] = Field(description="Of each table.", examples=[{"prospects": 1, "inbound": 2}])
    files: int = Field(description="Uploaded files that named them.")
    learnt: bool = Field(description="`cadence learn` should make the model that reads replies anew.")


@routes.get(
    "/prospects/{prospect_id}/export",
    summary="Everything that is kept about a person",
    response_class=Response,
    responses={200: {"description": "A document, and every mail as an .eml file.", "content": {ARCHIVE: {}}}},
)
async def export(call: Annotated[Call, may(Right.PRIVACY)], prospect_id: Number) -> Response:
    """A zip file, to be handed to them."""
    found = await dossier.of_prospect(call.app, call.who.actor, prospect_id)
    headers = {"Content-Disposition": 'attachment; filename="person.zip"', "Cache-Control": "no-store"}
    return Response(found.zipped(), media_type=ARCHIVE, headers=headers)


@routes.post("/prospects/forget", summary="Erase a person everywhere")
async def forget(call: Annotated[Call, may(Right.PRIVACY)], given: Erase) -> Erased:
    """Erase a person, for good; nobody can be enrolled or written to under this address again."""
    return Erased.model_validate(await forgetting.forget(call.app, call.who.actor, given.email))

"""Reports: where everybody stands."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from cadence.core.rights import Right
from cadence.service import figuring
from cadence.web.api.calls import Call, may, resources
from cadence.web.api.documents import Document

routes = resources("reports")


class Standing(Document):
    """How many there are within reach, by where they stand."""

    at: datetime
    prospects: dict[str, int] = Field(description="By status.", examples=[{"contacted": 41, "reopened": 3}])
    enrollments: dict[str, int] = Field(description="By state.", examples=[{"active": 40, "replied": 4}])
    messages: dict[str, int] = Field(description="By state.", examples=[{"planned": 80, "sent": 97}])
    replies: dict[str, int] = Field(description="By category.", examples=[{"feedback": 9}])
    tasks: dict[str, int] = Field(description="Open ones, by kind.", examples=[{"question": 2}])
    mailboxes: dict[str, int] = Field(description="By state.", examples=[{"active": 2}])


@routes.get("/reports/standing", summary="Where everybody stands")
async def standing(call: Annotated[Call, may(Right.READ_REPORTS)]) -> Standing:
    """Counts of people, enrollments, mails, replies, tasks and mailboxes within reach."""
    return Standing.model_validate(await figuring.figures(call.app, call.who))

"""Who one is to the API."""

from typing import Annotated

from pydantic import BaseModel, Field

from cadence.core.people import Role
from cadence.core.rights import Right
from cadence.web.api.calls import Call, may, resources

routes = resources("me")


class Me(BaseModel):
    """Whose token it is, and what it may do."""

    email: str = Field(examples=["robin@vendor.example"])
    name: str = Field(examples=["Robin Rep"])
    role: Role
    team: str = Field(description="Empty for who is in none.", examples=["North"])
    scopes: list[Right] = Field(description="What this token may do now.")


@routes.get("/me", summary="Who one is")
async def me(call: Annotated[Call, may(Right.IDENTITY)]) -> Me:
    """Whose token this is, and what it may do now."""
    user = call.who.user
    return Me(
        email=user.email, name=user.name, role=user.role, team=user.team, scopes=sorted(call.who.rights)
    )

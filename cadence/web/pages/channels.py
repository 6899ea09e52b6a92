"""Channels: chats in which people are told what calls for them, connected, tried, changed and removed."""

from typing import Annotated, Any
from zoneinfo import available_timezones

from fastapi import APIRouter, Form, Response
from pydantic import BaseModel, Field

from cadence.core.errors import InvalidInput
from cadence.core.rights import REACH, Reach, Right
from cadence.service import channels, lists, users
from cadence.service.channels import Wishes
from cadence.store.webhooks import delivery_list
from cadence.web import words
from cadence.web.errors import status_of
from cadence.web.visits import Id, Visit, may

SHOWN = 20
"""Deliveries, the newest ones."""

routes = APIRouter()
_Connector = Annotated[Visit, may(Right.CHATS)]


class Wanted(BaseModel):
    """What the form says. url: where it listens, empty where that stays."""

    url: str = Field(default="", max_length=2000)
    name: str = Field(default="", max_length=200)
    format: str = ""
    topics: list[str] = []
    team: str = Field(default="", max_length=100)
    zone: str = "UTC"
    begins: str = ""
    ends: str = ""
    urgent: bool = False

    def wishes(self) -> Wishes:
        """The same, as the service takes it."""
        return Wishes(
            **self.model_dump(exclude={"url", "name", "team"}), name=self.name.strip(), team=self.team.strip()
        )


_Wanted = Annotated[Wanted, Form()]


@routes.get("/channels")
async def all_of_them(visit: _Connector, after: str = "") -> Response:
    """Every channel, and a form that connects one more."""
    return await _list(visit, after)


@routes.post("/channels")
async def add(visit: _Connector, wanted: _Wanted) -> Response:
    """Connect a chat; a test message is sent at once."""
    try:
        id_ = await channels.add(visit.app, visit.who, wanted.url.strip(), wanted.wishes())
    except InvalidInput as fault:
        return await _list(visit, fault=fault, typed=wanted)
    return await _tried(visit, id_)


@routes.get("/channels/{channel_id}")
async def one(visit: _Connector, channel_id: Id) -> Response:
    """One channel, with what was posted there."""
    return await _one(visit, channel_id)


@routes.post("/channels/{channel_id}")
async def change(visit: _Connector, channel_id: Id, wanted: _Wanted) -> Response:
    """Change of what it hears, and when; an empty URL leaves it where it is."""
    try:
        await channels.change(visit.app, visit.who, channel_id, wanted.url.strip(), wanted.wishes())
    except InvalidInput as fault:
        return await _one(visit, channel_id, fault=fault, typed=wanted)
    return visit.to(f"/channels/{channel_id}", "Saved.")


@routes.post("/channels/{channel_id}/test")
async def test(visit: _Connector, channel_id: Id) -> Response:
    """Post a test message."""
    return await _tried(visit, channel_id)


@routes.post("/channels/{channel_id}/enable")
async def enable(visit: _Connector, channel_id: Id) -> Response:
    """Post there again, beginning with what waits."""
    await channels.switch(visit.app, visit.who, channel_id, on=True)
    await visit.app.wake()
    return visit.to(f"/channels/{channel_id}", "It is told again, beginning with what waited.")


@routes.post("/channels/{channel_id}/disable")
async def disable(visit: _Connector, channel_id: Id) -> Response:
    """Post nothing there until somebody enables it again."""
    await channels.switch(visit.app, visit.who, channel_id, on=False)
    return visit.to(f"/channels/{channel_id}", "Nothing is posted there until you enable it again.")


@routes.post("/channels/{channel_id}/remove")
async def remove(visit: _Connector, channel_id: Id) -> Response:
    """Forget a channel, and what was posted there."""
    await channels.remove(visit.app, visit.who, channel_id)
    return visit.to("/channels", "Removed. Delete the webhook in the chat as well.")


def _known(channel: Any) -> Wanted:
    return Wanted(
        name=channel.description,
        format=channel.format,
        topics=channel.events,
        team=channel.team or "",
        zone=channel.zone,
        begins=channel.quiet_from or "",
        ends=channel.quiet_until or "",
        urgent=channel.urgent,
    )


async def _tried(visit: Visit, channel_id: int) -> Response:
    await channels.send_test(visit.app, visit.who, channel_id)
    await visit.app.wake()
    return visit.to(f"/channels/{channel_id}", "A test message is on its way. Reload to see the answer.")


async def _form(visit: Visit) -> dict[str, Any]:
    """What the form lets one choose from."""
    everybody = await users.overview(visit.app)
    return {
        "formats": words.FORMATS,
        "all_topics": words.TOPICS,
        "teams": sorted({one.user.team for one in everybody} - {""}),
        "own_team": None if REACH[visit.who.user.role] is Reach.ALL else visit.who.user.team,
        "zones": sorted(available_timezones()),
    }


async def _list(
    visit: Visit, after: str = "", fault: InvalidInput | None = None, typed: Wanted | None = None
) -> Response:
    fresh = Wanted(format="slack", topics=list(words.TOPICS), zone=visit.who.user.zone)
    return visit.page(
        "channels.html.j2",
        status=status_of(fault) if fault else 200,
        part=await lists.part(visit.app, channels.reached(visit.who), after=after or None, limit=50),
        typed=typed or fresh,
        fault=fault,
        **await _form(visit),
    )


async def _one(
    visit: Visit,
    channel_id: int,
    fault: InvalidInput | None = None,
    typed: Wanted | None = None,
) -> Response:
    channel = await lists.one(visit.app, channels.reached(visit.who), channel_id)
    return visit.page(
        "channel.html.j2",
        status=status_of(fault) if fault else 200,
        hook=channel,
        told=(await lists.part(visit.app, delivery_list(channel_id), after=None, limit=SHOWN)).items,
        typed=typed or _known(channel),
        fault=fault,
        **await _form(visit),
    )

"""Webhooks: where other software hears of what happens, what was delivered, and what came of it."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Response

from cadence.core.errors import InvalidInput
from cadence.core.rights import Right
from cadence.core.webhooks import WebhookEvent
from cadence.service import lists, webhooks
from cadence.store.webhooks import delivery_list, webhook_list
from cadence.web import words
from cadence.web.errors import status_of
from cadence.web.visits import Id, Visit, may

PART = 50
STATES = ("pending", "delivered", "failed")

routes = APIRouter()
_Text = Annotated[str, Form()]
_Events = Annotated[list[str] | None, Form()]
_Administrator = Annotated[Visit, may(Right.WEBHOOKS)]


@routes.get("/webhooks")
async def all_of_them(visit: _Administrator, after: str = "") -> Response:
    """Every webhook, and a form that makes one more."""
    return await _list(visit, after)


@routes.post("/webhooks")
async def add(
    visit: _Administrator, url: _Text = "", description: _Text = "", events: _Events = None
) -> Response:
    """Let a URL hear of events from now on; its secret is shown this once."""
    try:
        made, secret = await webhooks.add(
            visit.app,
            visit.who,
            url=_short(url),
            events=_known(events or ()),
            description=_short(description),
        )
    except InvalidInput as fault:
        return await _list(
            visit, fault=fault, typed={"url": url, "description": description}, picked=events or ()
        )
    return visit.page("webhook_secret.html.j2", hook=made, secret=secret, is_new=True)


@routes.get("/webhooks/{webhook_id}")
async def one(visit: _Administrator, webhook_id: Id, state: str = "", after: str = "") -> Response:
    """One webhook with its deliveries, newest first; htmx asks for older rows only."""
    return await _one(visit, webhook_id, state=state, after=after)


@routes.post("/webhooks/{webhook_id}")
async def change(
    visit: _Administrator, webhook_id: Id, url: _Text = "", description: _Text = "", events: _Events = None
) -> Response:
    """Change where it listens and of what it hears."""
    try:
        values = {"url": _short(url), "description": _short(description), "events": _known(events or ())}
        await webhooks.change(visit.app, visit.who, webhook_id, values, unchanged="*")
    except InvalidInput as fault:
        return await _one(visit, webhook_id, fault=fault)
    return visit.to(f"/webhooks/{webhook_id}", "Saved.")


@routes.post("/webhooks/{webhook_id}/enable")
async def enable(visit: _Administrator, webhook_id: Id) -> Response:
    """Deliver again, beginning with what waits."""
    await webhooks.change(visit.app, visit.who, webhook_id, {"enabled": True}, unchanged="*")
    await visit.app.wake()
    return visit.to(f"/webhooks/{webhook_id}", "It hears again, beginning with what waited.")


@routes.post("/webhooks/{webhook_id}/disable")
async def disable(visit: _Administrator, webhook_id: Id) -> Response:
    """Deliver nothing until somebody enables it again."""
    await webhooks.change(visit.app, visit.who, webhook_id, {"enabled": False}, unchanged="*")
    return visit.to(f"/webhooks/{webhook_id}", "It hears nothing until you enable it again.")


@routes.post("/webhooks/{webhook_id}/test")
async def test(visit: _Administrator, webhook_id: Id) -> Response:
    """Send a message of the type `webhook.test`."""
    await webhooks.send_test(visit.app, webhook_id)
    await visit.app.wake()
    return visit.to(f"/webhooks/{webhook_id}", "A test message is on its way. Reload to see the answer.")


@routes.post("/webhooks/{webhook_id}/secret")
async def renew(visit: _Administrator, webhook_id: Id) -> Response:
    """Sign with a new secret, shown this once; for a day the old one signs as well."""
    secret = await webhooks.renew_secret(visit.app, visit.who, webhook_id)
    hook = await lists.one(visit.app, webhook_list(), webhook_id)
    return visit.page("webhook_secret.html.j2", hook=hook, secret=secret, is_new=False)


@routes.post("/webhooks/{webhook_id}/remove")
async def remove(visit: _Administrator, webhook_id: Id) -> Response:
    """Forget a webhook, and its deliveries."""
    await webhooks.remove(visit.app, visit.who, webhook_id)
    return visit.to("/webhooks", "Removed, with the list of what was delivered.")


@routes.post("/webhooks/{webhook_id}/deliveries/{delivery_id}/replay")
async def replay(visit: _Administrator, webhook_id: Id, delivery_id: Id) -> Response:
    """Deliver a message once more, under its old id."""
    await webhooks.replay(visit.app, webhook_id, delivery_id)
    await visit.app.wake()
    return visit.to(f"/webhooks/{webhook_id}", "It is delivered once more, under the same id.")


async def _list(
    visit: Visit,
    after: str = "",
    fault: InvalidInput | None = None,
    typed: dict[str, str] | None = None,
    picked: Sequence[str] = (),
) -> Response:
    return visit.page(
        "webhooks.html.j2",
        status=status_of(fault) if fault else 200,
        part=await lists.part(visit.app, webhook_list(), after=after or None, limit=PART),
        events=words.EVENTS,
        typed=typed or {"url": "", "description": ""},
        picked=picked,
        fault=fault,
    )


async def _one(
    visit: Visit, webhook_id: int, *, state: str = "", after: str = "", fault: InvalidInput | None = None
) -> Response:
    if state and state not in STATES:
        raise InvalidInput(f"There are no deliveries that are {state[:50]!r}.")
    hook = await lists.one(visit.app, webhook_list(), webhook_id)
    of, public = delivery_list(webhook_id, state=state or None), visit.app.policy.public_url
    return visit.page(
        "webhook.html.j2",
        block="rows",
        status=status_of(fault) if fault else 200,
        hook=hook,
        tells_at=f"{public.rstrip('/')}/hooks/deals/{webhook_id}" if public else None,
        part=await lists.part(visit.app, of, after=after or None, limit=PART),
        events=words.EVENTS,
        states=STATES,
        state=state,
        after=after,
        fault=fault,
    )


def _known(events: Sequence[str]) -> list[WebhookEvent]:
    try:
        return [WebhookEvent(event) for event in events]
    except ValueError as fault:
        raise InvalidInput("There is no such event.") from fault


def _short(text: str) -> str:
    if len(text) > 2000 or not text.isprintable():
        raise InvalidInput("That is too long, or it has signs that cannot be shown.")
    return text.strip()

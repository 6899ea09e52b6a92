"""Webhooks: where other software hears of what happens, and how the deliveries went."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from fastapi import Response
from pydantic import Field

from cadence.core.rights import Right
from cadence.core.webhooks import WebhookEvent
from cadence.service import lists
from cadence.service import webhooks as service
from cadence.store.webhooks import delivery_list, webhook_list
from cadence.web.api.calls import Call, may, resources
from cadence.web.api.documents import (
    PLAIN,
    After,
    Document,
    Given,
    IfMatch,
    Items,
    Limit,
    Number,
    Words,
    items,
    required,
    tagged,
)

routes = resources("webhooks")
Url = Annotated[
    str, Field(min_length=1, max_length=2000, pattern=PLAIN, examples=["https://crm.example/cadence"])
]


class Webhook(Document):
    """Where other software hears of what happens."""

    id: int
    url: str = Field(examples=["https://crm.example/cadence"])
    description: str
    events: list[WebhookEvent]
    owner: str = Field(description="By whose right it hears.", examples=["alex@vendor.example"])
    created_at: datetime
    succeeded_at: datetime | None = Field(description="When something was delivered last.")
    disabled_at: datetime | None
    disabled_why: str | None


class NewWebhook(Given):
    """What a webhook is to hear of, and where."""

    url: Url
    events: list[WebhookEvent] = Field(min_length=1, examples=[["reply.received"]])
    description: Words = ""


class WebhookWithSecret(Webhook):
    """A webhook, and what its messages are signed with: shown this once."""

    secret: str = Field(examples=["whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="])


class WebhookChange(Given):
    """What is to be changed; what is left out stays."""

    url: Url = Field(default_factory=str)
    events: list[WebhookEvent] = Field(default_factory=list, min_length=1)
    description: Words = Field(default_factory=str)
    enabled: bool = Field(default_factory=bool, description="true: what waits is delivered again, at once.")


class Secret(Document):
    """What messages are signed with from now on; for a day the old one signs as well."""

    secret: str = Field(examples=["whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="])


class DeliveryState(StrEnum):
    """How a delivery stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class Delivery(Document):
    """One message to one webhook."""

    id: int
    message_id: str = Field(description="The header webhook-id.", examples=["msg_0c2f6a1b9d8e4735"])
    type: str = Field(examples=["reply.received"])
    state: DeliveryState
    attempts: int
    created_at: datetime
    next_at: datetime | None = Field(description="When it is tried again; null: not any more.")
    tried_at: datetime | None
    status: int | None = Field(description="Of the last answer.", examples=[200])
    fault: str | None = Field(description="Why there was no answer.")
    body: str = Field(description="What was sent.")


class Sent(Document):
    """That something is on its way."""

    done: str = Field(examples=["a test message is on its way"])


@routes.get("/webhooks", summary="Webhooks")
async def webhooks(
    call: Annotated[Call, may(Right.WEBHOOKS)], after: After = None, limit: Limit = 50
) -> Items[Webhook]:
    """Every webhook."""
    return items(Webhook, await lists.part(call.app, webhook_list(), after=after, limit=limit))


@routes.post("/webhooks", status_code=201, summary="Make a webhook")
async def add(
    call: Annotated[Call, may(Right.WEBHOOKS)], given: NewWebhook, response: Response
) -> WebhookWithSecret:
    """Let a URL hear of events from now on. The secret is shown this once."""
    made, secret = await service.add(
        call.app, call.who, url=given.url, events=given.events, description=given.description
    )
    plain = tagged(Webhook, made, response)
    return WebhookWithSecret(**plain.model_dump(), secret=secret)


@routes.get("/webhooks/{webhook_id}", summary="One webhook")
async def webhook(
    call: Annotated[Call, may(Right.WEBHOOKS)], webhook_id: Number, response: Response
) -> Webhook:
    """One webhook; the ETag is what a change wants as If-Match."""
    return tagged(Webhook, await lists.one(call.app, webhook_list(), webhook_id), response)


@routes.patch("/webhooks/{webhook_id}", summary="Change a webhook")
async def change(
    call: Annotated[Call, may(Right.WEBHOOKS)],
    webhook_id: Number,
    given: WebhookChange,
    response: Response,
    if_match: IfMatch = None,
) -> Webhook:
    """Change where it listens and of what it hears; enable it again after it was disabled."""
    values = given.model_dump(exclude_unset=True)
    changed = await service.change(call.app, call.who, webhook_id, values, unchanged=required(if_match))
    await call.app.wake()
    return tagged(Webhook, changed, response)


@routes.delete("/webhooks/{webhook_id}", status_code=204, summary="Remove a webhook")
async def remove(call: Annotated[Call, may(Right.WEBHOOKS)], webhook_id: Number) -> None:
    """Forget a webhook, and its deliveries."""
    await service.remove(call.app, call.who, webhook_id)


@routes.post("/webhooks/{webhook_id}/secret", summary="Give a webhook a new secret")
async def renew(call: Annotated[Call, may(Right.WEBHOOKS)], webhook_id: Number) -> Secret:
    """Sign with a new secret; for a day the old one signs as well, so that nothing is lost meanwhile."""
    return Secret(secret=await service.renew_secret(call.app, call.who, webhook_id))


@routes.post("/webhooks/{webhook_id}/test", status_code=202, summary="Try a webhook")
async def test(call: Annotated[Call, may(Right.WEBHOOKS)], webhook_id: Number) -> Sent:
    """Send a message of the type `webhook.test`."""
    await service.send_test(call.app, webhook_id)
    return Sent(done="a test message is on its way")


@routes.get("/webhooks/{webhook_id}/deliveries", summary="What was delivered")
async def deliveries(
    call: Annotated[Call, may(Right.WEBHOOKS)],
    webhook_id: Number,
    state: DeliveryState | None = None,
    after: After = None,
    limit: Limit = 50,
) -> Items[Delivery]:
    """What was, and is to be, delivered to a webhook in the last 30 days."""
    await lists.one(call.app, webhook_list(), webhook_id)
    of = delivery_list(webhook_id, state=state)
    return items(Delivery, await lists.part(call.app, of, after=after, limit=limit))


@routes.post(
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/replay", status_code=202, summary="Deliver again"
)
async def replay(
    call: Annotated[Call, may(Right.WEBHOOKS)], webhook_id: Number, delivery_id: Number
) -> Delivery:
    """Deliver a message once more, under the same id, so that receivers can tell."""
    return Delivery.model_validate(await service.replay(call.app, webhook_id, delivery_id))

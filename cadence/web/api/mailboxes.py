"""Mailboxes, and how they do; nothing by which one could log in."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from cadence.core.model import MailboxState
from cadence.core.rights import Right
from cadence.core.sequence import From
from cadence.service import lists
from cadence.store.listing import mailbox_list
from cadence.web.api.calls import Call, may, resources
from cadence.web.api.documents import After, Document, Items, Limit, Number, items

routes = resources("mailboxes")


class Mailbox(Document):
    """A mailbox that sends and is read."""

    id: int
    address: str = Field(examples=["rep@vendor.example"])
    name: str = Field(description="Who signs.", examples=["Robin Rep"])
    role: From
    owner: str | None = Field(description="The user whose it is.", examples=["robin@vendor.example"])
    smtp: str = Field(examples=["smtp://mail.vendor.example:587"])
    imap: str = Field(examples=["imaps://mail.vendor.example:993"])
    title: str | None
    phone: str | None
    zone: str = Field(examples=["Europe/Berlin"])
    country: str | None
    region: str | None
    daily_cap: int = Field(description="Mails a day, once warm.")
    state: MailboxState
    state_reason: str | None
    synced_at: datetime | None = Field(description="Everything that came before was read.")
    last_sent_at: datetime | None
    created_at: datetime


@routes.get("/mailboxes", summary="Mailboxes")
async def mailboxes(
    call: Annotated[Call, may(Right.READ_MAILBOXES)], after: After = None, limit: Limit = 50
) -> Items[Mailbox]:
    """The mailboxes within reach."""
    of = mailbox_list(call.who.user)
    return items(Mailbox, await lists.part(call.app, of, after=after, limit=limit))


@routes.get("/mailboxes/{mailbox_id}", summary="One mailbox")
async def mailbox(call: Annotated[Call, may(Right.READ_MAILBOXES)], mailbox_id: Number) -> Mailbox:
    """One mailbox."""
    return Mailbox.model_validate(await lists.one(call.app, mailbox_list(call.who.user), mailbox_id))

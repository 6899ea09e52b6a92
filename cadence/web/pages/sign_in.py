"""Signing a mailbox in by the browser: to its provider, and back with a code."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Response

from cadence.core.errors import CadenceError, Conflict, InvalidInput, MailboxError
from cadence.core.oauth import API
from cadence.core.rights import Right
from cadence.mail import presets
from cadence.service import consenting, mailbox_care
from cadence.service.consenting import Wish
from cadence.web import mailbox_forms
from cadence.web.errors import status_of
from cadence.web.visits import Id, Visit, may

routes = APIRouter()
_Text = Annotated[str, Form()]
_Said = Annotated[str, Query(max_length=8_000)]
_Owner = Annotated[Visit, may(Right.CHANGE_MAILBOXES)]
BACK = "/mailboxes/signed-in"
"""Where a provider leads people back to; the operator gives it that address."""


@routes.post("/mailboxes/sign-in")
async def begin(
    visit: _Owner,
    provider: _Text = "",
    address: _Text = "",
    name: _Text = "",
    smtp: _Text = "",
    imap: _Text = "",
    username: _Text = "",
    role: _Text = "rep",
) -> Response:
    """Go to the provider, for a mailbox that is not known yet; to its API, if that is whom they choose."""
    if provider.endswith(API) and (there := presets.servers_of(provider)):
        smtp, imap = there
    wish = Wish(provider, address.strip(), name, mailbox_forms.role(role), smtp, imap, username.strip())
    return _leave(visit, wish)


@routes.get(BACK)
async def come_back(visit: _Owner, state: _Said = "", code: _Said = "", error: _Said = "") -> Response:
    """Come back from the provider: try the mailbox, then store it."""
    try:
        if not code:
            raise InvalidInput(f"Nobody signed in ({error})." if error else "Nobody signed in.")
        wish, grant = await consenting.come_back(
            visit.app, state=state, code=code, session=visit.token, redirect=_redirect(visit)
        )
        if wish.mailbox_id is None:
            mailbox = await mailbox_care.connect(visit.app, visit.who, wish.mailbox(grant))
            said = f"{mailbox.address} is connected: both servers let us in."
        else:
            mailbox = await mailbox_care.reached(visit.app, visit.who, wish.mailbox_id)
            await mailbox_care.sign_in(visit.app, visit.who, mailbox, grant)
            said = f"{mailbox.address} is signed in: both servers let us in."
    except (InvalidInput, Conflict, MailboxError) as fault:
        return _not_signed_in(visit, fault)
    return visit.to(f"/mailboxes/{mailbox.id}", said)


@routes.post("/mailboxes/{mailbox_id}/sign-in")
async def again(visit: _Owner, mailbox_id: Id, provider: _Text = "") -> Response:
    """Go to the provider, for a mailbox whose sign-in ended, or in place of its password."""
    found = await mailbox_care.reached(visit.app, visit.who, mailbox_id)
    return _leave(visit, Wish(provider, found.address, mailbox_id=found.id))


def _leave(visit: Visit, wish: Wish) -> Response:
    """Our pages send no form elsewhere (their policy), so that a link leads on."""
    try:
        wish.check()
        url = consenting.begin(visit.app, wish, session=visit.token, redirect=_redirect(visit))
    except InvalidInput as fault:
        return _not_signed_in(visit, fault)
    client = visit.app.connections.grants.signing_in.client(wish.provider)
    return visit.page("sign_in.html.j2", url=url, address=wish.address, name=client.provider.name, fault=None)


def _not_signed_in(visit: Visit, fault: CadenceError) -> Response:
    return visit.page("sign_in.html.j2", status=status_of(fault), url=None, fault=fault)


def _redirect(visit: Visit) -> str:
    return str(visit.request.base_url).rstrip("/") + BACK

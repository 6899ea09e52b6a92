"""Where a one-time link leads: a password is set, and its holder is in."""

from typing import Annotated

from fastapi import APIRouter, Form, Response

from cadence.core.errors import Conflict, InvalidInput
from cadence.service import invitations, passwords
from cadence.service.invitations import Invited
from cadence.web.errors import status_of
from cadence.web.visits import Visit, anybody

routes = APIRouter()
_Text = Annotated[str, Form()]


@routes.get("/invite/{token}")
async def ask(visit: Annotated[Visit, anybody()], token: str) -> Response:
    """The form; looking at it uses nothing up, since mail scanners follow links."""
    return _form(visit, await invitations.look(visit.app, token))


@routes.post("/invite/{token}")
async def accept(
    visit: Annotated[Visit, anybody()],
    token: str,
    name: _Text = "",
    email: _Text = "",
    password: _Text = "",
    again: _Text = "",
) -> Response:
    """Set the password, and log in."""
    invited = await invitations.look(visit.app, token)
    try:
        if password != again:
            raise InvalidInput("The two passwords are not the same.")
        begun = await invitations.accept(visit.app, token, password, visit.origin, name=name, email=email)
    except (InvalidInput, Conflict) as fault:
        return _form(visit, invited, name=name, email=email, fault=fault)
    return visit.logged_in(begun, "/")


def _form(
    visit: Visit,
    invited: Invited,
    *,
    name: str | None = None,
    email: str = "",
    fault: InvalidInput | Conflict | None = None,
) -> Response:
    known = invited.user.name if invited.user else ""
    return visit.page(
        "invitation.html.j2",
        status=status_of(fault) if fault else 200,
        invited=invited.user,
        name=known if name is None else name,
        email=email,
        shortest=passwords.SHORTEST,
        fault=fault,
    )

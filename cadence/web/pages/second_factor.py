"""Turning the second factor on, with an authenticator app, and off."""

from typing import Annotated

from fastapi import APIRouter, Form, Response

from cadence.core.errors import InvalidInput, TooManyTries
from cadence.core.rights import Right
from cadence.service import second_factor, sessions
from cadence.service.second_factor import Offer
from cadence.web import qr
from cadence.web.errors import status_of
from cadence.web.visits import Visit, may

routes = APIRouter()
_Text = Annotated[str, Form()]
_Mine = Annotated[Visit, may(Right.ACCOUNT)]
_PATH = "/account/second-factor"


@routes.get(_PATH)
async def look(visit: _Mine) -> Response:
    """A new secret for an app, or the way to turn the second factor off."""
    if visit.who.user.has_second_factor:
        return visit.page("second_factor_off.html.j2", fault=None)
    return _offer(visit, second_factor.offer(visit.app, visit.who.user))


@routes.post(_PATH)
async def turn_on(visit: _Mine, sealed: _Text = "", code: _Text = "") -> Response:
    """Put it in force, and show the recovery codes this once."""
    offer = second_factor.offered(visit.app, visit.who.user, sealed)
    try:
        codes = await second_factor.turn_on(visit.app, visit.who, sealed, code)
    except InvalidInput as fault:
        return _offer(visit, offer, fault)
    return visit.page("recovery_codes.html.j2", codes=codes)


@routes.post(f"{_PATH}/off")
async def turn_off(visit: _Mine, present: _Text = "") -> Response:
    """The password alone is enough again."""
    try:
        await sessions.confirm_password(visit.app, visit.who, present)
    except (InvalidInput, TooManyTries) as fault:
        return visit.page("second_factor_off.html.j2", status=status_of(fault), fault=fault)
    await second_factor.turn_off(visit.app, visit.who)
    return visit.to("/account", "The second factor is off: your password alone is enough.")


def _offer(visit: Visit, offer: Offer, fault: InvalidInput | None = None) -> Response:
    groups = " ".join(offer.secret[at : at + 4] for at in range(0, len(offer.secret), 4))
    return visit.page(
        "second_factor.html.j2",
        status=status_of(fault) if fault else 200,
        offer=offer,
        groups=groups,
        code=qr.drawing(offer.uri, "QR code of the key"),
        fault=fault,
    )

"""Logging in, with password and perhaps a code, and out."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Response

from cadence.core.errors import CadenceError, InvalidInput, TooManyTries, Unauthenticated
from cadence.core.rights import Right
from cadence.service import sessions
from cadence.web import cookies
from cadence.web.errors import status_of
from cadence.web.visits import Visit, anybody, may, own_path

routes = APIRouter()
_Text = Annotated[str, Form()]


@routes.get("/login")
async def ask(visit: Annotated[Visit, anybody()], next: str = "/") -> Response:
    """The form."""
    if visit.visitor is not None:
        return visit.to(own_path(next))
    return _form(visit, next)


@routes.post("/login")
async def log_in(
    visit: Annotated[Visit, anybody()],
    email: _Text = "",
    password: _Text = "",
    next: _Text = "/",
) -> Response:
    """Begin a session, or ask for the second factor."""
    try:
        begun = await sessions.log_in(visit.app, email, password, visit.origin)
    except (Unauthenticated, TooManyTries) as fault:
        return _form(visit, next, email=email, fault=fault)
    return visit.logged_in(begun, _code_path(next) if begun.owes_code else own_path(next))


@routes.get("/login/code")
async def ask_code(visit: Annotated[Visit, anybody()], next: str = "/") -> Response:
    """The form for the second factor."""
    if not await sessions.owes_code(visit.app, visit.token):
        return visit.to("/login")
    return visit.page("login_code.html.j2", next=own_path(next), fault=None)


@routes.post("/login/code")
async def give_code(
    visit: Annotated[Visit, anybody()],
    code: _Text = "",
    next: _Text = "/",
) -> Response:
    """Begin the session that the password promised."""
    try:
        begun = await sessions.give_code(visit.app, visit.token, code, visit.origin)
    except (InvalidInput, TooManyTries) as fault:
        return visit.page("login_code.html.j2", status=status_of(fault), next=own_path(next), fault=fault)
    return visit.logged_in(begun, own_path(next))


@routes.post("/logout")
async def log_out(visit: Annotated[Visit, may(Right.ACCOUNT)]) -> Response:
    """End this session."""
    await sessions.log_out(visit.app, visit.who)
    response = visit.to("/login")
    cookies.forget_token(response, visit.request)
    return response


def _form(visit: Visit, next_: str, *, email: str = "", fault: CadenceError | None = None) -> Response:
    return visit.page(
        "login.html.j2",
        status=status_of(fault) if fault else 200,
        next=own_path(next_),
        email=email,
        fault=fault,
        is_private=cookies.is_private(visit.request),
    )


def _code_path(next_: str) -> str:
    return f"/login/code?{urlencode({'next': own_path(next_)})}"

"""One's own account: name and zone, password, where one is logged in, and tokens for other software."""

from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from fastapi import APIRouter, Form, Response

from cadence.core.errors import CadenceError, Forbidden, InvalidInput, TooManyTries
from cadence.core.rights import MEANINGS, RIGHTS, SCOPES, Right
from cadence.service import api_tokens, passwords, second_factor, sessions, users
from cadence.web import cookies
from cadence.web.errors import status_of
from cadence.web.languages import LANGUAGES
from cadence.web.visits import Id, Visit, may

routes = APIRouter()
_Text = Annotated[str, Form()]
_Mine = Annotated[Visit, may(Right.ACCOUNT)]
_OF_THE_BROWSER = "The browser’s"


@routes.get("/account")
async def account(visit: _Mine) -> Response:
    """Everything on one page."""
    return await _page(visit)


@routes.post("/account/profile")
async def profile(visit: _Mine, name: _Text = "", zone: _Text = "", language: _Text = "") -> Response:
    """Change one's name and zone, and the language of one's pages; this browser keeps it for those pages too
    on which nobody is logged in.
    """
    chosen = next((code for code, called in LANGUAGES.items() if called == language), None)
    try:
        await users.change_profile(visit.app, visit.who, name=name, zone=zone, language=chosen)
    except InvalidInput as fault:
        return await _page(visit, "profile", fault)
    response = visit.to("/account", "Saved.")
    cookies.set_language(response, visit.request, chosen or "")
    return response


@routes.post("/account/password")
async def password(visit: _Mine, present: _Text = "", new: _Text = "", again: _Text = "") -> Response:
    """Change one's password."""
    try:
        if new != again:
            raise InvalidInput("The two new passwords are not the same.")
        await users.change_password(visit.app, visit.who, present, new)
    except (InvalidInput, TooManyTries) as fault:
        return await _page(visit, "password", fault)
    return visit.to("/account", "Your password is changed, and you are logged out everywhere else.")


@routes.post("/account/sessions/{session_id}/end")
async def end_session(visit: _Mine, session_id: Id) -> Response:
    """Log out somewhere else."""
    await sessions.end(visit.app, visit.who, session_id)
    return visit.to("/account", "That browser is logged out.")


@routes.post("/account/tokens")
async def create_token(
    visit: _Mine,
    name: _Text = "",
    scopes: Annotated[list[str] | None, Form()] = None,
    days: Annotated[str, Form()] = "",
) -> Response:
    """Make a token, and show it this once."""
    try:
        if not days.isdecimal():
            raise InvalidInput("Say for how many days the token is to work.")
        token = await api_tokens.create(
            visit.app, visit.who, name=name, scopes=scopes or [], days=int(days[:9])
        )
    except (InvalidInput, Forbidden) as fault:
        return await _page(visit, "tokens", fault)
    return visit.page("token.html.j2", token=token, name=name)


@routes.post("/account/tokens/{token_id}/revoke")
async def revoke_token(visit: _Mine, token_id: Id) -> Response:
    """Let a token work no more."""
    await api_tokens.revoke(visit.app, visit.who, token_id)
    return visit.to("/account", "That token works no more.")


@cache
def _zones() -> list[str]:
    """Found once: it is a walk through many files."""
    return sorted(available_timezones())


async def _page(visit: Visit, section: str = "", fault: CadenceError | None = None) -> Response:
    """The page; a fault stands in the section whose form it is of."""
    user = visit.who.user
    offered = sorted(RIGHTS[user.role] & SCOPES, key=list(Right).index)
    return visit.page(
        "account.html.j2",
        status=status_of(fault) if fault else 200,
        faults={section: str(fault)} if fault else {},
        user=user,
        zones=_zones(),
        languages=[_OF_THE_BROWSER, *LANGUAGES.values()],
        language=LANGUAGES.get(user.language or "", _OF_THE_BROWSER),
        shortest=passwords.SHORTEST,
        codes_left=await second_factor.codes_left(visit.app, user),
        sessions=await sessions.of_user(visit.app, user),
        tokens=await api_tokens.of_user(visit.app, user),
        now=visit.app.clock(),
        scopes=[(right, MEANINGS[right]) for right in offered],
    )

"""One look at a page by one person: who they are, whether they may, and how the answer is made.

A page's route declares its right by the type of its parameter, `Annotated[Visit, may(Right.…)]`. The
guard behind it looks for a session, the right and, where the request acts, the CSRF token.
"""

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlencode

from fastapi import Depends, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup
from starlette.datastructures import FormData

from cadence.core.errors import Forbidden, Unauthenticated
from cadence.core.rights import Right, Visitor
from cadence.service import sessions
from cadence.service.app import App
from cadence.service.sessions import Begun, Origin
from cadence.web import cookies, languages, templates
from cadence.web.cookies import Flash
from cadence.web.navigation import entries

Id = Annotated[int, Path(ge=1, lt=2**63)]
"""A number in a path by which something is named."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def origin_of(request: Request) -> Origin:
    """From where somebody asks; behind a proxy, as that says (FORWARDED_ALLOW_IPS names the proxy)."""
    return Origin(request.client.host if request.client else "unknown", request.headers.get("user-agent", ""))


@dataclass(slots=True)
class Visit:
    """One look at a page. token: of the browser; visitor: None on public pages, for who is not logged in."""

    request: Request
    app: App
    token: str
    visitor: Visitor | None = None
    _flash: Flash | None = field(default=None, init=False)

    @property
    def who(self) -> Visitor:
        """Who looks; raises Unauthenticated where that is nobody, which no guarded page has to fear."""
        if self.visitor is None:
            raise Unauthenticated("Please log in.")
        return self.visitor

    @property
    def origin(self) -> Origin:
        """From where they look."""
        return origin_of(self.request)

    @property
    def language(self) -> str:
        """In which they read: the one that they chose, else this browser's."""
        theirs = self.visitor.user.language if self.visitor else None
        chosen = theirs or cookies.language_of(self.request)
        return languages.preferred(self.request.headers.get("accept-language", ""), chosen)

    @property
    def is_fragment(self) -> bool:
        """Whether htmx asks for a part of the page: not where it follows a link or goes back in history."""
        headers = self.request.headers
        whole = "hx-boosted" in headers or "hx-history-restore-request" in headers
        return "hx-request" in headers and not whole

    async def form(self) -> FormData:
        """What the form brought, parsed once."""
        return await self.request.form()

    def page(self, template: str, *, status: int = 200, block: str | None = None, **facts: Any) -> Response:
        """A page, or only its block where htmx asks for that."""
        flash = cookies.flash_of(self.request, self.token)
        csrf = cookies.csrf_of(self.token)
        about = {
            "visitor": self.visitor,
            "path": self.request.url.path,
            "navigation": entries(self.visitor),
            "csrf": csrf,
            "csrf_field": Markup('<input type="hidden" name="{}" value="{}">').format(
                cookies.CSRF_FIELD, csrf
            ),
            "flash": flash,
            "zone": self.visitor.user.zone if self.visitor else self.app.policy.place.zone,
        }
        html = templates.render(template, about | facts, block if self.is_fragment else None, self.language)
        response = HTMLResponse(html, status_code=status)
        if cookies.token_of(self.request) != self.token:
            cookies.set_token(response, self.request, self.token)
        if flash:
            cookies.forget_flash(response, self.request)
        return response

    def to(self, path: str, said: str = "", kind: Literal["good", "bad"] = "good") -> Response:
        """Lead to another page, which says what was done (POST, redirect, GET)."""
        response = leading(self.request, path)
        if said:
            cookies.set_flash(response, self.request, self.token, Flash(said, kind))
        return response

    def logged_in(self, begun: Begun, path: str) -> Response:
        """Give the browser the token of the session that began, and lead on."""
        response = leading(self.request, path)
        cookies.set_token(response, self.request, begun.token)
        return response


def leading(request: Request, path: str) -> Response:
    """An answer that leads to a path of ours: htmx would otherwise put that page into a part of this one."""
    if "hx-request" in request.headers:
        return Response(status_code=204, headers={"HX-Redirect": path})
    return RedirectResponse(path, status_code=303)


def login_path(request: Request) -> str:
    """Where to log in, and where that leads back to."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    wanted = here if request.method in SAFE and "hx-request" not in request.headers else ""
    return "/login" + (f"?{urlencode({'next': wanted}, quote_via=quote)}" if wanted.strip("/") else "")


def own_path(path: str) -> str:
    """The path, where it is one of ours; else the first page: nobody is led to another site."""
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_ours else "/"


# --- guards ---


class Guard:
    """Lets those in who have a right; `right` is what the walk over all routes reads."""

    def __init__(self, right: Right) -> None:
        self.right = right


class PageGuard(Guard):
    """Lets in whose session has a right, and gives their visit."""

    async def __call__(self, request: Request) -> Visit:
        """Raises Unauthenticated or Forbidden."""
        visit = await _visit(request)
        if visit.visitor is None:
            raise Unauthenticated("Please log in.")
        if self.right not in visit.visitor.rights:
            raise Forbidden("Your role does not let you do this.")
        await _check_csrf(visit)
        return visit


def may(right: Right) -> Any:
    """A page for those who have a right: `visit: Annotated[Visit, may(Right.…)]`."""
    return Depends(PageGuard(right))


async def _anybody(request: Request) -> Visit:
    visit = await _visit(request)
    await _check_csrf(visit)
    return visit


def anybody() -> Any:
    """A public page, such as the one to log in: `visit: Annotated[Visit, anybody()]`."""
    return Depends(_anybody)


async def _visit(request: Request) -> Visit:
    app: App = request.app.state.cadence
    token = cookies.token_of(request)
    if token is None:
        return Visit(request, app, cookies.new_token())
    return Visit(request, app, token, await sessions.visitor_of(app, token, origin_of(request).address))


async def _check_csrf(visit: Visit) -> None:
    request = visit.request
    if request.method in SAFE:
        return
    given = request.headers.get(cookies.CSRF_HEADER) or (await visit.form()).get(cookies.CSRF_FIELD)
    if not isinstance(given, str) or not cookies.is_csrf(visit.token, given):
        raise Forbidden(
            "This form is too old, or it was not made by us. Go back, reload the page, try again."
        )

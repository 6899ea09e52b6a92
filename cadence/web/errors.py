"""What somebody gets instead of an answer: a page in plain words, or a problem document under /api/.

Problem documents are those of RFC 9457, without types of our own: the status says what kind it is.
"""

from http import HTTPStatus
from math import ceil
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.exceptions import HTTPException

from cadence.core.errors import (
    CadenceError,
    Conflict,
    DatabaseAway,
    Forbidden,
    InvalidInput,
    NotFound,
    Stale,
    TooManyTries,
    Unauthenticated,
)
from cadence.web import templates
from cadence.web.headers import HEADERS
from cadence.web.visits import leading, login_path

API, HOOKS = "/api/", "/hooks/"
PROBLEM = "application/problem+json"

_STATUSES: dict[type[CadenceError], int] = {
    InvalidInput: 422,
    NotFound: 404,
    Conflict: 409,
    Stale: 412,
    Unauthenticated: 401,
    Forbidden: 403,
    TooManyTries: 429,
    DatabaseAway: 503,
}
_WORDS = {
    403: ("You may not do that", "Ask an administrator if you think that you should."),
    404: ("There is nothing here", "The address may be misspelled, or what it named is gone."),
    405: ("That cannot be done here", "Go back, and try it from the page."),
    409: ("That does not go together", "Look at the page again: something changed meanwhile."),
    413: ("That is too much at once", "Try it with a smaller file."),
    422: ("That cannot be used", "Go back and look over what you filled in."),
    429: ("Not so fast", "Wait a little, and try again."),
    500: ("That did not work", "The fault is ours, and it was written to the log."),
    503: ("Not just now", "The database cannot be reached. Please try again in a while."),
}


def status_of(fault: CadenceError) -> int:
    """The HTTP status of an error; what is not in the table is a fault of ours or of the world: 503."""
    return next((_STATUSES[kind] for kind in type(fault).__mro__ if kind in _STATUSES), 503)


def handle_errors(app: FastAPI) -> None:
    """Let the application answer every fault in the reader's form."""
    app.add_exception_handler(CadenceError, _known)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _misfit)
    app.add_exception_handler(Exception, _unforeseen)


async def answer_to(request: Request, fault: Exception) -> Response | None:
    """The answer to a fault that a handler knows; None to one that nobody foresaw."""
    handlers = {CadenceError: _known, HTTPException: _http, RequestValidationError: _misfit}
    handler = next((handlers[kind] for kind in type(fault).__mro__ if kind in handlers), None)
    return await handler(request, fault) if handler else None


async def _known(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, CadenceError)
    if isinstance(fault, Unauthenticated) and not _is_api(request):
        return leading(request, login_path(request))
    headers = {}
    if isinstance(fault, TooManyTries):
        headers["Retry-After"] = str(ceil(fault.wait.total_seconds()))
    if isinstance(fault, Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    status = status_of(fault)
    return answer(request, status, "" if status == 503 else str(fault), headers=headers)


async def _http(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)
    detail = "" if fault.detail == HTTPStatus(fault.status_code).phrase else fault.detail
    return answer(request, fault.status_code, detail, headers=fault.headers)


async def _misfit(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, RequestValidationError)
    errors = [{"pointer": _pointer(one["loc"]), "detail": one["msg"]} for one in fault.errors()]
    detail = "; ".join(f"{one['pointer']}: {one['detail']}" for one in errors)
    return answer(request, 422, detail, errors=errors)


async def _unforeseen(request: Request, fault: Exception) -> Response:
    return answer(request, 500, headers=HEADERS)  # outside every middleware; the server logs the fault


def answer(request: Request, status: int, detail: str = "", *, headers: Any = None, **more: Any) -> Response:
    """A page, a notice for htmx, or a problem document; detail: what is said instead of the usual words."""
    title, usual = _WORDS.get(status, (HTTPStatus(status).phrase, ""))
    if _is_api(request):
        document = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
        document |= {"detail": detail or usual} | more
        return JSONResponse(document, status, headers=headers, media_type=PROBLEM)
    facts = {"status": status, "title": title, "text": detail or usual}
    name = "notice.html.j2" if "hx-request" in request.headers else "error.html.j2"
    return HTMLResponse(templates.render(name, facts), status, headers=headers)


def _is_api(request: Request) -> bool:
    return request.url.path.startswith((API, HOOKS))


def _pointer(place: tuple[Any, ...]) -> str:
    """Where in the request, as a JSON pointer without the part of the request (RFC 6901)."""
    return "/" + "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in place[1:])

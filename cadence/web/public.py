"""What readers of our mails may do without logging in: unsubscribe, by the form or in one click (RFC 8058),
or say that they would rather be asked later.

Only a POST acts. Link scanners and previews follow links with GET and HEAD, so those only ask. The
pages load nothing, run no script and follow nobody.
"""

import asyncio
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader
from starlette.requests import ClientDisconnect

from cadence.core.errors import CadenceError, Conflict, InvalidInput, NotFound
from cadence.web.languages import message, preferred, said, speaking

LONGEST_BODY = 4096
"""Bytes; a form with one button and the one-click request both fit many times over."""

BODY_SECONDS = 10.0
"""The server behind us sets no deadline for receiving a body."""


class Addressed(Protocol):
    """Whom a link was written to."""

    async def language(self, token: str) -> str:
        """The language in which we write to the reader of a link; empty where nobody knows."""


class Unsubscribing(Addressed, Protocol):
    """What the outside may do here."""

    async def unsubscribe(self, token: str) -> None:
        """Stop every mail to the reader of that link, for good; once more changes nothing.

        Raises InvalidInput or NotFound where the link means nobody.
        """

    async def put_off(self, token: str, months: int) -> None:
        """Write to the reader of that link no earlier than in so many months.

        Raises InvalidInput, NotFound where the link means nobody, Conflict where it was said often enough.
        """


@dataclass(frozen=True, slots=True)
class _Page:
    status: int
    title: str
    text: str
    button: str = ""


_ASK = _Page(
    200,
    message("Stop these mails?"),
    message(
        "Press the button, and we will not write to you again. "
        "Answering any of our mails with “stop” works too."
    ),
    message("Unsubscribe"),
)
_DONE = _Page(
    200,
    message("You are unsubscribed"),
    message("We will not write to you again. You can close this page."),
)
_LATER = _Page(
    200,
    message("Until later, then"),
    message("We will leave you alone until then. You can close this page."),
)
_UNKNOWN = _Page(
    404,
    message("This link does not work"),
    message(
        "It may have been cut off on its way. "
        "Answer any of our mails with “stop”, and we will not write again."
    ),
)
_FAULT = _Page(
    503,
    message("That did not work"),
    message("The fault is ours. Please try again in a while, or answer any of our mails with “stop”."),
    message("Try again"),
)

CHOICES = {
    "3": message("in 3 months"),
    "6": message("in 6 months"),
    "12": message("in a year"),
}
"""After how many months somebody can choose to be asked again, and how that is said."""

_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:1.1rem/1.6 system-ui,sans-serif;color:CanvasText;background:Canvas;margin:0}"
    "main{max-width:34rem;margin:12vh auto;padding:0 1.5rem}"
    "button{font:inherit;padding:.6rem 1.4rem;border:2px solid CanvasText;border-radius:.3rem;"
    "background:CanvasText;color:Canvas;cursor:pointer}"
    "button.later{background:Canvas;color:CanvasText;margin:0 .5rem .5rem 0}"
    "label{display:block;font-weight:600}textarea{font:inherit;box-sizing:border-box;width:100%;height:8rem;"
    "margin:.4rem 0 1rem;padding:.5rem;border:2px solid CanvasText;border-radius:.3rem}"
    "textarea:focus-visible,button:focus-visible{outline:3px solid Highlight;outline-offset:3px}"
)
_STYLE_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode("ascii")
_HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_TEMPLATE = Environment(loader=PackageLoader("cadence.web", "html"), autoescape=True).get_template(
    "public.html.j2"
)


def public_routes(service: Unsubscribing) -> APIRouter:
    """The routes under /u/ for the links in our mails."""
    routes = APIRouter()

    @routes.api_route("/u/{token}", methods=["GET", "HEAD"])
    async def ask(token: str, request: Request) -> HTMLResponse:
        return _shown(_ASK, await language_of(service, token, request))

    @routes.post("/u/{token}")
    async def act(token: str, request: Request) -> HTMLResponse:
        body = await body_of(request, LONGEST_BODY)
        language = await language_of(service, token, request)
        if body is None:
            return _shown(_ASK, language, status=400)
        months = _chosen(body)
        if not months and not _is_meant(body, request.headers.get("content-type", "")):
            return _shown(_ASK, language, status=400)
        try:
            if months:
                await service.put_off(token, int(months))
            else:
                await service.unsubscribe(token)
        except (InvalidInput, NotFound):
            return _shown(_UNKNOWN, language)
        except Conflict as fault:
            return shown(409, message("Thank you"), str(fault), language=language)
        except CadenceError:
            return _shown(_FAULT, language)
        return _shown(_LATER if months else _DONE, language)

    return routes


async def language_of(service: Addressed, token: str, request: Request) -> str:
    """The language of our mails to the reader of a link, else the browser's."""
    return preferred(request.headers.get("accept-language", ""), await service.language(token))


async def body_of(request: Request, longest: int) -> bytes | None:
    """The whole body, or None where it is too long or does not arrive in time."""
    received = b""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                received += chunk
                if len(received) > longest:
                    return None
    except (TimeoutError, ClientDisconnect):
        return None
    return received


def _chosen(body: bytes) -> str:
    """After how many months they want to be asked again, empty where that is not what they say."""
    said = dict(parse_qsl(body.decode("utf-8", "replace"))).get("later", "")
    return said if said in CHOICES else ""


def _is_meant(body: bytes, content_type: str) -> bool:
    """Whether this is our form's button or a mail program's one click.

    RFC 8058 §3.2: the pair List-Unsubscribe=One-Click, as urlencoded or multipart form data.
    """
    text = body.decode("utf-8", "replace")
    if content_type.lower().startswith("multipart/form-data"):
        head, _, value = text.partition("\r\n\r\n")
        return 'name="List-Unsubscribe"' in head and value.startswith("One-Click")
    pairs = set(parse_qsl(text))
    return bool(pairs & {("List-Unsubscribe", "One-Click"), ("confirm", "yes")})


def _shown(page: _Page, language: str, *, status: int | None = None) -> HTMLResponse:
    choices = CHOICES if page is _ASK else {}
    return shown(
        status or page.status, page.title, page.text, button=page.button, choices=choices, language=language
    )


def shown(
    status: int,
    title: str,
    text: str,
    *,
    language: str,
    button: str = "",
    question: str = "",
    typed: str = "",
    choices: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """A page of plain words. button: of its form; question: what a field asks; typed: what stands in it;
    choices: to be asked again later, by what they send.
    """
    with speaking(language):
        html = _TEMPLATE.render(
            title=said(title),
            text=said(text),
            button=said(button),
            question=said(question),
            typed=typed,
            otherwise=said(message("Or not now: ask me again")) if choices else "",
            choices={value: said(label) for value, label in (choices or {}).items()},
            language=language,
            style=_STYLE,
        )
    return HTMLResponse(html, status_code=status, headers=_HEADERS)

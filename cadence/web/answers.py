"""The page with one question, for readers who would rather type a line there than write a mail.

As on the page for opting out, only a POST acts, nothing is loaded, no script runs and nobody is followed.
"""

from typing import Protocol
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from cadence.core.errors import CadenceError, Conflict, InvalidInput, NotFound
from cadence.web.languages import message
from cadence.web.public import Addressed, body_of, language_of, shown

LONGEST_FORM = 40_000
"""Bytes of a form; an answer is a line or two, and some of any language fit as a form encodes them."""


class Answering(Addressed, Protocol):
    """What the outside may do here."""

    async def answer(self, token: str, text: str) -> None:
        """Take in an answer; raises InvalidInput, NotFound or Conflict where it cannot be taken."""


_TITLE = message("One line is plenty")
_TEXT = message(
    "Whatever you write here goes to the person who asked you, and to nobody outside their company. If you "
    "would rather not, just close this page."
)
_REFUSALS = (
    message("Nothing was asked yet."),
    message("Your answers have reached us already. Please write us a mail about anything else."),
)
"""What the use case may say, in its words."""


def answer_routes(service: Answering) -> APIRouter:
    """The routes under /q/ for the links in our mails."""
    routes = APIRouter()

    @routes.api_route("/q/{token}", methods=["GET", "HEAD"])
    async def ask(token: str, request: Request) -> HTMLResponse:
        return _asked(await language_of(service, token, request))

    @routes.post("/q/{token}", max_body_size=LONGEST_FORM)
    async def act(token: str, request: Request) -> HTMLResponse:
        body = await body_of(request, LONGEST_FORM)
        text = (parse_qs((body or b"").decode("utf-8", "replace")).get("answer") or [""])[0]
        language = await language_of(service, token, request)
        try:
            await service.answer(token, text)
        except InvalidInput:
            return _asked(language, text, status=400)
        except CadenceError as fault:
            return shown(*_refused(fault), language=language)
        done = message("Your answer has arrived. You can close this page.")
        return shown(200, message("Thank you"), done, language=language)

    return routes


def _asked(language: str, text: str = "", *, status: int = 200) -> HTMLResponse:
    button, question = message("Send"), message("Your answer")
    return shown(status, _TITLE, _TEXT, button=button, question=question, typed=text, language=language)


def _refused(fault: CadenceError) -> tuple[int, str, str]:
    """Status, title and text of the page that says why an answer was not taken."""
    match fault:
        case NotFound():
            return 404, message("This link does not work"), message("It may have been cut off on its way.")
        case Conflict():
            return 409, message("Thank you"), str(fault)
        case _:
            text = message("The fault is ours. Please answer our mail instead.")
            return 503, message("That did not work"), text

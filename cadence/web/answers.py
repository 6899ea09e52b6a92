"""The page with one question, for readers who would rather type a line there than write a mail.

As on the page for opting out, only a POST acts, nothing is loaded, no script runs and nobody is followed.
"""

from typing import Protocol
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from cadence.core.errors import CadenceError, Conflict, InvalidInput, NotFound
from cadence.web.public import body_of, shown

LONGEST_FORM = 40_000
"""Bytes of a form; an answer is a line or two, and some of any language fit as a form encodes them."""


class Answering(Protocol):
    """What the outside may do here."""

    async def answer(self, token: str, text: str) -> None:
        """Take in an answer; raises InvalidInput, NotFound or Conflict where it cannot be taken."""


_WORDS = {
    "en": {
        "title": "One line is plenty",
        "text": "Whatever you write here goes to the person who asked you, and to nobody outside their "
        "company. If you would rather not, just close this page.",
        "label": "Your answer",
        "button": "Send",
        "done": "Thank you",
        "received": "Your answer has arrived. You can close this page.",
    },
    "de": {
        "title": "Eine Zeile genügt",
        "text": "Was Sie hier schreiben, erhält die Person, die Sie gefragt hat, und niemand außerhalb ihres "
        "Unternehmens. Wenn Sie lieber nicht antworten möchten, schließen Sie einfach diese Seite.",
        "label": "Ihre Antwort",
        "button": "Senden",
        "done": "Vielen Dank",
        "received": "Ihre Antwort ist angekommen. Sie können diese Seite schließen.",
    },
    "fr": {
        "title": "Une ligne suffit",
        "text": "Ce que vous écrivez ici parvient à la personne qui vous a posé la question, et à personne "
        "hors de son entreprise. Si vous préférez ne pas répondre, fermez simplement cette page.",
        "label": "Votre réponse",
        "button": "Envoyer",
        "done": "Merci",
        "received": "Votre réponse est arrivée. Vous pouvez fermer cette page.",
    },
    "es": {
        "title": "Basta una línea",
        "text": "Lo que escriba aquí lo recibe la persona que le preguntó, y nadie fuera de su empresa. "
        "Si prefiere no responder, cierre sin más esta página.",
        "label": "Su respuesta",
        "button": "Enviar",
        "done": "Gracias",
        "received": "Su respuesta ha llegado. Puede cerrar esta página.",
    },
}


def answer_routes(service: Answering) -> APIRouter:
    """The routes under /q/ for the links in our mails."""
    routes = APIRouter()

    @routes.api_route("/q/{token}", methods=["GET", "HEAD"])
    async def ask(token: str, request: Request) -> HTMLResponse:
        return _asked(request)

    @routes.post("/q/{token}", max_body_size=LONGEST_FORM)
    async def act(token: str, request: Request) -> HTMLResponse:
        body = await body_of(request, LONGEST_FORM)
        text = (parse_qs((body or b"").decode("utf-8", "replace")).get("answer") or [""])[0]
        try:
            await service.answer(token, text)
        except InvalidInput:
            return _asked(request, text, status=400)
        except NotFound:
            return shown(404, "This link does not work", "It may have been cut off on its way.")
        except Conflict as fault:
            return shown(409, "Thank you", str(fault))
        except CadenceError:
            return shown(503, "That did not work", "The fault is ours. Please answer our mail instead.")
        language, words = _in(request)
        return shown(200, words["done"], words["received"], language=language)

    return routes


def _asked(request: Request, text: str = "", *, status: int = 200) -> HTMLResponse:
    language, words = _in(request)
    return shown(
        status,
        words["title"],
        words["text"],
        button=words["button"],
        question=words["label"],
        typed=text,
        language=language,
    )


def _in(request: Request) -> tuple[str, dict[str, str]]:
    """The words in the first language of the reader's browser that we have."""
    for part in request.headers.get("accept-language", "").split(","):
        language = part.strip()[:2].lower()
        if language in _WORDS:
            return language, _WORDS[language]
    return "en", _WORDS["en"]

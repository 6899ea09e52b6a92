"""Decides how a browser is known again: one cookie with a random token, what is derived from it, a language.

Whoever has no session yet has such a token as well, so that the forms of /login and /invite are bound to
their browser like all others. A log-in always brings a new token. SameSite=Lax keeps other sites'
forms from carrying the cookie; the CSRF token in each form does not rest on that.
"""

import base64
import hmac
import json
from dataclasses import dataclass

from fastapi import Request, Response

from cadence.service.secrets import fresh

CSRF_FIELD = "csrf"
CSRF_HEADER = "X-CSRF-Token"
_SESSION = "cadence_session"
_FLASH = "cadence_flash"
_LANGUAGE = "cadence_language"
_YEAR = 365 * 86_400
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})
_LONGEST_FLASH = 2000


@dataclass(frozen=True, slots=True)
class Flash:
    """What the next page says of what was just done. kind: good or bad."""

    text: str
    kind: str = "good"


def is_private(request: Request) -> bool:
    """Whether nobody on the way can read what is sent: TLS, or this machine itself."""
    return request.url.scheme == "https" or request.url.hostname in _LOOPBACK


def _name(request: Request, name: str) -> str:
    """Over TLS no other host of the domain can set a cookie of this name (RFC 6265bis §4.1.3.2)."""
    return f"__Host-{name}" if request.url.scheme == "https" else name


def _set(response: Response, request: Request, name: str, value: str, max_age: int | None = None) -> None:
    response.set_cookie(
        _name(request, name),
        value,
        max_age=max_age,
        path="/",
        secure=request.url.scheme == "https" or not is_private(request),
        httponly=True,
        samesite="lax",
    )


# --- the token of a browser ---


def token_of(request: Request) -> str | None:
    """The token that a browser brought."""
    return request.cookies.get(_name(request, _SESSION)) or None


def new_token() -> str:
    """A token for a browser that brought none."""
    return fresh()


def set_token(response: Response, request: Request, token: str) -> None:
    """Give a browser its token; how long it is worth something is known to the database."""
    _set(response, request, _SESSION, token)


def forget_token(response: Response, request: Request) -> None:
    """Take the token away."""
    _set(response, request, _SESSION, "", max_age=0)


def csrf_of(token: str) -> str:
    """What a form must bring along, so that it is one of ours, shown in that browser."""
    return hmac.new(token.encode(), b"csrf", "sha256").hexdigest()


def is_csrf(token: str, given: str) -> bool:
    """Whether a form brought it along."""
    return hmac.compare_digest(csrf_of(token).encode(), given.encode())


# --- the language that somebody chose ---


def language_of(request: Request) -> str:
    """The language that was chosen in this browser; empty where none was."""
    return request.cookies.get(_name(request, _LANGUAGE), "")


def set_language(response: Response, request: Request, language: str) -> None:
    """Keep to a language in this browser, also where nobody is logged in; empty: to none."""
    _set(response, request, _LANGUAGE, language, max_age=_YEAR if language else 0)


# --- what the next page says ---


def set_flash(response: Response, request: Request, token: str, flash: Flash) -> None:
    """Let the next page say something; signed with the browser's token, so that nobody else can."""
    said = base64.urlsafe_b64encode(json.dumps([flash.text[:_LONGEST_FLASH], flash.kind]).encode()).decode()
    _set(response, request, _FLASH, f"{said}.{_mark(token, said)}", max_age=60)


def flash_of(request: Request, token: str) -> Flash | None:
    """What the page before wanted to be said."""
    said, _, mark = request.cookies.get(_name(request, _FLASH), "").partition(".")
    if not hmac.compare_digest(_mark(token, said).encode(), mark.encode()):
        return None
    text, kind = json.loads(base64.urlsafe_b64decode(said))
    return Flash(text, kind)


def forget_flash(response: Response, request: Request) -> None:
    """It was said."""
    _set(response, request, _FLASH, "", max_age=0)


def _mark(token: str, said: str) -> str:
    return hmac.new(token.encode(), f"flash {said}".encode(), "sha256").hexdigest()

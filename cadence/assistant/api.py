"""Asks the REST API of a running Cadence: what is on one short list of requests, and nothing else.

Whatever an assistant is talked into, no other request leaves here; and the scopes of the token would not
allow another either. So every right, every reach and every entry of the audit trail is the API's own.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from cadence.core.errors import CadenceError, Forbidden, InvalidInput, NotFound, Unauthenticated, Unreachable
from cadence.core.rights import OF_EVERY_TOKEN, READING, Right

PATIENCE = 30.0
"""Seconds for an answer."""
ALLOWED = (
    ("GET", r"/me"),
    ("GET", r"/prospects(/\d+)?"),
    ("GET", r"/events"),
    ("GET", r"/messages"),
    ("GET", r"/tasks"),
    ("GET", r"/replies(/\d+)?"),
    ("GET", r"/deals"),
    ("GET", r"/reports/(lost-deals|standing)"),
    ("GET", r"/sequences(/[^/]+/preview)?"),
    ("GET", r"/stories"),
    ("POST", r"/replies/\d+/draft"),
    ("POST", r"/enrollments/preview"),
)
"""Every request that ever leaves, below /api/v1; the two that are POSTs keep nothing."""
_HERE = {"localhost", "127.0.0.1", "::1"}
_FAULTS = {401: Unauthenticated, 403: Forbidden, 404: NotFound, 422: InvalidInput}


def client(url: str, token: str) -> httpx.AsyncClient:
    """A connection to a Cadence; raises InvalidInput for a URL or a token that cannot be one."""
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise InvalidInput("say where Cadence runs: CADENCE_API_URL=https://cadence.example")
    if parts.scheme == "http" and parts.hostname not in _HERE:
        raise InvalidInput(f"a token is not sent to {parts.hostname} in the clear: use https")
    if not re.fullmatch(r"[\x21-\x7e]+", token):
        raise InvalidInput("say with which token: CADENCE_API_TOKEN=cadence_…")
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    return httpx.AsyncClient(
        base_url=f"{url.strip().rstrip('/')}/api/v1",
        headers=headers,
        timeout=PATIENCE,
        follow_redirects=False,
    )


class Api:
    """The requests that tools make. Every fault is a CadenceError of one line."""

    def __init__(self, over: httpx.AsyncClient) -> None:
        self._over = over

    async def scopes(self) -> frozenset[Right]:
        """What the token may do; raises Forbidden where that is more than reading, or nothing."""
        said = (await self.get("/me"))["scopes"]
        if more := sorted(set(said) - READING):
            raise Forbidden(
                f"this token could do more than read and draft ({', '.join(more)}): make one without that"
            )
        found = frozenset(map(Right, said))
        if not found - OF_EVERY_TOKEN:
            wanted = ", ".join(sorted(READING - OF_EVERY_TOKEN))
            raise Forbidden(f"this token may read nothing: make one with some of {wanted}")
        return found

    async def get(self, path: str, **query: object) -> Any:
        """Read something; a part of the query that is None is left out."""
        return await self._ask(
            "GET", path, params={k: str(v) for k, v in query.items() if v not in (None, "")}
        )

    async def preview(self, path: str, body: Mapping[str, object]) -> Any:
        """Look at what something would do."""
        return await self._ask("POST", path, json={k: v for k, v in body.items() if v not in (None, "")})

    async def _ask(self, method: str, path: str, **more: Any) -> Any:
        if not any(method == verb and re.fullmatch(shape, path) for verb, shape in ALLOWED):
            raise Forbidden(f"{method} {path} is nothing that an assistant may ask for")
        try:
            answer = await self._over.request(method, path, **more)
            said = answer.json()
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as fault:
            raise Unreachable(f"Cadence does not answer: {fault or type(fault).__name__}") from None
        except ValueError:
            raise Unreachable(f"no Cadence answers at {self._over.base_url}: {answer.status_code}") from None
        if not answer.is_success:
            raise _FAULTS.get(answer.status_code, CadenceError)(_told(answer.status_code, said))
        return said


def part(name: str) -> str:
    """A name as a part of a path."""
    return quote(name, safe="")


def _told(status: int, said: Any) -> str:
    """What a problem document (RFC 9457) says, in one line."""
    if not isinstance(said, dict):
        return f"Cadence answered {status}"
    wrong = [f"{one.get('pointer')}: {one.get('detail')}" for one in said.get("errors") or ()]
    return "; ".join(wrong) or str(said.get("detail") or said.get("title") or f"Cadence answered {status}")

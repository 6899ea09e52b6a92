"""The header Idempotency-Key: a POST that comes again is answered as it was, and changes nothing twice."""

from collections.abc import Callable, Coroutine
from hashlib import sha256
from typing import Any

from fastapi import Request, Response

from cadence.core.errors import InvalidInput
from cadence.core.rights import Visitor
from cadence.service import repeating
from cadence.service.app import App
from cadence.service.repeating import Answer
from cadence.web.errors import answer_to

HEADER = "Idempotency-Key"
LONGEST_KEY = 255
REPLAYED = "Idempotent-Replayed"
_KEPT_HEADERS = ("etag", "location")

PARAMETER: dict[str, Any] = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": (
        "A name of your own for this request, such as a UUID. Sent again with it, within a week, the request "
        "is answered as before and not carried out twice."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
    "example": "7c0e6d1c-6f0b-4f0e-9c55-5f6a0f1f9a11",
}


async def once(
    app: App, who: Visitor, request: Request, handle: Callable[[Request], Coroutine[Any, Any, Response]]
) -> Response:
    """Answer a request that has a key; raises InvalidInput or Conflict."""
    key, user_id = _key(request), who.user.id
    known = await repeating.begin(app, user_id, key, await _digest(request))
    if known is not None:
        headers = known.headers | {REPLAYED: "true"}
        return Response(known.body, known.status, headers, known.media_type)
    try:
        response = await handle(request)
    except Exception as fault:
        found = await answer_to(request, fault)
        if found is None or found.status_code >= 500:
            await repeating.forget(app, user_id, key)
            raise
        response = found
    await repeating.keep(app, user_id, key, _answer(response))
    return response


def _key(request: Request) -> str:
    key = request.headers[HEADER]
    if not 1 <= len(key) <= LONGEST_KEY or not all("!" <= char <= "~" for char in key):
        raise InvalidInput(f"An {HEADER} has 1 to {LONGEST_KEY} visible ASCII characters.")
    return key


async def _digest(request: Request) -> str:
    said = (request.method, request.url.path, request.url.query, request.headers.get("content-type", ""))
    return sha256("\n".join(said).encode() + b"\n" + await request.body()).hexdigest()


def _answer(response: Response) -> Answer:
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    media_type = response.headers.get("content-type", "application/json")
    return Answer(response.status_code, media_type, bytes(response.body).decode(), headers)

"""The OpenAPI document: what FastAPI knows of the API, completed by what guards and error handlers add."""

from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import RouteContext

from cadence.core.rights import OF_EVERY_TOKEN, Right
from cadence.web.api import repeats
from cadence.web.api.documents import problem
from cadence.web.errors import PROBLEM

DESCRIPTION = """Everything that Cadence does, for other software.

Prove who you are by a token, made on the page “Your account”: `Authorization: Bearer cadence_…`. A token has
scopes, and reaches the mailboxes, and so the people, of the user who made it. Lists come in parts: `next` of
one part is `after` of the following. Errors are problem documents (RFC 9457)."""

_NAMED = {404: "There is no such thing, or it belongs to somebody else."}
_ACTS = {
    400: "The body is no text that can be read.",
    409: "The state of things does not allow it, or the same request is being carried out.",
    413: "The body is longer than 64 kB.",
}
_CHANGES = {412: "It was changed meanwhile: get it anew.", 428: "The header If-Match is missing."}


def document(web: FastAPI, declared: Iterable[tuple[RouteContext, Right | None]]) -> dict[str, Any]:
    """The whole document, made once. declared: every route with the right that it needs."""
    if web.openapi_schema is None:
        made = get_openapi(title=web.title, version=web.version, description=DESCRIPTION, routes=web.routes)
        for route, right in declared:
            path = made["paths"].get(str(route.path_format), {})
            for method in map(str.lower, route.methods or ()):
                if method in path:
                    _complete(path[method], method, str(route.path_format), right)
        web.openapi_schema = made
    return web.openapi_schema


def _complete(operation: dict[str, Any], method: str, path: str, right: Right | None) -> None:
    if right is not None and right not in OF_EVERY_TOKEN:
        operation["description"] = f"{operation.get('description', '')}\n\nScope: `{right}`.".strip()
    if method == "post":
        operation.setdefault("parameters", []).append(repeats.PARAMETER)
    found = operation["responses"]
    more = (_NAMED if "{" in path or method == "post" else {}) | (_ACTS if method != "get" else {})
    for status, words in (more | (_CHANGES if method == "patch" else {})).items():
        found.setdefault(str(status), _plain(problem(words)))
    operation["responses"] = dict(sorted(found.items()))
    for answer in found.values():
        content = answer.get("content", {})
        if PROBLEM in content:
            content.pop("application/json", None)  # FastAPI lists every model under this as well
    _describe_tag(operation)


def _plain(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name != "model"}


def _describe_tag(operation: dict[str, Any]) -> None:
    """Whoever is given an ETag is told so."""
    parameters = {one["name"] for one in operation.get("parameters", ())}
    if "If-Match" in parameters:
        header = {
            "ETag": {
                "description": "As long as it is the same, nothing was changed.",
                "schema": {"type": "string"},
            }
        }
        operation["responses"]["200"]["headers"] = header

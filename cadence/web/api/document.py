"""The OpenAPI document: what FastAPI knows of the API, completed by what guards and error handlers add."""

from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import RouteContext

from cadence.core.rights import OF_EVERY_TOKEN, Right
from cadence.web.errors import PROBLEM


def document(web: FastAPI, declared: Iterable[tuple[RouteContext, Right | None]]) -> dict[str, Any]:
    """The whole document, made once. declared: every route with the right that it needs."""
    if web.openapi_schema is None:
        made = get_openapi(title=web.title, version=web.version, routes=web.routes)
        for route, right in declared:
            path = made["paths"].get(route.path_format, {})
            for operation in (
                path[method] for method in map(str.lower, route.methods or ()) if method in path
            ):
                _complete(operation, right)
        web.openapi_schema = made
    return web.openapi_schema


def _complete(operation: dict[str, Any], right: Right | None) -> None:
    if right is not None and right not in OF_EVERY_TOKEN:
        operation["description"] = f"{operation.get('description', '')}\n\nScope: `{right}`.".strip()
    for answer in operation["responses"].values():
        content = answer.get("content", {})
        if PROBLEM in content:
            content.pop("application/json", None)  # FastAPI lists every model under this as well

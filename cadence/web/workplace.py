"""Adds the pages and the API for those who log in, and makes sure that no route forgets to say who may.

Every route declares the right that it needs; the few public ones are listed here. An application with a
route that does neither does not start.
"""

from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.routing import RouteContext, iter_route_contexts

from cadence.core.rights import Right
from cadence.service.app import App
from cadence.web import assets, deal_hooks, pages
from cadence.web.api import api_routes
from cadence.web.api.document import document
from cadence.web.bodies import BodyDeadline
from cadence.web.errors import handle_errors
from cadence.web.headers import SecurityHeaders
from cadence.web.news import News
from cadence.web.visits import Guard

PUBLIC = frozenset(
    {
        "/healthz",
        "/readyz",
        "/metrics",  # asks for a token of its own, see health.py
        "/openapi.json",
        "/static/{name}",
        "/q/{token}",
        "/u/{token}",
        "/hooks/crm/{connection_id}",  # asks for a proof of its own, see crm_hooks.py
        "/hooks/deals/{webhook_id}",  # likewise, see deal_hooks.py
        "/hooks/relay/{relay_id}",  # likewise, see relay_hooks.py
        "/login",
        "/login/code",
        "/invite/{token}",
    }
)
"""What anybody may ask for."""


def add_workplace(web: FastAPI, app: App) -> None:
    """Add everything that somebody logs in for; raises RuntimeError where a route declares no right."""
    web.state.cadence, web.state.news = app, News(app)
    web.add_middleware(BodyDeadline)
    web.add_middleware(SecurityHeaders)
    handle_errors(web)
    for routes in (assets.routes, pages.routes, deal_hooks.routes, api_routes):
        web.include_router(routes)
    web.openapi = lambda: document(web, declared(web))  # type: ignore[method-assign]
    forgotten = [str(route.path) for route, right in declared(web) if not right and route.path not in PUBLIC]
    if forgotten:
        raise RuntimeError(f"these routes declare no right: {', '.join(forgotten)}")


def declared(web: FastAPI) -> Iterator[tuple[RouteContext, Right | None]]:
    """Every route of an application with the right that it declares."""
    for route in iter_route_contexts(web.routes):
        dependant = getattr(route, "dependant", None)
        calls = [one.call for one in dependant.dependencies] if dependant else []
        rights = [call.right for call in calls if isinstance(call, Guard)]
        yield route, rights[0] if rights else None

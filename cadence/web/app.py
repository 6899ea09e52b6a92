"""Puts the web application together: which routes there are, and nothing of what they do."""

from importlib import metadata
from typing import Protocol

from fastapi import FastAPI

from cadence.service.app import App
from cadence.web.answers import Answering, answer_routes
from cadence.web.bodies import LONGEST_FORM
from cadence.web.crm_hooks import Noticing, crm_hook_routes
from cadence.web.health import Operating, health_routes
from cadence.web.public import Unsubscribing, public_routes
from cadence.web.relay_hooks import Hearing, relay_routes
from cadence.web.workplace import add_workplace


class Service(Unsubscribing, Answering, Hearing, Noticing, Operating, Protocol):
    """What the web needs from the application."""


def create_app(
    service: Service, *, workplace: App | None = None, metrics_token: str | None = None
) -> FastAPI:
    """The application for any ASGI server; what it remembers is in the database.

    workplace: the installation whose pages and API are served to those who log in, None for what is
    public only; metrics_token: what whoever reads the figures must show, None: only this machine may.
    """
    web = FastAPI(
        title="Cadence",
        version=metadata.version("cadence-winback"),
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json" if workplace else None,
        max_body_size=LONGEST_FORM,
    )
    web.include_router(public_routes(service), include_in_schema=False)
    web.include_router(answer_routes(service), include_in_schema=False)
    web.include_router(relay_routes(service), include_in_schema=False)
    web.include_router(crm_hook_routes(service), include_in_schema=False)
    web.include_router(health_routes(service, metrics_token), include_in_schema=False)
    if workplace is not None:
        add_workplace(web, workplace)
    return web

"""Puts the web application together: which routes there are, and nothing of what they do."""

from importlib import metadata
from typing import Protocol

from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse

from cadence.service.app import App
from cadence.web.bodies import LONGEST_FORM
from cadence.web.public import Unsubscribing, public_routes
from cadence.web.workplace import add_workplace


class Service(Unsubscribing, Protocol):
    """What the web needs from the application."""

    async def fault(self) -> str | None:
        """What keeps the installation from working, for people who operate it; None: nothing."""


def create_app(service: Service, *, workplace: App | None = None) -> FastAPI:
    """The application for any ASGI server; what it remembers is in the database.

    workplace: the installation whose pages and API are served to those who log in, None for what is
    public only.
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
    if workplace is not None:
        add_workplace(web, workplace)

    @web.api_route("/healthz", methods=["GET", "HEAD"], include_in_schema=False)
    async def healthz() -> Response:
        fault = await service.fault()
        if fault is not None:
            return JSONResponse({"status": "fault", "why": fault}, status_code=503)
        return JSONResponse({"status": "ok"})

    return web

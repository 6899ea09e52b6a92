"""Puts the web application together: which routes there are, and nothing of what they do."""

from typing import Protocol

from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse

from cadence.web.public import Unsubscribing, public_routes


class Service(Unsubscribing, Protocol):
    """What the web needs from the application."""

    async def fault(self) -> str | None:
        """What keeps the installation from working, for people who operate it; None: nothing."""


def create_app(service: Service) -> FastAPI:
    """The application for any ASGI server; it has no state of its own."""
    app = FastAPI(title="Cadence", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(public_routes(service))

    @app.api_route("/healthz", methods=["GET", "HEAD"])
    async def healthz() -> Response:
        fault = await service.fault()
        if fault is not None:
            return JSONResponse({"status": "fault", "why": fault}, status_code=503)
        return JSONResponse({"status": "ok"})

    return app

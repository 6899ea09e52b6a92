"""What those who operate an installation may ask it: whether it works, whether it is ready, its figures."""

from hmac import compare_digest
from ipaddress import ip_address
from typing import Protocol

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from cadence.core.errors import CadenceError

_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
"""Headers by which a reverse proxy says that the request comes from elsewhere."""


class Operating(Protocol):
    """What is known of the installation."""

    async def fault(self) -> str | None:
        """What keeps the installation from working, for people who operate it; None: nothing."""

    async def lacking(self) -> dict[str, str]:
        """The parts that this process needs and does not have, each with why; empty where it is ready."""

    async def metrics(self, accept: str) -> tuple[bytes, str]:
        """The figures as a body and its content type; raises CadenceError where they cannot be had."""


def health_routes(service: Operating, metrics_token: str | None) -> APIRouter:
    """The routes /healthz, /readyz and /metrics.

    metrics_token: what whoever reads the figures must show; None: only this machine may read them.
    """
    routes = APIRouter()

    @routes.api_route("/healthz", methods=["GET", "HEAD"])
    async def healthz() -> Response:
        fault = await service.fault()
        if fault is not None:
            return JSONResponse({"status": "fault", "why": fault}, status_code=503)
        return JSONResponse({"status": "ok"})

    @routes.api_route("/readyz", methods=["GET", "HEAD"])
    async def readyz() -> Response:
        if missing := await service.lacking():
            return JSONResponse({"status": "not ready", "missing": missing}, status_code=503)
        return JSONResponse({"status": "ready"})

    @routes.get("/metrics")
    async def metrics(request: Request) -> Response:
        if refusal := _refusal(request, metrics_token):
            return refusal
        try:
            body, content_type = await service.metrics(request.headers.get("accept", ""))
        except CadenceError as fault:
            return PlainTextResponse(f"{fault}\n", status_code=503)
        return Response(body, media_type=content_type, headers={"Cache-Control": "no-store"})

    return routes


def _refusal(request: Request, token: str | None) -> Response | None:
    """Why a request gets no figures; None where it gets them."""
    if token is None:
        if _is_from_here(request):
            return None
        return PlainTextResponse("Set CADENCE_METRICS_TOKEN to read this from elsewhere.\n", status_code=403)
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and compare_digest(shown.strip().encode(), token.encode()):
        return None
    return PlainTextResponse(
        "The token of CADENCE_METRICS_TOKEN is wanted.\n",
        status_code=401,
        headers={"WWW-Authenticate": 'Bearer realm="metrics"'},  # RFC 6750 §3
    )


def _is_from_here(request: Request) -> bool:
    """Whether this machine asks for itself; a proxy on it asks for somebody else, and says so."""
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False

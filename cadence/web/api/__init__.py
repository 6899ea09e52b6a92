"""The REST API: one module for each kind of resource."""

from fastapi import APIRouter

from cadence.web.api import audit, me
from cadence.web.api.calls import PROBLEMS

api_routes = APIRouter(prefix="/api/v1", responses=PROBLEMS)
for _resource in (me, audit):
    api_routes.include_router(_resource.routes)

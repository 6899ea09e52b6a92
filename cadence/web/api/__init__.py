"""The REST API: one module for each kind of resource."""

from fastapi import APIRouter

from cadence.web.api import (
    accounts,
    audit,
    deals,
    enrollments,
    events,
    mailboxes,
    me,
    messages,
    occasions,
    privacy,
    prospects,
    replies,
    reports,
    sequences,
    suggestions,
    suppressions,
    tasks,
    webhooks,
)
from cadence.web.api.documents import PROBLEMS

api_routes = APIRouter(prefix="/api/v1", responses=PROBLEMS)
for _resource in (
    me,
    accounts,
    prospects,
    deals,
    enrollments,
    sequences,
    mailboxes,
    messages,
    replies,
    suggestions,
    occasions,
    tasks,
    events,
    suppressions,
    reports,
    webhooks,
    audit,
    privacy,
):
    api_routes.include_router(_resource.routes)

"""An account of every CRM that is spoken to, over real HTTP."""

from collections.abc import AsyncIterator

import pytest

from cadence.crm import web
from tests.servers.crm_api import CrmApi
from tests.servers.crms import CRMS
from tests.servers.salesforce_api import SalesforceApi


@pytest.fixture(params=CRMS, ids=lambda api: api.kind.name)
async def crm(request: pytest.FixtureRequest) -> AsyncIterator[CrmApi]:
    async with request.param().listening() as api:
        yield api


@pytest.fixture
async def salesforce() -> AsyncIterator[SalesforceApi]:
    async with SalesforceApi().listening() as api:
        yield api


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Nobody waits; how long they would have."""
    found: list[float] = []

    async def sleep(seconds: float) -> None:
        found.append(seconds)

    monkeypatch.setattr(web, "sleep", sleep)
    return found

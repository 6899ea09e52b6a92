"""Where relays report: who may, how much, and what they are answered."""

import httpx
import pytest

from cadence.core.errors import DatabaseAway, InvalidInput, NotFound, Unauthenticated, Unreachable
from cadence.core.relays import RelayKind
from cadence.web.app import create_app
from cadence.web.relay_hooks import LONGEST_REPORT
from tests.service.test_relaying import relayed
from tests.web.site import one_database as database_url

__all__ = ["database_url"]


class FakeService:
    """Remembers what it heard, or fails as told."""

    def __init__(self):
        self.heard, self.raises = [], None

    async def hear(self, relay_id, headers, body):
        if self.raises:
            raise self.raises
        self.heard.append((relay_id, headers["x-proof"], body))


@pytest.fixture
def service():
    return FakeService()


@pytest.fixture
async def relay(service):
    transport = httpx.ASGITransport(create_app(service))
    async with httpx.AsyncClient(transport=transport, base_url="https://cadence.example") as client:
        yield client


async def test_a_report_is_handed_on_as_it_came(relay, service):
    answer = await relay.post("/hooks/relay/7", content=b'{"a":  1}', headers={"X-Proof": "p"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert service.heard == [(7, "p", b'{"a":  1}')]


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Unauthenticated("no"), 401),
        (NotFound("no"), 404),
        (InvalidInput("no"), 422),
        (DatabaseAway("later"), 503),
        (Unreachable("later"), 503),
    ],
)
async def test_what_is_wrong_is_answered_without_a_word(relay, service, fault, status):
    service.raises = fault
    answer = await relay.post("/hooks/relay/7", content=b"{}")
    assert (answer.status_code, answer.content) == (status, b"")


async def test_a_report_has_an_end(relay, service):
    answer = await relay.post("/hooks/relay/7", content=b"x" * (LONGEST_REPORT + 1))
    assert answer.status_code == 413
    assert service.heard == []


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_only_a_post_reports(relay, method):
    assert (await relay.request(method, "/hooks/relay/7")).status_code == 405


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 30])
async def test_a_relay_has_a_number(relay, service, number):
    assert (await relay.post(f"/hooks/relay/{number}")).status_code in (404, 422)
    assert service.heard == []


async def test_a_relay_needs_no_session_but_its_proof(site):
    known = await relayed(site.world, RelayKind.SES)
    headers, body = known.bounced()
    path, browser = f"/hooks/relay/{known.relay.id}", site.browser()
    assert (await browser.post(path, content=body.replace(b"5.1.1", b"5.1.2"))).status_code == 401
    assert await known.state() == "active"
    assert (await browser.post(path, content=body, headers=headers)).status_code == 200
    assert await known.state() == "bounced"

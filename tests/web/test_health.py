"""Who is told what of the installation: health and readiness everybody, figures only those who may."""

import httpx
import pytest

from cadence.core.errors import DatabaseAway
from cadence.web.app import create_app

TOKEN = "a token of tests, long enough"
HERE, ELSEWHERE = "127.0.0.1", "203.0.113.7"


class FakeService:
    """Answers as told."""

    def __init__(self):
        self.wrong = None
        self.missing = {}
        self.raises = None

    async def fault(self):
        return self.wrong

    async def lacking(self):
        return self.missing

    async def metrics(self, accept):
        if self.raises:
            raise self.raises
        return b"cadence_x 1\n", "text/plain"


@pytest.fixture
def service():
    return FakeService()


async def ask(service, path, *, token=None, peer=HERE, method="GET", **headers):
    app = create_app(service, metrics_token=token)
    transport = httpx.ASGITransport(app, client=(peer, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="https://cadence.example") as client:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return await client.request(method, path, headers=sent)


async def test_health_is_plain(service):
    answer = await ask(service, "/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert (await ask(service, "/healthz", method="HEAD")).status_code == 200
    service.wrong = "the database cannot be opened"
    answer = await ask(service, "/healthz")
    assert (answer.status_code, answer.json()["why"]) == (503, "the database cannot be opened")


async def test_what_is_not_ready_says_which_part_is_missing(service):
    answer = await ask(service, "/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})
    service.missing = {"schema": "the database is at 0001, and this process knows 0002"}
    answer = await ask(service, "/readyz")
    assert (answer.status_code, answer.json()) == (
        503,
        {"status": "not ready", "missing": service.missing},
    )
    assert (await ask(service, "/readyz", method="HEAD")).status_code == 503


@pytest.mark.parametrize("peer", [HERE, "::1", "127.1.2.3"])
async def test_without_a_token_this_machine_may_read_the_figures(service, peer):
    answer = await ask(service, "/metrics", peer=peer)
    assert (answer.status_code, answer.text) == (200, "cadence_x 1\n")


@pytest.mark.parametrize("peer", [ELSEWHERE, "10.0.0.1", "2001:db8::1", "no address"])
async def test_without_a_token_nobody_else_may(service, peer):
    answer = await ask(service, "/metrics", peer=peer)
    assert answer.status_code == 403
    assert "cadence_x" not in answer.text
    assert (await ask(service, "/metrics", peer=peer, authorization="Bearer x")).status_code == 403


@pytest.mark.parametrize("header", ["forwarded", "x_forwarded_for", "x_real_ip", "via", "x_forwarded_host"])
async def test_a_proxy_on_this_machine_asks_for_somebody_else(service, header):
    assert (await ask(service, "/metrics", **{header: HERE})).status_code == 403


@pytest.mark.parametrize("peer", [HERE, ELSEWHERE])
async def test_once_there_is_a_token_everybody_must_show_it(service, peer):
    shown = await ask(service, "/metrics", token=TOKEN, peer=peer, authorization=f"Bearer {TOKEN}")
    assert shown.status_code == 200
    for wrong in ({}, {"authorization": "Bearer another"}, {"authorization": f"Basic {TOKEN}"}):
        answer = await ask(service, "/metrics", token=TOKEN, peer=peer, **wrong)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_figures_that_cannot_be_had_are_no_figures(service):
    service.raises = DatabaseAway("the database cannot be reached")
    answer = await ask(service, "/metrics")
    assert (answer.status_code, answer.text) == (503, "the database cannot be reached\n")

"""Which tokens and which requests are let through."""

import pytest
from mcp import Client

from cadence.assistant import server
from cadence.assistant.api import Api, client
from cadence.core.errors import CadenceError, Forbidden, InvalidInput, NotFound, Unauthenticated, Unreachable
from cadence.core.people import Role
from cadence.core.rights import READING, SCOPES, Right
from tests.assistant.conftest import Served
from tests.web.site import Site

BELOW = "http://localhost/api/v1"


async def test_a_token_with_any_scope_that_is_no_reading_is_refused(site: Site):
    admin = await site.person(Role.ADMINISTRATOR)
    for scope in SCOPES - READING:
        software = await site.software(admin, Right.READ_TASKS, scope)
        software.base_url = BELOW
        with pytest.raises(Forbidden, match=f"more than read and draft \\({scope}\\)"):
            await Api(software).scopes()


async def test_a_token_that_may_read_nothing_is_refused(site: Site):
    rep = await site.person(Role.REP)
    software = await site.software(rep, Right.READ_TASKS)
    software.base_url = BELOW
    assert await Api(software).scopes() == {Right.IDENTITY, Right.READ_TASKS}
    await site.change(rep, role=Role.AUTHOR)
    with pytest.raises(Forbidden, match="may read nothing"):
        await Api(software).scopes()


async def test_there_are_only_the_tools_that_the_token_is_enough_for(served: Served):
    async with client(served.url, await served.token(Right.READ_TASKS, Right.READ_REPORTS)) as over:
        api = Api(over)
        async with Client(server.built(api, await api.scopes())) as assistant:
            names = [tool.name for tool in (await assistant.list_tools()).tools]
    assert names == ["list_tasks", "report_lost_deals", "report_standing"]


async def test_what_is_not_on_the_list_is_never_asked(served: Served):
    async with client(served.url, "cadence_x") as over:
        api = Api(over)
        for path in ("/tasks/1/answer", "/enrollments", "/replies/1/draft/../correction", "/deals/lost"):
            with pytest.raises(Forbidden, match="nothing that an assistant may ask for"):
                await api.preview(path, {})
        for path in ("/audit", "/prospects/1/export", "/sequences/../audit?/preview", "/webhooks"):
            with pytest.raises(Forbidden, match="nothing that an assistant may ask for"):
                await api.get(path)
    assert served.asked == []


async def test_faults_say_what_is_wrong(served: Served):
    async with client(served.url, "cadence_x") as over:
        with pytest.raises(Unauthenticated, match="valid token"):
            await Api(over).scopes()
    async with client(served.url, await served.token(Right.READ_TASKS)) as over:
        with pytest.raises(Forbidden, match="lacks the scope replies:read"):
            await Api(over).get("/replies/1")
        with pytest.raises(InvalidInput, match="/limit: Input should be less"):
            await Api(over).get("/tasks", limit=1000)
    async with client(f"{served.url}/elsewhere", "cadence_x") as over:
        with pytest.raises((NotFound, Unreachable)):
            await Api(over).scopes()
    async with client("http://127.0.0.1:1", "cadence_x") as over:
        with pytest.raises(Unreachable, match="Cadence does not answer"):
            await Api(over).scopes()


@pytest.mark.parametrize(
    ("url", "token", "words"),
    [
        ("cadence.example", "cadence_x", "CADENCE_API_URL=https://"),
        ("http://cadence.example", "cadence_x", "not sent to cadence.example in the clear"),
        ("https://cadence.example?x", "cadence_x", "CADENCE_API_URL=https://"),
        ("https://cadence.example", "", "CADENCE_API_TOKEN=cadence_"),
        ("https://cadence.example", "cadence_\nx", "CADENCE_API_TOKEN=cadence_"),
    ],
)
def test_what_cannot_be_right_is_said_before_anything_is_asked(url: str, token: str, words: str):
    with pytest.raises(CadenceError, match=words):
        client(url, token)

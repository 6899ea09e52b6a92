"""The pages of webhooks: made, tried, looked at, delivered again, switched off and removed."""

import re

import pytest

from cadence.core.people import Role
from cadence.service import delivering
from cadence.service.outside import Outside
from tests.servers.receiver import receiving

SAID = {"events": ["reply.received", "message.sent"], "description": "The CRM"}


@pytest.fixture
async def hooks(site):
    """The site, an administrator's browser, and other software that listens."""
    site.app.outside = Outside(private=True)
    site.admin = await site.logged_in(await site.person(Role.ADMINISTRATOR))
    async with receiving() as receiver:
        site.receiver = receiver
        yield site


async def added(hooks) -> tuple[str, str]:
    """The page of a new webhook, and its secret."""
    made = await hooks.admin.submit("/webhooks", "/webhooks", url=hooks.receiver.url, **SAID)
    assert made.status_code == 200, made.text
    (secret,), (path,) = re.findall(r">(whsec_[^<]+)<", made.text), re.findall(r"/webhooks/\d+", made.text)
    return path, secret


async def test_a_webhook_is_made_and_its_secret_shown_once(hooks):
    path, secret = await added(hooks)
    await hooks.world.enroll()
    await hooks.world.after(hours=2)
    await delivering.look_after(hooks.app)
    (request,) = hooks.receiver.requests
    assert request.told["type"] == "message.sent"
    assert request.is_signed_with(secret)
    page = (await hooks.admin.get(path)).text
    assert secret not in page
    assert "message.sent" in page
    assert ">delivered<" in page
    assert hooks.receiver.url in (await hooks.admin.get("/webhooks")).text


async def test_what_failed_is_shown_with_its_answer_and_delivered_again(hooks):
    path, _ = await added(hooks)
    hooks.receiver.statuses = [500]
    await hooks.admin.submit(path, f"{path}/test")
    await delivering.look_after(hooks.app)
    page = (await hooks.admin.get(f"{path}?state=pending")).text
    assert "<td>500</td>" in page
    await hooks.admin.submit(path, *re.findall(r'action="([^"]+/replay)"', page))
    await delivering.look_after(hooks.app)
    first, second = hooks.receiver.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert ">delivered<" in (await hooks.admin.get(f"{path}?state=delivered")).text


async def test_a_new_secret_is_shown_once(hooks):
    path, secret = await added(hooks)
    said = (await hooks.admin.submit(path, f"{path}/secret")).text
    (new,) = re.findall(r">(whsec_[^<]+)<", said)
    assert new != secret
    assert ("webhook.secret", "1: renewed") in [
        (action, subject) for _, action, subject in await hooks.audit()
    ]


async def test_it_is_switched_off_and_on_changed_and_removed(hooks):
    path, _ = await added(hooks)
    await hooks.admin.submit(path, f"{path}/disable")
    assert "disabled by a person" in (await hooks.admin.get(path)).text
    await hooks.admin.submit(path, f"{path}/enable")
    await hooks.admin.submit(
        path, path, description="Another", events=["task.opened"], url=hooks.receiver.url
    )
    (kept,) = await hooks.rows("webhooks")
    assert (kept.description, kept.events, kept.disabled_at) == ("Another", ["task.opened"], None)
    await hooks.admin.submit(path, f"{path}/remove")
    assert (await hooks.admin.get(path)).status_code == 404
    assert await hooks.rows("webhooks") == []


@pytest.mark.parametrize(
    "said",
    [
        {"url": "ftp://crm.example/"},
        {"url": "http://crm.example:99999/"},
        {"events": ["everything"]},
        {"events": []},
        {"description": "x" * 2001},
    ],
)
async def test_what_cannot_be_used_is_said_and_changes_nothing(hooks, said):
    wanted = {"url": hooks.receiver.url, **SAID} | said
    refused = await hooks.admin.submit("/webhooks", "/webhooks", **wanted)
    assert refused.status_code == 422
    assert "notice bad" in refused.text
    assert await hooks.rows("webhooks") == []
    path, _ = await added(hooks)
    assert (await hooks.admin.submit(path, path, **wanted)).status_code == 422


async def test_many_deliveries_come_in_parts(hooks, monkeypatch):
    monkeypatch.setattr("cadence.web.pages.webhooks.PART", 2)
    path, _ = await added(hooks)
    for _ in range(3):
        await hooks.admin.submit(path, f"{path}/test")
    first = (await hooks.admin.get(path)).text
    (older,) = re.findall(r'hx-get="([^"]+)"', first)
    rest = await hooks.admin.get(older.replace("&amp;", "&"), headers={"HX-Request": "true"})
    assert (first.count('<td class="nowrap">'), rest.text.count("webhook-id")) == (4, 1)
    assert "<html" not in rest.text

"""The pages of chats: connected, tried, changed and removed; where they listen is never shown."""

import pytest

from cadence.core.people import Role
from cadence.service import delivering
from cadence.service.outside import Outside
from cadence.store import users as people
from tests.servers.receiver import receiving

SAID = {"name": "Sales", "format": "slack", "topics": ["decision_open", "mailbox_fault"], "zone": "UTC"}


@pytest.fixture
async def chats(site):
    """The site, an administrator's browser, and a chat that listens."""
    site.app.outside = Outside(private=True)
    site.admin = await site.logged_in(await site.person(Role.ADMINISTRATOR))
    async with receiving() as receiver:
        site.receiver = receiver
        yield site


async def connected(chats) -> str:
    """The path of a new channel's page."""
    made = await chats.admin.submit("/channels", "/channels", url=chats.receiver.url, **SAID)
    assert made.status_code == 303, made.text
    return made.headers["location"]


async def test_a_chat_is_connected_and_hears_a_test_at_once(chats):
    path = await connected(chats)
    await delivering.look_after(chats.app)
    (request,) = chats.receiver.requests
    assert "Cadence can post here" in request.told["text"]
    for page in (path, "/channels", "/webhooks", "/audit"):
        assert "/hook" not in (await chats.admin.get(page)).text
    assert ">delivered<" in (await chats.admin.get(path)).text
    assert "Sales" not in (await chats.admin.get("/webhooks")).text


async def test_it_is_changed_switched_off_and_on_and_removed(chats):
    path = await connected(chats)
    new = SAID | {"topics": ["interested"], "begins": "18:00", "ends": "08:00", "zone": "Europe/Berlin"}
    await chats.admin.submit(path, path, **new, url="")
    (hook,), (channel,) = await chats.rows("webhooks"), await chats.rows("channels")
    assert hook.events == ["interested"]
    assert (channel.quiet_from, channel.quiet_until, channel.zone) == ("18:00", "08:00", "Europe/Berlin")
    assert chats.app.vault.open(hook.secret) == chats.receiver.url
    await chats.admin.submit(path, f"{path}/disable")
    assert "disabled by a person" in (await chats.admin.get(path)).text
    await chats.admin.submit(path, f"{path}/enable")
    await chats.admin.submit(path, f"{path}/remove")
    assert (await chats.admin.get(path)).status_code == 404
    assert await chats.rows("channels") == await chats.rows("webhooks") == []


@pytest.mark.parametrize(
    "wrong", [{"url": "ftp://x.example"}, {"topics": []}, {"begins": "18:00", "ends": ""}]
)
async def test_what_cannot_be_used_is_said_and_changes_nothing(chats, wrong):
    said = SAID | {"url": chats.receiver.url} | wrong
    refused = await chats.admin.submit("/channels", "/channels", **said)
    assert refused.status_code == 422
    assert "notice bad" in refused.text
    assert await chats.rows("webhooks") == []
    path = await connected(chats)
    assert (await chats.admin.submit(path, path, **said)).status_code == 422


async def test_a_webhook_is_no_channel(chats):
    path = await connected(chats)
    assert (await chats.admin.get(path.replace("channels", "webhooks"))).status_code == 404


# --- a manager's own team ---


async def manager(chats, team="north", email="manager@vendor.test"):
    return await chats.logged_in(await chats.person(Role.MANAGER, email, team=team))


async def test_a_manager_connects_chats_of_the_own_team_and_no_others(chats):
    browser = await manager(chats)
    made = await browser.submit("/channels", "/channels", url=chats.receiver.url, **SAID)
    (channel,) = await chats.rows("channels")
    assert channel.team == "north"
    page = (await browser.get("/channels")).text
    path = made.headers["location"]
    assert f'href="{path}"' in page
    forged = {"csrf": browser.csrf, "url": "", "team": "south", **SAID}
    assert (await browser.post(path, data=forged)).status_code == 303
    assert [one.team for one in await chats.rows("channels")] == ["north"]


async def test_chats_of_others_are_not_there_for_a_manager(chats):
    everybodys = await connected(chats)
    made = await chats.admin.submit(
        "/channels", "/channels", url=chats.receiver.url, **SAID | {"name": "Others", "team": "south"}
    )
    browser = await manager(chats)
    page = (await browser.get("/channels")).text
    assert "Others<" not in page
    for path in (everybodys, made.headers["location"]):
        assert (await browser.get(path)).status_code == 404
        for act in ("", "/test", "/enable", "/disable", "/remove"):
            form = {"csrf": browser.csrf, "url": "", **SAID}
            assert (await browser.post(f"{path}{act}", data=form)).status_code == 404
    assert len(await chats.rows("channels")) == 2


async def test_a_manager_of_no_team_connects_none(chats):
    browser = await manager(chats, team="")
    refused = await browser.submit("/channels", "/channels", url=chats.receiver.url, **SAID)
    assert (refused.status_code, "no team yet" in refused.text) == (422, True)
    assert await chats.rows("channels") == []


async def test_a_chat_is_told_as_long_as_who_connected_it_leads_that_team(chats):
    browser = await manager(chats)
    await browser.submit("/channels", "/channels", url=chats.receiver.url, **SAID)
    await delivering.look_after(chats.app)
    assert len(chats.receiver.requests) == 1
    async with chats.app.db.write() as tx:
        found = await people.find(tx, "manager@vendor.test")
        await people.change(tx, found.id, team="south")
    await chats.admin.submit("/channels/1", "/channels/1/test")
    await delivering.look_after(chats.app)
    assert len(chats.receiver.requests) == 1

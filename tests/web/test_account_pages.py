"""One's own account: name, password, sessions and tokens, each of oneself only."""

import re

import pytest

from cadence.core.people import Role
from cadence.core.rights import Right
from cadence.service import users
from tests.web.site import PASSWORD
from tests.web.site import one_database as database_url

__all__ = ["database_url"]

NEW = "an entirely other sentence"


@pytest.fixture
async def rep(site):
    return await site.person(Role.REP)


@pytest.fixture
async def browser(site, rep):
    return await site.logged_in(rep)


async def test_name_and_zone_are_kept_and_times_are_shown_there(site, browser):
    answer = await browser.submit(
        "/account", "/account/profile", name="<b>Róbin</b>", zone="Pacific/Auckland"
    )
    assert answer.headers["location"] == "/account"
    page = (await browser.get("/account")).text
    assert "Saved." in page
    assert "&lt;b&gt;Róbin&lt;/b&gt;" in page
    assert "3 Mar 2026, 23:00" in page  # 10:00 UTC
    assert "Saved." not in (await browser.get("/account")).text


@pytest.mark.parametrize(
    "typed", [{"name": " "}, {"name": "x" * 101}, {"zone": "Mars/Olympus"}, {"zone": ""}]
)
async def test_what_cannot_be_used_is_said_beside_its_form(site, browser, typed):
    answer = await browser.submit("/account", "/account/profile", **typed)
    assert answer.status_code == 422
    assert answer.text.count('role="alert"') == 1
    assert (await site.rows("users"))[0].name == "Rep"


async def test_a_new_password_ends_all_other_sessions(site, rep, browser):
    other = await site.logged_in(rep)
    answer = await browser.submit("/account", "/account/password", present=PASSWORD, new=NEW, again=NEW)
    assert answer.status_code == 303
    assert (await browser.get("/account")).status_code == 200
    assert (await other.get("/account")).status_code == 303
    again = await site.browser().submit("/login", "/login", email=rep.email, password=NEW)
    assert again.status_code == 303


@pytest.mark.parametrize(
    ("present", "new", "again"),
    [
        ("wrong", NEW, NEW),
        (PASSWORD, NEW, "something else entirely"),
        (PASSWORD, "short", "short"),
        (PASSWORD, "aaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaa"),
        (PASSWORD, "x1y2" * 51, "x1y2" * 51),
    ],
)
async def test_a_password_is_changed_by_who_knows_it_to_one_that_will_do(site, browser, present, new, again):
    before = (await site.rows("users"))[0].password
    answer = await browser.submit("/account", "/account/password", present=present, new=new, again=again)
    assert answer.status_code == 422
    assert (await site.rows("users"))[0].password == before


async def test_the_present_password_cannot_be_tried_at_will(site, browser):
    for _ in range(10):
        await browser.submit("/account", "/account/password", present="wrong", new=NEW, again=NEW)
    answer = await browser.submit("/account", "/account/password", present=PASSWORD, new=NEW, again=NEW)
    assert answer.status_code == 429
    assert "tried too often" in answer.text


async def test_a_session_is_ended_from_another_one(site, rep, browser):
    lost = await site.logged_in(rep)
    (action,) = re.findall(r'action="(/account/sessions/\d+/end)"', (await browser.get("/account")).text)
    assert (await browser.submit("/account", action)).status_code == 303
    assert (await lost.get("/account")).status_code == 303
    assert (await browser.get("/account")).status_code == 200


async def test_nobody_ends_the_session_of_another(site, browser):
    other = await site.logged_in(await site.person(Role.MANAGER))
    for row in await site.rows("sessions"):
        if row.user_id != 1:
            answer = await browser.post(f"/account/sessions/{row.id}/end", data={"csrf": browser.csrf})
            assert answer.status_code == 404
    assert (await other.get("/account")).status_code == 200


# --- tokens ---


async def make(browser, **typed):
    typed = {"name": "Our CRM", "scopes": ["prospects:read"], "days": "30"} | typed
    return await browser.submit("/account", "/account/tokens", **typed)


async def test_a_token_is_shown_once_and_works(site, browser):
    (token,) = re.findall(r"cadence_[\w-]{43}", (await make(browser)).text)
    page = (await browser.get("/account")).text
    assert token not in page
    assert f"{token[:14]}…" in page
    assert token not in str(await site.rows("api_tokens"))
    software = site.browser(headers={"Authorization": f"Bearer {token}"})
    said = (await software.get("/api/v1/me")).json()
    assert (said["email"], said["scopes"]) == ("rep@vendor.test", ["identity", "prospects:read"])
    assert "3 Mar 2026" in (await browser.get("/account")).text


async def test_a_revoked_token_works_no_more(site, rep, browser):
    software = await site.software(rep, Right.READ_PROSPECTS)
    (action,) = re.findall(r'action="(/account/tokens/\d+/revoke)"', (await browser.get("/account")).text)
    assert (await browser.submit("/account", action)).status_code == 303
    assert (await software.get("/api/v1/me")).status_code == 401
    assert (await browser.post(action, data={"csrf": browser.csrf})).status_code == 404


async def test_nobody_revokes_the_token_of_another(site, browser):
    software = await site.software(await site.person(Role.MANAGER), Right.READ_PROSPECTS)
    answer = await browser.post("/account/tokens/1/revoke", data={"csrf": browser.csrf})
    assert answer.status_code == 404
    assert (await software.get("/api/v1/me")).status_code == 200


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"name": ""}, 422),
        ({"scopes": []}, 422),
        ({"scopes": ["people"]}, 422),
        ({"scopes": ["account"]}, 422),
        ({"scopes": ["nonsense"]}, 422),
        ({"scopes": ["audit"]}, 403),  # a rep does not have it
        ({"days": "0"}, 422),
        ({"days": "367"}, 422),
        ({"days": "-1"}, 422),
        ({"days": "9" * 30}, 422),
        ({"days": ""}, 422),
    ],
)
async def test_a_token_that_may_not_be_is_not_made(site, browser, typed, status):
    assert (await make(browser, **typed)).status_code == status
    assert await site.rows("api_tokens") == []


async def test_tokens_of_a_deactivated_person_open_nothing(site, rep):
    software = await site.software(rep, Right.READ_PROSPECTS)
    await users.deactivate(site.app, site.console, rep.id)
    assert (await software.get("/api/v1/me")).status_code == 401


async def test_what_one_does_to_the_account_stands_in_the_audit_trail(site, rep, browser):
    await browser.submit("/account", "/account/profile", name="Robin", zone="Europe/Berlin")
    await browser.submit("/account", "/account/password", present=PASSWORD, new=NEW, again=NEW)
    await make(browser)
    await browser.submit("/account", "/account/tokens/1/revoke")
    await browser.submit("/account", "/logout")
    assert [(action, subject) for _, action, subject in await site.audit()][1:] == [
        ("user.profile", "Robin, Europe/Berlin"),
        ("user.password", "changed"),
        ("token.created", "Our CRM: prospects:read"),
        ("token.revoked", "Our CRM"),
        ("session.ended", "logged out"),
    ]
    assert NEW not in str(await site.rows("audit"))

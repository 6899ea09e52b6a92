"""Every route of the application, with every role and with none: whoever may not is kept out."""

import re
from collections.abc import Iterator

import pytest
from fastapi import APIRouter

from cadence.core.people import Role
from cadence.core.rights import OF_EVERY_TOKEN, RIGHTS, SCOPES, Right
from cadence.web.visits import SAFE
from cadence.web.workplace import PUBLIC, add_workplace, declared
from tests.web.site import COOKIE, Site
from tests.web.site import one_database as database_url

__all__ = ["database_url"]

NOBODYS = {"token": "nobodys", "name": "nothing.css"}


def routes(site: Site) -> Iterator[tuple[str, str, Right]]:
    """Method, path and right of every route that is not public; what a path names does not exist."""
    for route, right in declared(site.web):
        path = re.sub(r"\{(\w+)[^}]*\}", lambda found: NOBODYS.get(found[1], "999999"), str(route.path))
        for method in sorted(set(route.methods or ()) - {"HEAD", "OPTIONS"}):
            if right is not None:
                yield method, path, right


def pages(site: Site) -> list[tuple[str, str, Right]]:
    return [one for one in routes(site) if not one[1].startswith("/api/")]


def resources(site: Site) -> list[tuple[str, str, Right]]:
    return [one for one in routes(site) if one[1].startswith("/api/")]


def test_every_route_declares_a_right_or_is_public(site):
    found = list(declared(site.web))
    assert {route.path for route, right in found if right is None} <= PUBLIC
    assert len(pages(site)) >= 20
    assert len(resources(site)) >= 2


def test_an_application_with_a_route_that_declares_nothing_does_not_start(site, monkeypatch):
    careless = APIRouter()
    careless.get("/careless")(lambda: None)
    monkeypatch.setattr("cadence.web.assets.routes", careless)
    with pytest.raises(RuntimeError, match="/careless"):
        add_workplace(type(site.web)(openapi_url=None, docs_url=None, redoc_url=None), site.app)


async def test_nobody_gets_to_a_page_without_a_session(site):
    browser = site.browser()
    for method, path, _ in pages(site):
        browser.cookies.clear()
        answer = await browser.request(method, path)
        assert (answer.status_code, answer.headers["location"][:6]) == (303, "/login"), (method, path)


async def test_a_session_that_expired_is_none(site):
    browser = await site.logged_in(await site.person(Role.ADMINISTRATOR))
    token = browser.cookies[COOKIE]
    site.later(days=15)
    for method, path, _ in pages(site):
        browser.cookies.set(COOKIE, token, domain="localhost.local")
        answer = await browser.request(method, path, data={"csrf": browser.csrf})
        assert answer.headers.get("location", "")[:6] == "/login", (method, path)


@pytest.mark.parametrize("role", Role)
async def test_a_role_gets_to_its_pages_and_to_no_others(site, role):
    user = await site.person(role)
    browser = await site.logged_in(user)
    for method, path, right in pages(site):
        data = None if method in SAFE else {"csrf": browser.csrf}
        answer = await browser.request(method, path, data=data)
        if right not in RIGHTS[role]:
            assert answer.status_code == 403, (method, path)
        elif path == "/logout":
            assert answer.headers["location"] == "/login"
            browser = await site.logged_in(user)
        else:
            assert answer.status_code not in {401, 403, 405, 500}, (method, path, answer.text)
            assert not answer.headers.get("location", "").startswith("/login"), (method, path)


@pytest.mark.parametrize("csrf", ["", "wrong", "another browser's"])
async def test_a_form_without_the_right_csrf_token_does_nothing(site, csrf):
    user = await site.person(Role.ADMINISTRATOR)
    other = (await site.logged_in(user)).csrf
    browser = await site.logged_in(user)
    data = {"csrf": other if csrf == "another browser's" else csrf} if csrf else {}
    for method, path, _ in pages(site):
        if method in SAFE:
            continue
        answer = await browser.request(method, path, data=data)
        assert answer.status_code == 403, (method, path)
        header = await browser.request(method, path, headers={"X-CSRF-Token": csrf or "none"})
        assert header.status_code == 403, (method, path)


async def test_a_token_opens_no_page(site):
    software = await site.software(await site.person(Role.ADMINISTRATOR), *SCOPES)
    for method, path, _ in pages(site):
        software.cookies.clear()
        answer = await software.request(method, path)
        assert answer.headers.get("location", "")[:6] == "/login", (method, path)


async def test_the_api_is_closed_to_browsers_and_to_who_has_no_token(site):
    browser = await site.logged_in(await site.person(Role.ADMINISTRATOR))
    nobody, stranger = site.browser(), site.browser(headers={"Authorization": "Bearer cadence_x"})
    for method, path, _ in resources(site):
        for client in (browser, nobody, stranger):
            answer = await client.request(method, path, headers={"X-CSRF-Token": browser.csrf})
            assert answer.status_code == 401, (method, path)
            assert answer.headers["www-authenticate"] == "Bearer"
            assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("role", Role)
async def test_a_token_does_what_its_scope_says(site, role):
    user = await site.person(role)
    tokens = {scope: await site.software(user, scope) for scope in SCOPES & RIGHTS[role]}
    for method, path, right in resources(site):
        for scope in {right} & tokens.keys() if right not in OF_EVERY_TOKEN else tokens:
            answer = await tokens[scope].request(method, path)
            assert answer.status_code not in {401, 403, 405, 500}, (method, path)


@pytest.mark.parametrize("role", Role)
async def test_all_other_scopes_together_do_not_open_what_one_would(site, role):
    user, tokens = await site.person(role), {}
    for method, path, right in resources(site):
        if right in OF_EVERY_TOKEN:
            continue
        if right not in tokens:
            tokens[right] = await site.software(user, *(SCOPES & RIGHTS[role]) - {right})
        answer = await tokens[right].request(method, path)
        assert answer.status_code == 403, (method, path)
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_token_that_expired_opens_nothing(site):
    software = await site.software(await site.person(Role.ADMINISTRATOR), *SCOPES, days=1)
    site.later(days=1)
    for method, path, _ in resources(site):
        assert (await software.request(method, path)).status_code == 401, (method, path)


async def test_a_token_never_does_more_than_its_user_may_now(site):
    user = await site.person(Role.ADMINISTRATOR)
    software = await site.software(user, Right.AUDIT)
    assert (await software.get("/api/v1/audit")).status_code == 200
    await site.change(user, role=Role.REP)
    assert (await software.get("/api/v1/audit")).status_code == 403
    assert (await software.get("/api/v1/me")).json()["scopes"] == ["identity"]

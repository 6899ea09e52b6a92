"""What every answer has in common: headers, errors in plain words or as problem documents, files, bodies."""

import asyncio
import gzip
import re

import pytest

from cadence.core.errors import DatabaseAway
from cadence.core.people import Role
from cadence.core.rights import Right
from cadence.service import users
from cadence.store.database import Database
from cadence.web import bodies
from cadence.web.assets import url
from cadence.web.headers import POLICY
from tests.web.site import one_database as database_url

__all__ = ["database_url"]

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}


@pytest.fixture
async def admin(site):
    return await site.logged_in(await site.person(Role.ADMINISTRATOR))


def test_the_policy_lets_no_inline_script_and_no_other_site_in():
    assert "unsafe" not in POLICY
    assert "http" not in POLICY
    for part in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert part in POLICY


PAGES = (
    "/login",
    "/account",
    "/people",
    "/people/1",
    "/audit",
    "/account/second-factor",
    "/nothing",
    "/invite/x",
    "/today",
    "/suggestions",
    "/whats-new",
    "/companies/silent",
)


@pytest.mark.parametrize("path", [*PAGES, "/api/v1/me", "/api/v1/nothing", "/openapi.json"])
async def test_every_answer_is_closed(admin, path):
    answer = await admin.get(path)
    assert {name: answer.headers[name] for name in EVERYWHERE} == EVERYWHERE
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["Cache-Control"] == "no-store"
    assert "server" not in answer.headers
    assert "Strict-Transport-Security" not in answer.headers


async def test_over_tls_browsers_are_told_to_stay_with_it(site):
    answer = await site.browser(base_url="https://cadence.vendor.test").get("/login")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize("path", PAGES)
async def test_no_page_breaks_the_policy_or_the_rules_of_reading(site, admin, path):
    page = (await (site.browser() if path == "/login" else admin).get(path)).text
    assert not re.search(
        r"<script(?! src=)|<style|\sstyle=|\son\w+=|hx-on|javascript:|https?://(?!www\.w3)", page
    )
    assert page.startswith("<!doctype html>")
    assert page.count("<h1") == 1
    assert '<html lang="en">' in page
    assert len(page.encode()) < 60_000
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert [one for one in set(ids) if ids.count(one) > 1] == []
    assert set(re.findall(r'for="([^"]+)"', page)) <= set(ids)


@pytest.mark.parametrize("path", PAGES)
async def test_every_form_that_acts_brings_the_token_of_its_browser(admin, path):
    page = (await admin.get(path)).text
    for form in re.findall(r'<form[^>]*method="post".*?</form>', page, re.DOTALL):
        assert f'name="csrf" value="{admin.csrf}"' in form


# --- errors ---


async def test_a_page_that_is_not_there_says_so_in_plain_words(site):
    answer = await site.browser().get("/nothing")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


async def test_a_fault_of_ours_is_said_without_its_inside(admin, monkeypatch):
    async def broken(app):
        raise ZeroDivisionError("secret inside")

    monkeypatch.setattr(users, "overview", broken)
    answer = await admin.get("/people")
    assert answer.status_code == 500
    assert "The fault is ours" in answer.text
    assert "secret inside" not in answer.text
    assert answer.headers["Content-Security-Policy"] == POLICY


async def test_a_database_that_is_away_is_said_without_its_inside(admin, monkeypatch):
    def away(self):
        raise DatabaseAway("the database cannot be used: connection to 10.0.0.7 refused")

    monkeypatch.setattr(Database, "read", away)
    for path in ("/people", "/login"):
        answer = await admin.get(path)
        assert answer.status_code == 503
        assert "10.0.0.7" not in answer.text
    software = await admin.get("/api/v1/me", headers={"Authorization": "Bearer cadence_x"})
    assert (software.status_code, software.json()["status"]) == (503, 503)


async def test_a_problem_is_a_document(site):
    software = await site.software(await site.person(Role.ADMINISTRATOR), Right.AUDIT)
    answer = await software.get("/api/v1/audit?limit=9999")
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert (said["type"], said["status"], said["errors"][0]["pointer"]) == ("about:blank", 422, "/limit")


async def test_htmx_gets_a_notice_and_is_led_to_the_log_in(site, admin):
    htmx = {"HX-Request": "true"}
    gone = await admin.get("/people/4711", headers=htmx)
    assert gone.status_code == 404
    assert gone.text.startswith('<p class="notice bad">')
    out = await site.browser().get("/people", headers=htmx)
    assert (out.status_code, out.headers["HX-Redirect"]) == (204, "/login")
    acted = await admin.post(
        "/account/profile", headers=htmx | {"X-CSRF-Token": admin.csrf}, data={"name": "A", "zone": "UTC"}
    )
    assert (acted.status_code, acted.headers["HX-Redirect"]) == (204, "/account")


# --- files ---


@pytest.mark.parametrize("name", ["app.css", "app.js", "htmx.min.js", "sse.min.js", "icon.svg"])
async def test_files_are_named_by_what_is_in_them_and_kept_for_ever(site, name):
    answer = await site.browser().get(url(name), headers={"Accept-Encoding": "identity"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    packed = await site.browser().get(url(name), headers={"Accept-Encoding": "gzip"})
    assert packed.content == answer.content
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(gzip.compress(answer.content)) < 25_000


@pytest.mark.parametrize("name", ["app.css", "app.000000000000.css", "..%2fapp.py", "htmx.LICENSE", ""])
async def test_nothing_else_is_a_file(site, name):
    assert (await site.browser().get(f"/static/{name}")).status_code == 404


# --- bodies ---


async def test_a_body_that_is_too_long_is_refused(site):
    browser = site.browser()
    await browser.get("/login")
    answer = await browser.post(
        "/login", content=b"x" * 70_000, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data; boundary=x", "application/json", "text/plain", ""]
)
async def test_a_body_that_is_no_form_is_refused(site, content_type):
    browser = site.browser()
    await browser.get("/login")
    answer = await browser.post("/login", content=b"\xff\xfe{", headers={"Content-Type": content_type})
    assert 400 <= answer.status_code < 500


async def test_a_body_that_stops_arriving_is_given_up(site, monkeypatch):
    monkeypatch.setattr(bodies, "CHUNK_SECONDS", 0.05)
    sent = []

    async def receive():
        await asyncio.sleep(30)

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/login",
        "raw_path": b"/login",
        "query_string": b"",
        "scheme": "http",
        "headers": [(b"host", b"localhost"), (b"content-type", b"application/x-www-form-urlencoded")],
        "client": ("192.0.2.7", 1),
        "server": ("localhost", 80),
        "http_version": "1.1",
        "root_path": "",
        "extensions": {},
    }
    await asyncio.wait_for(site.web(scope, receive, send), 5)
    assert [message.get("status") for message in sent][:1] == [400]

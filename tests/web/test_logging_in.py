"""Logging in and out: who gets in, how often it may be tried, how long it lasts."""

import asyncio
from datetime import timedelta

import pytest

from cadence.core.people import Role
from cadence.service import passwords, users
from tests.web.site import COOKIE, PASSWORD

REP = "rep@vendor.test"


async def log_in(browser, email=REP, password=PASSWORD, path="/login"):
    return await browser.submit(path, "/login", email=email, password=password)


async def test_the_right_password_leads_to_where_one_wanted_to_go(site):
    await site.person(Role.REP)
    browser = site.browser()
    turned_away = await browser.get("/account?x=1")
    assert turned_away.headers["location"] == "/login?next=%2Faccount%3Fx%3D1"
    answer = await log_in(browser, path=turned_away.headers["location"])
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?x=1")
    assert (await browser.get("/account")).status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "x", ""])
async def test_a_log_in_never_leads_to_another_site(site, elsewhere):
    await site.person(Role.REP)
    browser = site.browser()
    await browser.get("/login")
    data = {"csrf": browser.csrf, "email": REP, "password": PASSWORD, "next": elsewhere}
    assert (await browser.post("/login", data=data)).headers["location"] == "/"
    assert (await browser.get("/login", params={"next": elsewhere})).headers["location"] == "/"


async def test_an_address_is_written_as_one_likes(site):
    await site.person(Role.REP)
    assert (await log_in(site.browser(), " REP@Vendor.TEST ")).status_code == 303


@pytest.mark.parametrize("state", ["unknown", "no address", "known", "deactivated", "invited"])
async def test_who_may_not_in_learns_nothing_and_takes_the_same_work(site, monkeypatch, state):
    user = await site.person(Role.REP)
    if state == "deactivated":
        await users.deactivate(site.app, site.console, user.id)
    if state == "invited":
        await site.change(user, password=None)
    email = {"unknown": "nobody@vendor.test", "no address": "nonsense"}.get(state, REP)
    checked = []
    real = passwords._verify
    monkeypatch.setattr(passwords, "_verify", lambda *given: checked.append(given) or real(*given))
    answer = await log_in(site.browser(), email, "not the password at all" if state == "known" else PASSWORD)
    assert answer.status_code == 401
    assert "The address or the password is wrong." in answer.text
    assert len(checked) == 1


def test_what_is_compared_for_nobody_costs_what_a_password_costs():
    assert not passwords.PasswordHasher().check_needs_rehash(passwords._NOBODYS)


async def test_what_was_typed_stands_nowhere_but_in_the_form(site):
    answer = await log_in(site.browser(), '"><script>alert(1)</script>', "secret secret secret")
    assert "<script>alert" not in answer.text
    assert "secret secret" not in answer.text
    assert await site.audit() == [("unknown", "session.refused", "wrong address or password")]


async def test_the_eleventh_try_for_an_account_is_refused_wherever_from_for_a_while(site):
    await site.person(Role.REP)
    for number in range(10):
        assert (await log_in(site.browser(f"192.0.2.{number}"), password="wrong")).status_code == 401
    refused = await log_in(site.browser("198.51.100.1"))
    assert refused.status_code == 429
    assert "Try again in 15 minutes" in refused.text
    site.later(minutes=15)
    assert (await log_in(site.browser())).status_code == 303


async def test_somebody_without_an_account_is_refused_as_often(site):
    for _ in range(10):
        await log_in(site.browser(), "nobody@vendor.test")
    assert (await log_in(site.browser(), "nobody@vendor.test")).status_code == 429


async def test_an_address_that_tries_many_accounts_is_refused(site):
    await site.person(Role.REP)
    for number in range(50):
        await log_in(site.browser("2001:db8::1"), f"nobody{number}@vendor.test")
    assert (await log_in(site.browser("2001:db8::ffff"))).status_code == 429  # the same network
    assert (await log_in(site.browser("2001:db8:0:1::1"))).status_code == 303


async def test_those_who_know_their_password_are_never_too_many(site):
    await site.person(Role.REP)
    for _ in range(60):
        assert (await log_in(site.browser())).status_code == 303


async def test_tries_at_once_are_all_counted(site):
    await site.person(Role.REP)
    browsers = [site.browser(f"192.0.2.{number}") for number in range(20)]
    answers = await asyncio.gather(*(log_in(browser, password="wrong") for browser in browsers))
    assert sorted(answer.status_code for answer in answers) == [401] * 10 + [429] * 10


async def test_a_log_in_brings_a_new_token(site):
    await site.person(Role.REP)
    browser = site.browser()
    await browser.get("/login")
    before = browser.cookies[COOKIE]
    await log_in(browser)
    assert browser.cookies[COOKIE] != before


async def test_the_database_does_not_know_the_token(site):
    await site.person(Role.REP)
    browser = site.browser()
    await log_in(browser)
    assert browser.cookies[COOKIE] not in str(await site.rows("sessions"))


async def test_whoever_logged_out_is_out_wherever_the_cookie_was_copied_to(site):
    browser = await site.logged_in(await site.person(Role.REP))
    copied = site.browser()
    copied.cookies.set(COOKIE, browser.cookies[COOKIE], domain="localhost.local")
    assert (await copied.get("/account")).status_code == 200
    answer = await browser.submit("/account", "/logout")
    assert answer.headers["location"] == "/login"
    assert (await copied.get("/account")).status_code == 303


async def test_a_session_ends_unless_it_is_used_and_at_last_in_any_case(site):
    user = await site.person(Role.REP)
    used, unused, began = await site.logged_in(user), await site.logged_in(user), site.world.now
    site.later(hours=11)
    assert (await used.get("/account")).status_code == 200
    site.later(hours=11)
    assert (await unused.get("/account")).status_code == 303
    while site.world.now < began + timedelta(days=14):
        assert (await used.get("/account")).status_code == 200
        site.later(hours=7)
    assert (await used.get("/account")).status_code == 303


async def test_a_deactivated_person_is_out_at_once(site):
    user = await site.person(Role.REP)
    browser = await site.logged_in(user)
    await users.deactivate(site.app, site.console, user.id)
    assert (await browser.get("/account")).status_code == 303


@pytest.mark.parametrize(
    ("base_url", "name", "secure"),
    [
        ("http://localhost", "cadence_session", False),
        ("http://127.0.0.1:8080", "cadence_session", False),
        ("http://[::1]:8080", "cadence_session", False),
        ("http://cadence.vendor.test", "cadence_session", True),
        ("https://cadence.vendor.test", "__Host-cadence_session", True),
    ],
)
async def test_the_cookie_is_out_of_reach_of_scripts_other_sites_and_open_networks(
    site, base_url, name, secure
):
    page = await site.browser(base_url=base_url).get("/login")
    (cookie,) = page.headers.get_list("set-cookie")
    assert cookie.startswith(f"{name}=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert ("Secure" in cookie) is secure
    assert ("not encrypted" in page.text) is (base_url == "http://cadence.vendor.test")


async def test_the_form_to_log_in_is_bound_to_the_browser(site):
    await site.person(Role.REP)
    browser, other = site.browser(), site.browser()
    await other.get("/login")
    data = {"email": REP, "password": PASSWORD}
    assert (await browser.post("/login", data=data)).status_code == 403
    await browser.get("/login")
    assert (await browser.post("/login", data=data | {"csrf": other.csrf})).status_code == 403
    assert (await browser.post("/login", data=data | {"csrf": browser.csrf})).status_code == 303


async def test_a_hash_of_other_costs_is_made_anew_at_log_in(site, monkeypatch):
    user = await site.person(Role.REP)
    (before,) = [row.password for row in await site.rows("users")]
    stronger = passwords.PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", stronger)
    assert (await log_in(site.browser())).status_code == 303
    (after,) = [row.password for row in await site.rows("users") if row.id == user.id]
    assert after != before
    assert not stronger.check_needs_rehash(after)
    assert (await log_in(site.browser())).status_code == 303

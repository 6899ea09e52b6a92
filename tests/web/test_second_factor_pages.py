"""The second factor: turned on with an app, asked for at log-in, never taken twice; and recovery codes."""

import html
import re

import pyotp
import pytest
import segno

from cadence.core.people import Role
from tests.web.site import PASSWORD
from tests.web.site import one_database as database_url

__all__ = ["database_url"]

REP = "rep@vendor.test"
PATH = "/account/second-factor"


def code_of(site, secret, steps=0):
    return pyotp.TOTP(secret).at(int(site.world.now.timestamp()) + 30 * steps)


async def turn_on(site, browser):
    """Gives the secret and the recovery codes."""
    page = (await browser.get(PATH)).text
    (groups,) = re.findall(r'<code id="secret">([A-Z2-7 ]+)</code>', page)
    (sealed,) = re.findall(r'name="sealed" value="([^"]+)"', page)
    secret = groups.replace(" ", "")
    data = {"csrf": browser.csrf, "sealed": sealed, "code": code_of(site, secret)}
    answer = await browser.post(PATH, data=data)
    assert answer.status_code == 200
    (codes,) = re.findall(r'<pre class="codes" id="secret">(.+?)</pre>', answer.text, re.DOTALL)
    site.later(seconds=90)
    return secret, codes.split()


async def test_the_key_is_drawn_in_the_page_itself_for_a_camera(site):
    browser = await site.logged_in(await site.person(Role.REP))
    page = (await browser.get(PATH)).text
    (drawn,) = re.findall(r"<svg[^>]*class=\"qr\".*?</svg>", page, re.DOTALL)
    assert "<title>QR code of the key</title>" in drawn
    assert "style=" not in drawn
    assert "href" not in drawn
    (uri,) = re.findall(r'href="(otpauth://[^"]+)"', page)
    modules = segno.make(html.unescape(uri), micro=False, error="m").symbol_size(border=4)[0]
    assert f'viewBox="0 0 {modules} {modules}"' in drawn


@pytest.fixture
async def factor(site):
    user = await site.person(Role.REP)
    browser = await site.logged_in(user)
    secret, codes = await turn_on(site, browser)
    return secret, codes, browser


async def to_the_code(site, address="192.0.2.7"):
    """A browser in which the password was given."""
    browser = site.browser(address)
    answer = await browser.submit("/login?next=%2Faccount", "/login", email=REP, password=PASSWORD)
    assert answer.headers["location"] == "/login/code?next=%2Faccount"
    return browser


async def test_it_is_not_in_force_before_a_code_shows_that_the_app_has_it(site):
    browser = await site.logged_in(await site.person(Role.REP))
    answer = await browser.submit(PATH, PATH, code="000000")
    assert answer.status_code == 422
    assert (await site.rows("users"))[0].totp_secret is None


async def test_the_secret_offered_to_another_is_refused(site):
    mine = await site.logged_in(await site.person(Role.REP))
    other = await site.logged_in(await site.person(Role.MANAGER))
    (sealed,) = re.findall(r'name="sealed" value="([^"]+)"', (await other.get(PATH)).text)
    assert (await mine.post(PATH, data={"csrf": mine.csrf, "sealed": sealed})).status_code == 422


async def test_the_secret_and_the_codes_are_not_readable_in_the_database(site, factor):
    secret, codes, _ = factor
    kept = str(await site.rows("users")) + str(await site.rows("recovery_codes"))
    assert len(codes) == 10
    assert not [one for one in (secret, *codes) if one in kept or one.replace("-", "") in kept]


async def test_the_password_alone_opens_nothing(site, factor):
    browser = await to_the_code(site)
    assert (await browser.get("/account")).headers["location"].startswith("/login")


async def test_the_code_of_the_app_lets_in_once(site, factor):
    secret, _, _ = factor
    code = code_of(site, secret)
    browser = await to_the_code(site)
    answer = await browser.submit("/login/code?next=%2Faccount", "/login/code", code=f"{code[:3]} {code[3:]}")
    assert answer.headers["location"] == "/account"
    assert (await browser.get("/account")).status_code == 200
    again = await to_the_code(site)
    assert (await again.submit("/login/code", "/login/code", code=code)).status_code == 422


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 303), (1, 303), (2, 422)])
async def test_a_clock_may_be_one_step_wrong(site, factor, steps, status):
    browser = await to_the_code(site)
    answer = await browser.submit("/login/code", "/login/code", code=code_of(site, factor[0], steps))
    assert answer.status_code == status


async def test_each_recovery_code_lets_in_once(site, factor):
    code = factor[1][3]
    for status in (303, 422):
        browser = await to_the_code(site)
        answer = await browser.submit("/login/code", "/login/code", code=code.upper().replace("-", " "))
        assert answer.status_code == status
    assert "9 recovery codes are left" in (await factor[2].get("/account")).text


async def test_codes_cannot_be_tried_at_will(site, factor):
    for number in range(5):
        browser = await to_the_code(site, f"192.0.2.{number}")
        assert (await browser.submit("/login/code", "/login/code", code="000000")).status_code == 422
    refused = await browser.submit("/login/code", "/login/code", code=code_of(site, factor[0]))
    assert refused.status_code == 429
    site.later(minutes=15)
    browser = await to_the_code(site)
    assert (
        await browser.submit("/login/code", "/login/code", code=code_of(site, factor[0]))
    ).status_code == 303


async def test_a_password_waits_for_its_code_ten_minutes(site, factor):
    browser = await to_the_code(site)
    await browser.get("/login/code")
    site.later(minutes=10)
    data = {"csrf": browser.csrf, "code": code_of(site, factor[0])}
    assert (await browser.post("/login/code", data=data)).headers["location"].startswith("/login")


async def test_turning_it_off_takes_the_password(site, factor):
    browser = factor[2]
    wrong = await browser.submit(PATH, f"{PATH}/off", present="not my password")
    assert wrong.status_code == 422
    assert (await browser.submit(PATH, f"{PATH}/off", present=PASSWORD)).status_code == 303
    assert await site.rows("recovery_codes") == []
    answer = await site.browser().submit("/login", "/login", email=REP, password=PASSWORD)
    assert answer.headers["location"] == "/"

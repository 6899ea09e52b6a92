"""Signing a mailbox in by the browser: bound to who began it, and nothing is stored that was not tried."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from html import unescape

import pytest

from cadence.core.people import Role
from cadence.service import connecting
from cadence.service.app import Connections
from cadence.service.grants import Grants
from cadence.service.signing_in import SigningIn
from cadence.store import users
from tests.servers.authority import Authority, callback
from tests.service.fakes import FakeSender
from tests.web.site import Browser, Site

NEW = {"address": "new@vendor.test", "name": "Nia New", "smtp": "smtps://mail.vendor.test:465"}
NEW |= {"imap": "imaps://mail.vendor.test:993", "provider": "oauth"}
CONNECT, BACK = "/mailboxes/connect?preset=other", "/mailboxes/signed-in"


@dataclass
class Desk:
    site: Site
    browser: Browser
    authority: Authority

    async def begin(self, path: str = "/mailboxes/sign-in", **typed: str) -> str:
        """Begin to sign in; gives where the page leads."""
        answer = await self.browser.post(path, data={"csrf": self.browser.csrf, **NEW, **typed})
        assert answer.status_code == 200, answer.text
        found = re.search(r'href="(http://localhost:\d+/authorize[^"]+)"', answer.text)
        assert found, answer.text
        return unescape(found[1])


@pytest.fixture
async def desk(site: Site, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    async def check(sender: FakeSender) -> None:
        return None

    monkeypatch.setattr(FakeSender, "check", check, raising=False)
    rep = await site.person(Role.REP, "rep@vendor.test")
    browser = await site.logged_in(rep)
    box = await connecting.find(site.app, rep.email)
    async with site.app.db.write() as tx:
        await users.own(tx, box.id, rep.id)
    async with Authority().listening() as authority:
        app = site.app
        grants = Grants(app.db, app.vault, authority.signing_in, app.clock)
        app.connections = Connections(app.db, app.vault, site.world.servers, grants)
        yield Desk(site, browser, authority)


async def test_a_mailbox_is_connected_without_a_password(desk: Desk) -> None:
    assert "Sign in with the authority" in (await desk.browser.get(CONNECT)).text
    back = desk.authority.consent(await desk.begin(), "new@vendor.test")
    answer = await desk.browser.get(callback(BACK, back))
    assert answer.status_code == 303, answer.text
    page = (await desk.browser.get(answer.headers["location"])).text
    assert "both servers let us in" in page
    assert "Sign in again with the authority" in page
    box = await connecting.find(desk.site.app, NEW["address"])
    assert (box.oauth, box.imap, box.name) == ("oauth", NEW["imap"], "Nia New")
    assert (await desk.site.audit())[-1][1:] == ("mailbox.added", NEW["address"])
    again = await desk.browser.get(callback(BACK, back))
    assert again.status_code == 503, "a code is good for once"


async def test_a_sign_in_belongs_to_the_browser_that_began_it_and_not_for_long(desk: Desk) -> None:
    back = desk.authority.consent(await desk.begin(), "new@vendor.test")
    other = await desk.site.logged_in(await desk.site.person(Role.REP, "other@vendor.test"))
    assert (await other.get(callback(BACK, back))).status_code == 422
    assert (await desk.browser.get(callback(BACK, back | {"state": "made up"}))).status_code == 422
    desk.site.later(minutes=16)
    assert (await desk.browser.get(callback(BACK, back))).status_code == 422
    assert desk.authority.asked == []
    refused = await desk.browser.get(callback(BACK, {"error": "access_denied", "state": back["state"]}))
    assert "access_denied" in refused.text
    assert len(await desk.site.rows("mailboxes")) == 1


async def test_a_mailbox_that_lets_nobody_in_is_not_stored(desk: Desk) -> None:
    desk.site.world.servers.down.add(NEW["address"])
    back = desk.authority.consent(await desk.begin(), "new@vendor.test")
    answer = await desk.browser.get(callback(BACK, back))
    assert "connection refused" in answer.text
    assert len(await desk.site.rows("mailboxes")) == 1
    assert not await desk.site.rows("grants")


@pytest.mark.parametrize("typed", [{"address": ""}, {"smtp": "ftp://x"}, {"imap": ""}, {"role": "king"}])
async def test_what_could_not_be_connected_is_said_before_anybody_signs_in(
    desk: Desk, typed: dict[str, str]
) -> None:
    answer = await desk.browser.post("/mailboxes/sign-in", data={"csrf": desk.browser.csrf, **NEW, **typed})
    assert answer.status_code == 422


async def test_a_known_mailbox_is_signed_in_in_place_of_its_password(desk: Desk) -> None:
    box = await connecting.find(desk.site.app, "rep@vendor.test")
    url = await desk.begin(f"/mailboxes/{box.id}/sign-in")
    await desk.browser.get(callback(BACK, desk.authority.consent(url, "rep@vendor.test")))
    assert (await connecting.find(desk.site.app, "rep@vendor.test")).oauth == "oauth"
    other = await desk.site.logged_in(await desk.site.person(Role.REP, "other@vendor.test"))
    answer = await other.post(f"/mailboxes/{box.id}/sign-in", data={"csrf": other.csrf, "provider": "oauth"})
    assert answer.status_code == 403
    unknown = {"csrf": desk.browser.csrf, "provider": "google"}
    answer = await desk.browser.post(f"/mailboxes/{box.id}/sign-in", data=unknown)
    assert answer.status_code == 422
    assert "CADENCE_GOOGLE_CLIENT_ID" in answer.text


async def test_a_mailbox_is_connected_by_the_api_and_goes_back_to_its_servers(desk: Desk) -> None:
    known = desk.authority.signing_in.client("oauth")
    clients = {
        key: replace(known, provider=replace(known.provider, key=key)) for key in ("google", "google-api")
    }
    desk.site.app.connections.grants.signing_in = SigningIn(clients)
    form = (await desk.browser.get("/mailboxes/connect?preset=google")).text
    assert "Sign in, by the API" in form
    (password,) = re.findall(r'<input id="password"[^>]*>', form)
    assert "required" not in password, "a browser would let nobody sign in without one"
    url = await desk.begin(provider="google-api", smtp="", imap="")
    answer = await desk.browser.get(callback(BACK, desk.authority.consent(url, NEW["address"])))
    assert answer.status_code == 303, answer.text
    box = await connecting.find(desk.site.app, NEW["address"])
    assert (box.oauth, box.smtp, box.imap) == ("google-api", *["gmail://gmail.googleapis.com"] * 2)
    page = (await desk.browser.get(f"/mailboxes/{box.id}")).text
    assert "Use IMAP and SMTP instead" in page
    url = await desk.begin(f"/mailboxes/{box.id}/sign-in", provider="google")
    await desk.browser.get(callback(BACK, desk.authority.consent(url, NEW["address"])))
    box = await connecting.find(desk.site.app, NEW["address"])
    assert (box.oauth, box.imap) == ("google", "imaps://imap.gmail.com:993")
    assert "Use the API of" in (await desk.browser.get(f"/mailboxes/{box.id}")).text

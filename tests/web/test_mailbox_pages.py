"""Mailboxes: connecting, looking after, days off, the doctor, and handing over; each only within reach."""

import asyncio
import re
from email import message_from_bytes

import pytest

from cadence.core.errors import MailboxError
from cadence.core.people import Role
from cadence.core.relays import RelayKind
from cadence.core.sequence import From
from cadence.mail.discovery import Server
from cadence.service import connecting, discovering, examining, relays
from cadence.service.relays import NewRelay
from cadence.store import users
from tests.service.conftest import mailbox
from tests.service.fakes import FakeSender
from tests.web.test_learn_pages import own

NEW = {
    "address": "new@vendor.test",
    "name": "Noor New",
    "smtp": "smtps://mail.vendor.test:465",
    "imap": "imaps://mail.vendor.test",
    "password": "secret",
}


@pytest.fixture(autouse=True)
def lets_in(monkeypatch):
    """Mail servers let everybody in."""

    async def check(self):
        return None

    monkeypatch.setattr(FakeSender, "check", check, raising=False)


@pytest.fixture
async def rep(site):
    user = await site.person(Role.REP)
    await own(site, user, "rep@vendor.test")
    return user


@pytest.fixture
async def browser(site, rep):
    return await site.logged_in(rep)


async def box(site, address="rep@vendor.test"):
    return await connecting.find(site.app, address)


async def path_of(site, address="rep@vendor.test"):
    return f"/mailboxes/{(await box(site, address)).id}"


# --- the list, and reach ---


async def test_everybody_sees_the_mailboxes_in_their_reach(site, rep, browser):
    await connecting.add(site.app, mailbox("second@vendor.test"))
    page = (await browser.get("/mailboxes")).text
    assert "rep@vendor.test" in page
    assert "second@vendor.test" not in page
    admin = await site.logged_in(await site.person(Role.ADMINISTRATOR))
    assert "second@vendor.test" in (await admin.get("/mailboxes")).text


async def test_nobody_touches_the_mailbox_of_another(site, rep):
    other = await site.logged_in(await site.person(Role.REP, "other@vendor.test"))
    path = await path_of(site)
    assert (await other.get(path)).status_code == 403
    for action in (
        "",
        "/examine",
        "/pause",
        "/resume",
        "/remove",
        "/access",
        "/absences",
        "/absences/remove",
    ):
        answer = await other.post(path + action, data={"csrf": other.csrf, "first": "2027-01-01"})
        assert answer.status_code == 403, action
    assert (await box(site)).state == "active"


# --- connecting ---


async def test_a_mailbox_that_lets_us_in_is_connected_and_ones_own(site, rep, browser):
    answer = await browser.submit("/mailboxes/connect?preset=other", "/mailboxes", **NEW)
    assert answer.status_code == 303
    page = (await browser.get(answer.headers["location"])).text
    assert "both servers let us in" in page
    assert (await box(site, NEW["address"])).imap == "imaps://mail.vendor.test:993"
    assert (await site.audit())[-1] == (rep.email, "mailbox.added", NEW["address"])


async def test_a_mailbox_that_lets_nobody_in_is_not_stored_and_the_password_not_shown(site, browser):
    site.world.servers.down.add(NEW["address"])
    answer = await browser.submit("/mailboxes/connect?preset=other", "/mailboxes", **NEW)
    assert answer.status_code == 503
    assert "connection refused" in answer.text
    assert "mail.vendor.test" in answer.text
    assert 'value="secret"' not in answer.text
    assert len(await site.rows("mailboxes")) == 1


@pytest.mark.parametrize(
    "typed",
    [{"smtp": "ftp://x"}, {"imap": "imaps://u:p@x"}, {"address": "x"}, {"password": ""}, {"role": "king"}],
)
async def test_what_cannot_be_used_is_shown_again(site, browser, typed):
    answer = await browser.submit("/mailboxes/connect?preset=other", "/mailboxes", **(NEW | typed))
    assert answer.status_code == 422
    assert len(await site.rows("mailboxes")) == 1


async def test_a_mailbox_is_connected_once(site, browser):
    answer = await browser.submit(
        "/mailboxes/connect?preset=other", "/mailboxes", **(NEW | {"address": "Rep@vendor.test"})
    )
    assert answer.status_code == 409


@pytest.mark.parametrize("key", ["google", "microsoft", "fastmail", "other"])
async def test_a_provider_says_what_to_do_first(browser, key):
    page = (await browser.get(f"/mailboxes/connect?preset={key}")).text
    assert "first</h2>" in page
    assert (key == "microsoft") == ("OAuth" in page)


class Names:
    """A DNS in memory."""

    def __init__(self, mx=(), servers=None, aliases=None):
        self.mx, self.found, self.aliases = list(mx), servers or {}, aliases or {}

    async def servers(self, name):
        return self.found.get(name, [])

    async def exchangers(self, domain):
        return self.mx

    async def alias(self, name):
        return self.aliases.get(name, "")


async def test_the_servers_of_an_address_are_found(browser, monkeypatch):
    published = {
        "_imaps._tcp.vendor.example": [Server(0, 0, 993, "imap.vendor.example")],
        "_submissions._tcp.vendor.example": [Server(0, 0, 465, "smtp.vendor.example")],
    }
    monkeypatch.setattr(discovering, "SystemNames", lambda: Names(servers=published))
    page = (await browser.submit("/mailboxes/connect", "/mailboxes/find", address="r@vendor.example")).text
    assert "smtps://smtp.vendor.example:465" not in page  # a name for tests is never looked up
    monkeypatch.setattr(discovering, "is_for_tests", lambda domain: False)
    page = (await browser.submit("/mailboxes/connect", "/mailboxes/find", address="r@vendor.example")).text
    assert "smtps://smtp.vendor.example:465" in page
    assert "Found by the DNS of vendor.example" in page


class Site:
    """A web site with a file."""

    def __init__(self, file):
        self.file, self.asked = file, []

    async def get(self, url, limit):
        self.asked.append(url)
        return self.file


async def test_without_records_the_web_site_of_the_domain_is_asked_and_no_other():
    outside = Site(None)
    found = await discovering.propose("r@vendor.example", names=Names(), outside=outside)
    assert found.found is None
    assert outside.asked == ["https://vendor.example/.well-known/autoconfig/mail/config-v1.1.xml"]


async def test_a_provider_is_known_before_anything_else_is_asked():
    outside = Site(None)
    found = await discovering.propose("r@v.example", names=Names(["aspmx.l.google.com"]), outside=outside)
    assert (found.preset.key, found.found.imap) == ("google", "imaps://imap.gmail.com:993")
    assert outside.asked == []


@pytest.mark.parametrize(
    "known",
    [
        {"aliases": {"autodiscover.v.example": "autodiscover.outlook.com"}},
        {"servers": {"_autodiscover._tcp.v.example": [Server(0, 0, 443, "autodiscover.outlook.com.")]}},
    ],
)
async def test_whom_outlook_asks_is_known_though_mail_comes_in_elsewhere(known):
    names = Names(["mx.filter.example"], **known)
    found = await discovering.propose("r@v.example", names=names, outside=Site(None))
    assert found.preset.key == "microsoft"


async def test_an_autodiscover_of_ones_own_is_nobody_s_preset():
    names = Names(aliases={"autodiscover.v.example": "outlook.com.v.example"})
    found = await discovering.propose("r@v.example", names=names, outside=Site(None))
    assert (found.preset.key, found.found) == ("other", None)


async def test_an_address_that_is_none_is_said(browser):
    assert (await browser.submit("/mailboxes/connect", "/mailboxes/find", address="x")).status_code == 422


# --- looking after ---


async def test_signature_and_pace_are_changed(site, rep, browser):
    path = await path_of(site)
    where = {"country": "de", "region": "BY", "rests_on_holidays": "on"}
    answer = await browser.submit(
        path, path, name="Robin R.", signature="Line one\r\nLine two", daily_cap="33", **where
    )
    assert answer.status_code == 303
    found = await box(site)
    assert (found.name, found.signature, found.pace.daily_cap) == ("Robin R.", "Line one\nLine two", 33)
    assert (found.place.country, found.place.region, found.rests_on_holidays) == ("DE", "BY", True)
    assert (await site.audit())[-1][:2] == (rep.email, "mailbox.changed")
    await browser.submit(path, path)
    assert (await box(site)).rests_on_holidays is True  # a form that was not touched changes nothing


@pytest.mark.parametrize(
    "typed",
    [
        {"daily_cap": "0"},
        {"gap": "-1"},
        {"jitter": "soon"},
        {"ramp_from": "9" * 9},
        {"name": " "},
        {"zone": "Moon/Base"},
        {"country": "XX"},
        {"region": "nowhere", "country": "DE"},
        {"signature": "\x00"},
        {"title": "a\nb"},
    ],
)
async def test_a_change_that_cannot_be_used_changes_nothing(site, browser, typed):
    path, before = await path_of(site), await box(site)
    answer = await browser.submit(path, path, **typed)
    assert answer.status_code == 422
    assert 'class="notice bad"' in answer.text
    assert await box(site) == before


async def test_a_password_is_changed_and_never_shown_or_recorded(site, browser):
    path = await path_of(site)
    before = (await site.rows("mailboxes"))[0].secret
    await browser.submit(path, f"{path}/access", password="another secret")
    assert (await site.rows("mailboxes"))[0].secret != before
    assert "another secret" not in (await browser.get(path)).text + str(await site.audit())
    await browser.submit(path, f"{path}/access", smtp="smtp://mail.vendor.test:587")
    assert (await box(site)).smtp == "smtp://mail.vendor.test:587"


async def test_a_mailbox_is_sent_through_a_relay_and_back_by_its_server(site, browser):
    path = await path_of(site)
    assert "Through a relay" not in (await browser.get(path)).text
    await relays.add(site.world.app, NewRelay("house", RelayKind.POSTFIX, "smtp://post.vendor.test:587"))
    await browser.submit(path, f"{path}/access", relay="house", return_path="bounces.vendor.test")
    assert (await box(site)).smtp == "smtp://post.vendor.test:587"
    assert (await box(site)).return_path == "bounces.vendor.test"
    page = (await browser.get(path)).text
    assert "<option selected>house</option>" in page
    refused = await browser.submit(path, f"{path}/access", relay="", return_path="")
    assert "such as smtp://host:587" in refused.text
    await browser.submit(path, f"{path}/access", relay="", return_path="", smtp="smtp://localhost:2525")
    assert ((await box(site)).relay_id, (await box(site)).return_path) == (None, None)


async def test_a_mailbox_is_paused_and_sends_again(site, browser):
    path = await path_of(site)
    await browser.submit(path, f"{path}/pause")
    await site.world.enroll()
    assert await site.world.after(hours=2) == {"wait": 1} or site.world.sent == []
    await browser.submit(path, f"{path}/resume")
    await site.world.after(minutes=20)
    assert len(site.world.sent) == 1


async def test_a_mailbox_that_is_removed_stops_what_it_writes(site, browser):
    path = await path_of(site)
    enrollment = await site.world.enroll()
    answer = await browser.submit(path, f"{path}/remove")
    assert answer.headers["location"] == "/mailboxes"
    assert await site.world.state(enrollment) == "stopped"
    assert (await browser.get(path)).status_code == 404


# --- days off ---


async def test_what_is_due_on_days_off_leaves_afterwards(site, rep, browser):
    path = await path_of(site)
    enrollment = await site.world.enroll()
    await site.world.after(hours=2)  # the thank-you
    answer = await browser.submit(
        path, f"{path}/absences", first="2026-03-05", last="2026-03-20", note="Skiing"
    )
    assert answer.status_code == 303
    assert "Skiing" in (await browser.get(path)).text
    assert (await site.audit())[-1][:2] == (rep.email, "mailbox.absence")
    await site.world.after(days=4)
    assert "away until" in (await (await site.logged_in(rep)).get("/mailboxes")).text
    assert len(site.world.sent) == 1
    (waiting,) = [row for row in await site.rows("messages") if row.step == "feedback"]
    assert (waiting.state, f"{waiting.due_at:%Y-%m-%d %H:%M}") == ("planned", "2026-03-21 00:00")
    assert "Robin Rep is away until 20 Mar 2026" in waiting.why
    await site.world.after(days=20)
    assert (await site.world.mails(enrollment))["feedback"] == "sent"


async def test_days_off_are_taken_back(site, browser):
    path = await path_of(site)
    await browser.submit(path, f"{path}/absences", first="2026-04-01")
    assert (await browser.submit(path, f"{path}/absences/remove")).status_code == 303
    assert (await box(site)).absences == ()
    answer = await browser.post(f"{path}/absences/remove", data={"csrf": browser.csrf, "first": "2026-04-01"})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("", ""),
        ("2026-03-10", "2026-03-09"),
        ("2026-02-01", "2026-02-02"),
        ("2026-03-10", "2028-03-10"),
        ("2036-03-10", ""),
        ("2026-04-01", "2026-04-03"),
    ],
)
async def test_days_off_that_cannot_be_are_refused(site, browser, first, last):
    path = await path_of(site)
    await browser.submit(path, f"{path}/absences", first="2026-04-02")
    assert (await browser.submit(path, f"{path}/absences", first=first, last=last)).status_code == 422
    assert len((await box(site)).absences) == 1


# --- the doctor ---


async def test_the_doctor_works_in_the_background_and_tells_as_he_goes(site, browser, monkeypatch):
    goes_on, waits = asyncio.Event(), asyncio.Event()

    async def examine(app, mailbox, *, patience):
        yield examining.checks.ok("sending", "it lets us in")
        waits.set()
        await goes_on.wait()
        yield examining.checks.fault("reading", "the password is wrong", "Mend it.")

    monkeypatch.setattr(examining.doctor, "examine", examine)
    path = await path_of(site)
    assert (await browser.submit(path, f"{path}/examine")).status_code == 303
    async with asyncio.timeout(30):
        await waits.wait()
    page = (await browser.get(path)).text
    assert "it lets us in" in page
    assert "load delay" in page
    again = await browser.post(f"{path}/examine", data={"csrf": browser.csrf})
    assert again.status_code == 409
    goes_on.set()
    await asyncio.gather(*examining._at_work)
    page = (await browser.get(path)).text
    assert "load delay" not in page
    assert 'class="badge bad">fault' in page
    assert "Mend it." in page


async def test_an_examination_whose_process_died_is_over(site, browser, monkeypatch):
    async def examine(app, mailbox, *, patience):
        raise MailboxError("the connection broke", temporary=True)
        yield

    monkeypatch.setattr(examining.doctor, "examine", examine)
    path = await path_of(site)
    async with site.app.db.write() as tx:
        assert await examining.examinations.begin(tx, (await box(site)).id, site.app.clock())
    assert "load delay" in (await browser.get(path)).text
    site.later(minutes=6)
    assert "interrupted" in (await browser.get(path)).text
    await browser.submit(path, f"{path}/examine")
    await asyncio.gather(*examining._at_work)
    assert "the connection broke" in (await browser.get(path)).text


# --- handing over ---


@pytest.fixture
async def manager(site, rep):
    user = await site.person(Role.MANAGER)
    successor = connecting.NewMailbox(
        "noor@vendor.test", "Noor New", "smtp://localhost:2525", "imap://localhost:1143", "noor", "secret"
    )
    await connecting.add(site.app, successor)
    await own(site, user, "noor@vendor.test")
    return await site.logged_in(user)


async def users_named(site, email):
    async with site.app.db.read() as tx:
        return await users.find(tx, email)


def read(mail):
    return message_from_bytes(mail.raw)


async def test_who_takes_over_goes_on_in_the_thread_and_says_so_once(site, manager):
    world = site.world
    await world.enroll(first_name="Dana", mailbox="rep@vendor.test")
    await world.after(hours=2)
    await world.after(days=5)
    manager = await site.logged_in(await users_named(site, "manager@vendor.test"))  # a session lasts hours
    path, after = f"{await path_of(site)}/hand-over", await box(site, "noor@vendor.test")
    page = (await manager.get(f"{path}?to={after.id}")).text
    assert "1 enrollment is written from noor@vendor.test" in page
    answer = await manager.submit(f"{path}?to={after.id}", path)
    assert answer.status_code == 303
    assert (await site.audit())[-1][1:] == (
        "mailbox.handed_over",
        "rep@vendor.test to noor@vendor.test: 1 people, 1 mails",
    )
    await world.read("noor@vendor.test")
    await world.read()
    await world.after(days=11)
    thank_you, feedback, offer = (read(mail) for mail in world.sent)
    assert "noor@vendor.test" in offer["From"]
    assert offer["In-Reply-To"] == feedback["Message-ID"]
    text = offer.get_payload(0).get_payload() if offer.is_multipart() else offer.get_payload()
    assert re.sub(r"\s+", " ", text).startswith("I have taken over from Robin Rep")
    await world.after(days=60)
    story = read(world.sent[3])
    assert "taken over" not in story.as_string()
    assert "noor@vendor.test" in story["From"]
    assert thank_you["From"] == feedback["From"]


async def test_to_whom_nobody_wrote_nothing_is_said(site, manager):
    await site.world.enroll(mailbox="rep@vendor.test")
    path, after = f"{await path_of(site)}/hand-over", await box(site, "noor@vendor.test")
    await manager.submit(f"{path}?to={after.id}", path)
    await site.world.after(hours=2)
    (mail,) = site.world.sent
    assert mail.mailbox == "noor@vendor.test"
    assert "taken over" not in mail.raw.decode()


async def test_what_cannot_take_over_is_refused(site, manager):
    await site.world.enroll(mailbox="rep@vendor.test")
    await connecting.add(site.app, mailbox("boss@vendor.test", From.EXECUTIVE))
    admin = await site.logged_in(await site.person(Role.ADMINISTRATOR))
    path = f"{await path_of(site)}/hand-over"
    boss = await box(site, "boss@vendor.test")
    assert "signs as" in (await admin.get(f"{path}?to={boss.id}")).text
    answer = await admin.post(path, data={"csrf": admin.csrf, "to": str(boss.id)})
    assert answer.status_code == 409
    for to in ("", "x", "9" * 30):
        answer = await admin.post(path, data={"csrf": admin.csrf, "to": to})
        assert answer.status_code in {404, 422}
    other = await site.logged_in(await site.person(Role.MANAGER, "south@vendor.test", team="south"))
    assert (await other.get(path)).status_code == 403
    assert {row.mailbox_id for row in await site.rows("enrollments")} == {(await box(site)).id}


async def test_only_managers_hand_over(site, rep, browser):
    path = f"{await path_of(site)}/hand-over"
    assert (await browser.get(path)).status_code == 403
    async with site.app.db.write() as tx:
        await users.own(tx, (await box(site)).id, None)
    assert (await browser.post(path, data={"csrf": browser.csrf, "to": "1"})).status_code == 403

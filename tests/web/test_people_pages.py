"""People: the first administrator, invitations, roles, mailboxes, and the way back in."""

import asyncio
import re
from email import message_from_bytes

import pytest

from cadence.core.delivery import Outcome, OutcomeKind
from cadence.core.people import Role
from cadence.service import connecting, invitations
from tests.service.conftest import mailbox
from tests.web.site import PASSWORD

NEW = "newcomer@vendor.test"


TYPED = {"name": "Noor New", "password": PASSWORD, "again": PASSWORD}


async def accept(browser, path, **typed):
    return await browser.submit(path, **TYPED | typed)


@pytest.fixture
async def admin(site):
    return await site.logged_in(await site.person(Role.ADMINISTRATOR))


async def invite(admin, **typed):
    return await admin.submit("/people", "/people", email=NEW, **typed)


def link_in(text):
    (path,) = re.findall(r"http://localhost(/invite/[\w-]+)", text)
    return path


def mails(site):
    return [message_from_bytes(one.raw) for one in site.world.sent]


# --- the first one ---


async def test_the_first_administrator_comes_in_by_the_link_of_the_console(site):
    path = await invitations.first_administrator(site.app)
    browser = site.browser()
    answer = await accept(browser, path, email="Alex@vendor.test", name="Alex")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert (await browser.get("/people")).status_code == 200
    assert await invitations.first_administrator(site.app) is None
    assert (await site.browser().get(path)).status_code == 404


async def test_looking_at_a_link_does_not_use_it_up(site):
    path = await invitations.first_administrator(site.app)
    for _ in range(3):
        assert (await site.browser().get(path)).status_code == 200
    assert (await accept(site.browser(), path, email="alex@vendor.test")).status_code == 303


async def test_of_several_links_for_the_first_one_works(site):
    """Each web server prints one when it starts."""
    paths = [await invitations.first_administrator(site.app) for _ in range(3)]
    browsers = [site.browser() for _ in paths]
    forms = [
        await browser.filled(path, **TYPED, email=f"alex{number}@vendor.test")
        for number, (browser, path) in enumerate(zip(browsers, paths, strict=True))
    ]
    answers = await asyncio.gather(
        *(browser.post(url, data=data) for browser, (url, data) in zip(browsers, forms, strict=True))
    )
    assert sorted(answer.status_code for answer in answers) == [303, 404, 404]
    assert len(await site.rows("users")) == 1


async def test_the_link_for_the_first_one_expires(site):
    path = await invitations.first_administrator(site.app)
    site.later(days=1)
    assert (await site.browser().get(path)).status_code == 404


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"email": "nonsense"}, "not an email address"),
        ({"email": "a@vendor.test", "name": ""}, "A name has"),
        ({"email": "a@vendor.test", "password": "short", "again": "short"}, "at least 12 characters"),
        ({"email": "a@vendor.test", "again": "another sentence here"}, "not the same"),
        (
            {
                "email": "noor.new@vendor.test",
                "password": "noor.new@vendor.test",
                "again": "noor.new@vendor.test",
            },
            "first to be tried",
        ),
    ],
)
async def test_what_cannot_be_used_is_said_and_changes_nothing(site, typed, words):
    path = await invitations.first_administrator(site.app)
    answer = await accept(site.browser(), path, **typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert await site.rows("users") == []
    assert PASSWORD not in answer.text


# --- invitations ---


async def test_an_invitation_is_mailed_from_a_mailbox_and_works_once(site, admin):
    answer = await invite(admin, role="rep", team="North")
    assert answer.headers["location"] == "/people"
    assert f"A link was mailed to {NEW}." in (await admin.get("/people")).text
    (mail,) = mails(site)
    assert NEW in mail["To"]
    assert mail["Auto-Submitted"] == "auto-generated"
    path = link_in(mail.get_payload())
    browser = site.browser()
    assert (await accept(browser, path)).status_code == 303
    assert "Noor New" in (await browser.get("/account")).text
    assert (await browser.get("/people")).status_code == 403
    assert (await site.browser().get(path)).status_code == 404


async def test_without_a_mailbox_the_link_is_shown_to_pass_on(site, admin):
    await connecting.pause(site.app, "rep@vendor.test")
    answer = await invite(admin)
    assert "No mailbox is connected" in answer.text
    assert (await accept(site.browser(), link_in(answer.text))).status_code == 303


async def test_a_mail_that_is_not_taken_shows_the_link_instead(site, admin):
    site.world.servers.outcomes = [Outcome(OutcomeKind.REFUSED, 550, "5.1.1", "no such user")]
    answer = await invite(admin)
    assert "did not take it: no such user" in answer.text
    assert link_in(answer.text)


async def test_a_link_is_not_in_the_database(site, admin):
    token = link_in((await _shown(site, admin)).text).removeprefix("/invite/")
    assert token not in str(await site.rows("invitations"))


async def _shown(site, admin, **typed):
    await connecting.pause(site.app, "rep@vendor.test")
    return await invite(admin, **typed)


async def test_inviting_again_replaces_the_link_the_role_and_the_team(site, admin):
    first = link_in((await _shown(site, admin)).text)
    second = link_in((await invite(admin, role="author", team="South")).text)
    assert (await site.browser().get(first)).status_code == 404
    assert (await accept(site.browser(), second)).status_code == 303
    (row,) = [row for row in await site.rows("users") if row.email == NEW]
    assert (row.role, row.team) == ("author", "South")


async def test_an_invitation_expires_after_a_week(site, admin):
    path = link_in((await _shown(site, admin)).text)
    site.later(days=6, hours=23)
    assert (await site.browser().get(path)).status_code == 200
    site.later(hours=1)
    assert (await site.browser().get(path)).status_code == 404


async def test_whoever_is_there_already_is_not_invited_anew(site, admin):
    await site.person(Role.REP, NEW)
    answer = await invite(admin, role="administrator")
    assert answer.status_code == 409
    assert "known already" in answer.text
    assert site.world.sent == []


@pytest.mark.parametrize("typed", [{"role": "king"}, {"email": "x"}, {"team": "x" * 101}, {"name": "a\tb"}])
async def test_an_invitation_that_cannot_be_used_is_shown_again(site, admin, typed):
    answer = await admin.submit("/people", "/people", **({"email": NEW} | typed))
    assert answer.status_code == 422
    assert len(await site.rows("users")) == 1


# --- the way back in ---


async def test_a_link_for_a_new_password_ends_sessions_and_the_second_factor(site, admin):
    user = await site.person(Role.REP, NEW)
    await site.change(user, totp_secret="sealed")
    old = await site.logged_in(user)
    await admin.submit(f"/people/{user.id}", f"/people/{user.id}/link")
    assert (await old.get("/account")).status_code == 200  # nothing changes before it is used
    new = "another long sentence"
    assert (
        await accept(site.browser(), link_in(mails(site)[0].get_payload()), password=new, again=new)
    ).status_code == 303
    assert (await old.get("/account")).status_code == 303
    answer = await site.browser().submit("/login", "/login", email=NEW, password=new)
    assert answer.headers["location"] == "/"


# --- roles, mailboxes, leaving ---


async def test_a_role_counts_at_once(site, admin):
    user = await site.person(Role.REP)
    browser = await site.logged_in(user)
    assert (await browser.get("/audit")).status_code == 403
    answer = await admin.submit(f"/people/{user.id}", f"/people/{user.id}", role="administrator")
    assert answer.status_code == 303
    assert (await browser.get("/audit")).status_code == 200


async def test_somebody_must_remain_administrator(site, admin):
    (user,) = await site.rows("users")
    path = f"/people/{user.id}"
    for action, typed in ((path, {"role": "rep"}), (f"{path}/deactivate", {})):
        answer = await admin.submit(path, action, **typed)
        assert answer.status_code == 409
        assert "must remain administrator" in answer.text
    assert (await admin.get("/people")).status_code == 200


async def test_of_two_administrators_who_let_each_other_go_one_remains(site):
    users = [await site.person(Role.ADMINISTRATOR, f"admin{n}@vendor.test") for n in range(2)]
    browsers = [await site.logged_in(user) for user in users]
    answers = await asyncio.gather(
        *(
            browser.post(f"/people/{other.id}/deactivate", data={"csrf": browser.csrf})
            for browser, other in zip(browsers, reversed(users), strict=True)
        )
    )
    left = [row for row in await site.rows("users") if row.deactivated_at is None]
    assert len(left) >= 1, [answer.status_code for answer in answers]


async def test_a_deactivated_person_comes_back_with_the_same_password(site, admin):
    user = await site.person(Role.REP)
    path = f"/people/{user.id}"
    await admin.submit(path, f"{path}/deactivate")
    assert "deactivated" in (await admin.get("/people")).text
    await admin.submit(path, f"{path}/activate")
    answer = await site.browser().submit("/login", "/login", email=user.email, password=PASSWORD)
    assert answer.status_code == 303


async def test_a_mailbox_of_ones_own_address_is_ones_own_whichever_came_first(site, admin):
    await admin.submit("/people", "/people", email="rep@vendor.test")
    await connecting.add(site.app, mailbox(NEW))
    await invite(admin)
    await admin.submit("/people", "/people", email="late@vendor.test")
    await connecting.add(site.app, mailbox("late@vendor.test"))
    owners = {row.address: row.owner_id for row in await site.rows("mailboxes")}
    ids = {row.email: row.id for row in await site.rows("users")}
    assert owners == {address: ids[address] for address in ("rep@vendor.test", NEW, "late@vendor.test")}


async def test_mailboxes_are_given_and_taken(site, admin):
    await connecting.add(site.app, mailbox("second@vendor.test"))
    user = await site.person(Role.REP, NEW)
    path = f"/people/{user.id}"
    for picked in (["rep@vendor.test", "second@vendor.test"], ["second@vendor.test"], []):
        answer = await admin.submit(path, f"{path}/mailboxes", mailboxes=picked)
        assert answer.status_code == 303
        owned = {row.address for row in await site.rows("mailboxes") if row.owner_id == user.id}
        assert owned == set(picked)
        page = (await admin.get("/people")).text
        assert all(address in page for address in picked)


async def test_people_that_are_not_there_are_not_found(site, admin):
    for path in ("/people/4711", "/people/99999999999999999999"):
        assert (await admin.get(path)).status_code in {404, 422}
    answer = await admin.post(
        "/people/4711/mailboxes", data={"csrf": admin.csrf, "mailboxes": "rep@vendor.test"}
    )
    assert answer.status_code == 404


async def test_all_of_it_stands_in_the_audit_trail(site, admin):
    await invite(admin, role="rep", team="North")
    (user,) = [row for row in await site.rows("users") if row.email == NEW]
    path = f"/people/{user.id}"
    await admin.submit(path, path, role="author", team="")
    await admin.submit(path, f"{path}/mailboxes", mailboxes=["rep@vendor.test"])
    await admin.submit(path, f"{path}/link")
    await admin.submit(path, f"{path}/deactivate")
    await admin.submit(path, f"{path}/activate")
    actor = "administrator@vendor.test"
    assert (await site.audit())[1:] == [
        (actor, "user.invited", f"{NEW} as rep"),
        (actor, "user.changed", f"{NEW}: author"),
        (actor, "mailbox.owner", f"rep@vendor.test: {NEW}"),
        (actor, "user.reset", NEW),
        (actor, "user.deactivated", NEW),
        (actor, "user.activated", NEW),
    ]
    assert {row.address for row in await site.rows("audit")} == {"192.0.2.7"}

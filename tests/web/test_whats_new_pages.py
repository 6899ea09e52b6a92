"""What's new in the browser: added, looked at, answered one by one or all at once, by whose reach it is."""

import pytest

from cadence.core.people import Role
from cadence.service import connecting, jobs, publishing, users
from cadence.store import users as people
from tests.service.conftest import mailbox
from tests.web.site import one_database as database_url

__all__ = ["database_url"]

STORY = """+++
title = "Signing in once"
loss_reasons = ["features"]
+++
Hello {{ prospect.first_name or "there" }}, single sign-on is there now.
"""
OURS, THEIRS = ("ann@ann.example", "bob@bob.example"), "zoe@zoe.example"


@pytest.fixture
async def lost(site):
    """Robin's two deals and somebody else's one, all lost for want of single sign-on."""
    world = site.world
    await connecting.add(world.app, mailbox("other@vendor.test"))
    robin = await site.person(Role.REP, "robin@vendor.test", team="north")
    other = await site.person(Role.REP, "other@vendor.test", team="south")
    await users.own_mailbox(site.app, site.console, "rep@vendor.test", robin.id)
    await users.own_mailbox(site.app, site.console, "other@vendor.test", other.id)
    why = {"reason": "features", "missing": "SSO"}
    for email in OURS:
        await world.enroll(email, company=email[:3], deal_name="Portal", deal=why, mailbox="rep@vendor.test")
    await world.enroll(THEIRS, company="Zoe", deal_name="Portal", deal=why, mailbox="other@vendor.test")
    (world.templates / "stories" / "signing-in-once.md.j2").write_text(STORY)
    await publishing.publish(world.app, world.templates, "lost")
    return site


async def browser_of(site, email):
    """Somebody who logs in now."""
    async with site.app.db.read() as tx:
        found = await people.find(tx, email)
    return await site.logged_in(found)


async def added(browser):
    made = await browser.submit(
        "/whats-new", "/whats-new", reason="features", terms="sso|single sign-on", story="signing-in-once"
    )
    assert made.status_code == 303, made.text
    return made.headers["location"]


def ticks(page):
    return page.text.count('name="ids"')


async def test_a_rep_adds_it_and_sees_their_own_people_with_the_reasons(lost):
    robin = await browser_of(lost, "robin@vendor.test")
    assert "Nothing yet" in (await robin.get("/whats-new")).text
    page = await robin.get(await added(robin))
    assert "2 people would be told" in page.text
    assert "the rep noted: “SSO”" in page.text
    assert all(email in page.text for email in OURS)
    assert THEIRS not in page.text
    assert ("robin@vendor.test", "news.added", "features:sso|single sign-on: signing-in-once") in (
        await lost.audit()
    )


async def test_an_administrator_sees_everybody_and_a_manager_their_team(lost):
    admin = await lost.logged_in(await lost.person(Role.ADMINISTRATOR))
    here = await added(admin)
    assert "3 people would be told" in (await admin.get(here)).text
    south = await lost.logged_in(await lost.person(Role.MANAGER, "south@vendor.test", team="south"))
    assert "One person would be told" in (await south.get(here)).text


async def test_yes_to_one_and_no_to_the_other_and_what_became_of_them(lost):
    robin = await browser_of(lost, "robin@vendor.test")
    here = await added(robin)
    by_email = {row.email: row.id for row in await lost.rows("prospects")}
    ann, bob = (by_email[email] for email in OURS)
    mail = await robin.get(f"{here}/mails/{ann}")
    assert "single sign-on is there now" in mail.text
    await robin.submit(here, f"{here}/answer", answer=f"yes-{ann}")
    await robin.submit(here, f"{here}/answer", answer="no", ids=[bob])
    page = await robin.get(here)
    assert "Told: 1" in page.text
    assert "robin@vendor.test said no" in page.text
    assert ticks(page) == 0
    await robin.submit(here, f"{here}/answer", answer=f"yes-{bob}")
    assert "Told: 2" in (await robin.get(here)).text
    for days in (0, 3, 4):  # the sequence that they were in writes first
        await lost.world.after(days=days)
    assert [one.recipient for one in lost.world.sent if b"Signing in once" in one.raw] == list(OURS)
    robin = await browser_of(lost, "robin@vendor.test")
    assert ">sent</span>" in (await robin.get(here)).text
    assert "told to 2</span>" in (await robin.get("/whats-new")).text


async def test_yes_to_all_reaches_nobody_elses_people(lost):
    robin = await browser_of(lost, "robin@vendor.test")
    here = await added(robin)
    asked = await robin.submit(here, f"{here}/answer", answer="yes", all="1")
    assert asked.headers["location"] == "/jobs/1"
    await jobs.work(lost.app)
    assert f'href="{here}"' in (await robin.get("/jobs/1")).text
    told = [row for row in await lost.rows("enrollments") if row.sequence == "whats-new-1"]
    assert len(told) == 2
    other = await browser_of(lost, "other@vendor.test")
    page = await other.get(here)
    assert ticks(page) == 1
    assert not any(email in page.text for email in OURS)
    by_email = {row.email: row.id for row in await lost.rows("prospects")}
    await other.submit(here, f"{here}/answer", answer=f"no-{by_email[OURS[0]]}")
    assert (await other.get(f"{here}/mails/{by_email[OURS[0]]}")).status_code == 404
    assert [row for row in await lost.rows("events") if row.kind == "news.declined"] == []


async def test_nobody_ticked_and_nonsense_do_nothing(lost):
    robin = await browser_of(lost, "robin@vendor.test")
    here = await added(robin)
    await robin.submit(here, f"{here}/answer", answer="yes")
    assert "Tick somebody first" in (await robin.get(here)).text
    assert (await robin.submit(here, f"{here}/answer", answer="perhaps")).status_code == 422
    wrong = await robin.submit("/whats-new", "/whats-new", reason="weather", story="signing-in-once")
    assert (wrong.status_code, "is no reason" in wrong.text) == (422, True)
    assert (await robin.get("/whats-new/99")).status_code == 404
    assert {row.sequence for row in await lost.rows("enrollments")} == {"lost"}

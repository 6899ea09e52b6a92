"""Prospects: found by words and filters, in reach only; each with mails, replies, decisions and calendar."""

import re

import pytest

from cadence.core.people import Role
from cadence.service import connecting
from cadence.store import searching
from cadence.store import users as people
from cadence.store.searching import Wanted
from cadence.store.tables import accounts, enrollments, prospects
from tests.service.conftest import mailbox
from tests.service.fakes import reply


@pytest.fixture
async def admin(site):
    return await site.logged_in(await site.person(Role.ADMINISTRATOR))


async def own(site, user, address):
    async with site.app.db.write() as tx:
        await people.own(tx, (await connecting.find(site.app, address)).id, user.id)


async def found(browser, query=""):
    """Who is on the list, in its order."""
    page = await browser.get(f"/prospects{query}")
    assert page.status_code == 200, page.text
    return re.findall(r'aria-label="([^"]+@[^"]+)"', page.text)


async def everybody(site):
    await connecting.add(site.app, mailbox("second@vendor.test"))
    first, second = {"mailbox": "rep@vendor.test"}, {"mailbox": "second@vendor.test"}
    price = {"reason": "price", "product": "Standard"}
    await site.world.enroll(
        "dana@north.example", first_name="Dana", last_name="Ellison", company="North Bakery", **first
    )
    await site.world.enroll(
        "jose@south.example", first_name="José", last_name="Ñandú", company="South Tools", **second
    )
    await site.world.enroll("zoe@west.example", first_name="Zoë", company="West & Sons", deal=price, **first)


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("dana", ["dana@north.example"]),
        ("ELLIS", ["dana@north.example"]),
        ("dana@north.example", ["dana@north.example"]),
        ("north bak", ["dana@north.example"]),
        ("jose nandu", ["jose@south.example"]),
        ("José", ["jose@south.example"]),
        ("sons", ["zoe@west.example"]),
        ("example", ["zoe@west.example", "jose@south.example", "dana@north.example"]),
        ("dana south", []),
        ("llison", []),
        ("!!!", []),
        ("' OR 1=1 --", []),
        ('"dana" & | ! ( * :*', ["dana@north.example"]),
    ],
)
async def test_the_beginnings_of_words_find_people(site, admin, typed, who):
    await everybody(site)
    assert await found(admin, f"?q={typed.replace('&', '%26').replace('#', '%23')}") == who


async def test_a_company_that_is_renamed_and_a_person_who_marries_are_found_anew(site, admin):
    await everybody(site)
    async with site.app.db.write() as tx:
        tables = prospects, accounts
        await tx.execute(
            tables[0].update().where(tables[0].c.email_key == "dana@north.example").values(last_name="Okafor")
        )
        await tx.execute(
            tables[1].update().where(tables[1].c.name == "South Tools").values(name="Polar Tools")
        )
    assert await found(admin, "?q=okaf") == ["dana@north.example"]
    assert await found(admin, "?q=ellison") == []
    assert await found(admin, "?q=polar") == ["jose@south.example"]
    assert await found(admin, "?q=south") == ["jose@south.example"]  # the address still says so


async def test_filters_are_about_one_and_the_same_enrollment(site, admin):
    await everybody(site)
    ids = {row.address: row.id for row in await site.rows("mailboxes")}
    await admin.submit("/prospects/1/pause", "/prospects/1/pause")
    assert await found(admin, "?state=paused") == ["dana@north.example"]
    assert await found(admin, "?state=active") == ["zoe@west.example", "jose@south.example"]
    assert await found(admin, "?sequence=lost&state=paused") == ["dana@north.example"]
    assert await found(admin, f"?whose=box-{ids['second@vendor.test']}") == ["jose@south.example"]
    assert await found(admin, f"?whose=box-{ids['second@vendor.test']}&state=paused") == []
    assert await found(admin, "?reason=price") == ["zoe@west.example"]
    assert await found(admin, "?reason=price&q=zoe&status=new") == ["zoe@west.example"]
    assert await found(admin, "?reason=timing") == []
    assert await found(admin, "?status=new") == [
        "zoe@west.example",
        "jose@south.example",
        "dana@north.example",
    ]


@pytest.mark.parametrize(
    "query", ["?status=king", "?state=king", "?whose=box-x", "?after=nonsense", f"?q={'x' * 201}"]
)
async def test_what_cannot_be_chosen_is_said(site, admin, query):
    answer = await admin.get(f"/prospects{query}")
    assert answer.status_code == 422


async def test_a_list_goes_on_where_it_stopped(site, admin):
    for number in range(120):
        await site.world.enroll(f"p{number:03}@firm.example", company="Firm")
    first = await admin.get("/prospects")
    seen, page = re.findall(r"p\d{3}@firm.example(?=\" ?>)", first.text), first
    while following := re.search(r'href="(/prospects\?after=[^"]+)"', page.text):
        page = await admin.get(following[1], headers={"HX-Request": "true"})
        assert "<html" not in page.text
        seen += re.findall(r"p\d{3}@firm.example(?=\" ?>)", page.text)
    assert seen == [f"p{number:03}@firm.example" for number in reversed(range(120))]


@pytest.mark.parametrize(
    "query", ["", "?q=example", "?state=active", "?sequence=lost", "?reason=price", "?status=new"]
)
async def test_a_rep_finds_only_their_own_whatever_is_asked(site, query):
    await everybody(site)
    rep = await site.person(Role.REP, "second@rep.test")
    await own(site, rep, "second@vendor.test")
    assert set(await found(await site.logged_in(rep), query)) <= {"jose@south.example"}
    assert await found(await site.logged_in(await site.person(Role.REP, "other@rep.test")), query) == []


async def test_many_mailboxes_are_searched_as_few_are(site, monkeypatch):
    await everybody(site)
    async with site.app.db.read() as tx:
        user = await site.person(Role.ADMINISTRATOR)
        for wanted in (
            Wanted(state="active"),
            Wanted(mailbox_id=1),
            Wanted(sequence="lost"),
            Wanted(reason="price"),
        ):
            by_stretches = await searching.page(tx, user, wanted, before=None, limit=9)
            monkeypatch.setattr(searching, "_MOST_STRETCHES", 0)
            assert await searching.page(tx, user, wanted, before=None, limit=9) == by_stretches
            monkeypatch.undo()


# --- one of them ---


async def lived(site):
    """Somebody who was written to, and answered."""
    enrollment = await site.world.enroll(first_name="Dana", deal={"product": "Standard"})
    await site.world.after(hours=3)
    sent = site.world.sent[0]
    raw = reply("The price was too high for us.", to=sent.raw, sender=sent.recipient, at=site.world.now)
    await site.world.arrives(raw)
    return enrollment


async def test_the_story_tells_mails_replies_and_decisions(site, admin):
    await lived(site)
    page = (await admin.get("/prospects/1")).text
    assert "Thank you" in page
    assert "The price was too high for us." in page
    assert "enrolled in lost, from rep@vendor.test" in page
    assert 'href="/replies/1"' in page
    assert "What comes next" in page


async def test_a_mail_is_shown_as_text_as_html_and_as_source(site, admin):
    await lived(site)
    mail = (await admin.get("/mails/1")).text
    assert "Hello Dana, thank you." in mail
    assert '<iframe class="mail"' in mail
    framed = await admin.get("/mails/1/html")
    assert "sandbox" in framed.headers["content-security-policy"]
    assert "script-src" not in framed.headers["content-security-policy"]
    assert framed.headers["x-frame-options"] == "SAMEORIGIN"
    source = await admin.get("/mails/1/raw")
    assert source.headers["content-type"].startswith("text/plain")
    assert "Message-ID:" in source.text


async def test_a_mail_that_was_never_written_is_none(site, admin):
    await site.world.enroll()
    assert (await admin.get("/mails/1")).status_code == 404


async def test_nobody_sees_the_prospects_of_others(site):
    await lived(site)
    browser = await site.logged_in(await site.person(Role.REP, "other@rep.test"))
    for path in ("/prospects/1", "/prospects/1/stop", "/mails/1", "/mails/1/html", "/mails/1/raw"):
        assert (await browser.get(path)).status_code == 404, path
    answer = await browser.post("/prospects/1/stop", data={"csrf": browser.csrf})
    assert answer.status_code == 404
    assert [row.state for row in await site.rows("enrollments")] == ["active"]


async def test_of_two_reps_each_sees_their_own_enrollment_of_a_person(site):
    await connecting.add(site.app, mailbox("second@vendor.test"))
    await site.world.enroll(mailbox="rep@vendor.test")
    await site.world.after(hours=3)
    rep = await site.person(Role.REP, "two@rep.test")
    await own(site, rep, "second@vendor.test")
    browser = await site.logged_in(rep)
    assert (await browser.get("/prospects/1")).status_code == 404
    await site.world.after(hours=1)
    async with site.app.db.write() as tx:
        await tx.execute(enrollments.update().values(state="finished"))
    await site.world.enroll(mailbox="second@vendor.test")
    page = (await browser.get("/prospects/1")).text
    assert "second@vendor.test" in page
    assert "rep@vendor.test" not in page.replace("second@vendor.test", "")
    assert "/mails/1" not in page


# --- changing somebody ---


async def test_what_will_happen_is_shown_and_nothing_is_changed(site, admin):
    await site.world.enroll()
    for change in ("pause", "stop", "remove"):
        page = await admin.get(f"/prospects/1/{change}")
        assert "thank-you" in page.text
    assert [row.state for row in await site.rows("enrollments")] == ["active"]
    assert "is not paused" in (await admin.get("/prospects/1/resume")).text


async def test_a_pause_until_a_day_shows_how_it_goes_on(site, admin):
    await site.world.enroll()
    page = (await admin.get("/prospects/1/pause?until=2026-04-01")).text
    assert "goes on" in page
    assert "1 Apr 2026" in page
    answer = await admin.submit("/prospects/1/pause?until=2026-04-01", "/prospects/1/pause")
    assert answer.headers["location"] == "/prospects/1"
    (row,) = await site.rows("enrollments")
    assert (row.state, row.resume_at.date().isoformat()) == ("paused", "2026-04-01")
    await admin.submit("/prospects/1/resume", "/prospects/1/resume")
    assert [row.state for row in await site.rows("enrollments")] == ["active"]
    assert [action for _, action, _ in await site.audit()][1:] == ["prospect.paused", "prospect.resumed"]


@pytest.mark.parametrize("until", ["yesterday", "2020-01-01", "9999-12-31", "2026-03-03"])
async def test_a_pause_until_a_day_that_is_none_is_said(site, admin, until):
    await site.world.enroll()
    assert (await admin.get(f"/prospects/1/pause?until={until}")).status_code == 422
    answer = await admin.post("/prospects/1/pause", data={"csrf": admin.csrf, "until": until})
    assert answer.status_code == 422
    assert [row.state for row in await site.rows("enrollments")] == ["active"]


async def test_who_is_stopped_gets_nothing_more(site, admin):
    enrollment = await site.world.enroll()
    await admin.submit("/prospects/1/stop", "/prospects/1/stop")
    assert await site.world.state(enrollment) == "stopped"
    again = await admin.post("/prospects/1/stop", data={"csrf": admin.csrf})
    assert again.status_code == 409
    assert "nothing to stop (lost: stopped)" in again.text
    await site.world.after(days=30)
    assert site.world.sent == []


@pytest.fixture
def few_are_looked_through(monkeypatch):
    """So that the newest do not fill a page, and what is looked through is not everybody."""
    monkeypatch.setattr(searching, "NEAR", 1)
    monkeypatch.setattr(searching, "_AMONG", 2)


async def test_a_common_word_is_found_with_a_rare_filter_and_the_other_way_round(
    site, admin, few_are_looked_through
):
    for number in range(6):
        await site.world.enroll(f"dana{number}@lost{number}.example", company=f"Lost {number}")
    await site.world.enroll("robin@lost6.example", company="Lost 6")
    async with site.app.db.write() as tx:
        ids = [row.id for row in await tx.execute(prospects.select().order_by(prospects.c.id))]
        rare = enrollments.update().where(enrollments.c.prospect_id == ids[1])
        await tx.execute(rare.values(state="finished"))
    everyone = [f"dana{number}@lost{number}.example" for number in reversed(range(6))]
    assert await found(admin, "?q=dana&state=finished") == ["dana1@lost1.example"]
    assert await found(admin, "?q=lost&state=finished") == ["dana1@lost1.example"]
    assert await found(admin, "?q=dana0&state=active") == ["dana0@lost0.example"]
    assert await found(admin, "?q=robin&state=finished") == []
    assert await found(admin, "?q=dana&state=active") == [one for one in everyone if "dana1" not in one]
    assert await found(admin, "?q=dana") == everyone

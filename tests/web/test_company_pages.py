"""Companies in the browser: what of their losses is covered, and those that nobody will write to."""

import pytest

from cadence.core.people import Role
from cadence.service import connecting, users
from cadence.service.companies import PART
from cadence.store import companies as stored
from tests.service.conftest import mailbox
from tests.service.fakes import reply
from tests.web.site import one_database as database_url

__all__ = ["database_url"]

DANA, LEE = "dana@lost.example", "lee@lost.example"


@pytest.fixture
async def rep(site):
    """Robin, who lost a deal of Lost Inc.; somebody else lost another one there."""
    robin = await site.person(Role.REP, "robin@vendor.test")
    await users.own_mailbox(site.app, site.console, "rep@vendor.test", robin.id)
    await site.world.enroll(DANA, deal={"reason": "features", "competitor": "Fernhill"}, deal_name="Portal")
    return await site.logged_in(robin)


async def other(site):
    """Somebody whose mailbox writes to a colleague about another deal."""
    await connecting.add(site.app, mailbox("other@vendor.test"))
    user = await site.person(Role.REP, "other@vendor.test")
    await users.own_mailbox(site.app, site.console, "other@vendor.test", user.id)
    about = {"deal_name": "Scanners", "deal": {"reason": "price"}, "mailbox": "other@vendor.test"}
    await site.world.enroll(LEE, **about)
    return await site.logged_in(user)


async def test_a_reason_is_ticked_off_and_that_is_taken_back(site, rep):
    page = await rep.get("/companies/1")
    assert "not yet" in page.text
    assert "Fernhill" in page.text
    done = await rep.submit("/companies/1", "/companies/1/covered", note="It has shipped", on="2026-03-01")
    assert done.status_code == 303
    page = (await rep.get("/companies/1")).text
    assert "It has shipped – since 2026-03-01, robin@vendor.test" in page
    await rep.submit("/companies/1", "/companies/1/covered")
    assert "It has shipped" not in (await rep.get("/companies/1")).text
    assert [row[1] for row in await site.audit()][-2:] == ["account.covered", "account.not_covered"]


async def test_what_cannot_be_kept_is_shown_again(site, rep):
    wrong = await rep.submit("/companies/1", "/companies/1/covered", note="Soon", on="2027-01-01")
    assert (wrong.status_code, 'value="Soon"' in wrong.text) == (422, True)
    wrong = await rep.submit("/companies/1", "/companies/1/covered", note="Soon", on="soon")
    assert (wrong.status_code, "is not a day" in wrong.text) == (422, True)
    assert await site.rows("covered") == []


async def test_their_words_stand_beside_the_reps(site, rep):
    await site.world.after(hours=2)
    words = "We chose Northwind because it was cheaper than your offer."
    await site.world.arrives(reply(words, to=site.world.sent[0].raw, sender=DANA, at=site.world.now))
    page = (await rep.get("/companies/1")).text
    assert words in page
    assert "said by them" in page
    assert '<a href="/companies/1">' in (await rep.get("/deals/1")).text


async def test_each_sees_their_own_deals_and_people_of_a_company(site, rep):
    lee = await other(site)
    mine, theirs = (await rep.get("/companies/1")).text, (await lee.get("/companies/1")).text
    assert ("Portal" in mine, "Scanners" in mine, "/prospects/2" in mine) == (True, False, False)
    assert ("Portal" in theirs, "Scanners" in theirs, "/prospects/1" in theirs) == (False, True, False)
    refused = await lee.post(
        "/companies/1/covered", data={"csrf": lee.csrf, "reason": "features", "note": "It is there"}
    )
    assert refused.status_code == 422
    nobody = await site.logged_in(await site.person(Role.REP, "third@vendor.test"))
    assert (await nobody.get("/companies/1")).status_code == 404


async def test_companies_that_nobody_will_write_to_are_listed_part_by_part(site, rep):
    await other(site)
    silent = await rep.get("/companies/silent")
    assert "hears from us within that time" in silent.text
    for number in range(PART + 1):
        await site.world.enroll(
            f"a@firm{number}.example", company=f"Firm {number}", mailbox="rep@vendor.test"
        )
    for row in await site.rows("enrollments"):
        if row.id > 2:
            await rep.post(f"/prospects/{row.prospect_id}/stop", data={"csrf": rep.csrf})
    page = await rep.get("/companies/silent")
    assert (f"Firm {PART}<" in page.text, "Lost Inc." in page.text, "Firm 0<" in page.text) == (
        True,
        False,
        False,
    )
    more = page.text.partition('hx-get="')[2].partition('"')[0].replace("&amp;", "&")
    rows = await rep.get(more, headers={"hx-request": "true"})
    assert ("Firm 0<" in rows.text, f"Firm {PART}<" in rows.text) == (True, False)
    assert (await rep.get("/companies/silent?after=WyJ4Il0")).status_code == 422
    assert (await rep.get("/companies/silent?days=0")).status_code == 422
    nobody = await site.logged_in(await site.person(Role.REP, "third@vendor.test"))
    assert "Firm" not in (await nobody.get("/companies/silent")).text


async def test_where_silence_is_rare_the_page_looks_on_by_itself(site, rep, monkeypatch):
    monkeypatch.setattr(stored, "LOOKED", 2)
    await rep.post("/prospects/1/stop", data={"csrf": rep.csrf})
    for number in range(2):
        await site.world.enroll(
            f"a@firm{number}.example", company=f"Firm {number}", mailbox="rep@vendor.test"
        )
    page = (await rep.get("/companies/silent")).text
    assert ("Lost Inc." in page, 'hx-trigger="load, click"' in page) == (False, True)
    more = page.partition('hx-get="')[2].partition('"')[0].replace("&amp;", "&")
    rows = (await rep.get(more, headers={"hx-request": "true"})).text
    assert ("Lost Inc." in rows, "hx-get" in rows) == (True, False)

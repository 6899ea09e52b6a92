"""Simulating before enrolling: whom a list names, the load of each mailbox, the calendar."""

import re

from cadence.core.people import Role
from cadence.service import simulating, users
from tests.web.site import Browser, Site
from tests.web.site import one_database as database_url

__all__ = ["database_url"]


async def rep(site: Site) -> Browser:
    user = await site.person(Role.REP)
    await users.own_mailbox(site.app, site.console, "rep@vendor.test", user.id)
    return await site.logged_in(user)


async def simulated(browser: Browser, people: str, **typed: str) -> str:
    answer = await browser.submit("/simulate", "/simulate", sequence="lost", people=people, **typed)
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_the_load_of_a_mailbox_counts_those_who_would_be_enrolled_and_what_waits(site):
    await site.world.enroll("waits@other.example", company="Other")
    browser = await rep(site)
    page = await simulated(browser, "a@one.example\nb@two.example", mailbox="rep@vendor.test")
    assert "2 people, enrolled now" in page
    assert "2 of 2 people" in page
    assert page.index('class="progress"') < page.index('class="result"')
    thanks = re.search(r"<td>thank-you</td><td class=\"number\">(\d+)", page)
    assert thanks
    assert thanks[1] == "2"
    march = re.search(r"Mar 2026</td><td class=\"number\">(\d+)</td><td class=\"number\">(\d+)", page)
    assert march
    assert march.groups() == ("6", "1")
    assert len(await site.rows("enrollments")) == 1


async def test_whoever_would_be_refused_is_named_with_the_reason(site):
    await site.world.enroll("dana@lost.example")
    page = await simulated(
        await rep(site), "dana@lost.example\na@one.example\nnobody", mailbox="rep@vendor.test"
    )
    assert "2 would not be let in" in page
    assert "already enrolled in lost" in page


async def test_a_table_tells_dates_and_countries(site):
    page = await simulated(await rep(site), "email;country;lost at\na@one.example;DE;2026-03-01\n")
    assert "1 person, enrolled now" in page
    assert "Times of Europe/Berlin" in page


async def test_a_file_is_read_as_the_list_is(site):
    browser = await rep(site)
    await browser.get("/simulate")
    answer = await browser.post(
        "/simulate",
        data={"csrf": browser.csrf, "sequence": "lost"},
        files={"file": ("people.csv", b"E-Mail,Land\na@one.example,DE\nb@two.example,FR\n", "text/csv")},
    )
    assert answer.status_code == 200, answer.text
    assert "2 people, enrolled now" in answer.text


async def test_the_samples_stand_in_where_no_list_is_given_and_a_draft_is_for_authors(site):
    site.app.templates = site.world.templates
    (site.world.templates / "lost/sample.toml").write_text(
        '[[sample]]\nprospect = { first_name = "Dana", email = "dana@theirs.example" }\n'
    )
    author = await site.logged_in(await site.person(Role.AUTHOR))
    form = {"csrf": author.csrf, "sequence": "lost (draft)"}
    page = (await author.post("/simulate", data=form)).text
    assert "The calendar of Dana" in page
    assert "a rep’s mailbox" in page
    reps = await rep(site)
    answer = await reps.post("/simulate", data={"csrf": reps.csrf, "sequence": "lost (draft)"})
    assert answer.status_code == 404


async def test_what_cannot_be_simulated_is_said_in_the_form_with_what_was_typed(site, monkeypatch):
    monkeypatch.setattr(simulating, "MOST_PEOPLE", 1)
    browser = await rep(site)
    for people, mailbox, words in (
        ("a@b.example\nc@d.example", "", "too many"),
        ("name\nDana\n", "", "looks like an address"),
        ("a@b.example", "other@vendor.test", "There is no mailbox"),
    ):
        form = {"csrf": browser.csrf, "sequence": "lost", "people": people, "mailbox": mailbox}
        answer = await browser.post("/simulate", data=form)
        assert answer.status_code in {404, 422}
        assert words in answer.text
        assert people.split("\n")[0] in answer.text

"""What came of two ways of writing a step: on the pages, as a download, for other software."""

import asyncio
import csv
import io

import pytest

from cadence.core.people import Role
from cadence.core.rights import Right
from cadence.service import counting, publishing, reporting
from cadence.store import trials

COUNTS = {
    "a": {"sent": 260, "counted": 200, "answered": 12},
    "b": {"sent": 251, "counted": 200, "answered": 41},
    "needed": 200,
}
SAYS = "b is better: 41 of 200 answered, 12 of 200 with the other; b is used from now on"


@pytest.fixture
async def tried(site):
    """A step of which the second way of writing won."""
    world = site.world
    site.app.templates = world.templates
    (world.templates / "lost/thank-you~b.md.j2").write_text("Hello, many thanks.", encoding="utf-8")
    await publishing.publish(site.app, world.templates, "lost")
    await world.enroll()
    async with site.app.db.write() as tx:
        one = await trials.of_step(tx, "lost", "thank-you")
        await trials.keep(tx, one.id, COUNTS, now=world.now, decided=True, winner="b")
    yield site
    await settled()


async def settled():
    await asyncio.gather(*counting.at_work())


async def test_the_pages_say_what_the_rule_says(tried):
    browser = await tried.logged_in(await tried.person(Role.ADMINISTRATOR))
    await browser.get("/learn")
    await settled()
    for path in ("/learn", "/sequences/lost"):
        page = (await browser.get(path)).text
        assert SAYS in page
        assert 'b <span class="badge good">better</span>' in page
        assert "6.0 %" in page
        assert "20 %" in page
    assert page.count('<span class="badge">two ways</span>') == 1


async def test_the_figures_can_be_downloaded(tried):
    browser = await tried.logged_in(await tried.person(Role.ADMINISTRATOR))
    answer = await browser.get("/learn/trials.csv")
    plain, other = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert (plain["variant"], plain["sent"], plain["had time to answer"], plain["answered"]) == (
        "a", "260", "200", "12",
    )  # fmt: skip
    assert (other["variant"], other["state"], other["winner"], other["share"]) == ("b", "won", "b", "0.2050")


async def test_other_software_gets_the_figures(tried):
    client = await tried.software(await tried.person(Role.ADMINISTRATOR), Right.READ_REPORTS)
    (trial,) = (await client.get("/api/v1/reports/lost-deals")).json()["trials"]
    assert (trial["step"], trial["state"], trial["winner"], trial["says"]) == ("thank-you", "won", "b", SAYS)
    assert [(one["variant"], one["count"], one["of"]) for one in trial["variants"]] == [
        ("a", 12, 200),
        ("b", 41, 200),
    ]


async def test_a_mail_says_which_variant_it_is(tried):
    await tried.world.after(hours=2)
    browser = await tried.logged_in(await tried.person(Role.ADMINISTRATOR))
    assert '<span class="badge">variant b</span>' in (await browser.get("/prospects/1")).text
    (mail, *_) = (await reporting.why(tried.app, "dana@lost.example"))["enrollments"][0]["mails"]
    assert (mail["step"], mail["variant"]) == ("thank-you", "b")


async def test_whoever_publishes_reads_what_becomes_of_a_trial(tried):
    (tried.world.templates / "lost/thank-you~b.md.j2").unlink()
    browser = await tried.logged_in(await tried.person(Role.ADMINISTRATOR))
    await browser.get("/sequences/lost/changes")
    await asyncio.gather(*counting.at_work())
    page = await browser.get("/sequences/lost/changes")
    assert "The trial of two ways of writing <code>thank-you</code> ends." in page.text
    answer = await browser.submit("/sequences/lost/changes", "/sequences/lost/publish")
    assert "The trial of thank-you ends." in (await browser.get(answer.headers["location"])).text


async def test_the_editor_shows_the_variant_whose_file_is_open(tried):
    browser = await tried.logged_in(await tried.person(Role.ADMINISTRATOR))
    page = (await browser.get("/sequences/lost/edit?file=lost/thank-you~b.md.j2")).text
    assert "<option selected>thank-you~b</option>" in page
    form = {"csrf": browser.csrf, "step": "thank-you~b"}
    answer = await browser.post("/sequences/lost/preview", data=form)
    assert "many thanks" in answer.text
    assert "<dt>Variant</dt><dd>b</dd>" in answer.text

"""Suggestions in the browser: who was named, in whose words; enrolled, with consent or not, or left alone."""

import pytest

from cadence.core.people import Role
from cadence.service import publishing, users
from cadence.web import words
from tests.content.test_shipped import TEMPLATES
from tests.service.conftest import SEQUENCE, write_sequence
from tests.service.fakes import reply
from tests.web.site import one_database as database_url

__all__ = ["database_url"]

DANA, MAREN = "dana@lost.example", "maren.ellison@brightpump.example"
WORDS = f"We are all set. But you should talk to Maren Ellison <{MAREN}>, they may need you."


@pytest.fixture
async def rep(site):
    """Robin, to whom Dana has named Maren."""
    robin = await site.person(Role.REP, "robin@vendor.test")
    await users.own_mailbox(site.app, site.console, "rep@vendor.test", robin.id)
    world = site.world
    write_sequence(
        world.templates, SEQUENCE.replace('audience = "lost"', 'audience = "referral"'), "referral"
    )
    await publishing.publish(world.app, world.templates, "referral")
    await world.enroll(DANA, first_name="Dana", last_name="Doe", deal_name="Portal")
    await world.after(hours=2)
    await world.arrives(reply(WORDS, to=world.sent[0].raw, sender=DANA, at=world.now))
    return await site.logged_in(robin)


async def test_who_was_named_is_shown_with_the_words_of_the_source(site, rep):
    page = (await rep.get("/suggestions")).text
    for said in ("Maren Ellison", MAREN, "they may need you", "Dana Doe", "Recommended to us"):
        assert said in page
    assert 'href="/suggestions">Enroll them' in (await rep.get("/today")).text


@pytest.mark.parametrize("consent, named", [({"consent": "1"}, "Dana Doe of Lost Inc."), ({}, None)])
async def test_the_source_is_named_only_with_consent(site, rep, consent, named):
    typed = {"sequence": "referral", "email": MAREN, "country": "gb", **consent}
    done = await rep.submit("/suggestions", "/suggestions/1/enroll", **typed)
    assert done.status_code == 303, done.text
    assert [row.referred_by for row in await site.rows("deals")][-1] == named
    assert (await site.rows("prospects"))[-1].country == "GB"
    assert "Nobody waits" in (await rep.get("/suggestions")).text
    assert ">enrolled<" in (await rep.get("/suggestions?every=1")).text
    assert [row for row in await site.rows("tasks") if row.done_at is None] == []


async def test_the_letter_of_who_was_named_is_handed_in_and_the_source_thanked_after_a_yes(site, rep):
    for name in ("referrers.md.j2", "macros.md.j2"):
        (site.world.templates / f"_shared/{name}").write_bytes((TEMPLATES / f"_shared/{name}").read_bytes())
    await publishing.publish(site.app, site.world.templates, "referral")
    await rep.submit("/suggestions", "/suggestions/1/enroll", sequence="referral", email=MAREN)
    assert "/letter" not in (await rep.get("/deals/1/outcome")).text, "nobody named Dana to us"
    page = await rep.get("/deals/2/outcome")
    assert f"{DANA} referred us to them" in page.text
    said = {"data": {"csrf": rep.csrf}}
    empty = await rep.post("/deals/2/letter", **said, files={"file": ("letter.pdf", b"")})
    assert (empty.status_code, "is not empty" in empty.text) == (422, True)
    done = await rep.post("/deals/2/letter", **said, files={"file": ("letter.pdf", b"%PDF-1.4 made up")})
    assert (done.status_code, done.headers["location"]) == (303, "/deals/2/outcome")
    assert (await site.rows("enrollments"))[-1].sequence.startswith("letter-of-deal-2")


async def test_who_is_left_alone_is_asked_about_no_more_and_can_still_be_enrolled(site, rep):
    await rep.submit("/suggestions", "/suggestions/1/dismiss")
    assert "Nobody waits" in (await rep.get("/suggestions")).text
    assert [row for row in await site.rows("tasks") if row.done_at is None] == []
    every = (await rep.get("/suggestions?every=1")).text
    assert "left alone, said robin@vendor.test" in every
    typed = {"sequence": "referral", "email": MAREN}
    done = await rep.submit("/suggestions?every=1", "/suggestions/1/enroll", **typed)
    assert done.status_code == 303, done.text


async def test_what_cannot_be_is_shown_again_with_what_was_typed(site, rep):
    wrong = await rep.submit("/suggestions", "/suggestions/1/enroll", email="nowhere", sequence="referral")
    assert (wrong.status_code, 'value="nowhere"' in wrong.text) == (422, True)
    assert len(await site.rows("enrollments")) == 1


async def test_what_others_were_told_is_out_of_reach(site, rep):
    other = await site.logged_in(await site.person(Role.REP, "other@vendor.test"))
    for path in ("/suggestions", "/suggestions?every=1"):
        assert "Maren" not in (await other.get(path)).text
    for act in ("enroll", "dismiss"):
        typed = {"csrf": other.csrf, "email": MAREN, "sequence": "referral"}
        assert (await other.post(f"/suggestions/1/{act}", data=typed)).status_code == 404
    assert len(await site.rows("enrollments")) == 1


def test_a_kind_without_words_has_its_own_name():
    assert words.suggestion("referral") == ("Recommended to us", "good")
    assert words.suggestion("something_else") == ("Something else", "")

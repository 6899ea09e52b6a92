"""Other software looks at what would follow, and nothing follows."""

import pytest

from cadence.core.people import Role
from cadence.core.rights import READING, SCOPES, Right
from cadence.service import users
from cadence.web.workplace import declared
from tests.service.fakes import reply
from tests.web.site import one_database as database_url

__all__ = ["database_url"]

SAFE = READING & SCOPES
KEPT = ("enrollments", "prospects", "messages", "letters", "tasks", "events", "suppressions")


@pytest.fixture
async def software(site):
    """A rep's, that may read and draft only; somebody of theirs has answered."""
    rep = await site.person(Role.REP, "robin@vendor.test")
    await users.own_mailbox(site.app, site.console, "rep@vendor.test", rep.id)
    await site.world.enroll(first_name="Dana")
    await site.world.after(hours=2)
    raw = reply("Hm.", to=site.world.sent[0].raw, sender="dana@lost.example", at=site.world.now, number=1)
    await site.world.arrives(raw)
    return await site.software(rep, *SAFE)


async def kept(site):
    return {name: await site.rows(name) for name in KEPT}


def test_what_reading_rights_open_changes_nothing_but_is_looked_at(site):
    acts = {
        (method, str(route.path))
        for route, right in declared(site.web)
        for method in set(route.methods or ()) - {"GET", "HEAD"}
        if right in READING and str(route.path).startswith("/api/")
    }
    assert acts == {("POST", "/api/v1/enrollments/preview"), ("POST", "/api/v1/replies/{reply_id}/draft")}


async def test_enrolling_somebody_is_seen_ahead_and_nobody_is_enrolled(site, software):
    before = await kept(site)
    asked = {"email": "kim@gone.example", "sequence": "lost", "company": "Gone Inc.", "country": "DE"}
    found = (await software.post("/api/v1/enrollments/preview", json=asked)).json()
    assert (found["would"], found["why"], found["mailbox"]) == (True, None, "rep@vendor.test")
    assert [one["step"] for one in found["mails"][:4]] == ["thank-you", "feedback", "offer", "story"]
    assert found["mails"][0]["why"]
    again = (
        await software.post("/api/v1/enrollments/preview", json=asked | {"email": "dana@lost.example"})
    ).json()
    assert (again["would"], again["mails"]) == (False, [])
    assert "enrolled" in again["why"]
    assert await kept(site) == before
    assert (await software.post("/api/v1/enrollments", json=asked)).status_code == 403


async def test_an_answer_is_addressed_and_its_words_looked_over(site, software):
    before, sent = await kept(site), len(site.world.sent)
    words = "Hello Dana,\n\nthis is your last chance: act now before it is too late!"
    found = (await software.post("/api/v1/replies/1/draft", json={"text": words})).json()
    assert (found["mailbox"], found["to"]) == ("rep@vendor.test", "dana@lost.example")
    assert found["subject"] == "Re: hello"
    assert found["text"] == words
    assert found["tone"]
    assert all(one["why"] and one["better"] for one in found["tone"])
    assert (await kept(site), len(site.world.sent)) == (before, sent)
    assert (await software.post("/api/v1/replies/1/draft", json={"text": " "})).status_code == 422
    assert (await software.post("/api/v1/replies/9/draft", json={"text": words})).status_code == 404


async def test_somebody_elses_reply_is_not_there_to_be_answered(site, software):
    other = await site.software(await site.person(Role.REP, "sam@vendor.test"), Right.READ_REPLIES)
    assert (await other.post("/api/v1/replies/1/draft", json={"text": "Hello"})).status_code == 404


async def test_the_mails_of_a_sequence_are_shown_for_a_sample(software):
    found = (await software.get("/api/v1/sequences/lost/preview")).json()
    assert found["sample"] in found["samples"]
    first = found["mails"][0]
    assert (first["step"], first["subject"], first["fault"]) == ("thank-you", "Thank you", None)
    assert "thank you." in first["text"]
    assert (await software.get("/api/v1/sequences/none/preview")).status_code == 404


async def test_people_are_found_by_words(site, software):
    await site.world.enroll("kim@gone.example", company="Gone Inc.")
    for words, emails in (("dan", ["dana@lost.example"]), ("gone", ["kim@gone.example"]), ("none", [])):
        found = (await software.get("/api/v1/prospects", params={"q": words})).json()
        assert [one["email"] for one in found["items"]] == emails
    both = {"q": "dana", "email": "dana@lost.example"}
    assert (await software.get("/api/v1/prospects", params=both)).status_code == 422

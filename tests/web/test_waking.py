"""Whatever makes a mail due wakes the senders, so that it leaves at once and not at the next look."""

import pytest

from cadence.core.people import Role
from cadence.core.rights import SCOPES
from cadence.service import jobs
from tests.service.fakes import reply
from tests.web.site import one_database as database_url

__all__ = ["database_url"]


@pytest.fixture
async def woken(site):
    """What woke the senders so far."""
    calls = []

    async def wake():
        calls.append(len(calls))

    site.app.wake = wake
    site.admin = await site.person(Role.ADMINISTRATOR)
    return calls


async def answers(site, text):
    """Dana is written to and answers; gives the enrollment."""
    made = await site.world.enroll()
    await site.world.after(hours=2)
    (sent,) = site.world.sent
    await site.world.arrives(reply(text, to=sent.raw, sender="dana@lost.example", at=site.world.now))
    return made


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("enrollments", {"email": "dana@lost.example", "sequence": "lost"}),
        ("deals/lost", {"crm_id": "1", "sequence": "lost", "contacts": [{"email": "dana@lost.example"}]}),
    ],
)
async def test_software_that_enrolls_wakes_the_senders(site, woken, path, body):
    api = await site.software(site.admin, *SCOPES)
    assert (await api.post(f"/api/v1/{path}", json=body)).is_success
    assert woken


async def test_software_that_tells_a_date_of_a_deal_wakes_the_senders(site, woken):
    await site.world.enroll()
    api = await site.software(site.admin, *SCOPES)
    said = {"competitor_contract_end": "2027-03-31"}
    assert (await api.patch("/api/v1/deals/1", json=said, headers={"If-Match": "*"})).is_success
    assert woken


async def test_software_that_answers_or_corrects_wakes_the_senders(site, woken):
    made = await answers(site, "Hm. Well. You know.")
    api = await site.software(site.admin, *SCOPES)
    for path, body in (
        ("tasks/1/answer", {"answer": "acknowledgement"}),
        ("replies/1/correction", {"category": "keep_in_touch"}),
        (f"enrollments/{made.id}/pause", {}),
        (f"enrollments/{made.id}/resume", {}),
    ):
        before = len(woken)
        answer = await api.post(f"/api/v1/{path}", json=body)
        assert answer.is_success, answer.text
        assert len(woken) > before or path.endswith("pause"), path


async def test_a_person_who_answers_takes_back_or_lets_go_on_wakes_the_senders(site, woken):
    await answers(site, "Hm. Well. You know.")
    browser = await site.logged_in(site.admin)
    for page, action, typed in (
        ("/today", "/today/1/correct", {"category": "acknowledgement"}),
        ("/today", "/undo/1", {}),
        ("/prospects/1/pause", "/prospects/1/pause", {}),
        ("/prospects/1/resume", "/prospects/1/resume", {}),
    ):
        before = len(woken)
        assert (await browser.submit(page, action, **typed)).status_code == 303, action
        assert len(woken) > before, action


async def test_people_who_are_let_in_in_bulk_wake_the_senders(site, woken):
    made = await site.world.enroll()
    browser = await site.logged_in(site.admin)
    await browser.submit("/prospects/1/stop", "/prospects/1/stop")
    assert await site.world.state(made) == "stopped"
    wanted = {"act": "enroll", "ids": "1", "into": "lost", "csrf": browser.csrf}
    path = (await browser.post("/prospects/selection", data=wanted)).headers["location"]
    await jobs.work(site.app)
    before = len(woken)
    assert (await browser.submit(path, f"{path}/start")).status_code == 303
    await jobs.work(site.app)
    assert len(woken) > before
    assert [row.state for row in await site.rows("enrollments")] == ["stopped", "active"]

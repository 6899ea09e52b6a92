"""One person is enrolled in the browser: what would follow is shown first, and nothing is lost on the way."""

import pytest

from cadence.core.people import Role
from cadence.core.sequence import From
from cadence.service import connecting, users
from tests.service.conftest import mailbox
from tests.web.site import one_database as database_url

__all__ = ["database_url"]

DANA = {"email": "dana@lost.example", "first_name": "Dana", "sequence": "lost", "deal_name": "Portal"}
PAGE = "/prospects/enroll"


@pytest.fixture
async def rep(site):
    robin = await site.person(Role.REP, "robin@vendor.test")
    await users.own_mailbox(site.app, site.console, "rep@vendor.test", robin.id)
    return await site.logged_in(robin)


async def test_what_would_follow_is_shown_and_nobody_is_enrolled(site, rep):
    page = (await rep.submit(PAGE, PAGE, **DANA, act="look")).text
    assert "Nobody is enrolled yet" in page
    assert "after the deal was lost" in page
    assert 'value="dana@lost.example"' in page
    assert not await site.rows("enrollments")


async def test_a_contact_is_enrolled_with_what_is_known_of_the_deal(site, rep):
    facts = {
        "reason": "price",
        "competitor": "Rival",
        "amount": "48,000 EUR",
        "alternative": "Osprey Systems",
    }
    answer = await rep.submit(PAGE, PAGE, **DANA, **facts, country="Germany", act="enroll")
    assert answer.status_code == 303
    (prospect,), (deal,) = await site.rows("prospects"), await site.rows("deals")
    assert answer.headers["location"].endswith(f"/prospects/{prospect.id}")
    assert (prospect.country, deal.name) == ("DE", "Portal")
    assert {name: getattr(deal, name) for name in facts} == facts


async def test_another_contact_of_the_deal_needs_only_what_is_theirs(site, rep):
    page = (await rep.submit(PAGE, PAGE, **DANA, reason="price", act="another")).text
    assert "dana@lost.example is enrolled in lost" in page
    assert 'value="dana@lost.example"' not in page
    assert 'value="Portal"' in page
    answer = await rep.submit(PAGE, PAGE, **DANA | {"email": "lee@lost.example"}, act="enroll")
    assert answer.status_code == 303
    assert len(await site.rows("enrollments")) == 2
    assert len(await site.rows("deals")) == 1


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"email": "dana"}, 422, "dana"),
        ({"sequence": ""}, 422, "Choose a sequence"),
        ({"country": "Atlantis"}, 422, "Atlantis"),
        ({"lost_at": "2199-01-01"}, 422, "in the future"),
        ({"email": "rep@vendor.test"}, 422, "a mailbox of our own"),
    ],
)
async def test_what_cannot_be_right_is_said_and_what_was_typed_stays(site, rep, typed, status, said):
    answer = await rep.submit(PAGE, PAGE, **DANA | typed, act="enroll")
    assert answer.status_code == status
    assert said in answer.text
    assert 'value="Portal"' in answer.text
    assert not await site.rows("enrollments")


async def test_pressing_twice_enrolls_once(site, rep):
    await rep.submit(PAGE, PAGE, **DANA, act="enroll")
    again = await rep.submit(PAGE, PAGE, **DANA, act="enroll")
    assert (again.status_code, len(await site.rows("enrollments"))) == (409, 1)
    assert "already enrolled" in again.text


async def test_a_rep_writes_from_their_own_mailbox_only(site, rep):
    await connecting.add(site.app, mailbox("other@vendor.test"))
    await connecting.add(site.app, mailbox("boss@vendor.test", From.EXECUTIVE))
    page = (await rep.get(PAGE)).text
    assert "boss@vendor.test" in page
    stolen = await rep.submit(PAGE, PAGE, **DANA, mailbox="other@vendor.test", act="enroll")
    assert stolen.status_code == 403
    made = await rep.submit(PAGE, PAGE, **DANA, executive="boss@vendor.test", act="enroll")
    assert made.status_code == 303

"""The header Idempotency-Key: a request that comes again is answered as before, and carried out once."""

import asyncio

import pytest

from cadence.core.people import Role
from cadence.core.rights import SCOPES, Right
from cadence.service import repeating, suppressing
from tests.web.site import Site

PATH = "/api/v1/enrollments"
BODY = {"email": "dana@lost.example", "sequence": "lost"}
KEY = {"Idempotency-Key": "7c0e6d1c-6f0b"}


@pytest.fixture
async def admin(site: Site):
    return await site.software(await site.person(Role.ADMINISTRATOR), *SCOPES)


async def test_a_request_that_comes_again_is_answered_as_before(site, admin):
    first = await admin.post(PATH, json=BODY, headers=KEY)
    again = await admin.post(PATH, json=BODY, headers=KEY)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["content-type"] == first.headers["content-type"]
    assert len(await site.rows("enrollments")) == 1
    without = await admin.post(PATH, json=BODY)
    assert without.status_code == 409


async def test_a_refusal_is_answered_as_before_too(site, admin):
    wrong = BODY | {"sequence": "other"}
    answers = [await admin.post(PATH, json=wrong, headers=KEY) for _ in range(2)]
    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "other", [{"json": BODY | {"email": "lee@lost.example"}}, {"params": {"a": 1}, "json": BODY}]
)
async def test_another_request_under_the_same_key_is_refused(site, admin, other):
    await admin.post(PATH, json=BODY, headers=KEY)
    assert (await admin.post(PATH, headers=KEY, **other)).status_code == 422
    elsewhere = await admin.post("/api/v1/suppressions", json=BODY, headers=KEY)
    assert elsewhere.status_code == 422
    assert len(await site.rows("enrollments")) == 1


async def test_two_that_come_at_once_are_carried_out_once(site, admin):
    answers = await asyncio.gather(*(admin.post(PATH, json=BODY, headers=KEY) for _ in range(5)))
    assert {one.status_code for one in answers} <= {201, 409}
    assert len(await site.rows("enrollments")) == 1
    last = await admin.post(PATH, json=BODY, headers=KEY)
    assert (last.status_code, last.headers["idempotent-replayed"]) == (201, "true")


async def test_keys_of_two_users_have_nothing_to_do_with_each_other(site, admin):
    other = await site.software(await site.person(Role.ADMINISTRATOR, "second@vendor.test"), *SCOPES)
    assert (await admin.post(PATH, json=BODY, headers=KEY)).status_code == 201
    assert (await other.post(PATH, json=BODY, headers=KEY)).status_code == 409


async def test_an_answer_is_not_told_to_who_may_not_ask(site):
    user = await site.person(Role.ADMINISTRATOR)
    await (await site.software(user, Right.ENROLL)).post(PATH, json=BODY, headers=KEY)
    reader = await site.software(user, Right.READ_PROSPECTS)
    assert (await reader.post(PATH, json=BODY, headers=KEY)).status_code == 403


async def test_what_failed_by_our_fault_may_come_again(site, admin, monkeypatch):
    async def broken(*_, **__):
        raise RuntimeError("broken")

    body = {"email": "dana@lost.example", "reason": "asked"}
    with monkeypatch.context() as patch:
        patch.setattr(suppressing, "add", broken)
        assert (await admin.post("/api/v1/suppressions", json=body, headers=KEY)).status_code == 500
    assert (await admin.post("/api/v1/suppressions", json=body, headers=KEY)).status_code == 201


async def test_what_nobody_finished_is_carried_out_anew_after_a_minute(site, admin, monkeypatch):
    async def dies(*_):
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(repeating, "keep", dies)
        with pytest.raises(asyncio.CancelledError):
            await admin.post(
                "/api/v1/suppressions", json={"email": "a@b.example", "reason": "x"}, headers=KEY
            )
    body = {"email": "a@b.example", "reason": "x"}
    assert (await admin.post("/api/v1/suppressions", json=body, headers=KEY)).status_code == 409
    site.later(minutes=1)
    assert (await admin.post("/api/v1/suppressions", json=body, headers=KEY)).status_code == 201
    assert len(await site.rows("suppressions")) == 1


async def test_answers_are_kept_encrypted_and_for_a_week(site, admin):
    hook = {"url": "https://crm.example/hook", "events": ["reply.received"]}
    made = await admin.post("/api/v1/webhooks", json=hook, headers=KEY)
    again = await admin.post("/api/v1/webhooks", json=hook, headers=KEY)
    assert made.json()["secret"] == again.json()["secret"]
    assert again.headers["etag"] == made.headers["etag"]
    (row,) = await site.rows("answers")
    assert made.json()["secret"] not in row.answer
    site.later(days=8)
    await admin.post("/api/v1/webhooks", json=hook, headers={"Idempotency-Key": "other"})
    assert [row.key for row in await site.rows("answers")] == ["other"]


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256])
async def test_a_key_that_is_none_is_refused(admin, key):
    answer = await admin.post(PATH, json=BODY, headers={"Idempotency-Key": key})
    assert answer.status_code == 422

"""Other software says what became of a deal by a signed message: believed only when it proves who it is."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from cadence.core import webhooks as standard
from cadence.core.people import Role
from cadence.core.rights import RIGHTS, Visitor
from cadence.core.webhooks import WebhookEvent
from cadence.service import users, webhooks
from tests.web.site import one_database as database_url

__all__ = ["database_url"]

LOST = {
    "crm_id": "0065g",
    "sequence": "lost",
    "name": "Scanners",
    "company": "Lost Inc.",
    "rep": "rep@vendor.test",
    "contacts": [{"email": "dana@lost.example", "first_name": "Dana"}],
}


def visitor(user):
    return Visitor(user, RIGHTS[user.role], "192.0.2.7")


class Hook:
    """A webhook whose secret other software signs with."""

    def __init__(self, site, made, secret):
        self.site, self.id, self.secret = site, made.id, secret

    async def says(self, kind, data, *, secret="", at=None, **headers):
        body = json.dumps({"type": kind, "data": data}).encode()
        when = at or self.site.app.clock()
        signed = dict(standard.headers("msg_1", when, body, [secret or self.secret])) | headers
        return await self.site.browser().post(f"/hooks/deals/{self.id}", content=body, headers=signed)


@pytest.fixture
async def alex(site):
    return await site.person(Role.ADMINISTRATOR, "alex@vendor.test")


@pytest.fixture
async def hook(site, alex):
    who = visitor(alex)
    url, events = "https://crm.example/hook", [WebhookEvent.REPLY_RECEIVED]
    return Hook(site, *await webhooks.add(site.app, who, url=url, events=events, description="CRM"))


async def test_a_lost_deal_is_taken_in_once_reopened_and_won(site, hook):
    first = await hook.says("deal.lost", LOST)
    assert (first.status_code, first.json()["contacts"][0]["result"]) == (200, "enrolled")
    again = await hook.says("deal.lost", LOST)
    assert again.json()["contacts"][0]["result"] == "known"
    assert (await hook.says("deal.reopened", {"crm_id": "0065g"})).json()["stopped"] == 1
    assert (await hook.says("deal.won", {"crm_id": "0065g", "amount": "52,000 EUR"})).status_code == 200
    (deal,) = await site.rows("deals")
    assert (deal.outcome, len(await site.rows("enrollments"))) == ("won", 1)


async def test_what_is_not_proven_is_refused_and_changes_nothing(site, hook):
    late = site.app.clock() - timedelta(minutes=6)
    other = standard.secret_of(bytes(32))
    refused = [
        await hook.says("deal.lost", LOST, secret=other),
        await hook.says("deal.lost", LOST, at=late),
        await hook.says("deal.lost", LOST, at=site.app.clock() + timedelta(minutes=6)),
        await hook.says("deal.lost", LOST, **{"webhook-id": "msg_2"}),
        await hook.says("deal.lost", LOST, **{"webhook-signature": "v1,"}),
        await hook.says("deal.lost", LOST, **{"webhook-timestamp": "now"}),
    ]
    assert {answer.status_code for answer in refused} == {401}
    assert not await site.rows("enrollments")


async def test_a_secret_that_was_replaced_signs_for_a_day(site, hook, alex):
    await webhooks.renew_secret(site.app, visitor(alex), hook.id)
    assert (await hook.says("deal.lost", LOST)).status_code == 200
    site.world.now += timedelta(hours=25)
    assert (await hook.says("deal.lost", LOST)).status_code == 401


async def test_nobody_acts_by_the_right_of_somebody_who_lost_it(site, hook, alex):
    await site.person(Role.ADMINISTRATOR, "last@vendor.test")
    await users.change(site.app, site.console, alex.id, role=Role.AUTHOR, team="")
    answer = await hook.says("deal.lost", LOST)
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")


async def test_what_is_no_message_is_said_with_its_place(hook):
    answer = await hook.says("deal.lost", {"crm_id": "0065g"})
    assert answer.status_code == 422
    assert {"pointer": "/data/contacts", "detail": "Field required"} in answer.json()["errors"]
    assert (await hook.says("deal.sold", {})).status_code == 422


async def test_a_webhook_that_is_not_there_or_is_off_takes_nothing(site, hook, alex):
    number, hook.id = hook.id, 99
    assert (await hook.says("deal.lost", LOST)).status_code == 404
    hook.id = number
    await webhooks.change(site.app, visitor(alex), hook.id, {"enabled": False}, unchanged="*")
    assert (await hook.says("deal.lost", LOST)).status_code == 404


async def test_the_page_of_a_webhook_says_where_it_may_tell(site, hook, alex):
    site.app.policy = replace(site.app.policy, public_url="https://cadence.example/")
    page = (await (await site.logged_in(alex)).get(f"/webhooks/{hook.id}")).text
    assert f"https://cadence.example/hooks/deals/{hook.id}" in page

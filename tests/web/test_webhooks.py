"""Webhooks: told of what happens, signed, tried again, and never sent into our own network."""

import asyncio
import socket
from datetime import timedelta

import pytest

from cadence.core.errors import InvalidInput, Unreachable
from cadence.core.model import MailboxState
from cadence.core.people import Role
from cadence.core.rights import REACH, RIGHTS, SCOPES, Reach, Right
from cadence.core.webhooks import WAITS, WebhookEvent
from cadence.service import connecting, delivering, outside, trying_out
from cadence.service.outside import Outside
from cadence.store import mailboxes
from tests.servers.receiver import receiving
from tests.servers.tls import Certificate
from tests.service.fakes import reply
from tests.web.site import Site

ALL = [event.value for event in WebhookEvent]


@pytest.fixture
async def hooked(site: Site):
    """The site, an administrator's software, a receiver, and the webhook that leads to it."""
    site.app.outside = Outside(private=True)
    site.api = await site.software(await site.person(Role.ADMINISTRATOR), *SCOPES, days=300)
    async with receiving() as receiver:
        site.receiver = receiver
        made = await site.api.post("/api/v1/webhooks", json={"url": receiver.url, "events": ALL})
        assert made.status_code == 201, made.text
        site.hook = made.json()
        site.path = f"/api/v1/webhooks/{site.hook['id']}"
        yield site


def told(site) -> list[str]:
    return [one.told["type"] for one in site.receiver.requests]


async def deliveries(site, **params):
    return (await site.api.get(f"{site.path}/deliveries", params=params)).json()["items"]


async def test_what_happens_is_told_and_signed(hooked):
    await hooked.world.enroll()
    await hooked.world.after(hours=2)
    (sent,) = hooked.world.sent
    words = "Actually nothing is signed yet, we are still comparing vendors."
    await hooked.world.arrives(reply(words, to=sent.raw, sender="dana@lost.example", at=hooked.world.now))
    box = await connecting.find(hooked.app, "rep@vendor.test")
    await trying_out.report_fault(hooked.app, box.id, "535 wrong password")
    await delivering.look_after(hooked.app)
    assert set(told(hooked)) == set(ALL)
    for request in hooked.receiver.requests:
        assert request.is_signed_with(hooked.hook["secret"])
        assert request.path == "/hook?from=cadence"
        assert request.headers["host"] == f"localhost:{hooked.receiver.port}"
        assert request.headers["content-type"] == "application/json"
    by_type = {one.told["type"]: one.told for one in hooked.receiver.requests}
    assert by_type["reply.received"]["data"]["prospect"] == "dana@lost.example"
    assert by_type["reply.received"]["data"]["category"] == "decision_open"
    assert by_type["reply.received"]["timestamp"].startswith("2026-03-03T12:00")
    assert by_type["prospect.status_changed"]["data"]["status"] == "reopened"
    assert by_type["enrollment.ended"]["data"]["state"] == "reopened"
    assert by_type["mailbox.fault"]["data"]["address"] == "rep@vendor.test"
    assert words not in str([one.body for one in hooked.receiver.requests])
    assert {one["state"] for one in await deliveries(hooked)} == {"delivered"}
    assert not await hooked.rows("webhook_news")
    await delivering.look_after(hooked.app)
    assert len(hooked.receiver.requests) == len(await deliveries(hooked))  # nothing twice


async def test_only_what_was_asked_for_is_told(hooked):
    change = {"events": ["message.sent"]}
    await hooked.api.patch(hooked.path, json=change, headers={"If-Match": "*"})
    await hooked.world.enroll()
    await hooked.world.after(hours=2)
    await delivering.look_after(hooked.app)
    assert told(hooked) == ["message.sent"]


async def test_without_a_webhook_nothing_is_written_for_one(site):
    await site.world.enroll()
    await site.world.after(hours=2)
    assert site.world.sent
    assert not await site.rows("webhook_news")


async def test_what_was_rolled_back_is_not_told(hooked):
    async def fails() -> None:
        async with hooked.app.db.write() as tx:
            box = await connecting.find(hooked.app, "rep@vendor.test")
            await mailboxes.change(tx, box.id, state=MailboxState.FAULT)
            raise RuntimeError("rolled back")

    with pytest.raises(RuntimeError):
        await fails()
    await delivering.look_after(hooked.app)
    assert hooked.receiver.requests == []


async def test_a_message_is_tried_again_under_its_id_until_it_is_taken(hooked):
    hooked.receiver.statuses = [500, 302, 0]
    await hooked.api.post(f"{hooked.path}/test")
    for wait in (timedelta(0), *WAITS[:3]):
        hooked.world.now += wait * 1.1
        await delivering.look_after(hooked.app)
    assert told(hooked) == ["webhook.test"] * 4
    assert len({one.headers["webhook-id"] for one in hooked.receiver.requests}) == 1
    assert len({one.headers["webhook-timestamp"] for one in hooked.receiver.requests}) == 4
    assert all(one.is_signed_with(hooked.hook["secret"]) for one in hooked.receiver.requests)
    (delivery,) = await deliveries(hooked)
    assert (delivery["state"], delivery["attempts"], delivery["status"]) == ("delivered", 4, 200)


async def test_a_receiver_that_takes_nothing_for_days_is_asked_no_more_and_a_person_told(hooked):
    hooked.receiver.statuses = [503] * 50
    await hooked.api.post(f"{hooked.path}/test")
    for wait in (timedelta(0), *WAITS):
        hooked.world.now += wait * 1.1
        await delivering.look_after(hooked.app)
    assert len(hooked.receiver.requests) == len(WAITS) + 1
    hook = (await hooked.api.get(hooked.path)).json()
    assert "503" in hook["disabled_why"]
    (task,) = (await hooked.api.get("/api/v1/tasks")).json()["items"]
    assert (task["kind"], task["answers"]) == ("webhook_disabled", ["done"])
    assert hooked.receiver.url in task["text"]
    hooked.receiver.statuses = []
    await hooked.api.post(f"{hooked.path}/test")
    await delivering.look_after(hooked.app)
    assert len(hooked.receiver.requests) == len(WAITS) + 1
    await hooked.api.patch(hooked.path, json={"enabled": True}, headers={"If-Match": "*"})
    await delivering.look_after(hooked.app)
    assert [one["state"] for one in await deliveries(hooked)] == ["delivered", "failed"]


async def test_one_message_that_is_never_taken_does_not_disable_what_else_works(hooked):
    await hooked.api.post(f"{hooked.path}/test")
    for wait in (timedelta(0), *WAITS):
        hooked.world.now += wait * 1.1
        hooked.receiver.statuses = [500]
        await delivering.look_after(hooked.app)
        await hooked.api.post(f"{hooked.path}/test")
        hooked.receiver.statuses = []
        await delivering.look_after(hooked.app)
    assert (await deliveries(hooked))[-1]["state"] == "failed"
    assert (await hooked.api.get(hooked.path)).json()["disabled_at"] is None


async def test_who_is_gone_is_asked_no_more_at_once(hooked):
    hooked.receiver.statuses = [410]
    for _ in range(2):
        await hooked.api.post(f"{hooked.path}/test")
    await delivering.look_after(hooked.app)
    assert len(hooked.receiver.requests) == 1
    assert (await hooked.api.get(hooked.path)).json()["disabled_why"] == "it answers with the status 410"


async def test_who_does_not_answer_is_asked_once_and_not_for_each_message(hooked):
    hooked.receiver.statuses = [0]
    for _ in range(5):
        await hooked.api.post(f"{hooked.path}/test")
    await delivering.look_after(hooked.app)
    await delivering.look_after(hooked.app)
    assert len(hooked.receiver.requests) == 1
    hooked.later(seconds=6)
    await delivering.look_after(hooked.app)
    assert len(hooked.receiver.requests) == 6


async def test_a_delivery_can_be_repeated(hooked):
    await hooked.api.post(f"{hooked.path}/test")
    await delivering.look_after(hooked.app)
    (first,) = await deliveries(hooked, state="delivered")
    again = await hooked.api.post(f"{hooked.path}/deliveries/{first['id']}/replay")
    assert (again.status_code, again.json()["state"]) == (202, "pending")
    await delivering.look_after(hooked.app)
    one, two = hooked.receiver.requests
    assert (one.headers["webhook-id"], one.body) == (two.headers["webhook-id"], two.body)
    assert (await hooked.api.post(f"{hooked.path}/deliveries/999/replay")).status_code == 404


async def test_a_new_secret_signs_beside_the_old_one_for_a_day(hooked):
    new = (await hooked.api.post(f"{hooked.path}/secret")).json()["secret"]
    for _ in range(2):
        await hooked.api.post(f"{hooked.path}/test")
        await delivering.look_after(hooked.app)
        hooked.later(hours=25)
    during, after = hooked.receiver.requests
    assert during.is_signed_with(new)
    assert during.is_signed_with(hooked.hook["secret"])
    assert after.is_signed_with(new)
    assert not after.is_signed_with(hooked.hook["secret"])


async def test_secrets_are_shown_once_and_kept_encrypted(hooked):
    for path in ("/api/v1/webhooks", hooked.path):
        assert "whsec_" not in (await hooked.api.get(path)).text
    (row,) = await hooked.rows("webhooks")
    assert hooked.hook["secret"].removeprefix("whsec_") not in str(tuple(row))
    assert hooked.app.vault.open(row.secret) == hooked.hook["secret"]


async def test_a_webhook_hears_nothing_once_its_user_may_not(hooked):
    (user,) = [row for row in await hooked.rows("users") if row.role == "administrator"]
    await hooked.api.post(f"{hooked.path}/test")
    await hooked.change(user, role=Role.REP)
    await delivering.look_after(hooked.app)
    assert hooked.receiver.requests == []


def test_whoever_may_make_webhooks_sees_everything():
    assert {REACH[role] for role in Role if Right.WEBHOOKS in RIGHTS[role]} == {Reach.ALL}


async def test_two_workers_deliver_each_message_once(hooked):
    for _ in range(10):
        await hooked.api.post(f"{hooked.path}/test")
    await asyncio.gather(delivering.look_after(hooked.app), delivering.look_after(hooked.app))
    assert len({one.headers["webhook-id"] for one in hooked.receiver.requests}) == 10
    assert len(hooked.receiver.requests) == 10


async def test_a_removed_webhook_is_forgotten(hooked):
    await hooked.api.post(f"{hooked.path}/test")
    assert (await hooked.api.delete(hooked.path)).status_code == 204
    assert (await hooked.api.get(hooked.path)).status_code == 404
    await delivering.look_after(hooked.app)
    assert hooked.receiver.requests == []


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example/hook",
        "ftp://crm.example/hook",
        "https://127.0.0.1/hook",
        "https://[::1]/hook",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:192.168.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://user:word@crm.example/",
        "https://crm.example/#part",
        "https:///hook",
        "https://crm.example:99999/",
        "https://crm.example/a b",
        "not a url",
    ],
)
async def test_a_webhook_leads_to_the_public_internet_or_is_refused(site, url):
    api = await site.software(await site.person(Role.ADMINISTRATOR), Right.WEBHOOKS)
    answer = await api.post("/api/v1/webhooks", json={"url": url, "events": ALL})
    assert answer.status_code == 422, answer.text
    assert await site.rows("webhooks") == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.1.1",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fc00::1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "ff02::1",
        "::",
    ],
)
async def test_a_name_that_leads_into_our_network_is_not_followed(monkeypatch, address):
    async def resolved(*_, **__):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (address, 443))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolved)
    with pytest.raises(Unreachable, match="private network"):
        await Outside().post("https://crm.example/hook", b"{}", {})


async def test_the_address_that_was_looked_at_is_the_one_connected_to(monkeypatch, tmp_path):
    """A name may stand for another address a moment later; nobody asks it twice."""
    certificate = Certificate.make(tmp_path, names=("crm.example",))
    loop, asked = asyncio.get_running_loop(), []

    async def resolved(host, port, **_):
        asked.append(host)
        at = "127.0.0.1" if len(asked) == 1 else "127.0.0.9"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (at, port))]

    async with receiving(certificate.for_server()) as receiver:
        monkeypatch.setattr(outside, "_is_public", lambda address: str(address) == "127.0.0.1")
        with monkeypatch.context() as patch:
            patch.setattr(loop, "getaddrinfo", resolved)
            way = Outside(ssl_context=certificate.for_client())
            url = f"https://crm.example:{receiver.port}/hook"
            assert await way.post(url, b"{}", {}) == 200
        assert asked[0] == "crm.example"
        assert set(asked[1:]) <= {"127.0.0.1"}
        assert receiver.requests[0].headers["host"] == f"crm.example:{receiver.port}"


async def test_a_certificate_that_does_not_verify_is_no_receiver(tmp_path):
    certificate = Certificate.make(tmp_path, names=("other.example",))
    async with receiving(certificate.for_server()) as receiver:
        with pytest.raises(Unreachable, match="certificate"):
            await Outside(private=True).post(receiver.url, b"{}", {})
        with pytest.raises(Unreachable, match=r"(?i)hostname"):
            await Outside(True, certificate.for_client()).post(receiver.url, b"{}", {})
    assert receiver.requests == []


async def test_a_server_that_is_not_there_is_unreachable(monkeypatch):
    with pytest.raises(Unreachable):
        await Outside(private=True).post("http://localhost:1/hook", b"{}", {})
    monkeypatch.setattr(outside, "SECONDS", 0.2)
    gone = asyncio.Event()

    async def listen(reader, writer):
        await reader.read()  # until whoever asks has no more patience
        writer.close()
        await writer.wait_closed()
        gone.set()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as silent:
        port = silent.sockets[0].getsockname()[1]
        with pytest.raises(Unreachable, match="no answer"):
            await Outside(private=True).post(f"http://127.0.0.1:{port}/", b"{}", {})
        await gone.wait()
    with pytest.raises(InvalidInput):
        Outside(private=True).check("file:///etc/passwd")

"""Webhooks are told by whoever works: the loops of one process, or workers on a queue."""

import asyncio
from dataclasses import replace

from cadence.core.people import Role, User
from cadence.core.rights import RIGHTS, Visitor
from cadence.core.webhooks import WebhookEvent
from cadence.service import webhooks
from cadence.service.app import App
from cadence.service.outside import Outside
from cadence.store.database import insert
from cadence.store.tables import users
from tests.servers.receiver import Receiver, receiving
from tests.service.conftest import World, database_url, world
from tests.worker.conftest import QUICK, Site
from tests.worker.test_queue import redis, running, until, worker

__all__ = ["database_url", "redis", "world"]


async def hook(app: App, receiver: Receiver) -> str:
    """Let the receiver hear of mails that leave; gives the secret."""
    app.outside = Outside(private=True)
    email, role, now = "alex@vendor.test", Role.ADMINISTRATOR, app.clock()
    about = {"email": email, "name": "Alex", "role": role, "team": "", "zone": "UTC", "created_at": now}
    async with app.db.write() as tx:
        user_id = await insert(tx, users, email_key=email, password="hashed", **about)
    visitor = Visitor(User(id=user_id, **about), RIGHTS[role], "192.0.2.7")
    events = [WebhookEvent.MESSAGE_SENT]
    return (await webhooks.add(app, visitor, url=receiver.url, events=events, description=""))[1]


async def test_the_loops_of_one_process_tell_webhooks(site: Site) -> None:
    async with receiving() as receiver:
        secret = await hook(site.app, receiver)
        await site.add()
        await site.enroll()

        async def heard() -> bool:
            return bool(receiver.requests)

        async with site.at_work(rhythm=replace(QUICK, webhooks=0.05)):
            await until(heard)
            await asyncio.sleep(0.2)
    (request,) = receiver.requests
    assert request.is_signed_with(secret)
    assert request.told["data"]["prospect"] == "dana@lost.example"


async def test_workers_on_a_queue_tell_webhooks_each_message_once(world: World, redis) -> None:
    async with receiving() as receiver:
        secret = await hook(world.app, receiver)
        await world.enroll()
        await world.after(hours=2)

        async def heard() -> bool:
            return bool(receiver.requests)

        async with running(worker(world, redis, "one"), worker(world, redis, "two")):
            await until(heard)
            await asyncio.sleep(2.5)
    (request,) = receiver.requests
    assert request.is_signed_with(secret)

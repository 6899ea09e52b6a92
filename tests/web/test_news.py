"""News: one small question a second, however many listen; told to those whom they concern, to nobody else."""

import asyncio

import pytest

from cadence.core.jobs import JobKind, JobState
from cadence.core.model import TaskKind
from cadence.core.people import Role
from cadence.core.rights import RIGHTS, Visitor
from cadence.service import desk, users
from cadence.store import jobs, tasks
from cadence.web.news import News

SOON = 20


@pytest.fixture
async def news(site):
    made = News(site.app)
    made.every = 0.05
    yield made
    made.close()
    if made._watching is not None:
        await made._watching


async def rep(site, email, *mailboxes):
    user = await site.person(Role.REP, email)
    for address in mailboxes:
        await users.own_mailbox(site.app, site.console, address, user.id)
    return Visitor(user, RIGHTS[user.role], "192.0.2.7")


async def ask(site):
    async with site.app.db.write() as tx:
        return await tasks.add(tx, TaskKind.NOT_READ, "Look", now=site.world.now, mailbox_id=1)


async def told(stream):
    """What comes next, besides signs of life."""
    async with asyncio.timeout(SOON):
        async for said in stream:
            if said.startswith("event:"):
                return said
    return None


async def quiet(news, visitor):
    """Somebody who listens, and knows everything so far."""
    first = news.listen(visitor, "")
    assert (await anext(first)).startswith("retry:")
    while not news.seen:  # noqa: ASYNC110 - it is set once
        await asyncio.sleep(0.02)
    stream = news.listen(visitor, news.seen)
    await anext(stream)
    await first.aclose()
    return stream


async def test_a_new_task_is_told_to_its_rep_and_not_to_another(site, news):
    mine = await quiet(news, await rep(site, "robin@vendor.test", "rep@vendor.test"))
    others = news.listen(await rep(site, "other@vendor.test"), news.seen)
    await anext(others)
    await ask(site)
    assert await told(mine) == "event: tasks\ndata: 1\n\n"
    assert [one for one in news._listeners if one.news.is_set()] == []
    await mine.aclose()
    await others.aclose()


async def test_an_answer_and_the_end_of_a_snooze_are_news_as_well(site, news):
    task_id = await ask(site)
    visitor = await rep(site, "robin@vendor.test", "rep@vendor.test")
    stream = await quiet(news, visitor)
    await desk.snooze(site.app, visitor, task_id, site.world.now.date().replace(day=5))
    assert await told(stream)
    site.later(days=2)
    assert await told(stream)
    async with site.app.db.write() as tx:
        await tasks.close(tx, task_id, "done", now=site.world.now)
    assert await told(stream)
    await stream.aclose()


async def test_the_end_of_long_work_is_told_to_whom_it_is_of(site, news):
    visitor = await rep(site, "robin@vendor.test", "rep@vendor.test")
    stream = await quiet(news, visitor)
    others = news.listen(await rep(site, "other@vendor.test"), news.seen)
    await anext(others)
    about = {"title": "Stop 2 people", "asked": {}, "total": 2, "now": site.world.now}
    async with site.app.db.write() as tx:
        await jobs.add(tx, JobKind.STOP, JobState.DONE, user_id=visitor.user.id, **about)
    assert await told(stream)
    assert [one for one in news._listeners if one.news.is_set()] == []
    await stream.aclose()
    await others.aclose()


async def test_the_database_is_asked_no_more_often_for_many_than_for_one(site, news, monkeypatch):
    asked = 0
    stamp = desk.stamp

    async def counted(app):
        nonlocal asked
        asked += 1
        return await stamp(app)

    monkeypatch.setattr(desk, "stamp", counted)
    visitor = await rep(site, "robin@vendor.test", "rep@vendor.test")
    first = await quiet(news, visitor)
    streams = [news.listen(visitor, news.seen) for _ in range(50)]
    for stream in streams:
        await anext(stream)
    watching, before = news._watching, asked
    await ask(site)
    for stream in (first, *streams):
        assert await told(stream)
        await stream.aclose()
    assert news._watching is watching
    assert asked - before < 50


async def test_whoever_comes_back_after_something_changed_is_told_at_once(site, news):
    visitor = await rep(site, "robin@vendor.test", "rep@vendor.test")
    stream = await quiet(news, visitor)
    back = news.listen(visitor, "what they saw then")
    assert await told(back)
    await stream.aclose()
    await back.aclose()


async def test_a_server_that_stops_lets_everybody_go(site, news):
    stream = await quiet(news, await rep(site, "robin@vendor.test", "rep@vendor.test"))
    news.close()
    assert await told(stream) is None

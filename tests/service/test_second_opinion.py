"""A second opinion over real HTTP: a harmless reading acts sooner, everything else stays with the rep."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from cadence.core.errors import Conflict
from cadence.core.lifecycle import Fact
from cadence.core.replies import AUTOMATIC, Action, Category, action
from cadence.core.second_opinion import HARMLESS
from cadence.service import answering, connecting, enrolling, reporting, second_opinion
from cadence.service.chat_endpoint import ChatEndpoint
from cadence.store import inbound
from cadence.store.tables import inbound as inbound_table
from cadence.store.tables import opinions
from tests.servers.chat import Chat, said
from tests.service.fakes import reply

DANA = "dana@lost.example"
PEOPLE = [category for category in Category if category not in AUTOMATIC]


async def left_open(world, likeliest="acknowledgement", stop=0.001):
    """Dana's answer is left to the rep, with odds as if the reader half knew it."""
    enrollment = await world.enroll()
    await world.after(hours=2)
    await world.arrives(reply("Hm. Well. You know.", to=world.sent[0].raw, sender=DANA, at=world.now))
    sure = {likeliest: 0.75, "unsubscribe": stop, "decision_open": 0.002, "interested": 0.002}
    rest = (1 - sum(sure.values())) / (len(PEOPLE) - len(sure))
    async with world.app.db.write() as tx:
        row = (await inbound.latest(tx, 1))[0]
        odds = {category.value: sure.get(category.value, rest) for category in PEOPLE}
        verdict = {**row.verdict, "category": likeliest, "confidence": 0.75, "odds": odds}
        assert action(inbound.unpack_verdict(verdict)) is Action.ASK
        where = inbound_table.c.id == row.id
        await tx.execute(
            inbound_table.update().where(where).values(verdict=verdict, category=likeliest, action="ask")
        )
    return enrollment


async def consulted(world, chat):
    mailbox = await connecting.find(world.app, "rep@vendor.test")
    async with chat.listening():
        world.app.endpoint = ChatEndpoint(chat.url, "small")
        return await second_opinion.consult(world.app, mailbox.id)


async def outcomes(world):
    async with world.app.db.read() as tx:
        return list((await tx.execute(sa.select(opinions.c.outcome))).scalars())


async def test_an_endpoint_that_agrees_lets_the_reply_act(world):
    enrollment = await left_open(world)
    assert await world.state(enrollment) == "paused"
    assert await consulted(world, Chat(said("acknowledgement"))) == 1
    assert await world.state(enrollment) == "active"
    assert await reporting.open_tasks(world.app) == []
    decisions = [d["why"] for d in (await reporting.why(world.app, DANA))["decisions"]]
    assert "the endpoint reads acknowledgement, 90%: acted on" in decisions
    assert await outcomes(world) == ["acted on"]


async def test_by_default_nobody_is_asked(world):
    await left_open(world)
    mailbox = await connecting.find(world.app, "rep@vendor.test")
    assert await second_opinion.consult(world.app, mailbox.id) == 0
    assert await outcomes(world) == []


@pytest.mark.parametrize("answer", [said("feedback"), said("unsubscribe"), b"nonsense"])
async def test_any_other_answer_leaves_it_to_the_rep(world, answer):
    enrollment = await left_open(world)
    assert await consulted(world, Chat(answer)) == 0
    assert await world.state(enrollment) == "paused"
    assert len(await reporting.open_tasks(world.app)) == 1


async def test_each_reply_is_asked_about_once(world):
    await left_open(world)
    chat = Chat(b"nonsense")
    await consulted(world, chat)
    await consulted(world, chat)
    assert len(chat.questions) == 1
    assert await outcomes(world) == ["no answer"]


async def test_a_possible_opt_out_is_never_shown_to_the_endpoint(world):
    enrollment = await left_open(world, stop=0.06)
    chat = Chat(said("acknowledgement", 1.0))
    assert await consulted(world, chat) == 0
    assert chat.questions == []
    assert await world.state(enrollment) == "paused"


async def test_nobody_who_opted_out_is_taken_back(world):
    enrollment = await left_open(world)
    await answering.answer(world.app, (await reporting.open_tasks(world.app))[0]["id"], "unsubscribe")
    chat = Chat(said("acknowledgement", 1.0))
    assert await consulted(world, chat) == 0
    assert await world.state(enrollment) == "opted_out"
    with pytest.raises(Conflict):
        await world.enroll()


async def test_an_opt_out_that_comes_while_the_endpoint_thinks_stands(world):
    enrollment = await left_open(world)
    mailbox = await connecting.find(world.app, "rep@vendor.test")

    class Slow(ChatEndpoint):
        async def ask(self, text):
            stop = reply("Remove me.", to=world.sent[0].raw, sender=DANA, at=world.now, number=9)
            await world.arrives(stop)
            return await super().ask(text)

    async with Chat(said("acknowledgement", 1.0)).listening() as chat:
        world.app.endpoint = Slow(chat.url, "small")
        assert await second_opinion.consult(world.app, mailbox.id) == 0
    assert await world.state(enrollment) == "opted_out"
    assert await outcomes(world) == ["left to the rep"]


async def test_a_pause_for_another_reason_is_not_ended(world):
    enrollment = await left_open(world)
    await enrolling.change(world.app, DANA, Fact.RESUME, "a person said so")
    await enrolling.change(world.app, DANA, Fact.PAUSE, "a person said so")
    assert await consulted(world, Chat(said("acknowledgement", 1.0))) == 0
    assert await world.state(enrollment) == "paused"


async def test_an_older_reply_waits_for_the_rep(world):
    await left_open(world)
    world.now += second_opinion.RECENT + timedelta(minutes=1)
    chat = Chat(said("acknowledgement"))
    assert await consulted(world, chat) == 0
    assert chat.questions == []


async def test_no_more_questions_a_day_than_are_paid_for(world):
    await left_open(world)
    mailbox = await connecting.find(world.app, "rep@vendor.test")
    async with Chat(said("acknowledgement")).listening() as chat:
        world.app.endpoint = ChatEndpoint(chat.url, "small", daily=0)
        assert await second_opinion.consult(world.app, mailbox.id) == 0
        assert chat.questions == []


def test_what_ends_mail_is_not_harmless():
    assert not HARMLESS & {Category.UNSUBSCRIBE, Category.NOT_INTERESTED, Category.WRONG_PERSON}

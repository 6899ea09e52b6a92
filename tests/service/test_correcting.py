"""A correction by a person: a row of its own each time, beside the verdict as it was; the reply acts anew."""

import pytest

from cadence.core.errors import Conflict, InvalidInput, NotFound
from cadence.core.people import Actor
from cadence.mail.intent.model import shipped, version_of
from cadence.service import answering, correcting, reporting
from cadence.store import corrections, inbound
from tests.service.fakes import reply

DANA = "dana@lost.example"
ROBIN = Actor(None, "robin@vendor.test", None)


async def answered(world, text="Hm. Well. You know."):
    """Dana is written to and answers; gives the id of the reply and her enrollment."""
    enrollment = await world.enroll()
    await world.after(hours=2)
    await world.arrives(reply(text, to=world.sent[0].raw, sender=DANA, at=world.now))
    async with world.app.db.read() as tx:
        return (await inbound.latest(tx, 1))[0].id, enrollment


async def test_a_correction_is_kept_with_the_verdict_the_model_and_the_person(world):
    reply_id, _ = await answered(world)
    async with world.app.db.read() as tx:
        before = (await inbound.get(tx, reply_id)).verdict
    task = (await reporting.open_tasks(world.app))[0]
    await answering.answer(world.app, task["id"], "feedback", ROBIN)
    async with world.app.db.read() as tx:
        (kept,) = (await corrections.of_replies(tx, [reply_id]))[reply_id]
        after = await inbound.get(tx, reply_id)
    assert (kept.category, kept.verdict, kept.actor, kept.at) == ("feedback", before, ROBIN.name, world.now)
    assert kept.model == before["model"] == version_of(shipped())
    assert (after.verdict, after.category, after.corrected) == (before, before["category"], "feedback")


async def test_a_second_correction_is_a_second_row_and_the_newest_counts(world):
    reply_id, enrollment = await answered(world)
    await correcting.correct(world.app, reply_id, "question", ROBIN)
    await correcting.correct(world.app, reply_id, "acknowledgement", ROBIN)
    async with world.app.db.read() as tx:
        rows = (await corrections.of_replies(tx, [reply_id]))[reply_id]
        assert [row.category for row in rows] == ["question", "acknowledgement"]
        assert [row.category for row in await corrections.newest(tx)] == ["acknowledgement"]
        assert (await inbound.get(tx, reply_id)).corrected == "acknowledgement"
    assert await world.state(enrollment) == "active"


async def test_a_reply_that_was_acted_on_can_be_corrected(world):
    reply_id, enrollment = await answered(world, "Thanks for the note. Have a great week!")
    assert await world.state(enrollment) == "active"
    await correcting.correct(world.app, reply_id, "not_interested")
    assert await world.state(enrollment) == "replied"


async def test_a_correction_closes_the_question_what_the_reply_means(world):
    reply_id, _ = await answered(world)
    assert [task["kind"] for task in await reporting.open_tasks(world.app)] == ["review_reply"]
    await correcting.correct(world.app, reply_id, "acknowledgement")
    assert await reporting.open_tasks(world.app) == []


async def test_no_correction_takes_an_opt_out_back(world):
    reply_id, enrollment = await answered(world, "Please remove me from your list.")
    assert await world.state(enrollment) == "opted_out"
    await correcting.correct(world.app, reply_id, "interested")
    assert await world.state(enrollment) == "opted_out"
    with pytest.raises(Conflict):
        await world.enroll()


async def test_the_story_tells_what_was_read_and_what_a_person_said(world):
    reply_id, _ = await answered(world)
    await correcting.correct(world.app, reply_id, "feedback", ROBIN)
    (told,) = (await reporting.why(world.app, DANA))["replies"]
    assert (told["category"], told["corrected"]) == ("feedback", True)
    assert told["read_as"] != "feedback"
    assert told["evidence"]
    (said,) = told["corrections"]
    assert (said["category"], said["by"]) == ("feedback", ROBIN.name)


async def test_what_cannot_be_corrected_says_why(world):
    with pytest.raises(NotFound):
        await correcting.correct(world.app, 77, "feedback")
    reply_id, _ = await answered(world)
    with pytest.raises(InvalidInput, match="decision_open"):
        await correcting.correct(world.app, reply_id, "bounce_hard")

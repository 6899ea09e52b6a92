"""An answer that is typed on a page is the mail that it would have been."""

from dataclasses import replace
from datetime import date

import pytest

from cadence.core.calendar import local
from cadence.core.errors import Conflict, InvalidInput
from cadence.core.replies import Category
from cadence.service import one_question
from cadence.service.links import Purpose
from cadence.store import enrollments, inbound
from tests.service.conftest import World

WORDS = "It was the price: you were forty percent above the other offer."


async def asked(world: World) -> str:
    """Somebody who got a mail, and the token of the link in it."""
    world.app.policy = replace(world.app.policy, public_url="https://mail.vendor.test")
    enrollment = await world.enroll()
    await world.after(hours=3)
    return world.app.links.sign(enrollment.id, Purpose.ANSWER)


async def test_it_acts_as_the_mail_would(world: World) -> None:
    token = await asked(world)
    await one_question.take_in(world.app, token, WORDS)
    async with world.app.db.read() as tx:
        (row,) = [await inbound.get(tx, 1)]
        raw = await inbound.raw(tx, 1)
    assert (row.category, row.folder, row.sender) == (
        Category.FEEDBACK,
        one_question.FOLDER,
        "dana@lost.example",
    )
    assert b"Subject: Re: " in raw
    assert row.outbound_id is not None
    assert row.verdict["loss_reasons"] == ["price"]


async def test_the_same_words_twice_count_once_and_five_are_enough(world: World) -> None:
    token = await asked(world)
    enrollment_id = world.app.links.read(token, Purpose.ANSWER).enrollment_id
    for words in (WORDS, WORDS, "One", "Two", "Three", "Four"):
        await one_question.take_in(world.app, token, words)
    async with world.app.db.read() as tx:
        assert await inbound.count_in(tx, enrollment_id, one_question.FOLDER) == 5
    with pytest.raises(Conflict):
        await one_question.take_in(world.app, token, "Six")


async def test_a_link_does_one_thing(world: World) -> None:
    token = await asked(world)
    with pytest.raises(InvalidInput):
        world.app.links.read(token)
    with pytest.raises(InvalidInput):
        await one_question.take_in(world.app, world.app.links.sign(1), WORDS)
    for words in ("", " \n", "x" * (one_question.LONGEST_ANSWER + 1)):
        with pytest.raises(InvalidInput):
            await one_question.take_in(world.app, token, words)


async def test_nothing_is_taken_in_before_anything_was_asked(world: World) -> None:
    enrollment = await world.enroll()
    with pytest.raises(Conflict):
        await one_question.take_in(world.app, world.app.links.sign(enrollment.id, Purpose.ANSWER), WORDS)


async def test_the_link_stands_in_the_mail(world: World) -> None:
    assert world.app.answer_url(7) is None
    await asked(world)
    url = world.app.answer_url(7)
    assert url is not None
    assert world.app.links.read(url.rpartition("/")[2], Purpose.ANSWER).enrollment_id == 7


async def test_who_wants_to_be_asked_later_is_left_alone_until_then(world: World) -> None:
    token = await asked(world)
    enrollment_id = world.app.links.read(token, Purpose.ANSWER).enrollment_id
    until = await one_question.put_off(world.app, world.app.links.sign(enrollment_id), 6)
    assert until == date(2026, 9, 3)
    async with world.app.db.read() as tx:
        enrollment = await enrollments.get(tx, enrollment_id)
        row = await inbound.get(tx, 1)
        known = (await enrollments.case(tx, enrollment_id)).prospect
    assert (enrollment.state, known.status) == ("paused", "snoozed")
    assert enrollment.resume_at is not None
    assert local(enrollment.resume_at, known.place).date() == until
    assert (row.category, row.action) == (Category.NOT_NOW, "act")
    sent = len(world.sent)
    await world.after(days=120)
    assert len(world.sent) == sent
    await world.after(days=90)
    assert len(world.sent) > sent


async def test_only_a_time_that_is_offered_can_be_chosen(world: World) -> None:
    token = await asked(world)
    enrollment_id = world.app.links.read(token, Purpose.ANSWER).enrollment_id
    with pytest.raises(InvalidInput):
        await one_question.put_off(world.app, world.app.links.sign(enrollment_id), 5)
    with pytest.raises(InvalidInput):
        await one_question.put_off(world.app, token, 6)

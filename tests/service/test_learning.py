"""Better models read from the next mail on, worse ones are refused, and the one before can return."""

import pytest

from cadence.core.errors import Conflict
from cadence.core.replies import Category
from cadence.mail.intent.learner import Lesson
from cadence.mail.intent.model import shipped, version_of
from cadence.service import correcting, learning
from cadence.service.lessons import Book, lessons_of, shipped_book
from cadence.service.models import Models
from cadence.store import corrections, inbound, models
from tests.service.fakes import reply

DANA = "dana@lost.example"
SHELF = (
    "Moved to the frobnitz shelf.",
    "It sits on the frobnitz shelf.",
    "Frobnitz shelf it is, as they say here.",
    "They put you on the frobnitz shelf with the rest.",
    "The frobnitz shelf, as ever.",
    "Our board likes the frobnitz shelf.",
    "You are on the frobnitz shelf with us.",
    "We keep it on the frobnitz shelf.",
    "Best I can do is the frobnitz shelf.",
    "Legal says frobnitz shelf.",
    "That is one for the frobnitz shelf.",
    "Ask the lady with the keys to the frobnitz shelf.",
)
SHIPPED = [
    Lesson("Please take me off your list.", Category.UNSUBSCRIBE),
    Lesson("Thanks, and all the best to your team!", Category.ACKNOWLEDGEMENT),
    Lesson("You were simply too expensive for us.", Category.FEEDBACK),
]
BOOK = Book(SHIPPED, [Lesson("Please take me off the list, thanks.", Category.UNSUBSCRIBE)])


async def corrected(world, category="not_now", texts=SHELF):
    """Dana answers some times, and each answer is corrected."""
    await world.enroll()
    await world.after(hours=2)
    for number, text in enumerate(texts):
        to = world.sent[0].raw
        await world.arrives(reply(text, to=to, sender=DANA, at=world.now, number=number))
        async with world.app.db.read() as tx:
            newest = (await inbound.latest(tx, 1))[0]
        await correcting.correct(world.app, newest.id, category)


async def reads(world):
    return version_of(await world.app.models.in_use(world.app.db))


async def test_what_was_learnt_reads_the_next_mail_in_every_process(world):
    await corrected(world)
    report = await learning.learn(world.app, book=BOOK)
    assert (report.refusal, report.before) == (None, version_of(shipped()))
    world.app.models = Models()  # as another process begins
    assert await reads(world) == report.after != report.before
    await world.arrives(
        reply("To the frobnitz shelf.", to=world.sent[0].raw, sender=DANA, at=world.now, number=77)
    )
    async with world.app.db.read() as tx:
        newest = (await inbound.latest(tx, 1))[0]
    assert (newest.category, newest.verdict["model"]) == ("not_now", report.after)


async def test_some_corrections_are_held_back_and_only_measured(world):
    await corrected(world)
    report = await learning.learn(world.app, book=BOOK)
    assert report.corrections + report.held_back.before.replies == len(SHELF)
    assert report.held_back.before.replies > 0
    async with world.app.db.read() as tx:
        to_learn, held_back = lessons_of(await corrections.newest(tx))
    assert not {one.text for one in to_learn} & {one.text for one in held_back}
    assert report.held_back.after.right >= report.held_back.before.right


async def test_the_model_before_comes_back_and_none_is_lost(world):
    await corrected(world)
    report = await learning.learn(world.app, book=BOOK)
    assert await learning.back(world.app) == report.before == await reads(world)
    told = await learning.versions(world.app)
    assert [(one["version"], one["reads"]) for one in told] == [(report.before, True), (report.after, False)]
    with pytest.raises(Conflict, match="shipped"):
        await learning.back(world.app)
    await learning.learn(world.app, book=BOOK)
    assert await reads(world) == report.after  # the same corrections give the same model


async def test_a_worse_model_is_refused_with_its_figures_and_the_one_before_reads_on(world):
    await corrected(world)
    first = await learning.learn(world.app, book=BOOK)
    async with world.app.db.read() as tx:
        rows = await inbound.latest(tx, len(SHELF))
    for row in rows:
        await correcting.correct(world.app, row.id, "interested")
    house = Book(SHIPPED, [Lesson(text, Category.NOT_NOW) for text in SHELF])
    report = await learning.learn(world.app, book=house)
    assert report.unseen.before.acted_right > 0
    assert report.refusal is not None
    assert report.refusal.startswith("of the unseen replies, ")
    assert await reads(world) == report.before == first.after


async def test_a_dry_run_changes_nothing(world):
    await corrected(world)
    assert (await learning.learn(world.app, book=BOOK, dry_run=True)).refusal is None
    assert await reads(world) == version_of(shipped())


async def test_learning_the_same_again_is_said(world):
    await corrected(world)
    await learning.learn(world.app, book=BOOK)
    assert (await learning.learn(world.app, book=BOOK)).refusal == "nothing has changed since it was made"


async def test_without_corrections_there_is_nothing_to_learn(world):
    with pytest.raises(Conflict, match="no reply was corrected"):
        await learning.learn(world.app, book=BOOK)


async def test_a_model_of_an_earlier_version_waits(world):
    async with world.app.db.write() as tx:
        await models.add(tx, version="0" * 12, base="1" * 12, packed=b"", report={}, now=world.now)
    assert await reads(world) == version_of(shipped())


async def test_the_shipped_replies_are_there_to_learn_from():
    book = shipped_book()
    assert len(book.shipped) > 3_000
    assert len(book.unseen) > 500
    assert not {one.text for one in book.shipped} & {one.text for one in book.unseen}

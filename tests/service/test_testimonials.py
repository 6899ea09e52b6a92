"""A letter from a referred company: whoever named them is thanked with a copy, after a yes."""

from email import message_from_bytes

import pytest

from cadence.content.files import read_snapshot
from cadence.core.errors import Conflict, InvalidInput
from cadence.core.model import TaskKind
from cadence.core.people import CONSOLE
from cadence.service import answering, enrolling, publishing, referring, testimonials
from cadence.service.referring import Choice
from cadence.service.testimonials import Copy
from cadence.store import tasks
from tests.content.test_shipped import TEMPLATES
from tests.service.conftest import SEQUENCE, World, write_sequence
from tests.service.fakes import reply

LETTER = Copy("letter.pdf", b"%PDF-1.4 made up")


@pytest.fixture
async def referred(world: World) -> tuple[World, int]:
    """Dana named Kim, who is enrolled for a deal of her own; that deal's id."""
    write_sequence(world.templates, SEQUENCE.replace('"lost"', '"referral"'), "referral")
    for path, content in read_snapshot(TEMPLATES, "referral").items():
        if path in ("_shared/referrers.md.j2", "_shared/macros.md.j2"):
            (world.templates / path).write_bytes(content)
    await publishing.publish(world.app, world.templates, "referral")
    await world.enroll(first_name="Dana", last_name="Doe")
    await world.after(hours=2)
    words = "You should talk to Kim Sample <kim@other.example>, they are looking for something like this."
    await world.arrives(
        reply(words, to=world.sent[0].raw, sender="dana@lost.example", at=world.now, number=1)
    )
    (one,) = await referring.show(world.app)
    made = await referring.enroll(world.app, CONSOLE, one["id"], Choice())
    return world, made.deal_id


async def drafts(world: World) -> list[int]:
    async with world.app.db.read() as tx:
        return [task.id for task in await tasks.opened(tx) if task.kind == TaskKind.APPROVE_DRAFT]


async def test_whoever_named_them_gets_a_copy_after_a_yes(referred: tuple[World, int]) -> None:
    world, deal_id = referred
    done = await testimonials.keep(world.app, CONSOLE, deal_id, LETTER)
    assert (done.drafted, done.refused) == (("dana@lost.example",), {})
    await world.after(days=6)
    assert not [mail for mail in world.sent if b"letter.pdf" in mail.raw]
    (draft,) = await drafts(world)
    await answering.answer(world.app, draft, "yes")
    await world.after(days=2)
    mail = message_from_bytes(next(mail for mail in world.sent if b"letter.pdf" in mail.raw).raw)
    assert (mail["To"], mail["Subject"]) == (
        "Dana Doe <dana@lost.example>",
        "What became of your recommendation",
    )
    parts = list(mail.walk())
    assert parts[-1].get_payload(decode=True) == LETTER.content
    assert b"It was you who named other.example to us." in parts[2].get_payload(decode=True)


async def test_without_somebody_to_thank_nothing_is_drafted(referred: tuple[World, int]) -> None:
    world, deal_id = referred
    async with world.app.db.read() as tx:
        (dana,) = await enrolling.of_address(tx, "dana@lost.example")
    with pytest.raises(Conflict, match="nobody to thank"):
        await testimonials.keep(world.app, CONSOLE, dana.deal_id, LETTER)
    await enrolling.opt_out(world.app, dana.id, "a test")
    with pytest.raises(Conflict, match="nobody to thank"):
        await testimonials.keep(world.app, CONSOLE, deal_id, LETTER)


@pytest.mark.parametrize(
    "letter", [Copy("letter.pdf", b""), Copy("a/b.pdf", b"x"), Copy("words.md.j2", b"x"), Copy(".x", b"x")]
)
async def test_what_no_mail_can_carry_is_refused(referred: tuple[World, int], letter: Copy) -> None:
    world, deal_id = referred
    with pytest.raises(InvalidInput):
        await testimonials.keep(world.app, CONSOLE, deal_id, letter)

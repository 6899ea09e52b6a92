"""Whoever may not be written to any more, by the law of their country, is not; and it is told why."""

from datetime import date

import pytest

from cadence.core.errors import Conflict, InvalidInput, NotFound
from cadence.core.legal import Basis, Ground
from cadence.core.people import CONSOLE
from cadence.service import grounds, reporting
from cadence.store import tasks

DANA = "dana@lost.example"
CONSENT = Ground(Basis.CONSENT, "the form of our web site", date(2026, 3, 1))


async def ground(world):
    return (await reporting.why(world.app, DANA))["enrollments"][0]["ground"]


async def held(world):
    async with world.app.db.read() as tx:
        return [row.text for row in await tasks.opened(tx) if row.kind == "held"]


async def test_a_lost_deal_is_the_ground_unless_another_is_named(world):
    await world.enroll(DANA, country="DE")
    told = await ground(world)
    assert (told["basis"], told["since"], told["law"]) == ("negotiation", "2026-03-03", "UWG § 7(3)")
    assert (told["until"], told["missing"]) == (None, None)
    await world.enroll("lee@lost.example", country="DE", ground=CONSENT)
    named = (await reporting.why(world.app, "lee@lost.example"))["enrollments"][0]["ground"]
    assert (named["basis"], named["source"]) == ("consent", "the form of our web site")


async def test_once_the_ground_has_ended_mails_are_held_until_another_is_named(world):
    asked = Ground(Basis.NEGOTIATION, "they asked for a price", date(2025, 10, 15))
    await world.enroll(DANA, country="CA", ground=asked)
    for _ in range(9):
        await world.after(days=10)
    assert len(world.sent) == 2  # the question and the offer; the first story would be after six months
    (told,) = await held(world)
    assert "the ground to write to them ended on 2026-04-15: negotiation since 2025-10-15 (CASL" in told
    assert (await ground(world))["missing"] in told
    await grounds.record(world.app, CONSOLE, DANA, CONSENT)
    assert await held(world) == []
    await world.after(days=1)
    assert len(world.sent) == 3
    assert (await ground(world))["missing"] is None


async def test_where_the_law_lets_nobody_write_they_are_not_let_in(world):
    interest = Ground(Basis.LEGITIMATE_INTEREST, "a trade fair", date(2026, 3, 1))
    with pytest.raises(Conflict, match="legitimate interest is no ground for mail in DE: UWG"):
        await world.enroll(DANA, country="DE", ground=interest)
    with pytest.raises(Conflict, match="ended on 2026-05-01"):
        world.now = world.now.replace(month=6)
        await world.enroll(DANA, ground=Ground(Basis.CONSENT, "x", date(2026, 3, 1), date(2026, 5, 1)))
    await world.enroll(DANA, country="DE", ground=CONSENT)


async def test_a_new_deal_leaves_the_ground_that_was_named(world):
    await world.enroll(DANA, ground=CONSENT)
    await grounds.record(world.app, CONSOLE, DANA, None)
    assert (await ground(world))["basis"] == "negotiation"
    await grounds.record(world.app, CONSOLE, DANA, CONSENT)
    await world.enroll("lee@lost.example")
    assert (await ground(world))["basis"] == "consent"


async def test_a_ground_that_cannot_be_right_is_refused(world):
    with pytest.raises(NotFound, match="ever enrolled"):
        await grounds.record(world.app, CONSOLE, DANA, CONSENT)
    await world.enroll(DANA)
    for wrong, says in (
        (Ground(Basis.CONSENT, "x", date(2027, 1, 1)), "in the future"),
        (Ground(Basis.CONSENT, "x", date(2026, 3, 1), date(2026, 2, 1)), "before it begins"),
    ):
        with pytest.raises(InvalidInput, match=says):
            await grounds.record(world.app, CONSOLE, DANA, wrong)

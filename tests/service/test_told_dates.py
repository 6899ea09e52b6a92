"""What a reply tells of a contract is kept once, where the deal knows nothing of it, and plans mails."""

from datetime import date, timedelta

import pytest

from cadence.core.people import CONSOLE
from cadence.service import deal_dates, told_dates
from cadence.store import deals, events
from tests.service.fakes import reply
from tests.service.test_deal_dates import DANA, DUE, END, anchored, say, the

__all__ = ["anchored"]

TELLS = "Honestly, your price was too high for us. Our contract with them runs until 31 January 2027."


async def kept(world, enrollment):
    async with world.app.db.read() as tx:
        return (await deals.get(tx, enrollment.deal_id)).competitor_contract_end


async def answers(world, words):
    await world.arrives(reply(words, to=world.sent[0].raw, sender=DANA, at=world.now))


async def look(world):
    return (await told_dates.look_after(world.app))["contract_ends"]


@pytest.fixture
async def enrollment(anchored):
    """Somebody who got the first mail."""
    enrollment = await anchored.enroll()
    await anchored.after(hours=3)
    return enrollment


async def test_the_end_that_a_reply_tells_is_kept_and_plans_what_hangs_on_it(anchored, enrollment):
    await answers(anchored, TELLS)
    assert await look(anchored) == 1
    assert await kept(anchored, enrollment) == END
    mail = await the(anchored, enrollment)
    assert mail.due_at == DUE
    async with anchored.app.db.read() as tx:
        rows = [
            row for row in await events.of_prospect(tx, enrollment.prospect_id) if row.kind == told_dates.KIND
        ]
    assert [row.why for row in rows] == [f"their contract ends on {END}, as {DANA} wrote"]


async def test_what_somebody_said_of_the_deal_is_not_written_over(anchored, enrollment):
    await say(anchored, enrollment, competitor_contract_end=date(2028, 1, 1))
    await answers(anchored, TELLS)
    assert await look(anchored) == 0
    assert await kept(anchored, enrollment) == date(2028, 1, 1)


async def test_a_reply_is_heeded_once_so_that_a_date_can_be_taken_back(anchored, enrollment):
    await answers(anchored, TELLS)
    await look(anchored)
    await deal_dates.say(anchored.app, CONSOLE, enrollment.deal_id, {"competitor_contract_end": None})
    assert await look(anchored) == 0
    assert await kept(anchored, enrollment) is None


async def test_a_reply_that_was_read_long_ago_is_not_looked_at(anchored, enrollment):
    await answers(anchored, TELLS)
    anchored.now += told_dates.RECENT + timedelta(minutes=1)
    assert await look(anchored) == 0


async def test_a_reply_without_a_contract_tells_nothing(anchored, enrollment):
    await answers(anchored, "Thanks, we are fine.")
    assert await look(anchored) == 0
    assert await kept(anchored, enrollment) is None

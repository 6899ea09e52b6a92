"""A person who changes company is followed: both ends are suggested, nothing is sent without a yes."""

import pytest

from cadence.core.errors import Conflict
from cadence.core.model import TaskKind
from cadence.core.people import CONSOLE
from cadence.service import referring
from cadence.service.referring import Choice
from cadence.store import events, prospects, tasks
from tests.service.conftest import World
from tests.service.fakes import reply

MOVED = "I've moved to Fernhill Foods. My new address is dana@fernhill.example."


async def says(world: World, words: str, number: int = 1) -> None:
    raw = reply(words, to=world.sent[0].raw, sender="dana@lost.example", at=world.now, number=number)
    await world.arrives(raw)


@pytest.fixture
async def moved(world: World) -> World:
    """Dana, in two sequences' reach, answers the first mail from where she used to be."""
    await world.enroll(first_name="Dana", language="de")
    await world.after(hours=2)
    await says(world, MOVED)
    return world


async def suggested(world: World) -> dict[str, dict[str, object]]:
    return {one["kind"]: one for one in await referring.show(world.app)}


async def test_the_new_place_and_the_old_seat_are_suggested(moved: World) -> None:
    found = await suggested(moved)
    assert set(found) == {"moved", "old_seat"}
    assert (found["moved"]["email"], found["moved"]["company"]) == ("dana@fernhill.example", "Fernhill Foods")
    assert found["old_seat"]["by"]["company"] == "Lost Inc."  # type: ignore[index]
    async with moved.app.db.read() as tx:
        (task,) = await tasks.opened(tx)
    assert task.kind == TaskKind.SUCCESSOR
    assert "dana@fernhill.example Fernhill Foods" in task.text.replace("<", "").replace(">", "")


async def test_nothing_more_is_sent_to_either_address_before_a_yes(moved: World) -> None:
    await moved.after(days=30)
    assert [mail.recipient for mail in moved.sent] == ["dana@lost.example"]
    with pytest.raises(Conflict, match="or they have moved"):
        await moved.enroll(sequence="lost")


async def test_a_named_successor_takes_the_place_of_the_empty_seat(world: World) -> None:
    await world.enroll(first_name="Dana")
    await world.after(hours=2)
    await says(world, f"{MOVED} My successor is Kim Sample <kim@lost.example>.")
    found = await suggested(world)
    assert set(found) == {"moved", "successor"}
    assert found["successor"]["email"] == "kim@lost.example"


async def test_after_a_yes_they_are_written_to_there_and_both_pages_tell_of_each_other(moved: World) -> None:
    one = (await suggested(moved))["moved"]
    made = await referring.enroll(moved.app, CONSOLE, int(str(one["id"])), Choice(sequence="lost"))
    await moved.after(hours=2)
    assert [mail.recipient for mail in moved.sent] == ["dana@lost.example", "dana@fernhill.example"]
    async with moved.app.db.read() as tx:
        there = await prospects.get(tx, made.prospect_id)
        before = [row.why for row in await events.of_prospect(tx, 1) if row.kind == "prospect.moved"]
        now = [row.why for row in await events.of_prospect(tx, there.id) if row.kind == "prospect.moved"]
        account = await prospects.get_account(tx, there.account_id)
    assert (there.language, account.name) == ("de", "Fernhill Foods")
    assert before == ["is dana@fernhill.example now"]
    assert now == ["was dana@lost.example at Lost Inc.: what happened before is there"]


async def test_an_opt_out_follows_them_wherever_it_is_said(moved: World) -> None:
    await says(moved, "Please take me off your mailing list.", number=2)
    with pytest.raises(Conflict, match="is suppressed"):
        await moved.enroll("dana@fernhill.example", company="Fernhill Foods")
    one = (await referring.show(moved.app, every=True))[0]
    with pytest.raises(Conflict, match="asked for no more mail"):
        await referring.enroll(moved.app, CONSOLE, one["id"], Choice(sequence="lost"))


async def test_whoever_moves_and_wants_no_more_mail_is_suggested_nowhere(world: World) -> None:
    await world.enroll(first_name="Dana")
    await world.after(hours=2)
    await says(world, f"{MOVED} But please stop mailing me.")
    assert await referring.show(world.app, every=True) == []
    with pytest.raises(Conflict, match="is suppressed"):
        await world.enroll("dana@fernhill.example", company="Fernhill Foods")

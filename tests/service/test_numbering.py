"""The numbers of an API's mails, kept in the database: never given twice, whoever looks at the same time."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from cadence.mail.numbering import FIRST_VALIDITY, Feed
from cadence.service import connecting
from cadence.service.numbering import Kept
from cadence.store import mailboxes
from cadence.store.mailboxes import Cursor
from tests.service.conftest import World


@pytest.fixture
async def kept(world: World) -> AsyncIterator[tuple[Kept, int, World]]:
    mailbox = await connecting.find(world.app, "rep@vendor.test")
    yield Kept(world.app.db, mailbox.id), mailbox.id, world


async def test_what_two_looks_find_at_once_is_numbered_once(kept: tuple[Kept, int, World]) -> None:
    numbers, _, _ = kept
    await numbers.advance("INBOX", Feed(), ["a"], "10")
    seen = await numbers.feed("INBOX")
    await asyncio.gather(*(numbers.advance("INBOX", seen, ["b", "c"], "12") for _ in range(4)))
    assert await numbers.waiting("INBOX", 0) == {1: "a", 2: "b", 3: "c"}
    assert await numbers.feed("INBOX") == Feed(FIRST_VALIDITY, "12", 4)
    assert await numbers.waiting("INBOX", 2) == {3: "c"}


async def test_what_was_dealt_with_is_forgotten_and_numbers_go_on(kept: tuple[Kept, int, World]) -> None:
    numbers, mailbox_id, world = kept
    await numbers.advance("INBOX", Feed(), ["a", "b"], "10")
    async with world.app.db.write() as tx:
        await mailboxes.move_cursor(tx, mailbox_id, "INBOX", Cursor(FIRST_VALIDITY, 1))
    await numbers.advance("INBOX", await numbers.feed("INBOX"), ["c"], "11")
    assert await numbers.waiting("INBOX", 0) == {2: "b", 3: "c"}


async def test_a_lost_position_voids_all_numbers(kept: tuple[Kept, int, World]) -> None:
    numbers, _, _ = kept
    await numbers.advance("INBOX", Feed(), ["a"], "10")
    await numbers.advance("INBOX", await numbers.feed("INBOX"), [], None)
    assert await numbers.feed("INBOX") == Feed(FIRST_VALIDITY + 1, None, 1)
    assert await numbers.waiting("INBOX", 0) == {}
    await numbers.advance("INBOX", await numbers.feed("INBOX"), ["a"], "20")
    assert await numbers.waiting("INBOX", 0) == {1: "a"}

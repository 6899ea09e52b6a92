"""Lost deals are found by words, by reason and in parts, whether those who have the words are few or many."""

from datetime import UTC, datetime

import pytest

from cadence.core.people import Role, User
from cadence.store import deal_lists
from tests.service.conftest import World

ANYBODY = User(1, "alex@vendor.test", "Alex", Role.ADMINISTRATOR, "", "UTC", datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("few", [0, 4000])
async def test_deals_are_found_by_words_beyond_the_newest(
    world: World, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(deal_lists, "NEAR", 1)
    monkeypatch.setattr(deal_lists, "FEW", few)
    for number, company in enumerate(("Larch", "Larch", "Larch", "Maple"), 1):
        why = {"reason": "price" if number == 1 else "timing"}
        await world.enroll(f"p{number}@{company}.example", company=company, deal_name=f"D{number}", deal=why)

    async def names(text: str, *, reason: str = "", before: int | None = None) -> list[str]:
        async with world.app.db.read() as tx:
            found = await deal_lists.page(tx, ANYBODY, text=text, reason=reason, before=before, limit=10)
        return [row.name for row in found]

    assert await names("larch") == ["D3", "D2", "D1"]
    assert await names("larch", reason="price") == ["D1"]
    assert await names("larch", before=3) == ["D2", "D1"]
    assert await names("oak") == []

"""What a CRM is told, what it is not told again, and what a person decides."""

from dataclasses import replace
from datetime import date

import pytest

from cadence.core.errors import Conflict
from cadence.core.people import CONSOLE
from cadence.service import amending, crm_connecting, deal_dates, forgetting
from cadence.store import crm_writes, deals
from tests.servers.crm_api import Person
from tests.service.crm import Sold, sold
from tests.service.fakes import reply

__all__ = ["sold"]


# --- told ---


async def test_how_a_deal_stands_is_told_and_not_told_again(sold: Sold) -> None:
    await sold.set_up(
        rule=[{"sequence": "lost", "start": "enroll"}],
        write={"status": "win_back", "next_touch": "next", "told_reason": "why", "told_words": "words"},
    )
    further = ("next", "why", "words")
    sold.crm.fields += [replace(sold.crm.fields[0], name=name, label=name) for name in further]
    await sold.lose()
    assert sold.field("win_back") == "being written to"
    assert sold.field("next") == "2026-03-03"

    await sold.world.after(hours=2)
    raw = reply(
        "It was too expensive for us.", to=sold.world.sent[-1].raw, sender="dana@lost.test", at=sold.world.now
    )
    await sold.world.arrives(raw)
    await sold.visit()

    assert sold.field("win_back") == "told us why"
    assert (sold.field("why"), sold.field("words")) == ("price", "It was too expensive for us.")
    [note] = sold.crm.notes_of("41")
    assert "It was too expensive for us." in note
    before = len([one for one in sold.crm.asked if one.method in ("PATCH", "PUT")])
    for _ in range(3):
        assert "written" not in await sold.visit()
    assert len([one for one in sold.crm.asked if one.method in ("PATCH", "PUT")]) == before


async def test_what_was_written_comes_back_as_no_news(sold: Sold) -> None:
    await sold.lose()
    changed = sold.crm.sales["41"].changed_at
    assert sold.field("win_back")

    assert await sold.visit() == {"refresh": 1}
    for _ in range(5):
        assert await sold.visit() == {}
    assert sold.crm.sales["41"].changed_at == changed


async def test_what_somebody_typed_over_is_not_overwritten_but_asked_about(sold: Sold) -> None:
    await sold.set_up(rule=[{"sequence": "lost", "start": "enroll"}], write={"status": "win_back"})
    await sold.lose()
    sold.crm.now = sold.world.now
    sold.crm.set("41", win_back="call them on Friday")
    await sold.visit()
    assert await sold.conflicts() == {}  # only they changed it
    sold.crm.now = sold.world.now
    await sold.world.after(hours=2)
    answer = reply("Not interested.", to=sold.world.sent[-1].raw, sender="dana@lost.test", at=sold.world.now)
    await sold.world.arrives(answer)
    await sold.visit()

    assert sold.field("win_back") == "call them on Friday"
    [(ours, theirs)] = (await sold.conflicts()).values()
    assert theirs == "call them on Friday"
    await sold.visit()
    assert len(await sold.conflicts()) == 1
    async with sold.app.db.read() as tx:
        [asked] = await crm_writes.conflicts(tx, sold.id)
    await crm_connecting.decide(sold.app, sold.visitor, sold.id, asked.id, ours=True)
    await sold.visit()
    assert (sold.field("win_back"), await sold.conflicts()) == (ours, {})
    with pytest.raises(Conflict):
        await crm_connecting.decide(sold.app, sold.visitor, sold.id, asked.id, ours=False)


@pytest.mark.parametrize("ours", [True, False])
async def test_a_fact_that_both_sides_changed_is_decided_by_a_person(sold: Sold, ours: bool) -> None:
    await sold.lose(reason="Price")
    async with sold.app.db.write() as tx:
        await deals.change(tx, [(await sold.deal()).id], reason="They never liked us")
    sold.crm.now = sold.world.now
    sold.crm.set("41", **{sold.crm.reason: "Features"})
    await sold.visit()

    assert await sold.conflicts() == {"reason": ("They never liked us", "Features")}
    assert (await sold.deal()).reason == "They never liked us"
    async with sold.app.db.read() as tx:
        [asked] = await crm_writes.conflicts(tx, sold.id)
    await crm_connecting.decide(sold.app, sold.visitor, sold.id, asked.id, ours=ours)
    await sold.visit()
    assert (await sold.deal()).reason == ("They never liked us" if ours else "Features")
    assert sold.field(sold.crm.reason) == "Features"  # it is read, and not written
    assert await sold.conflicts() == {}


async def test_a_fact_that_only_changed_there_is_taken_over(sold: Sold) -> None:
    await sold.set_up(read={"reason": sold.crm.reason, "competitor": "rival"}, reasons={"Too dear": "price"})
    await sold.lose(reason="too DEAR")
    assert (await sold.deal()).reason == "price"
    sold.crm.now = sold.world.now
    sold.crm.set("41", rival="Rival Ltd")
    await sold.visit()

    assert (await sold.deal()).competitor == "Rival Ltd"
    assert await sold.conflicts() == {}


async def test_a_fact_that_changed_here_goes_there_where_it_is_to_be_written(sold: Sold) -> None:
    both = {"competitor": "rival", "competitor_contract_end": "ends"}
    sold.crm.fields.append(replace(sold.crm.fields[0], name="ends", label="Ends"))
    await sold.set_up(read=both, write=both)
    await sold.lose()
    sold.crm.now = sold.world.now
    sold.crm.set("41", rival="Rival Ltd")
    await sold.visit()
    deal = await sold.deal()
    assert deal.competitor == "Rival Ltd"

    await amending.deal(sold.app, sold.visitor, deal.id, {"competitor": "Other Ltd"}, unchanged="*")
    ends = {"competitor_contract_end": date(2028, 3, 31)}
    await deal_dates.say(sold.app, sold.visitor.actor, deal.id, ends)
    await sold.visit()

    assert (sold.field("rival"), sold.field("ends")) == ("Other Ltd", "2028-03-31")
    await sold.visit()
    assert (await sold.deal()).competitor == "Other Ltd"
    assert await sold.conflicts() == {}


async def test_what_a_crm_told_of_somebody_who_was_erased_is_gone(sold: Sold) -> None:
    await sold.lose(name="Scanners for dana@lost.test", people=(Person("dana@lost.test", "Dana", "Doleful"),))
    async with sold.app.db.write() as tx:
        about = {"ours": "Dana Doleful said so", "theirs": "ask dana@lost.test"}
        await crm_writes.conflict(tx, sold.id, "41", "reason", **about, now=sold.world.now)
    await forgetting.forget(sold.app, CONSOLE, "dana@lost.test")

    assert "dana" not in str(await sold.row()).lower()
    assert "doleful" not in str(await sold.conflicts()).lower()
    assert "dana@" not in str(await sold.conflicts())
    sold.crm.now = sold.world.now
    sold.crm.set("41", rival="Rival Ltd")
    await sold.visit()
    assert "dana@lost.test" not in await sold.stand()

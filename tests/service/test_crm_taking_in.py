"""Deals of a CRM that are lost, open again or won: what follows here, however often they come."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from cadence.core.crm import DealState
from cadence.core.crm_setup import setup_of
from cadence.core.errors import NotFound, Unauthenticated
from cadence.service import crm_connecting, crm_taking_in, crm_visiting
from cadence.store.prospects import suppress
from tests.servers.crm_api import Person, Sale
from tests.service.crm import Sold, sold

__all__ = ["sold"]

URL = "https://cadence.vendor.test/hooks/crm/1"


# --- lost ---


async def test_a_lost_deal_waits_for_its_reps_yes_unless_a_rule_says_otherwise(sold: Sold) -> None:
    assert await sold.lose(reason="Too expensive") == {"begin": 1, "written": 1}

    assert await sold.stand() == {"dana@lost.test": "paused"}
    assert await sold.tasks() == ["confirm_enrollment"]
    deal = await sold.deal()
    assert (deal.name, deal.reason, deal.amount) == ("Warehouse scanners", "Too expensive", "48,000 EUR")
    assert (await sold.row()).said == "1 wait for a yes"


async def test_a_rule_that_fits_enrolls_at_once(sold: Sold) -> None:
    await sold.set_up(
        rule=[
            {"sequence": "lost", "start": "skip", "amount_to": 1000},
            {"sequence": "lost", "start": "enroll", "pipeline": "Sales"},
        ]
    )
    await sold.lose("41")
    await sold.lose("42", amount=Decimal(999), people=(Person("kim@small.test"),))
    await sold.lose("43", pipeline="Renewals", people=(Person("lee@other.test"),), firm=None)

    assert await sold.stand() == {"dana@lost.test": "active"}
    assert (await sold.row("42")).said == "left alone, as a rule says"
    assert "closed-lost" in (await sold.row("43")).fault  # the default, which is not published here


async def test_a_deal_that_is_handed_in_twice_is_enrolled_once(sold: Sold) -> None:
    await sold.lose()
    notice = sold.crm.notice(["41"], URL)
    for _ in range(2):
        await crm_connecting.take_notice(sold.app, sold.id, notice)
        await sold.visit()
    sold.crm.set("41", rival="Rival Ltd")
    await sold.visit()

    assert await sold.stand() == {"dana@lost.test": "paused"}
    assert await sold.tasks() == ["confirm_enrollment"]


async def test_several_who_take_a_deal_in_at_once_enroll_it_once(sold: Sold) -> None:
    sold.crm.lose("41")
    connection = await crm_connecting.known(sold.app, sold.visitor, sold.id)
    setup = setup_of(connection.setup)
    [deal] = await sold.crm.connector().deals(["41"], setup.fields)

    takers = (crm_taking_in.take_in(sold.app, connection, setup, deal, None) for _ in range(4))
    assert await asyncio.gather(*takers) == ["begin"] * 4

    assert await sold.stand() == {"dana@lost.test": "paused"}
    assert await sold.tasks() == ["confirm_enrollment"]


async def test_a_webhook_is_followed_by_a_visit_at_once(sold: Sold) -> None:
    await sold.visit()
    sold.crm.lose("41")
    sold.crm.moods.clear()

    assert await crm_connecting.take_notice(sold.app, sold.id, sold.crm.notice(["41"], URL)) == 1
    assert (await crm_visiting.look_after(sold.app))["begin"] == 1
    with pytest.raises(Unauthenticated):
        await crm_connecting.take_notice(sold.app, sold.id, sold.crm.notice(["41"], URL, "another"))
    with pytest.raises(NotFound):
        await crm_connecting.take_notice(sold.app, 77, sold.crm.notice(["41"], URL))


async def test_deals_that_were_lost_before_the_crm_was_connected_are_left_alone(sold: Sold) -> None:
    long_ago = sold.world.now - timedelta(days=400)
    sold.crm.put(Sale("40", state=DealState.LOST, closed_at=long_ago))

    assert await sold.visit() == {"leave": 1}
    assert await sold.stand() == {}


async def test_open_and_won_deals_that_never_were_lost_are_left_alone(sold: Sold) -> None:
    sold.crm.put(Sale("41"))
    sold.crm.put(Sale("42", state=DealState.WON, closed_at=sold.crm.now))

    assert await sold.visit() == {"leave": 2}
    assert await sold.visit() == {}  # and not read again
    assert await sold.stand() == {}


async def test_one_deals_fault_is_shown_and_does_not_stop_the_others(sold: Sold) -> None:
    sold.crm.lose("41", people=())
    sold.crm.lose("42", broken=True)
    sold.crm.lose("43", owner="nobody@vendor.test", people=(Person("kim@other.test"),))
    sold.crm.lose("44", people=(Person("lee@fine.test"),))

    assert await sold.visit() == {"fault": 3, "begin": 1, "written": 1}
    assert await sold.stand() == {"lee@fine.test": "paused"}
    assert "address" in (await sold.row("41")).fault
    assert "has no mailbox here" in (await sold.row("43")).fault
    assert (await sold.connection()).fault is None

    await sold.set_up(sender="rep@vendor.test")  # whoever changes the rules has the faults looked at again
    await sold.visit()
    assert "kim@other.test" in await sold.stand()
    assert (await sold.row("43")).fault is None


async def test_somebody_who_must_not_be_written_to_is_not_enrolled_because_a_crm_says_so(sold: Sold) -> None:
    async with sold.app.db.write() as tx:
        about = {"reason": "asked on the phone", "source": "a person"}
        await suppress(tx, "dana@lost.test", now=sold.world.now, **about)
    await sold.lose()

    assert await sold.stand() == {}
    assert "1 refused" in (await sold.row()).said


async def test_a_contact_who_is_added_later_is_let_in_as_the_others_were(sold: Sold) -> None:
    await sold.lose()
    known = sold.crm.sales["41"]
    sold.crm.put(replace(known, people=(*known.people, Person("lee@lost.test", "Lee"))))
    await sold.visit()

    assert await sold.stand() == {"dana@lost.test": "paused", "lee@lost.test": "paused"}


# --- open again, won ---


async def test_a_deal_that_is_open_again_there_stops_everything_here(sold: Sold) -> None:
    await sold.lose()
    sold.crm.now = sold.world.now
    sold.crm.reopen("41")

    assert (await sold.visit())["stop"] == 1
    assert await sold.stand() == {"dana@lost.test": "stopped"}
    assert await sold.tasks() == []
    assert await sold.visit() == {"leave": 1}
    assert await sold.visit() == {}


async def test_a_deal_that_is_lost_again_enrolls_nobody_a_second_time(sold: Sold) -> None:
    await sold.lose()
    sold.crm.now = sold.world.now
    sold.crm.reopen("41")
    await sold.visit()
    await sold.set_up(rule=[{"sequence": "lost", "start": "enroll", "pipeline": "Sales"}])

    assert (await sold.lose())["begin"] == 1
    assert await sold.stand() == {"dana@lost.test": "stopped"}
    assert (await sold.row()).said == "1 known before"


async def test_a_deal_that_is_won_there_counts_as_won_back_here(sold: Sold) -> None:
    await sold.lose()
    sold.crm.now = sold.world.now
    sold.crm.win("41")

    assert (await sold.visit())["win"] == 1
    assert await sold.stand() == {"dana@lost.test": "stopped"}
    assert sold.field("win_back") == "won back"
    sold.crm.now = sold.world.now
    sold.crm.reopen("41")
    await sold.visit()
    assert sold.field("win_back") == "nothing more is sent"

"""CRMs that fail, that let us in no more, and who may connect and change them."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from cadence.core.crm_setup import setup_of
from cadence.core.errors import CrmError, InvalidInput, NotFound
from cadence.core.people import Role
from cadence.core.rights import RIGHTS, Visitor
from cadence.service import crm_connecting, crm_showing
from cadence.service.crm_connecting import Wanted
from cadence.service.outside import Outside
from cadence.store import crm_writes
from cadence.store.tables import users
from tests.servers.crm_api import Person, Sale
from tests.servers.pipedrive_api import PipedriveApi
from tests.servers.web import Reply, Request
from tests.service.conftest import World
from tests.service.crm import Sold, connected, sold

__all__ = ["sold"]


# --- faults ---


async def test_a_grant_that_died_is_shown_and_told_and_nothing_is_lost(sold: Sold) -> None:
    good = sold.crm.token
    sold.crm.token = "another"
    await sold.lose()

    found = await sold.connection()
    assert (found.state, found.fault is not None, await sold.tasks()) == ("refused", True, ["crm_fault"])
    await sold.visit(minutes=16)
    assert await sold.tasks() == ["crm_fault"]
    with pytest.raises(CrmError):
        await crm_connecting.renew(sold.app, sold.visitor, sold.id, {"token": "wrong as well"})
    sold.crm.token = "a-new-one"
    await crm_connecting.renew(sold.app, sold.visitor, sold.id, sold.crm.secrets())
    await sold.visit()

    assert await sold.stand() == {"dana@lost.test": "paused"}
    assert ((await sold.connection()).state, "crm_fault" in await sold.tasks()) == ("active", False)
    assert good not in str(await sold.connection())


async def test_a_visit_that_breaks_off_is_gone_on_with(sold: Sold) -> None:
    for number in range(41, 46):
        sold.crm.lose(str(number), people=(Person(f"p{number}@lost.test"),))
    sold.crm.moods.extend(["", "", sold.crm.refusal(400, "no"), sold.crm.refusal(400, "no")])
    await sold.visit()
    assert (await sold.connection()).fault
    for _ in range(3):
        await sold.visit(minutes=5)

    assert len(await sold.stand()) == 5
    assert (await sold.connection()).fault is None


async def test_a_crm_that_asks_for_patience_is_left_alone_until_then(sold: Sold) -> None:
    await sold.visit()
    sold.crm.moods.append(sold.crm.refusal(429, "enough for today", Retry_After="7200"))
    await sold.visit()
    asked = len(sold.crm.asked)
    await sold.visit(minutes=90)
    assert len(sold.crm.asked) == asked
    await sold.visit(minutes=40)
    assert len(sold.crm.asked) > asked


async def test_a_field_that_cannot_be_written_fails_alone_and_is_shown(sold: Sold) -> None:
    await sold.set_up(write={"status": "age"})
    await sold.lose()

    async with sold.app.db.read() as tx:
        [failed] = await crm_writes.failed(tx, sold.id, 10)
    assert (failed.remote_id, failed.next_at) == ("41", None)
    assert (await sold.connection()).fault is None
    await sold.set_up(write={"status": "win_back"})
    await crm_connecting.try_again(sold.app, sold.visitor, sold.id)
    await sold.visit()
    assert sold.field("win_back") == "waits for somebody's yes"


# --- who may, and what is refused ---


async def test_a_connection_is_tried_before_it_is_kept(sold: Sold) -> None:
    kind, url = sold.crm.kind.name, sold.crm.url
    wrong = dict.fromkeys(sold.crm.secrets(), "wrong")
    with pytest.raises(CrmError):
        await crm_connecting.connect(sold.app, sold.visitor, Wanted(kind, wrong, url=url))
    with pytest.raises(InvalidInput, match="not opened without"):
        await crm_connecting.connect(sold.app, sold.visitor, Wanted(kind, {}, url=url))
    sold.app.outside = Outside()
    for bad in (url, "ftp://crm.example", "https://user@crm.example"):
        with pytest.raises((InvalidInput, CrmError)):
            await crm_connecting.connect(sold.app, sold.visitor, Wanted(kind, wrong, url=bad))
    assert (await sold.connection()).id == sold.id


async def test_whoever_connected_it_and_may_no_more_is_followed_no_more(sold: Sold) -> None:
    async with sold.app.db.write() as tx:
        await tx.execute(users.update().values(role=Role.REP))
    await sold.lose()

    assert await sold.stand() == {}
    assert "may not look after CRMs" in (await sold.connection()).fault


async def test_what_is_paused_is_not_visited_and_goes_on_where_it_was(sold: Sold) -> None:
    await crm_connecting.switch(sold.app, sold.visitor, sold.id, on=False)
    assert await sold.lose() == {}
    await crm_connecting.switch(sold.app, sold.visitor, sold.id, on=True)
    await sold.visit()

    assert await sold.stand() == {"dana@lost.test": "paused"}


async def test_the_doctor_says_how_each_crm_stands_and_what_to_do(sold: Sold) -> None:
    async def said() -> tuple[str, str]:
        [check] = await crm_showing.checks(sold.app)
        return check.level.value, check.text

    assert (await said())[1].endswith("was not read yet")
    await sold.visit()
    assert (await said())[0] == "ok"
    sold.world.now += timedelta(hours=1)
    assert (await said())[0] == "warning"
    sold.crm.moods.extend([sold.crm.refusal(400, "no")] * 9)
    await sold.visit()
    assert "the last visit failed" in (await said())[1]
    sold.crm.moods.clear()
    sold.crm.token = "another"
    await sold.visit(hours=1)
    assert (await said())[0] == "fault"
    await crm_connecting.switch(sold.app, sold.visitor, sold.id, on=False)
    assert (await said())[0] == "warning"


async def test_a_manager_reaches_the_crms_of_their_team_alone(sold: Sold) -> None:
    def manager(team: str) -> Visitor:
        user = replace(sold.visitor.user, id=99, role=Role.MANAGER, team=team)
        return Visitor(user, RIGHTS[Role.MANAGER], "192.0.2.7")

    assert (await crm_connecting.known(sold.app, manager(""), sold.id)).id == sold.id
    for work in (
        crm_connecting.known(sold.app, manager("south"), sold.id),
        crm_connecting.remove(sold.app, manager("south"), sold.id),
        crm_connecting.set_up(sold.app, manager("south"), sold.id, {}),
        crm_connecting.try_again(sold.app, manager("south"), sold.id),
    ):
        with pytest.raises(NotFound):
            await work
    assert await crm_showing.overview(sold.app, manager("south")) == []


async def test_who_is_switched_off_during_a_visit_stays_off(
    sold: Sold, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = sold.crm.answer
    switched = []

    def slow(request: Request) -> Reply:
        switched.append(
            asyncio.ensure_future(crm_connecting.switch(sold.app, sold.visitor, sold.id, on=False))
        )
        return answer(request)

    monkeypatch.setattr(sold.crm, "answer", slow)
    sold.crm.delay = 0.05
    await sold.visit()
    await asyncio.gather(*switched)

    assert (await sold.connection()).state == "paused"


async def test_removing_a_connection_leaves_its_people(sold: Sold) -> None:
    await sold.lose()
    await crm_connecting.remove(sold.app, sold.visitor, sold.id)

    assert await sold.stand() == {"dana@lost.test": "paused"}
    with pytest.raises(NotFound):
        await crm_connecting.known(sold.app, sold.visitor, sold.id)


async def test_a_preview_shows_real_deals_and_changes_nothing(sold: Sold) -> None:
    sold.crm.lose("41", reason="Price")
    sold.crm.put(Sale("42"))
    connection = await crm_connecting.known(sold.app, sold.visitor, sold.id)
    setup = setup_of({"read": {"reason": sold.crm.reason}, "reasons": {"price": "budget"}})
    found = await crm_connecting.preview(sold.app, connection, setup)

    by_id = {one.deal.id: one for one in found}
    assert by_id["41"].reads == {"reason": "budget", "amount": "48,000 EUR"}
    assert by_id["41"].rule == "closed-lost: draft"
    assert (await sold.stand(), await sold.row()) == ({}, None)


async def test_a_crm_is_looked_at_as_often_as_its_kind_bears(world: World) -> None:
    world.app.outside = Outside(private=True)
    async with PipedriveApi(now=world.now).listening() as crm:
        sold = await connected(world, crm)
        await sold.visit(minutes=1)
        looks = len(crm.asked)

        await sold.visit(minutes=4)
        assert len(crm.asked) == looks
        await sold.visit(minutes=1)
        assert len(crm.asked) > looks

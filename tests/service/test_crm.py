"""Lost deals of CRMs, over real HTTP: enrolled by rules, stopped, told of, and never in a circle."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from cadence.core.crm import DealState
from cadence.core.crm_setup import setup_of
from cadence.core.errors import Conflict, CrmError, InvalidInput, NotFound, Unauthenticated
from cadence.core.people import CONSOLE, Role, User
from cadence.core.rights import RIGHTS, Visitor
from cadence.service import amending, crm_connecting, crm_visiting, deal_dates, forgetting
from cadence.service.crm_connecting import Wanted
from cadence.service.outside import Outside
from cadence.store import crm as kept
from cadence.store import crm_writes, deals
from cadence.store.database import insert
from cadence.store.prospects import suppress
from cadence.store.tables import crm_deals, enrollments, prospects, tasks, users
from tests.servers.crm_api import HOOK_SECRET, CrmApi, Person, Sale
from tests.servers.hubspot_api import HubSpotApi
from tests.servers.pipedrive_api import PipedriveApi
from tests.service.conftest import World
from tests.service.fakes import reply

URL = "https://cadence.vendor.test/hooks/crm/1"


class Sold:
    """An installation, a CRM that is connected to it, and who connected it."""

    def __init__(self, world: World, crm: CrmApi, visitor: Visitor) -> None:
        self.world, self.crm, self.visitor = world, crm, visitor
        self.app, self.id = world.app, 0

    async def set_up(self, **values: Any) -> None:
        plain = {"read": {"reason": self.crm.reason}, "rule": [{"sequence": "lost"}]} | values
        await crm_connecting.set_up(self.app, self.visitor, self.id, plain)

    async def visit(self, **later: float) -> dict[str, int]:
        """Some time passes, and the CRM is visited."""
        self.world.now += timedelta(**(later or {"minutes": 2}))
        self.crm.now = self.world.now
        return dict(await crm_visiting.look_after(self.app))

    async def lose(self, deal_id: str = "41", **about: Any) -> dict[str, int]:
        self.crm.now = self.world.now
        self.crm.lose(deal_id, **about)
        return await self.visit()

    async def stand(self) -> dict[str, str]:
        """Who is enrolled: address → state."""
        async with self.app.db.read() as tx:
            rows = await tx.execute(
                sa.select(prospects.c.email, enrollments.c.state).join(
                    enrollments, enrollments.c.prospect_id == prospects.c.id
                )
            )
            return {row.email: row.state for row in rows}

    async def deal(self, deal_id: str = "41") -> Any:
        async with self.app.db.read() as tx:
            [found] = await deals.of_crm(tx, f"{self.crm.kind.name}-{self.id}:{deal_id}")
            return found

    async def row(self, deal_id: str = "41") -> Any:
        """What is kept of a deal of the CRM."""
        async with self.app.db.read() as tx:
            query = sa.select(crm_deals).where(crm_deals.c.remote_id == deal_id)
            return (await tx.execute(query)).one_or_none()

    async def connection(self) -> Any:
        async with self.app.db.read() as tx:
            [found] = await tx.execute(kept.connection_list(None).query)
            return found

    async def conflicts(self) -> dict[str, tuple[str, str]]:
        async with self.app.db.read() as tx:
            return {one.name: (one.ours, one.theirs) for one in await crm_writes.conflicts(tx, self.id)}

    async def tasks(self) -> list[str]:
        async with self.app.db.read() as tx:
            query = sa.select(tasks.c.kind).where(tasks.c.done_at.is_(None)).order_by(tasks.c.id)
            return list((await tx.execute(query)).scalars())

    def field(self, name: str, deal_id: str = "41") -> str:
        return self.crm.sales[deal_id].values.get(name, "")


@pytest.fixture
async def sold(world: World) -> AsyncIterator[Sold]:
    world.app.outside = Outside(private=True)
    async with HubSpotApi(now=world.now).listening() as crm:
        yield await connected(world, crm)


async def connected(world: World, crm: CrmApi, role: Role = Role.ADMINISTRATOR) -> Sold:
    about = {"email": "alex@vendor.test", "name": "Alex", "team": "", "zone": "UTC", "created_at": world.now}
    async with world.app.db.write() as tx:
        user_id = await insert(tx, users, email_key="alex@vendor.test", password="x", role=role, **about)
    user = User(id=user_id, role=role, **about)  # type: ignore[arg-type]
    sold = Sold(world, crm, Visitor(user, RIGHTS[role], "192.0.2.7"))
    wanted = Wanted(crm.kind.name, crm.secrets(), url=crm.url, hook=HOOK_SECRET)
    sold.id = await crm_connecting.connect(world.app, sold.visitor, wanted)
    await sold.set_up(write={"status": "win_back"})
    return sold


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

"""A company as a whole: both versions of what went wrong, the next mail, and who hears nothing any more."""

from datetime import date

import pytest

from cadence.core.errors import Conflict, InvalidInput, NotFound
from cadence.core.people import CONSOLE, Role, User
from cadence.core.rights import Visitor
from cadence.service import companies, deal_outcomes, enrolling
from cadence.service.companies import Cover
from cadence.service.deal_outcomes import Outcome, Said
from cadence.service.enrolling import Fact
from cadence.store import companies as stored
from tests.service.fakes import reply

DANA = "dana@lost.example"


async def test_the_reps_version_and_theirs_are_kept_apart(world):
    await world.enroll(DANA, deal={"reason": "features", "competitor": "Fernhill"}, deal_name="Portal")
    await world.after(hours=2)
    words = "We chose Northwind because it was cheaper than your offer."
    await world.arrives(reply(words, to=world.sent[0].raw, sender=DANA, at=world.now, number=1))
    shown = await companies.show(world.app, "lost INC.")
    (deal,) = shown["deals"]
    assert deal["rep"] == {"reason": "features", "competitor": "Fernhill", "missing": None}
    assert deal["prospects"][0]["reasons"] == ["price"]
    assert deal["prospects"][0]["words"] == words
    assert shown["next_at"] > shown["last_at"] == world.now.isoformat()
    assert [person["email"] for person in shown["people"]] == [DANA]
    assert (await companies.show(world.app, "lost.example"))["company"] == "Lost Inc."


async def test_them_is_the_vendor_that_the_deal_knows(world):
    await world.enroll(DANA, deal={"competitor": "Fernhill"}, deal_name="Portal")
    await world.after(hours=2)
    words = "We went with them because it was cheaper than your offer."
    await world.arrives(reply(words, to=world.sent[0].raw, sender=DANA, at=world.now, number=1))
    (deal,) = (await companies.show(world.app, "lost.example"))["deals"]
    assert deal["prospects"][0]["competitor"] == "Fernhill"


async def test_every_reason_has_a_tick_whoever_gave_it(world):
    await world.enroll(DANA, deal={"reason": "features"})
    await world.after(hours=2)
    words = "We chose Northwind because it was cheaper than your offer."
    await world.arrives(reply(words, to=world.sent[0].raw, sender=DANA, at=world.now, number=1))
    assert (
        await companies.cover(world.app, CONSOLE, "Lost Inc.", "Features", Cover("It has shipped"))
        == "features"
    )
    price, features = (await companies.show(world.app, "Lost Inc."))["reasons"]
    nobody = {"covered_on": None, "note": None, "by": None}
    assert price == {"reason": "price", "rep": False, "prospects": True} | nobody
    covered = {"covered_on": world.now.date().isoformat(), "note": "It has shipped", "by": "console"}
    assert features == {"reason": "features", "rep": True, "prospects": False} | covered


async def test_a_tick_is_set_anew_and_taken_back(world):
    await world.enroll(DANA, deal={"reason": "our support"})
    await companies.cover(world.app, CONSOLE, "lost.example", "our support", Cover("A hotline"))
    again = Cover("Somebody is there at night", date(2026, 1, 31))
    await companies.cover(world.app, CONSOLE, "lost.example", "our support", again)
    (shown,) = (await companies.show(world.app, "lost.example"))["reasons"]
    assert (shown["note"], shown["covered_on"]) == (again.note, "2026-01-31")
    await companies.cover(world.app, CONSOLE, "lost.example", "our support", None)
    (shown,) = (await companies.show(world.app, "lost.example"))["reasons"]
    assert shown["covered_on"] is None
    with pytest.raises(Conflict, match="nobody said"):
        await companies.cover(world.app, CONSOLE, "lost.example", "our support", None)


@pytest.mark.parametrize(
    "reason, cover, why",
    [
        ("timing", Cover("later"), "no deal of Lost Inc. was lost for 'timing'; the reasons: price"),
        ("price", Cover(" "), "in a note"),
        ("price", Cover("two\nlines"), "one line"),
        ("price", Cover("soon", date(2026, 3, 4)), "only from 2026-03-04"),
    ],
)
async def test_a_tick_that_cannot_be_right_is_refused(world, reason, cover, why):
    await world.enroll(DANA, deal={"reason": "price"})
    with pytest.raises(InvalidInput, match=why):
        await companies.cover(world.app, CONSOLE, "Lost Inc.", reason, cover)


async def test_companies_that_nobody_will_write_to_are_listed(world):
    for name in ("ann", "bob", "cleo"):
        await world.enroll(f"{name}@{name}.example", company=name.title())
    await world.after(hours=2)
    assert await companies.silent(world.app) == []
    await enrolling.change(world.app, "ann@ann.example", Fact.STOP, "a test")
    await enrolling.change(world.app, "bob@bob.example", Fact.PAUSE, "a test")
    await deal_outcomes.say(world.app, CONSOLE, 3, Said(Outcome.LET_GO, reason="no fit"))
    assert [one["company"] for one in await companies.silent(world.app)] == ["Ann", "Bob"]


async def test_the_parts_together_are_the_silent_companies_each_once(world, monkeypatch):
    monkeypatch.setattr(stored, "LOOKED", 2)
    monkeypatch.setattr(companies, "PART", 1)
    for number in range(6):
        await world.enroll(f"a@firm{number}.example", company=f"Firm {number}", deal_name="First")
        if number in (0, 1, 4):
            await world.enroll(f"b@firm{number}.example", company=f"Firm {number}", deal_name="Second")
    for number in (0, 2, 4):
        await enrolling.change(world.app, f"a@firm{number}.example", Fact.STOP, "a test")
    for number in (0, 4):
        await enrolling.change(world.app, f"b@firm{number}.example", Fact.STOP, "a test")
    everybody = Visitor(
        User(1, "a@vendor.test", "A", Role.ADMINISTRATOR, "", "UTC", world.now), frozenset(), ""
    )
    found, after = [], ""
    while after is not None:
        part = await companies.silent_part(world.app, everybody, companies.SILENT, after=after)
        found, after = [*found, *(one.name for one in part.items)], part.next
    assert found == ["Firm 4", "Firm 2", "Firm 0"]
    assert sorted(found) == sorted(one["company"] for one in await companies.silent(world.app))


async def test_a_company_that_is_none_or_several_is_said(world):
    with pytest.raises(NotFound, match="no company 'Nowhere'"):
        await companies.show(world.app, "Nowhere")
    await world.enroll("a@same.example", company="North")
    await world.enroll("b@same.example", company="South")
    with pytest.raises(InvalidInput, match="say which: North"):
        await companies.show(world.app, "same.example")

"""Over real sockets: what went wrong is kept, whoever follows is met, and whoever moves is followed."""

from cadence.core.people import CONSOLE
from cadence.service import companies, referring, reporting
from cadence.service.companies import Cover
from cadence.service.referring import Choice


async def test_both_versions_of_a_loss_are_kept_and_ticked_off_once_it_is_covered(office):
    dana = await office.prospect()
    why = {"reason": "features", "missing": "single sign-on", "competitor": "Rivalsoft"}
    await office.enroll(dana.address, deal=why)
    await office.after(hours=2)
    (thanks,) = await office.received(dana)
    words = "We chose Rivalsoft because it was cheaper than your offer."
    await office.answers(dana, thanks, words)
    await office.read()
    await office.says_that_it_is("feedback")
    await companies.cover(office.app, CONSOLE, "Buyer", "features", Cover("It ships in May"))
    shown = await companies.show(office.app, "Buyer")
    (deal,) = shown["deals"]
    assert (deal["rep"]["reason"], deal["prospects"][0]["reasons"]) == ("features", ["price"])
    assert deal["prospects"][0]["words"] == words
    assert [(one["reason"], one["covered_on"] is not None) for one in shown["reasons"]] == [
        ("price", False),
        ("features", True),
    ]


async def named(office, account, words) -> dict[str, dict]:
    """Somebody answers the thank-you with names: what is suggested then, by its kind."""
    await office.enroll(account.address)
    await office.after(hours=2)
    (thanks,) = await office.received(account)
    await office.answers(account, thanks, words)
    await office.read()
    return {one["kind"]: one for one in await referring.show(office.app)}


async def test_the_new_person_at_an_old_account_is_written_to_after_a_yes(office):
    dana, kim = await office.prospect(), await office.prospect("kim")
    words = "I don't look after this any more, I have left the department. "
    words += f"My successor is Kim Sample <{kim.address}>."
    found = await named(office, dana, words)
    await referring.enroll(office.app, CONSOLE, found["successor"]["id"], Choice(sequence="lost"))
    await office.after(hours=3)
    assert "Hello Kim, thank you." in (await office.received(kim))[-1].text
    assert (await companies.show(office.app, "Buyer"))["people"]
    await office.after(days=30)
    assert len(await office.received(dana)) == 1


async def test_who_changes_company_is_followed_and_the_old_seat_not_forgotten(office):
    dana, there = await office.prospect(), await office.server.account("dana", "fernhill.test")
    words = f"I've moved to Fernhill Foods, my new address is {there.address}."
    found = await named(office, dana, words)
    assert set(found) == {"moved", "old_seat"}
    await referring.enroll(office.app, CONSOLE, found["moved"]["id"], Choice(sequence="lost"))
    await office.after(hours=3)
    (hello,) = await office.received(there)
    assert "Hello Dana, thank you." in hello.text
    assert len(await office.received(dana)) == 1
    (seat,) = await referring.show(office.app)
    assert (seat["kind"], seat["by"]["company"]) == ("old_seat", "Buyer")
    for address, other in ((dana.address, there.address), (there.address, dana.address)):
        decisions = (await reporting.why(office.app, address))["decisions"]
        assert any(other in one["why"] for one in decisions if one["kind"] == "prospect.moved")

"""Over real sockets: an executive asks who left what we should have done better; then three ends of it."""

from cadence.core.people import CONSOLE
from cadence.service import companies, deal_outcomes
from cadence.service.deal_outcomes import Outcome, Said

FORMER = "former-client"


async def test_three_former_clients_one_renews_one_no_longer_fits_and_one_is_silent(office):
    await office.shipped(FORMER)
    boss = await office.executive()
    people = {name: await office.prospect(name) for name in ("dana", "kim", "lee")}
    made = {
        name: await office.enroll(one.address, FORMER, company=name.title(), executive=boss.address)
        for name, one in people.items()
    }
    while not all([await office.left(one) for one in people.values()]):
        await office.go_on()
    for one in people.values():
        (interview,) = await office.received(one)
        assert interview.sender.email == boss.address
        assert "What should we have done better?" in interview.text
    (interview,) = await office.received(people["dana"])
    await office.answers(people["dana"], interview, "We would like to come back. Could we talk this week?")
    await office.read()
    assert await office.state(made["dana"]) == "reopened"
    renewed = Said(Outcome.WON, amount="EUR 12,000")
    deal = await deal_outcomes.say(office.app, CONSOLE, made["dana"].deal_id, renewed)
    assert (deal.outcome, deal.outcome_amount) == ("won", "EUR 12,000")
    gone = Said(Outcome.LET_GO, reason="they closed the plant that used it")
    await deal_outcomes.say(office.app, CONSOLE, made["kim"].deal_id, gone)
    assert (await deal_outcomes.deal_of(office.app, people["kim"].address, None)).reason == gone.reason
    while await office.next_at():
        await office.go_on()
    assert [await office.left(people[name]) for name in ("dana", "kim")] == [1, 1]
    subjects = [mail.subject for mail in await office.received(people["lee"], 8)]
    assert subjects[1] == "Re: What we should have done better"
    assert {"One page on what has changed here", "The door is open"} < set(subjects)
    assert await office.state(made["lee"]) == "finished"
    assert [one["company"] for one in await companies.silent(office.app)] == ["Lee"]

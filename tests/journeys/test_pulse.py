"""Over real sockets: a dead deal that is none, who hears of it at once, and how soon a person answers."""

import asyncio

from cadence.core.model import TaskKind
from cadence.core.people import Role
from cadence.core.webhooks import WebhookEvent
from cadence.service import alarming, insights, letters, webhooks
from cadence.service.insights import Period
from cadence.service.outside import Outside
from cadence.worker.loops import Loops
from tests.servers.receiver import receiving

OPEN = "To be honest, nothing is signed yet, we are still deciding between the two of you."


async def test_an_open_decision_rings_rep_and_manager_and_software_within_a_minute(office):
    office.app.outside = Outside(private=True)
    await office.shipped("closed-lost")
    boss, dana = await office.executive(), await office.prospect()
    manager, _ = await office.colleague("manager", Role.MANAGER)
    _, admin = await office.colleague("admin", Role.ADMINISTRATOR)
    rep_account, rep = await office.colleague("robin", Role.REP, owns=office.rep)
    await office.enroll(dana.address, "closed-lost", executive=boss.address, deal={"competitor": "Rivalsoft"})
    for _ in range(2):
        await office.go_on()
    question = next(mail for mail in await office.received(dana, 2) if mail.sender.email == boss.address)
    await office.answers(dana, question, "They were simply cheaper than you, that decided it.")
    await office.read()
    await office.says_that_it_is("feedback")
    for _ in range(2):  # the executive's thanks, the rep's question: drafts, since a person answers a person
        while TaskKind.APPROVE_DRAFT not in await office.asked():
            await office.go_on()
        await office.approve()
        await office.go_on()
    pulse = (await office.received(dana, 4))[-1]
    assert pulse.sender.email == office.rep.address and "what did you like best?" in pulse.text
    async with receiving() as software:
        _, secret = await webhooks.add(
            office.app, admin, url=software.url, events=[WebhookEvent.DECISION_OPEN], description=""
        )
        loops = Loops(office.app, poll=1.0)
        running = asyncio.create_task(loops.run())
        try:
            async with asyncio.timeout(60):
                await office.answers(dana, pulse, OPEN)
                (alarm,) = await office.received(rep_account)
                (copy,) = await office.received(manager)
                told = await software.first()
        finally:
            loops.stop()
            await running
    assert told.told["type"] == "decision_open" and told.is_signed_with(secret)
    assert alarm.subject == copy.subject == "Still undecided: Dana, Buyer"
    assert f"> {OPEN}" in alarm.text and "A reply to begin with:" in alarm.text

    (task,) = (await office.asked())[TaskKind.DECISION_OPEN]
    words = await alarming.suggested(office.app, task.inbound_id)
    assert words.startswith("Hello Dana,")
    await office.after(minutes=30)
    await letters.send(office.app, rep, task.inbound_id, f"{words}\nRobin", "0123456789abcdef")
    assert (await office.received(dana, 5))[-1].text.startswith("Hello Dana,")
    waits = (await insights.report(office.app, rep, Period(), patience=20)).body["waits"]
    assert (waits["called"], waits["answered"], waits["within_hour"]) == (1, 1, 1)

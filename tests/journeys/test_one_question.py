"""Over real sockets: an executive asks why, the reader follows the link and types a line, and is thanked."""

import re

import httpx

from cadence.core import calendar
from cadence.core.model import Place, TaskKind
from cadence.core.people import CONSOLE
from cadence.core.sequence import Duration, From, Unit
from cadence.service import answering, connecting, enrolling, publishing
from cadence.setting_values import shipped_templates
from cadence.store import messages, tasks
from cadence.web.app import create_app
from cadence.web.service import WebService


async def executive(office):
    """Their mailbox, on the same server."""
    boss = await office.server.account("boss", "vendor.test")
    office.servers.accounts[boss.address] = boss
    where = (office.server.smtp_url, office.server.url, boss.address, boss.password)
    await connecting.add(
        office.app, connecting.NewMailbox(boss.address, "Bo Boss", *where, role=From.EXECUTIVE)
    )
    return boss


async def go_on(office):
    """Turn the clock to the next mail, and let it leave."""
    async with office.app.db.read() as tx:
        at = await messages.next_wake(tx)
    await office.after(seconds=max((at - office.clock()).total_seconds(), 0) + 1)


async def test_an_answer_on_the_page_is_understood_and_thanked_within_a_working_day(office):
    await publishing.publish(office.app, shipped_templates(), "closed-lost")
    boss, dana = await executive(office), await office.prospect()
    about = {"first_name": "Dana", "company": "Buyer", "country": "GB", "executive": boss.address}
    await enrolling.enroll(office.app, enrolling.Request(dana.address, "closed-lost", **about))
    for _ in range(2):  # the rep's thanks, the executive's question
        await go_on(office)
    question = next(mail for mail in await office.received(dana, 2) if mail.sender.email == boss.address)
    link = re.search(r'href="https://mail\.vendor\.test(/q/[^"]+)"', question.html)[1]

    web = create_app(WebService(office.app), workplace=office.app)
    transport = httpx.ASGITransport(web)
    async with httpx.AsyncClient(transport=transport, base_url="https://mail.vendor.test") as reader:
        assert 'name="answer"' in (await reader.get(link)).text
        words = "Honestly, your price was too high for us. That is all there was to it."
        assert "Thank you" in (await reader.post(link, data={"answer": words})).text
    answered = office.clock()
    assert await office.status(dana.address) == "feedback_given"

    await go_on(office)  # a draft: the thanks wait for a person's yes
    async with office.app.db.read() as tx:
        (task,) = [one for one in await tasks.opened(tx) if one.kind == TaskKind.APPROVE_DRAFT]
    await answering.answer(office.app, task.id, "yes", CONSOLE)
    await go_on(office)
    thanks = (await office.received(dana, 3))[-1]
    assert (thanks.sender.email, question.message_id in thanks.references) == (boss.address, True)
    a_working_day_later = calendar.add(
        answered, Duration(1, Unit.BUSINESS_DAYS), Place("Europe/London", "GB")
    )
    assert office.clock() < a_working_day_later

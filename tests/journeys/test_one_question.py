"""Over real sockets: an executive asks why, the reader follows the link and types a line, and is thanked."""

import re

import httpx

from cadence.core import calendar
from cadence.core.model import Place
from cadence.core.sequence import Duration, Unit
from cadence.web.app import create_app
from cadence.web.service import WebService


async def test_an_answer_on_the_page_is_understood_and_thanked_within_a_working_day(office):
    await office.shipped("closed-lost")
    boss, dana = await office.executive(), await office.prospect()
    await office.enroll(dana.address, "closed-lost", country="GB", executive=boss.address)
    for _ in range(2):  # the rep's thanks, the executive's question
        await office.go_on()
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

    await office.go_on()  # a draft: the thanks wait for a person's yes
    await office.approve()
    await office.go_on()
    thanks = (await office.received(dana, 3))[-1]
    assert (thanks.sender.email, question.message_id in thanks.references) == (boss.address, True)
    a_working_day_later = calendar.add(
        answered, Duration(1, Unit.BUSINESS_DAYS), Place("Europe/London", "GB")
    )
    assert office.clock() < a_working_day_later

"""Over real sockets: thanks within a day, and somebody else asks why: once, with one kind explanation."""

from datetime import timedelta

from cadence.core.model import TaskKind
from cadence.core.people import Role
from cadence.service import replies
from cadence.store.replies import Filter


async def test_the_thank_you_leaves_within_a_day_and_names_another_supplier(office):
    await office.shipped("closed-lost")
    dana, kim = await office.prospect(), await office.prospect("kim")
    lost_at = office.clock()
    await office.enroll(dana.address, "closed-lost", lost_at=lost_at, deal={"alternative": "Osprey Systems"})
    await office.enroll(
        kim.address, "closed-lost", company="Elsewhere", lost_at=lost_at - timedelta(hours=30)
    )
    await office.go_on()
    (late,) = (await office.asked())[TaskKind.TOO_LATE]
    assert (late.email, "could not leave within 24 hours" in late.text) == (kim.address, True)
    while (await office.asked())[TaskKind.TOO_LATE] and not await office.left(dana):
        await office.go_on()
    (thanks,) = await office.received(dana)
    assert office.clock() - lost_at < timedelta(hours=24)
    assert "Osprey Systems" in thanks.text and "I'm sorry" in thanks.text
    assert not await office.left(kim), "a late thank-you is worse than none"


async def silent_until(office, dana, subject):
    """Nobody answers until a mail of this subject has come."""
    count = 0
    while True:
        await office.go_on()
        count += 1
        mail = (await office.received(dana, count))[-1]
        if mail.subject == subject:
            return mail


async def test_whoever_is_silent_gets_one_explanation_and_none_after_declining(office):
    await office.shipped("closed-lost")
    boss, dana = await office.executive(), await office.prospect()
    await office.enroll(dana.address, "closed-lost", executive=boss.address)
    why = await silent_until(office, dana, "Re: One question about your decision")
    mails = await office.received(dana, 4)
    question = next(mail for mail in mails if mail.subject == "One question about your decision")
    assert question.sender.email == why.sender.email == boss.address
    assert "I work with Robin Rep" in question.text
    assert question.message_id in why.references and "I won't ask it again" in why.text
    await office.answers(dana, why, "Thank you, but we would rather not go into the reasons.")
    await office.read()
    assert await office.status(dana.address) == "feedback_declined"
    assert TaskKind.APPROVE_DRAFT not in await office.asked(), "one explanation is enough"
    await office.go_on()
    assert (await office.received(dana, 5))[-1].subject == "A second name for your list"


async def test_whoever_declines_gets_one_explanation_and_both_of_us_see_the_answer(office):
    await office.shipped("closed-lost")
    boss, dana = await office.executive(), await office.prospect()
    await office.enroll(dana.address, "closed-lost", executive=boss.address)
    question = await silent_until(office, dana, "One question about your decision")
    await office.answers(dana, question, "Thank you, but we would rather not go into the reasons.")
    await office.go_on()  # reads both mailboxes before it writes anything
    assert await office.status(dana.address) == "feedback_declined"
    for mailbox in (office.rep, boss):  # whoever of us has which mailbox
        _, visitor = await office.colleague("reader", Role.REP, owns=mailbox)
        (seen,) = (await replies.page(office.app, visitor, Filter())).items
        assert seen.sender == dana.address
    await office.go_on()  # a draft, which waits for a yes
    await office.approve()
    await office.go_on()
    why = (await office.received(dana, 3))[-1]
    assert (why.sender.email, question.message_id in why.references) == (boss.address, True)
    assert "I respect that, and I won't ask again." in why.text
    for count in (4, 5):
        while await office.left(dana) < count:
            await office.go_on()
    subjects = [mail.subject for mail in await office.received(dana, 5)]
    assert subjects[3:] == ["A second name for your list", "How it turned out"], "never asked again"

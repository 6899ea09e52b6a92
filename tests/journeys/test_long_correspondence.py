"""Over real sockets: eighteen months as one enrollment, calm, always relevant, and never the same twice."""

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import pairwise

from cadence.core.people import CONSOLE
from cadence.service import companies, deal_outcomes, told_dates
from cadence.service.deal_outcomes import Outcome, Said
from cadence.store import messages


async def walk(office, enrollments) -> list[tuple[datetime, str]]:
    """Until nothing more is to come; of each enrollment the next mail is known all the way."""
    while (at := await office.next_at()) is not None:
        shown = await companies.show(office.app, "Buyer")
        assert datetime.fromisoformat(shown["next_at"]) >= at
        await office.go_on()
    async with office.app.db.read() as tx:
        rows = [row for one in enrollments for row in await messages.of_enrollment(tx, one.id)]
    return sorted((row.sent_at, row.step) for row in rows if row.sent_at)


async def test_two_people_hear_of_us_for_eighteen_months_and_never_too_often(office):
    await office.shipped("closed-lost")
    boss = await office.executive()
    people = {name: await office.prospect(name) for name in ("dana", "kim")}
    ends = (office.clock() + timedelta(days=400)).date()
    about = {"executive": boss.address, "industry": "food", "size": 150}
    about["deal"] = {"reason": "price", "competitor_contract_end": ends}
    enrollments = [await office.enroll(one.address, "closed-lost", **about) for one in people.values()]
    start = office.clock()
    sent = await walk(office, enrollments)
    assert [await office.state(one) for one in enrollments] == ["finished", "finished"]
    assert timedelta(days=490) < office.clock() - start < timedelta(days=560)
    assert all(later - earlier > timedelta(hours=18) for (earlier, _), (later, _) in pairwise(sent))
    steps = defaultdict(int)
    for _, step in sent:
        steps[step] += 1
    once = ("needs-met", "referral", "still-your-backup", "renewal", "what-it-was-for")
    assert [steps[step] for step in once] == [2, 2, 2, 2, 2]
    mails = [mail for one in people.values() for mail in await office.received(one, len(sent) // 2 - 1)]
    assert len(mails) == len(sent)
    stories = [mail.subject for mail in mails if mail.subject in await titles(office)]
    assert len(stories) == steps["story"] == len(set(stories)) >= 10
    assert [one["company"] for one in await companies.silent(office.app)] == ["Buyer"]


async def titles(office) -> set[str]:
    async with office.app.db.read() as tx:
        content = (await office.app.library.published(tx, "closed-lost")).content
    return {story.title for story in content.stories}


async def test_of_two_stories_each_is_told_once_to_a_company_and_then_silence(office):
    dana, kim = await office.prospect(), await office.prospect("kim")
    enrollments = [await office.enroll(one.address, deal_name="One") for one in (dana, kim)]
    sent = await walk(office, enrollments)
    assert [step for _, step in sent].count("story") == 2
    mails = [*await office.received(dana, 4), *await office.received(kim, 4)]
    told = [mail.subject for mail in mails if mail.subject in ("A bakery", "A depot")]
    assert sorted(told) == ["A bakery", "A depot"]


async def test_the_end_of_their_contract_is_learned_from_a_reply_and_a_mail_comes_before_it(office):
    await office.shipped("closed-lost")
    boss, dana = await office.executive(), await office.prospect()
    await office.enroll(dana.address, "closed-lost", executive=boss.address)
    await office.go_on()
    (thanks,) = await office.received(dana)
    ends = (office.clock() + timedelta(days=300)).date()
    words = f"They were simply cheaper than you. Our contract with them runs until {ends:%d %B %Y}."
    await office.answers(dana, thanks, words)
    await office.read()
    await office.says_that_it_is("feedback")
    assert (await told_dates.look_after(office.app))["contract_ends"] == 1
    subjects: list[str] = []
    while "Before your agreement renews" not in subjects:
        await office.go_on()
        subjects = [mail.subject for mail in await office.received(dana, 1)]
    assert timedelta(days=80) < ends - office.clock().date() <= timedelta(days=90)


async def test_what_was_let_go_is_left_alone_and_the_reason_kept(office):
    dana = await office.prospect()
    enrollment = await office.enroll(dana.address)
    await office.after(hours=2)
    await office.received(dana)
    said = Said(Outcome.LET_GO, reason="they need hardware, which we do not make")
    deal = await deal_outcomes.say(office.app, CONSOLE, enrollment.deal_id, said)
    assert deal.reason == said.reason
    for _ in range(6):
        await office.after(days=90)
    assert len(await office.received(dana)) == 1
    assert await companies.silent(office.app) == []

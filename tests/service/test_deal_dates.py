"""Mails that hang on a date of the deal follow it, whoever tells the date, and none of them leaves twice."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cadence.core.errors import InvalidInput
from cadence.core.lifecycle import Fact
from cadence.core.people import CONSOLE
from cadence.service import deal_dates, enrolling, publishing, reporting, sending
from cadence.store import events, messages, undo
from tests.service.conftest import SEQUENCE, write_sequence

DANA = "dana@lost.example"
AT_DATES = """
[[step]]
name    = "renewal"
at      = "deal.competitor_contract_end - 90 days"
subject = "Before you renew"

[[step]]
name    = "it-is-there"
at      = "deal.missing_ships + 1 week"
subject = "It is there"
"""
END, LATER = date(2027, 1, 31), date(2027, 3, 31)
DUE, DUE_LATER = datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)
AFTER_ALL = date(2031, 1, 1)


@pytest.fixture
async def anchored(world):
    """An installation whose sequence has steps at dates."""
    for step in ("renewal", "it-is-there"):
        path = world.templates / "lost" / f"{step}.md.j2"
        path.write_text("We are here.", encoding="utf-8")
    write_sequence(world.templates, SEQUENCE + AT_DATES)
    await publishing.publish(world.app, world.templates, "lost")
    return world


async def say(world, enrollment, **dates):
    return await deal_dates.say(world.app, CONSOLE, enrollment.deal_id, dates)


async def the(world, enrollment, step="renewal"):
    """The one mail of a step, None where there is none."""
    async with world.app.db.read() as tx:
        found = [mail for mail in await messages.of_enrollment(tx, enrollment.id) if mail.step == step]
    assert len(found) <= 1
    return found[0] if found else None


async def told(world, enrollment):
    """What was recorded of the mails of a person: kind, step."""
    async with world.app.db.read() as tx:
        rows = await events.of_prospect(tx, enrollment.prospect_id)
    return [(row.kind, row.why.partition(":")[0]) for row in rows if row.kind.startswith("message.")]


async def wake(world, mail):
    """When workers look at a mail."""
    async with world.app.db.read() as tx:
        return (
            (await tx.execute(messages.messages.select().where(messages.messages.c.id == mail.id)))
            .one()
            .wake_at
        )


async def test_a_date_that_becomes_known_later_plans_its_mail_for_everybody_of_the_deal(anchored):
    people = [await anchored.enroll(), await anchored.enroll("lee@lost.example")]
    other = await anchored.enroll("kim@gone.example", company="Gone Inc.")
    followed = await say(anchored, people[0], competitor_contract_end=END)
    assert [(one.email, one.step, one.at) for one in followed] == [
        (DANA, "renewal", DUE),
        ("lee@lost.example", "renewal", DUE),
    ]
    for enrollment in people:
        mail = await the(anchored, enrollment)
        assert (mail.state, mail.due_at, await wake(anchored, mail)) == ("planned", DUE, DUE)
        assert mail.why == "deal.competitor_contract_end - 90 days; the date became known on 2026-03-03"
        assert await told(anchored, enrollment) == [("message.planned", "renewal")]
    assert await the(anchored, other) is None


async def test_said_again_a_date_changes_nothing(anchored):
    enrollment = await anchored.enroll()
    assert await say(anchored, enrollment, competitor_contract_end=END)
    assert await say(anchored, enrollment, competitor_contract_end=END) == []
    assert await told(anchored, enrollment) == [("message.planned", "renewal")]


async def test_a_date_that_changes_moves_its_mail_and_only_that(anchored):
    enrollment = await anchored.enroll(
        deal={"competitor_contract_end": END, "missing_ships": date(2026, 9, 1)}
    )
    before = [await the(anchored, enrollment, step) for step in ("renewal", "it-is-there", "thank-you")]
    await say(anchored, enrollment, competitor_contract_end=LATER)
    after = [await the(anchored, enrollment, step) for step in ("renewal", "it-is-there", "thank-you")]
    assert (after[0].id, after[0].message_id) == (before[0].id, before[0].message_id)
    assert (after[0].due_at, after[0].base_at) == (DUE_LATER, DUE_LATER)
    assert await wake(anchored, after[0]) == DUE_LATER
    assert after[1:] == before[1:]
    assert await told(anchored, enrollment) == [("message.moved", "renewal")]


@pytest.mark.parametrize(
    ("now", "why"), [(None, "not known any more"), (AFTER_ALL, "after the sequence is over")]
)
async def test_a_mail_without_a_date_in_range_is_skipped_and_the_rest_goes_on(anchored, now, why):
    enrollment = await anchored.enroll(deal={"competitor_contract_end": END})
    (followed,) = await say(anchored, enrollment, competitor_contract_end=now)
    assert followed.at is None
    mail = await the(anchored, enrollment)
    assert (mail.state, why in mail.outcome, await wake(anchored, mail)) == ("skipped", True, None)
    assert await told(anchored, enrollment) == [("message.skipped", "renewal")]
    assert await say(anchored, enrollment, competitor_contract_end=LATER) == []  # skipped is for good
    assert await anchored.after(hours=2) == {"accepted": 1}


async def test_whoever_has_nothing_else_to_hear_is_done_when_the_date_goes(anchored):
    one_mail = SEQUENCE.partition('[[step]]\nname    = "feedback"')[0]
    write_sequence(anchored.templates, one_mail + AT_DATES)
    await publishing.publish(anchored.app, anchored.templates, "lost")
    enrollment = await anchored.enroll(deal={"competitor_contract_end": END})
    assert await anchored.after(hours=2) == {"accepted": 1}
    await say(anchored, enrollment, competitor_contract_end=None)
    assert await anchored.state(enrollment) == "finished"
    assert await say(anchored, enrollment, competitor_contract_end=LATER) == []  # and is not begun again


async def test_a_mail_that_left_does_not_leave_again_at_another_date(anchored):
    enrollment = await anchored.enroll(deal={"missing_ships": date(2026, 2, 1)})
    await anchored.after(minutes=1)
    assert (await the(anchored, enrollment, "it-is-there")).state == "sent"
    assert await say(anchored, enrollment, missing_ships=date(2026, 5, 1)) == []
    assert (await the(anchored, enrollment, "it-is-there")).state == "sent"


async def test_dates_that_passed_already_are_no_burst(anchored):
    enrollment = await anchored.enroll()
    await anchored.after(hours=2)
    followed = await say(
        anchored, enrollment, competitor_contract_end=date(2026, 4, 1), missing_ships=date(2026, 2, 1)
    )
    assert all(one.at < anchored.now for one in followed)
    sent = [(await anchored.after(minutes=20)).get("accepted", 0) for _ in range(7)]
    assert max(sent) == 1  # an hour between two mails to one person, as the sequence says
    assert sum(sent) == 2


async def test_the_mails_of_who_is_paused_are_planned_and_moved_but_wait(anchored):
    enrollment = await anchored.enroll()
    await enrolling.change(anchored.app, DANA, Fact.PAUSE, "they are away")
    await say(anchored, enrollment, competitor_contract_end=END)
    mail = await the(anchored, enrollment)
    assert (mail.due_at, await wake(anchored, mail)) == (DUE, None)
    await say(anchored, enrollment, competitor_contract_end=LATER)
    mail = await the(anchored, enrollment)
    assert (mail.due_at, await wake(anchored, mail)) == (DUE_LATER, None)
    await enrolling.change(anchored.app, DANA, Fact.RESUME, "they are back")
    assert await wake(anchored, await the(anchored, enrollment)) == DUE_LATER


async def test_nothing_is_planned_for_who_is_not_written_to_any_more(anchored):
    enrollment = await anchored.enroll()
    await enrolling.change(anchored.app, DANA, Fact.STOP, "enough")
    assert await say(anchored, enrollment, competitor_contract_end=END) == []
    assert await the(anchored, enrollment) is None


async def test_a_colleague_who_is_enrolled_with_a_new_date_brings_it_to_the_others(anchored):
    dana = await anchored.enroll(deal_name="Scanners")
    lee = await anchored.enroll(
        "lee@lost.example", deal_name="Scanners", deal={"competitor_contract_end": END}
    )
    assert lee.deal_id == dana.deal_id
    assert (await the(anchored, dana)).due_at == (await the(anchored, lee)).due_at == DUE
    assert await told(anchored, dana) == [("message.planned", "renewal")]
    assert await told(anchored, lee) == []


async def test_a_date_that_cannot_be_right_changes_nothing(anchored):
    enrollment = await anchored.enroll(deal={"competitor_contract_end": END})
    with pytest.raises(InvalidInput, match="ended already"):
        await say(anchored, enrollment, competitor_contract_end=anchored.now.date() - timedelta(days=1))
    assert (await the(anchored, enrollment)).due_at == DUE


async def test_why_tells_where_the_date_of_a_mail_comes_from(anchored):
    enrollment = await anchored.enroll()
    await say(anchored, enrollment, competitor_contract_end=END)
    story = await reporting.why(anchored.app, DANA)
    assert any(
        row["why"].startswith("renewal: deal.competitor_contract_end - 90 days") for row in story["decisions"]
    )


async def test_what_a_person_did_before_is_not_taken_back_over_a_new_date(anchored):
    enrollment = await anchored.enroll(deal={"competitor_contract_end": END})

    async def digest():
        async with anchored.app.db.read() as tx:
            return undo.digest(await undo.picture(tx, enrollment.prospect_id))

    before = await digest()
    await say(anchored, enrollment, competitor_contract_end=END)
    assert await digest() == before
    await say(anchored, enrollment, competitor_contract_end=LATER)
    assert await digest() != before


@pytest.mark.parametrize("is_read", [True, False], ids=["a mail that could leave", "one that must wait"])
async def test_a_mail_whose_date_changes_meanwhile_does_not_leave_at_the_old_one(anchored, is_read):
    enrollment = await anchored.enroll(deal={"competitor_contract_end": END})
    anchored.now = DUE - timedelta(days=1)
    for _ in range(6):
        await anchored.after(hours=2)  # what else was due has left
    anchored.now = DUE + timedelta(minutes=30)
    async with anchored.app.db.write() as tx:
        until = anchored.now + anchored.app.policy.lease
        claimed = await messages.claim(tx, 1, now=anchored.now, until=until, limit=9)
    assert "renewal" in {mail.step for mail in claimed}
    await say(anchored, enrollment, competitor_contract_end=LATER)
    if not is_read:
        anchored.servers.down.add("rep@vendor.test")
    anchored.sent.clear()
    await sending._deal_with(anchored.app, claimed)
    renewal = await the(anchored, enrollment)
    assert (renewal.state, renewal.due_at, len(anchored.sent)) == ("planned", DUE_LATER, 0)

"""What there is to see agrees with what happened, and every line has its reason."""

from datetime import timedelta

import pytest

from cadence.core.errors import NotFound
from cadence.service import answering, reporting
from tests.service.conftest import World
from tests.service.test_trips import reply

DANA = "dana@lost.example"


async def test_the_story_of_a_person_has_mails_replies_decisions_and_what_comes_next(world: World) -> None:
    await world.enroll(first_name="Dana")
    await world.after(hours=2)
    answer = reply("Please remove me from your list.", to=world.sent[0].raw, sender=DANA, at=world.now)
    await world.arrives(answer)
    story = await reporting.why(world.app, "DANA@lost.example")
    (enrollment,) = story["enrollments"]
    mails = {mail["step"]: mail for mail in enrollment["mails"]}
    assert mails["thank-you"]["state"] == "sent"
    assert mails["thank-you"]["why"] == "2 hours after the deal was lost"
    assert mails["feedback"]["state"] == "cancelled"
    (said,) = story["replies"]
    assert said["category"] == "unsubscribe"
    assert said["evidence"]
    assert said["text"] == "Please remove me from your list."
    assert said["matched_by"] == "In-Reply-To names our mail"
    assert {"message.sent", "reply.unsubscribe", "enrollment.opted_out"} <= {
        decision["kind"] for decision in story["decisions"]
    }
    assert story["suppressed"]
    assert story["status"] == "unsubscribed"
    assert enrollment["next"] == []


async def test_what_comes_next_is_what_a_forecast_says(world: World) -> None:
    await world.enroll()
    story = await reporting.why(world.app, DANA)
    steps = [entry["step"] for entry in story["enrollments"][0]["next"]]
    assert steps == ["thank-you", "feedback", "offer", "story", "story"]
    assert all(entry["why"] for entry in story["enrollments"][0]["next"])


async def test_nobody_known_has_no_story(world: World) -> None:
    with pytest.raises(NotFound, match="was ever enrolled"):
        await reporting.why(world.app, "x@y.example")


async def test_status_sums_up(world: World) -> None:
    await world.enroll()
    await world.enroll("erin@lost.example")
    await world.after(hours=2)
    now = await reporting.status(world.app)
    assert now["sequences"] == [{"name": "lost", "published": True, "enrollments": {"active": 2}}]
    assert now["mails"] == {"planned": 2, "sent": 1}  # the company's spacing holds the second one back
    assert now["mailboxes"][0]["sent_today"] == 1
    assert now["queue"]["waiting"] == 2
    world.now += timedelta(hours=3)
    queue = (await reporting.status(world.app))["queue"]
    assert queue["due"] == 1
    assert queue["oldest_seconds"] == 2 * 3600


async def test_a_task_shows_how_it_can_be_answered(world: World) -> None:
    await world.enroll()
    await world.after(hours=2)
    answer = reply("What does it cost to move in May?", to=world.sent[0].raw, sender=DANA, at=world.now)
    await world.arrives(answer)
    (task,) = await reporting.open_tasks(world.app)
    assert task["prospect"] == DANA
    assert task["answers"]
    (received,) = await reporting.inbox(world.app, 10)
    assert received["prospect"] == DANA
    await answering.answer(world.app, task["id"], task["answers"][-1])
    assert await reporting.open_tasks(world.app) == []

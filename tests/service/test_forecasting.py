"""A forecast and the live path agree, date for date."""

from datetime import UTC, datetime, timedelta

from cadence.content.catalogue import SequenceContent, load, read_snapshot
from cadence.core.errors import NotFound
from cadence.core.lifecycle import Fact
from cadence.core.outlook import Happening
from cadence.core.relevance import Profile
from cadence.core.sequence import Audience, Duration, Sequence, Step
from cadence.service import enrolling, forecasting
from cadence.service.forecasting import Calendar
from cadence.service.workload import Crowd, Workload, _part, _person, workload
from cadence.store import messages
from tests.service.conftest import World

EMAIL = "dana@lost.example"


def content(world: World) -> SequenceContent:
    return load(read_snapshot(world.templates, "lost"), "lost")


async def foretold(world: World, email: str = EMAIL, months: int = 20) -> Calendar:
    calendar = await forecasting.for_prospect(world.app, content(world), email, months=months)
    assert calendar is not None
    return calendar


async def live(world: World, enrollment_id: int, until: datetime) -> list[tuple[str, int, datetime]]:
    """Turn the clock from one due mail to the next, and say what left when."""
    while True:
        async with world.app.db.read() as tx:
            wake = await messages.next_wake(tx)
            waiting = await messages.open_of(tx, enrollment_id)
        if wake is None and not waiting:
            break
        next_at = wake or world.now + timedelta(hours=1)
        if next_at > until:
            break
        await world.after(seconds=max((next_at - world.now).total_seconds(), 0))
    async with world.app.db.read() as tx:
        sent = [m for m in await messages.of_enrollment(tx, enrollment_id) if m.sent_at]
    return [(m.step, m.occurrence, m.sent_at) for m in sent if m.sent_at]


def sent(calendar: Calendar) -> list[tuple[str | None, int, datetime]]:
    return [(e.step, e.occurrence, e.at) for e in calendar.entries if e.what is Happening.SENT]


async def test_what_is_foretold_is_what_is_sent(world: World) -> None:
    enrollment = await world.enroll()
    calendar = await foretold(world)
    assert sent(calendar) == await live(world, enrollment.id, calendar.until)
    assert len(sent(calendar)) == 5  # three mails and two stories; then there is nothing more to tell


async def test_a_forecast_of_somebody_paused_begins_with_the_end_of_the_pause(world: World) -> None:
    enrollment = await world.enroll()
    await world.after(hours=2)
    await enrolling.change(world.app, EMAIL, Fact.PAUSE, "a test", world.now + timedelta(days=40))
    calendar = await foretold(world)
    assert calendar.entries[0].what is Happening.RESUMED
    live_mails = await live(world, enrollment.id, calendar.until)
    assert sent(calendar) == live_mails[1:]


async def test_a_forecast_tells_no_story_that_the_company_has_had(world: World) -> None:
    first = await world.enroll()
    await live(world, first.id, world.now + timedelta(days=70))
    await world.enroll("colleague@lost.example")
    stories = [e.story for e in (await foretold(world, "colleague@lost.example")).entries if e.story]
    assert stories == ["depot"]


async def test_somebody_who_left_the_sequence_is_foretold_as_if_enrolled_anew(world: World) -> None:
    await world.enroll()
    await enrolling.change(world.app, EMAIL, Fact.STOP, "a test")
    calendar = await foretold(world)
    assert calendar.stands is None
    assert calendar.entries


async def test_nobody_known_has_no_forecast(world: World) -> None:
    assert await forecasting.for_prospect(world.app, content(world), "x@y.example", months=1) is None
    assert isinstance(forecasting.nobody(content(world), "x", database=True), NotFound)


def test_a_crowd_is_the_same_on_one_processor_and_on_two() -> None:
    steps = (Step("thank-you", after=Duration.parse("2 hours")), Step("more", after=Duration.parse("9 days")))
    sequence = Sequence("lost", "Lost", Audience.LOST, Duration.parse("1 year"), steps)
    crowd = Crowd(sequence, (), (Profile(),), datetime(2026, 3, 2, tzinfo=UTC), 12)
    alone, together = workload(crowd, 1100, 1), workload(crowd, 1100, 2)
    assert alone == together
    assert alone.people == 1100
    assert alone.months.total() == alone.steps.total() == 2200


def test_one_speaks_for_all_who_differ_in_nothing() -> None:
    steps = (Step("thank-you", after=Duration.parse("2 hours"), within=Duration.parse("3 hours")),)
    sequence = Sequence("lost", "Lost", Audience.LOST, Duration.parse("1 year"), steps)
    crowd = Crowd(sequence, (), (Profile(),), datetime(2026, 3, 2, tzinfo=UTC), 12)
    one_by_one, at_once = Workload(), _part(crowd, {_person(crowd, n): 3 for n in range(40)})
    for n in range(120):
        one_by_one.add(_part(crowd, {_person(crowd, n % 40): 1}))
    assert at_once == one_by_one
    assert at_once.others, "some are late at night, so too late in the morning"

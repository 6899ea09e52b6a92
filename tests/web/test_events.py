"""Who comes to events stands on the page of deals, for those whose guests they are."""

from cadence.core.occasions import Rsvp
from cadence.core.people import CONSOLE, Role
from cadence.service import occasions, publishing
from tests.service.test_occasions import EVENT, STORIES


async def test_the_page_of_deals_tells_who_comes_to_those_who_invited_them(site):
    world = site.world
    (world.templates / "lost/sequence.toml").write_text(STORIES)
    (world.templates / "lost/hello.md.j2").write_text("Hello.")
    (world.templates / "events").mkdir()
    (world.templates / "events/oven.md.j2").write_text(EVENT.format(more="capacity = 12"))
    await publishing.publish(world.app, world.templates, "lost")
    await world.enroll(first_name="Dana")
    for days in (1, 46):
        await world.after(days=days)
    await occasions.answer(world.app, CONSOLE, "dana@lost.example", "oven", Rsvp.ACCEPTED)
    admin = await site.logged_in(await site.person(Role.ADMINISTRATOR))
    page = (await admin.get("/deals")).text
    assert "A morning at the oven" in page
    assert "1 of 12 come, 1 invited" in page
    assert "Dana</a>, Lost Inc.: comes" in page
    stranger = await site.logged_in(await site.person(Role.REP))
    page = (await stranger.get("/deals")).text
    assert "A morning at the oven" in page
    assert "Dana" not in page

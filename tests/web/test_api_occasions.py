"""Other software announces an event, publishes it, sees who comes, and tells of a change."""

import pytest

from cadence.core.people import Role
from cadence.core.rights import SCOPES
from cadence.service import publishing
from tests.content.test_shipped import TEMPLATES
from tests.service.conftest import SEQUENCE

STORIES = SEQUENCE.partition("[[step]]")[0] + (
    '[[step]]\nname = "story"\nafter = "45 days"\nrepeat = "20 days"\npool = "stories"\n'
)
EVENT = {
    "title": 'A morning at the "oven"',
    "starts": "2026-07-10T09:00:00",
    "ends": "2026-07-10T11:30:00",
    "zone": "Europe/Berlin",
    "place": "Hamburg",
    "capacity": 12,
    "words": "Come on {{ event.day | date }} to {{ event.place }}.",
}
PATH = "/api/v1/occasions/oven"


@pytest.fixture
async def api(site):
    """An administrator's software, on a server that has the templates folder."""
    world = site.world
    site.app.templates = world.templates
    (world.templates / "lost/sequence.toml").write_text(STORIES)
    for name in ("events.md.j2", "macros.md.j2"):
        (world.templates / f"_shared/{name}").write_bytes((TEMPLATES / f"_shared/{name}").read_bytes())
    site.api = await site.software(await site.person(Role.ADMINISTRATOR), *SCOPES, days=300)
    return site


async def announced(site):
    """The event is published, and Dana invited."""
    await publishing.publish(site.app, site.world.templates, "lost")
    assert (await site.api.put(PATH, json=EVENT)).status_code == 200
    assert (await site.api.post(f"{PATH}/publish")).json() == {"published": ["lost"], "left": {}}
    await site.world.enroll(first_name="Dana")
    await site.world.after(days=60)
    (sent,) = site.world.sent
    assert b"text/calendar" in sent.raw


async def test_an_event_is_announced_and_published_and_people_are_invited(api):
    await announced(api)
    (one,) = (await api.api.get("/api/v1/occasions")).json()["items"]
    assert one == (await api.api.get(PATH)).json()
    assert (one["title"], one["starts"]) == (EVENT["title"], "2026-07-10T09:00:00+02:00")
    assert (one["invited"], one["accepted"], one["capacity"]) == (1, 0, 12)


async def test_who_comes_is_entered_and_listed_in_parts(api):
    await announced(api)
    told = {"email": "dana@lost.example", "answer": "accepted"}
    assert (await api.api.post(f"{PATH}/guests", json=told)).json() == {"done": "dana@lost.example: accepted"}
    part = (await api.api.get(f"{PATH}/guests", params={"limit": 1})).json()
    assert [(guest["email"], guest["answer"]) for guest in part["items"]] == [(told["email"], "accepted")]
    assert part["next"] is None
    assert (await api.api.get(PATH)).json()["accepted"] == 1
    stranger = {"email": "nobody@lost.example", "answer": "accepted"}
    assert (await api.api.post(f"{PATH}/guests", json=stranger)).status_code == 404


async def test_the_same_post_twice_is_carried_out_once(api):
    await announced(api)
    key = {"Idempotency-Key": "0123456789abcdef-1"}
    told = {"email": "dana@lost.example", "answer": "declined"}
    for _ in range(2):
        answer = await api.api.post(f"{PATH}/guests", json=told, headers=key)
        assert answer.json() == {"done": "dana@lost.example: declined"}
    trail = (await api.api.get("/api/v1/audit")).json()["items"]
    assert [one["action"] for one in trail].count("event.declined") == 1


async def test_a_change_is_told_after_a_yes(api):
    await announced(api)
    assert (await api.api.post(f"{PATH}/notify")).status_code == 409
    assert (await api.api.put(PATH, json=EVENT | {"place": "Bremen"})).status_code == 200
    assert (await api.api.post(f"{PATH}/publish")).json()["published"] == ["lost"]
    assert (await api.api.get(PATH)).json()["untold"] == 1
    assert (await api.api.post(f"{PATH}/notify")).json() == {"drafts": 1, "refused": {}}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"zone": "Europe/Nowhere"}, "zone"),
        ({"ends": "2026-07-10T08:00:00"}, "ends before it begins"),
        ({"place": None}, "needs a `place`"),
        ({"words": "Come to {{ event.plaec }}."}, "event.plaec"),
        ({"starts": "2026-07-10T09:00:00Z"}, "starts"),
    ],
)
async def test_what_an_author_would_be_told_is_a_problem_and_nothing_is_written(api, wrong, says):
    refused = await api.api.put(PATH, json=EVENT | wrong)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert says in refused.text
    assert not (api.world.templates / "events").exists()


async def test_what_others_changed_is_not_published_along(api):
    await publishing.publish(api.app, api.world.templates, "lost")
    await api.api.put(PATH, json=EVENT)
    (api.world.templates / "lost/thank-you.md.j2").write_text("Half a sen")
    done = (await api.api.post(f"{PATH}/publish")).json()
    assert done == {"published": [], "left": {"lost": "other files changed as well: lost/thank-you.md.j2"}}


async def test_guests_of_others_are_out_of_reach(api):
    await announced(api)
    rights = {"sequences:read", "prospects:read", "prospects:change"}
    rep = await api.software(await api.person(Role.REP), *(SCOPES & rights))
    assert (await rep.get(PATH)).json()["invited"] == 0
    assert (await rep.get(f"{PATH}/guests")).json()["items"] == []
    told = {"email": "dana@lost.example", "answer": "accepted"}
    assert (await rep.post(f"{PATH}/guests", json=told)).status_code == 404

"""Other software sees who was named in replies, or has moved, and enrolls them or leaves them alone."""

from cadence.core.people import Role
from cadence.core.rights import SCOPES
from tests.service.fakes import reply

WORDS = "I've moved to Fernhill Foods. My new address is dana@fernhill.example."


async def test_whoever_has_moved_is_enrolled_at_the_new_place_after_a_yes(site):
    world = site.world
    await world.enroll(first_name="Dana")
    await world.after(hours=2)
    raw = reply(WORDS, to=world.sent[0].raw, sender="dana@lost.example", at=world.now, number=1)
    await world.arrives(raw)
    admin = await site.software(await site.person(Role.ADMINISTRATOR), *SCOPES)
    found = (await admin.get("/api/v1/suggestions")).json()["items"]
    assert [(one["kind"], one["email"], one["company"]) for one in found] == [
        ("old_seat", None, None),
        ("moved", "dana@fernhill.example", "Fernhill Foods"),
    ]
    seat, moved = found
    assert (moved["by"], moved["words"], moved["prospect_id"]) == ("dana@lost.example", WORDS, 1)
    made = await admin.post(f"/api/v1/suggestions/{moved['id']}/enroll", json={"sequence": "lost"})
    assert made.json() == {"done": "enrolled in lost"}
    assert (await admin.post(f"/api/v1/suggestions/{moved['id']}/enroll", json={})).status_code == 409
    assert (await admin.post(f"/api/v1/suggestions/{seat['id']}/dismiss")).json() == {"done": "left alone"}
    left = (await admin.get("/api/v1/suggestions")).json()["items"]
    assert [(one["deal_id"] is not None, one["dismissed"] is not None) for one in left] == [
        (False, True),
        (True, False),
    ]


async def test_whom_somebody_else_was_told_of_is_out_of_reach(site):
    world = site.world
    await world.enroll(first_name="Dana")
    await world.after(hours=2)
    raw = reply(WORDS, to=world.sent[0].raw, sender="dana@lost.example", at=world.now, number=1)
    await world.arrives(raw)
    rep = await site.software(await site.person(Role.REP), *(SCOPES & {"replies:read", "prospects:enroll"}))
    assert (await rep.get("/api/v1/suggestions")).json()["items"] == []
    assert (await rep.post("/api/v1/suggestions/1/enroll", json={"sequence": "lost"})).status_code == 404

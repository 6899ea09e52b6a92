"""What other software changes: enrollments, answers, corrections, facts; and never somebody else's."""

import asyncio

import pytest

from cadence.core.people import Role
from cadence.core.rights import RIGHTS, SCOPES, Right
from cadence.core.sequence import From
from cadence.service import connecting, publishing
from tests.service.conftest import SEQUENCE, mailbox, write_sequence
from tests.service.fakes import reply
from tests.service.test_deal_dates import AT_DATES
from tests.web.site import Site

LOST = {
    "crm_id": "006-1",
    "sequence": "lost",
    "name": "Scanners",
    "company": "Lost Inc.",
    "contacts": [
        {"email": "dana@lost.example", "first_name": "Dana"},
        {"email": "lee@lost.example", "first_name": "Lee"},
    ],
    "reason": "Price",
    "competitor": "Rival",
    "competitor_contract_end": "2027-03-31",
    "amount": "48,000 EUR",
    "lost_at": "2026-03-02",
}


@pytest.fixture
async def admin(site: Site):
    return await site.software(await site.person(Role.ADMINISTRATOR), *SCOPES)


@pytest.fixture
async def sam(site: Site):
    """A rep with a mailbox, beside the one of nobody's."""
    user = await site.person(Role.REP, "sam@vendor.test")
    await connecting.add(site.app, mailbox("sam@vendor.test"))
    return await site.software(user, *(SCOPES & RIGHTS[Role.REP]))


async def post(client, path: str, status: int = 200, **body):
    answer = await client.post(f"/api/v1/{path}", json=body or None)
    assert answer.status_code == status, answer.text
    return answer.json()


# --- enrollments ---


async def test_somebody_is_enrolled_paused_resumed_and_stopped(site, admin):
    made = await post(
        admin, "enrollments", 201, email="dana@lost.example", sequence="lost", first_name="Dana"
    )
    assert (made["state"], made["mailbox"]) == ("active", "rep@vendor.test")
    path = f"enrollments/{made['id']}"
    assert (await post(admin, f"{path}/pause"))["state"] == "paused"
    assert (await post(admin, f"{path}/pause", until="2026-04-01T09:00:00+02:00"))["resume_at"] is None
    await site.world.after(hours=3)
    assert site.world.sent == []
    assert (await post(admin, f"{path}/resume"))["state"] == "active"
    await post(admin, f"{path}/resume", 409)
    await site.world.after(hours=3)
    assert len(site.world.sent) == 1
    assert (await post(admin, f"{path}/stop"))["state"] == "stopped"
    await post(admin, f"{path}/remove", 409)
    acts = [action for _, action, _ in await site.audit()]
    assert acts[-4:] == ["enrollment.paused", "enrollment.paused", "enrollment.resumed", "enrollment.stopped"]


async def test_a_pause_ends_at_its_date_and_not_in_the_past(site, admin):
    made = await site.world.enroll()
    paused = await post(admin, f"enrollments/{made.id}/pause", until="2026-03-05T10:00:00Z")
    assert paused["resume_at"] == "2026-03-05T10:00:00Z"
    await post(admin, f"enrollments/{made.id}/pause", 422, until="2026-03-01T10:00:00Z")
    await site.world.after(days=3)
    assert await site.world.state(made) == "active"


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "nobody"},
        {"sequence": "other"},
        {"mailbox": "nobody@vendor.test"},
        {"zone": "Mars/Olympus"},
        {"lost_at": 0},
        {"lost_at": "2026-03-02T10:00:00"},
        {"lost_at": "0001-01-01T00:00:00+14:00"},
        {"size": 2**40},
        {"first_name": "Da\nna"},
        {"surname": "Dole"},
    ],
)
async def test_what_cannot_be_right_enrolls_nobody(site, admin, wrong):
    body = {"email": "dana@lost.example", "sequence": "lost"} | wrong
    answer = await admin.post("/api/v1/enrollments", json=body)
    assert answer.status_code in {404, 422}, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert await site.rows("enrollments") == []


async def test_a_rep_writes_from_their_own_mailbox_only(site, sam):
    made = await post(sam, "enrollments", 201, email="kim@gone.example", sequence="lost")
    assert made["mailbox"] == "sam@vendor.test"
    await post(sam, "enrollments", 403, email="a@gone.example", sequence="lost", mailbox="rep@vendor.test")
    await post(sam, "enrollments", 403, email="a@gone.example", sequence="lost", executive="rep@vendor.test")
    await connecting.add(site.app, mailbox("boss@vendor.test", From.EXECUTIVE))
    await post(sam, "enrollments", 201, email="a@gone.example", sequence="lost", executive="boss@vendor.test")
    foreign = await site.world.enroll(mailbox="rep@vendor.test")
    for what in ("pause", "resume", "stop", "remove"):
        await post(sam, f"enrollments/{foreign.id}/{what}", 404)
    assert await site.world.state(foreign) == "active"


# --- deals ---


async def test_a_crm_says_that_a_deal_was_lost(site, admin):
    said = await post(admin, "deals/lost", **LOST)
    assert [one["result"] for one in said["contacts"]] == ["enrolled", "enrolled"]
    (deal,) = (await admin.get("/api/v1/deals")).json()["items"]
    assert (deal["crm_id"], deal["name"], deal["reason"]) == ("006-1", "Scanners", "price")
    assert deal["competitor_contract_end"] == "2027-03-31"
    assert deal["lost_at"].startswith("2026-03-02T12:00")


async def test_said_twice_a_deal_is_one_and_its_contacts_are_enrolled_once(site, admin):
    first = await post(admin, "deals/lost", **LOST)
    await post(admin, f"enrollments/{first['contacts'][0]['enrollment_id']}/stop")
    more = LOST | {
        "name": "Renamed",
        "competitor": "Other",
        "contacts": [*LOST["contacts"], {"email": "new@lost.example"}],
    }
    again = await post(admin, "deals/lost", **more)
    assert [one["result"] for one in again["contacts"]] == ["known", "known", "enrolled"]
    assert again["contacts"][0]["enrollment_id"] == first["contacts"][0]["enrollment_id"]
    (deal,) = (await admin.get("/api/v1/deals")).json()["items"]
    assert (deal["name"], deal["competitor"]) == ("Scanners", "Other")
    assert len(await site.rows("enrollments")) == 3


@pytest.mark.parametrize(("what", "outcome"), [("reopened", None), ("won", "won")])
async def test_a_crm_says_that_a_lost_deal_came_back(site, admin, sam, what, outcome):
    await post(admin, "deals/lost", **LOST, rep="rep@vendor.test")
    assert await post(admin, f"deals/{what}", crm_id="006-1") == {"crm_id": "006-1", "stopped": 2}
    assert {row.state for row in await site.rows("enrollments")} == {"stopped"}
    assert (await post(admin, f"deals/{what}", crm_id="006-1"))["stopped"] == 0
    assert [row.outcome for row in await site.rows("deals")] == [outcome]
    await post(sam, f"deals/{what}", 403, crm_id="006-1")
    await post(admin, f"deals/{what}", 404, crm_id="006-77")


async def test_mails_follow_the_dates_that_other_software_tells(site, admin):
    write_sequence(site.world.templates, f"{SEQUENCE}{AT_DATES}")
    for step in ("renewal", "it-is-there"):
        (site.world.templates / "lost" / f"{step}.md.j2").write_text("We are here.", encoding="utf-8")
    await publishing.publish(site.app, site.world.templates, "lost")
    await post(admin, "deals/lost", **(LOST | {"competitor_contract_end": None}))

    async def due():
        rows = [row for row in await site.rows("messages") if row.step == "renewal"]
        return [(row.state, f"{row.due_at:%Y-%m-%d}") for row in rows]

    assert await due() == []
    await post(admin, "deals/lost", **LOST)
    assert await due() == [("planned", "2026-12-31")] * 2
    for said, becomes in (("2027-04-30", ("planned", "2027-01-30")), (None, ("skipped", "2027-01-30"))):
        body, anyway = {"competitor_contract_end": said}, {"If-Match": "*"}
        changed = await admin.patch("/api/v1/deals/1", json=body, headers=anyway)
        assert changed.json()["competitor_contract_end"] == said
        assert await due() == [becomes] * 2


async def test_said_by_several_at_once_a_deal_is_one(site, admin):
    answers = await asyncio.gather(*(post(admin, "deals/lost", **LOST) for _ in range(4)))
    results = sorted(one["result"] for said in answers for one in said["contacts"])
    assert results == ["enrolled"] * 2 + ["known"] * 6
    assert len(await site.rows("deals")) == 1


async def test_two_who_enroll_somebody_at_once_enroll_them_once(site, admin):
    body = {"email": "dana@lost.example", "sequence": "lost"}
    answers = await asyncio.gather(*(admin.post("/api/v1/enrollments", json=body) for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]


async def test_two_deals_of_one_name_stay_two(site, admin):
    await post(admin, "deals/lost", **LOST)
    other = {"crm_id": "006-2", "contacts": [{"email": "third@lost.example"}]}
    await post(admin, "deals/lost", **(LOST | other))
    names = {one["crm_id"]: one["name"] for one in (await admin.get("/api/v1/deals")).json()["items"]}
    assert names == {"006-1": "Scanners", "006-2": "Scanners (006-2)"}


async def test_what_is_wrong_with_one_contact_refuses_only_that(site, admin):
    await post(admin, "suppressions", 201, email="lee@lost.example", reason="asked on the phone")
    contacts = [*LOST["contacts"], {"email": "nobody"}, {"email": "DANA@lost.example"}]
    said = await post(admin, "deals/lost", **(LOST | {"contacts": contacts}))
    assert [one["result"] for one in said["contacts"]] == ["enrolled", "refused", "refused", "refused"]
    assert "suppressed" in said["contacts"][1]["why"]


async def test_drafts_wait_for_a_word(site, admin):
    said = await post(admin, "deals/lost", **(LOST | {"start": "confirm", "lost_at": None}))
    assert [one["result"] for one in said["contacts"]] == ["waiting", "waiting"]
    await site.world.after(hours=3)
    assert site.world.sent == []
    lee, dana = (await admin.get("/api/v1/tasks")).json()["items"]
    assert (dana["kind"], dana["answers"]) == ("confirm_enrollment", ["resume", "stop"])
    await post(admin, f"tasks/{dana['id']}/answer", answer="resume")
    await post(admin, f"tasks/{lee['id']}/answer", answer="stop")
    await post(admin, f"tasks/{lee['id']}/answer", 409, answer="stop")
    await site.world.after(hours=3)
    await site.world.after(minutes=1)
    assert {mail.recipient for mail in site.world.sent} == {"dana@lost.example"}
    states = {one["email"]: one["state"] for one in (await admin.get("/api/v1/enrollments")).json()["items"]}
    assert states == {"dana@lost.example": "active", "lee@lost.example": "stopped"}


async def test_a_deal_of_somebody_elses_is_not_taken_over(site, admin, sam):
    await post(admin, "deals/lost", **(LOST | {"rep": "rep@vendor.test"}))
    await post(sam, "deals/lost", 403, **(LOST | {"contacts": [{"email": "new@lost.example"}]}))
    assert len(await site.rows("enrollments")) == 2


async def test_a_deal_that_cannot_be_right_changes_nothing(site, admin):
    await post(admin, "deals/lost", 422, **(LOST | {"competitor_contract_end": "2020-01-01"}))
    await post(admin, "deals/lost", 404, **(LOST | {"sequence": "other"}))
    assert await site.rows("deals") == []


# --- facts ---


@pytest.mark.parametrize(
    ("path", "good", "bad"),
    [
        ("prospects", {"first_name": "Dana", "zone": "Europe/Berlin"}, {"zone": "Mars/Olympus"}),
        ("deals", {"competitor": "Rival", "reason": "Price"}, {"reason": "x" * 501}),
        (
            "deals",
            {"competitor_contract_end": "2027-03-31"},
            {"competitor_contract_end": "2020-01-01"},
        ),
    ],
)
async def test_a_change_wants_the_state_that_it_changes(site, admin, path, good, bad):
    await site.world.enroll()
    known = await admin.get(f"/api/v1/{path}/1")
    tag = known.headers["etag"]
    assert (await admin.patch(f"/api/v1/{path}/1", json=good)).status_code == 428
    refused = await admin.patch(f"/api/v1/{path}/1", json=bad, headers={"If-Match": tag})
    assert refused.status_code == 422
    assert (await admin.get(f"/api/v1/{path}/1")).headers["etag"] == tag
    changed = await admin.patch(f"/api/v1/{path}/1", json=good, headers={"If-Match": tag})
    assert changed.status_code == 200, changed.text
    assert {name: changed.json()[name].lower() for name in good} == {
        name: value.lower() for name, value in good.items()
    }
    stale = await admin.patch(f"/api/v1/{path}/1", json=good, headers={"If-Match": tag})
    assert stale.status_code == 412
    fresh = changed.headers["etag"]
    assert (await admin.get(f"/api/v1/{path}/1")).headers["etag"] == fresh
    assert (await admin.patch(f"/api/v1/{path}/1", json={}, headers={"If-Match": "*"})).status_code == 200


GONE = {"basis": "consent", "basis_since": "2026-01-31", "basis_until": "2026-03-04"}
CONSENT = {"basis": "consent", "basis_source": "form on our site", "basis_since": "2026-01-31"}


async def test_on_which_ground_somebody_is_written_to_is_told_and_changed(site, admin):
    contact = {"email": "dana@lost.example", **CONSENT, "basis_until": "2027-01-31"}
    await post(admin, "enrollments", 201, **contact, sequence="lost")
    lee = {"email": "lee@lost.example", "basis": "customer"}
    await post(admin, "deals/lost", crm_id="1", contacts=[lee], sequence="lost")
    dana, lee = [(await admin.get(f"/api/v1/prospects/{number}")).json() for number in (1, 2)]
    assert {name: dana[name] for name in contact} == contact
    assert (lee["basis"], lee["basis_source"], lee["basis_since"]) == (
        "customer",
        "somebody said so",
        "2026-03-03",
    )

    async def change(**said):
        answer = await admin.patch("/api/v1/prospects/1", json=said, headers={"If-Match": "*"})
        return answer.status_code, answer.json()

    status, known = await change(basis_until="2028-01-31")
    assert (status, known["basis_until"], known["basis_source"]) == (200, "2028-01-31", "form on our site")
    status, known = await change(basis="legitimate_interest", basis_source="they wrote to us")
    assert (status, known["basis_since"], known["basis_until"]) == (200, "2026-03-03", None)
    assert (await change(basis=None))[1]["basis_source"] is None
    assert (await change(basis_source="a form"))[0] == 422  # of which ground?
    assert (await change(**CONSENT, basis_until="2025-01-01"))[0] == 422
    assert (await change(basis="because"))[0] == 422
    assert ("administrator@vendor.test", "prospect.ground") in {row[:2] for row in await site.audit()}


async def test_what_was_held_for_want_of_a_ground_goes_on_once_one_is_named(site, admin):
    made = await post(admin, "enrollments", 201, email="dana@lost.example", sequence="lost", **GONE)
    await site.world.after(days=2)
    assert [row.kind for row in await site.rows("tasks") if row.done_at is None] == ["held"]
    answer = await admin.patch("/api/v1/prospects/1", json=CONSENT, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text
    assert [row.kind for row in await site.rows("tasks") if row.done_at is None] == []
    assert made["state"] == "active"


async def test_a_rep_changes_nothing_of_somebody_elses(site, sam):
    await site.world.enroll(mailbox="rep@vendor.test")
    for path in ("prospects", "deals"):
        answer = await sam.patch(f"/api/v1/{path}/1", json={}, headers={"If-Match": "*"})
        assert answer.status_code == 404


# --- replies, tasks, suppressions ---


async def test_a_reply_is_corrected_and_acts_anew(site, admin, sam):
    made = await site.world.enroll(mailbox="rep@vendor.test")
    await site.world.after(hours=2)
    (sent,) = site.world.sent
    await site.world.arrives(reply("Hm.", to=sent.raw, sender="dana@lost.example", at=site.world.now))
    (came,) = (await admin.get("/api/v1/replies")).json()["items"]
    await post(sam, f"replies/{came['id']}/correction", 404, category="unsubscribe")
    await post(admin, f"replies/{came['id']}/correction", 422, category="bounce_hard")
    assert (
        "dana@lost.example"
        in (await post(admin, f"replies/{came['id']}/correction", category="unsubscribe"))["done"]
    )
    assert await site.world.state(made) == "opted_out"
    again = (await admin.get(f"/api/v1/replies/{came['id']}")).json()
    assert (again["category"], again["corrected"]) == ("unsubscribe", "unsubscribe")
    assert again["read_as"] == came["read_as"]
    (kept,) = (await admin.get("/api/v1/suppressions")).json()["items"]
    assert kept["email"] == "dana@lost.example"


async def test_a_task_of_somebody_elses_is_not_answered(site, admin, sam):
    await post(admin, "deals/lost", **(LOST | {"start": "confirm", "rep": "rep@vendor.test"}))
    (task, _) = (await admin.get("/api/v1/tasks")).json()["items"]
    await post(sam, f"tasks/{task['id']}/answer", 404, answer="resume")
    await post(admin, f"tasks/{task['id']}/answer", 422, answer="perhaps")
    assert (await admin.get(f"/api/v1/tasks/{task['id']}")).json()["done_at"] is None


async def test_nobody_writes_to_a_suppressed_address(site, admin):
    made = await site.world.enroll()
    first = await post(admin, "suppressions", 201, email="Dana@lost.example", reason="asked on the phone")
    assert first == await post(admin, "suppressions", 201, email="dana@lost.example", reason="again")
    assert await site.world.state(made) == "opted_out"
    await site.world.after(days=20)
    assert site.world.sent == []
    await post(admin, "enrollments", 409, email="dana@lost.example", sequence="lost")


async def test_a_scope_that_reads_does_not_act(site):
    user = await site.person(Role.ADMINISTRATOR)
    reader = await site.software(user, Right.READ_PROSPECTS)
    await site.world.enroll()
    await post(reader, "enrollments/1/stop", 403)
    await post(reader, "enrollments", 403, email="a@b.example", sequence="lost")
    assert (await reader.patch("/api/v1/prospects/1", json={}, headers={"If-Match": "*"})).status_code == 403

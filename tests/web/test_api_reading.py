"""What other software sees: lists in parts, single things, and nothing beyond its user's reach."""

import pytest

from cadence.core.people import Role
from cadence.core.rights import SCOPES, Right
from cadence.service import connecting, users
from cadence.store import mailboxes
from tests.service.conftest import mailbox
from tests.service.fakes import reply
from tests.web.site import Site

READ = (
    Right.READ_PROSPECTS,
    Right.READ_REPLIES,
    Right.READ_TASKS,
    Right.READ_MAILBOXES,
    Right.READ_REPORTS,
)
LISTS = ("accounts", "prospects", "deals", "enrollments", "messages", "replies", "tasks", "mailboxes")


@pytest.fixture
async def two_reps(site: Site) -> Site:
    """Dana is Robin's prospect, Kim is Sam's; both answered, and nobody knows what they mean."""
    await connecting.add(site.app, mailbox("sam@vendor.test"))
    for email, box in (("robin@vendor.test", "rep@vendor.test"), ("sam@vendor.test", "sam@vendor.test")):
        user = await site.person(Role.REP, email, team="north" if "robin" in email else "south")
        await users.own_mailbox(site.app, site.console, box, user.id)
    await site.world.enroll("dana@lost.example", company="Lost Inc.", mailbox="rep@vendor.test")
    await site.world.enroll("kim@gone.example", company="Gone Inc.", mailbox="sam@vendor.test")
    await site.world.after(hours=2, minutes=1)
    await site.world.after(minutes=1)
    for number, mail in enumerate(site.world.sent, 1):
        box = "rep@vendor.test" if "dana" in mail.recipient else "sam@vendor.test"
        words = reply("Hm.", to=mail.raw, sender=mail.recipient, at=site.world.now, number=number)
        await site.world.arrives(words, box)
    return site


async def software_of(site: Site, email: str, *scopes: Right):
    return await site.software(await users.find(site.app, email), *(scopes or READ))


async def listed(client, what: str, /, **params):
    answer = await client.get(f"/api/v1/{what}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


@pytest.mark.parametrize("kind", LISTS)
async def test_a_rep_sees_only_their_own(two_reps, kind):
    robin, sam = (
        await software_of(two_reps, "robin@vendor.test"),
        await software_of(two_reps, "sam@vendor.test"),
    )
    admin = await two_reps.software(await two_reps.person(Role.ADMINISTRATOR), *SCOPES)
    hers, his = await listed(robin, kind), await listed(sam, kind)
    assert hers
    assert his
    assert not {one["id"] for one in hers} & {one["id"] for one in his}
    everything = {one["id"] for one in await listed(admin, kind)}
    assert {one["id"] for one in hers + his} <= everything
    for mine, other, client in ((hers, his, robin), (his, hers, sam)):
        assert (await client.get(f"/api/v1/{kind}/{mine[0]['id']}")).json()["id"] == mine[0]["id"]
        assert (await client.get(f"/api/v1/{kind}/{other[0]['id']}")).status_code == 404


async def test_a_manager_sees_the_team_and_an_author_nobody(two_reps):
    manager = await two_reps.software(await two_reps.person(Role.MANAGER, team="south"), *READ)
    assert [one["email"] for one in await listed(manager, "prospects")] == ["kim@gone.example"]
    author = await two_reps.software(await two_reps.person(Role.AUTHOR), Right.READ_SEQUENCES)
    assert (await author.get("/api/v1/prospects")).status_code == 403


async def test_events_and_figures_end_where_the_reach_does(two_reps):
    robin = await software_of(two_reps, "robin@vendor.test")
    prospects = {one["id"] for one in await listed(robin, "prospects")}
    assert {one["prospect_id"] for one in await listed(robin, "events")} - {None} == prospects
    figures = (await robin.get("/api/v1/reports/standing")).json()
    assert sum(figures["prospects"].values()) == sum(figures["mailboxes"].values()) == 1


async def test_what_is_learned_from_lost_deals_is_counted_within_reach(two_reps):
    robin = await software_of(two_reps, "robin@vendor.test")
    admin = await two_reps.software(await two_reps.person(Role.ADMINISTRATOR), *READ)
    for client, deals in ((robin, 1), (admin, 2)):
        answer = await client.get("/api/v1/reports/lost-deals", params={"since": "2026-01-01"})
        assert answer.status_code == 200, answer.text
        funnel = {one["name"]: one["count"] for one in answer.json()["funnel"]}
        assert (funnel["Lost"], funnel["A person answered"], funnel["Won back"]) == (deals, deals, 0)
        (step,) = (one for one in answer.json()["steps"] if one["name"] == "thank-you")
        assert (step["count"], step["of"]) == (deals, deals)
    wrong = await admin.get(
        "/api/v1/reports/lost-deals", params={"since": "2026-02-01", "until": "2026-01-01"}
    )
    assert wrong.status_code == 422


async def test_a_mail_can_be_had_as_it_left_and_a_reply_as_it_came(two_reps):
    robin = await software_of(two_reps, "robin@vendor.test")
    (sent,) = await listed(robin, "messages", state="sent")
    raw = await robin.get(f"/api/v1/messages/{sent['id']}/raw")
    assert raw.headers["content-type"] == "message/rfc822"
    assert sent["message_id"].encode() in raw.content
    assert raw.content in {mail.raw for mail in two_reps.world.sent}
    (planned,) = (one for one in await listed(robin, "messages") if one["state"] == "planned")
    assert (await robin.get(f"/api/v1/messages/{planned['id']}/raw")).status_code == 404
    (came,) = await listed(robin, "replies")
    assert b"Hm." in (await robin.get(f"/api/v1/replies/{came['id']}/raw")).content
    sam = await software_of(two_reps, "sam@vendor.test")
    assert (await sam.get(f"/api/v1/messages/{sent['id']}/raw")).status_code == 404
    assert (await sam.get(f"/api/v1/replies/{came['id']}/raw")).status_code == 404


async def test_nothing_to_log_in_with_is_told_of_a_mailbox(two_reps):
    admin = await two_reps.software(await two_reps.person(Role.ADMINISTRATOR), *SCOPES)
    async with two_reps.app.db.read() as tx:
        secret = (await mailboxes.access(tx, 1)).secret
    text = (await admin.get("/api/v1/mailboxes")).text
    assert secret not in text
    assert "secret" not in text
    assert '"username"' not in text


async def test_a_long_list_is_read_in_parts_and_misses_nothing(site):
    for number in range(7):
        await site.world.enroll(f"p{number}@lost.example", company=f"Company {number}")
    admin = await site.software(await site.person(Role.ADMINISTRATOR), *READ)
    seen, after = [], None
    for _ in range(4):
        part = (
            await admin.get("/api/v1/prospects", params={"limit": 2} | ({"after": after} if after else {}))
        ).json()
        seen += [one["email"] for one in part["items"]]
        after = part["next"]
        await site.world.enroll(f"later{len(seen)}@lost.example", company="Later")  # moves nothing
    assert seen == [f"p{number}@lost.example" for number in range(6, -1, -1)]
    assert after is None


@pytest.mark.parametrize("after", ["x", "WyJhIl0", "W10", "WzFlMTAwXQ"])
async def test_a_cursor_that_is_none_is_refused(site, after):
    admin = await site.software(await site.person(Role.ADMINISTRATOR), *READ)
    assert (await admin.get("/api/v1/deals", params={"after": after})).status_code == 422


async def test_lists_can_be_cut_down(two_reps):
    admin = await two_reps.software(await two_reps.person(Role.ADMINISTRATOR), *READ)
    (dana,) = await listed(admin, "prospects", email="Dana@LOST.example")
    assert dana["company"] == "Lost Inc."
    (one,) = await listed(admin, "enrollments", prospect_id=dana["id"])
    assert (one["email"], one["mailbox"]) == ("dana@lost.example", "rep@vendor.test")
    assert await listed(admin, "enrollments", state="finished") == []
    assert {m["enrollment_id"] for m in await listed(admin, "messages", enrollment_id=one["id"])} == {
        one["id"]
    }
    assert len(await listed(admin, "tasks", kind="review_reply")) == 2
    assert await listed(admin, "tasks", which="done") == []
    assert {e["kind"] for e in await listed(admin, "events", kind="message.sent")} == {"message.sent"}
    assert (await admin.get("/api/v1/prospects", params={"email": "nobody"})).status_code == 422


async def test_sequences_and_stories_are_shown_as_published(site):
    author = await site.software(await site.person(Role.AUTHOR), Right.READ_SEQUENCES)
    (lost,) = await listed(author, "sequences")
    assert (lost["name"], lost["revision"], lost["steps"][0]["after"]) == ("lost", 1, "2 hours")
    assert (await author.get("/api/v1/sequences/lost")).json() == lost
    files = (await author.get("/api/v1/sequences/lost/revision")).json()["files"]
    assert "lost/thank-you.md.j2" in {one["path"] for one in files}
    assert {one["name"] for one in await listed(author, "stories")} == {"bakery", "depot"}
    assert (await author.get("/api/v1/sequences/nothing")).status_code == 404

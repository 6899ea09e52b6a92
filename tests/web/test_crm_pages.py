"""The pages of CRMs: connected, set up with a look at real deals, conflicts decided; and its signed hook."""

import pytest

from cadence.core.people import Role
from cadence.service import crm_visiting
from cadence.service.outside import Outside
from tests.servers.crm_api import HOOK_SECRET
from tests.servers.hubspot_api import HubSpotApi

RULE = {"pipeline": "Sales", "reason": "", "amount_from": "1000", "amount_to": "", "start": "draft"}


@pytest.fixture
async def crm(site):
    """The site, the browsers of an administrator, a manager and a rep, and a CRM."""
    site.app.outside = Outside(private=True)
    site.admin = await site.logged_in(await site.person(Role.ADMINISTRATOR))
    site.manager = await site.logged_in(await site.person(Role.MANAGER))
    site.rep = await site.logged_in(await site.person(Role.REP))
    async with HubSpotApi(now=site.app.clock()).listening() as hubspot:
        site.hubspot = hubspot
        yield site


async def connected(crm, browser=None) -> str:
    """The path of a new connection's page."""
    said = {"kind": "hubspot", "token": crm.hubspot.token, "url": crm.hubspot.url, "hook": HOOK_SECRET}
    made = await (browser or crm.admin).submit("/crm", "/crm", since="", **said)
    assert made.status_code == 303, made.text
    return made.headers["location"].removesuffix("/setup")


async def test_a_crm_is_connected_and_its_token_never_shown(crm):
    path = await connected(crm)
    for page in (path, "/crm", f"{path}/setup", "/audit"):
        answer = await crm.admin.get(page)
        assert answer.status_code == 200
        assert crm.hubspot.token not in answer.text
        assert HOOK_SECRET not in answer.text
    assert "HubSpot 2510" in (await crm.admin.get("/crm")).text
    [row] = await crm.rows("crm_connections")
    assert crm.hubspot.token in crm.app.vault.open(row.secrets)


@pytest.mark.parametrize("wrong", [{"token": "wrong"}, {"url": "ftp://x.example"}, {"since": "soon"}])
async def test_what_does_not_open_it_is_said_and_nothing_kept(crm, wrong):
    said = {"kind": "hubspot", "token": crm.hubspot.token, "url": crm.hubspot.url, "hook": "", "since": ""}
    refused = await crm.admin.submit("/crm", "/crm", **(said | wrong))
    assert refused.status_code in (422, 503)
    assert "notice bad" in refused.text
    assert await crm.rows("crm_connections") == []


async def test_rules_and_fields_are_tried_on_real_deals_and_then_saved(crm):
    path = await connected(crm)
    crm.hubspot.lose("41", "Too expensive")
    fields = {"read.reason": "closed_lost_reason", "write.status": "win_back"}
    fields["reasons"] = "Too expensive = price"
    form = RULE | {"sequence": "lost", "sender": "", "notes": "true"} | fields
    shown = await crm.admin.submit(f"{path}/setup", f"{path}/setup", do="preview", **form)
    assert "Reason, as the rep says: price" in shown.text
    assert "lost: draft" in shown.text
    assert (await crm.rows("crm_connections"))[0].setup["rule"] == []
    await crm.admin.submit(f"{path}/setup", f"{path}/setup", do="save", **form)
    [row] = await crm.rows("crm_connections")
    assert row.setup["rule"] == [
        {"sequence": "lost", "start": "draft", "pipeline": ["Sales"], "amount_from": "1000"}
    ]
    assert row.setup["write"] == {"status": "win_back"}
    assert row.setup["reasons"] == {"Too expensive": "price"}
    bad = form | {"amount_from": "x"}
    wrong = await crm.admin.submit(f"{path}/setup", f"{path}/setup", do="save", **bad)
    assert wrong.status_code == 422
    assert 'value="x"' in wrong.text  # what was typed is still there


async def test_it_is_switched_off_and_on_renewed_and_removed(crm):
    path = await connected(crm)
    await crm.admin.submit(path, f"{path}/disable")
    assert "switched off" in (await crm.admin.get(path)).text
    await crm.admin.submit(path, f"{path}/enable")
    await crm.admin.submit(path, f"{path}/visit")
    bad = await crm.admin.submit(path, f"{path}/renew", token="wrong", hook="")
    assert bad.status_code in (422, 503)
    crm.hubspot.token = "a-new-one"
    assert (await crm.admin.submit(path, f"{path}/renew", token="a-new-one", hook="")).status_code == 303
    await crm.admin.submit(path, f"{path}/remove")
    assert (await crm.admin.get(path)).status_code == 404


async def test_faults_and_what_became_of_deals_are_shown(crm):
    path = await connected(crm)
    crm.hubspot.lose("41", people=())
    await crm_visiting.look_after(crm.app)
    page = (await crm.admin.get(path)).text
    assert "none of its contacts has an e-mail address" in page
    crm.hubspot.token = "another"
    await crm.admin.submit(path, f"{path}/visit")
    await crm_visiting.look_after(crm.app)
    assert "does not let us in" in (await crm.admin.get("/crm")).text
    assert "Give it a new token" in (await crm.admin.get("/today")).text


async def test_managers_see_their_teams_and_reps_none(crm):
    path = await connected(crm)
    assert (await crm.manager.get("/crm")).status_code == 200
    assert (await crm.rep.get("/crm")).status_code == 403
    assert (await crm.rep.get(path)).status_code == 403


async def test_a_signed_hook_is_taken_and_any_other_refused(crm):
    path = await connected(crm)
    crm_id = path.rpartition("/")[2]
    public = (crm.app.policy.public_url or "").rstrip("/")
    notice = crm.hubspot.notice(["41"], f"{public}/hooks/crm/{crm_id}")
    crm.hubspot.lose("41")
    headers = dict(notice.headers)
    taken = await crm.browser().post(f"/hooks/crm/{crm_id}", content=notice.body, headers=headers)
    assert taken.status_code == 204
    assert [row.remote_id for row in await crm.rows("crm_deals")] == ["41"]
    forged = headers | {"x-hubspot-signature-v3": "AAAA"}
    for target, said, body, status in (
        (crm_id, forged, notice.body, 401),
        (crm_id, {}, b"", 401),
        ("77", headers, notice.body, 404),
        (crm_id, headers, b"x" * 1_000_001, 413),
    ):
        answer = await crm.browser().post(f"/hooks/crm/{target}", content=body, headers=said)
        assert answer.status_code == status

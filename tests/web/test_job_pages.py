"""Background work in the browser: looked through, agreed to, carried out, cancelled, and what it left out."""

import csv
import io
import re

import pytest

from cadence.core.errors import DatabaseAway
from cadence.core.people import Role
from cadence.service import connecting, importing_jobs, jobs, selections
from cadence.store import users as people
from tests.service.conftest import mailbox

HEADER = "E-Mail,Vorname,Firma,Verlustgrund,Notiz\n"
ROWS = [
    "dana@north.example,Dana,North,price,\n",
    "nonsense,Nobody,South,,=cmd|' /C calc'!A0\n",
    "jose@south.example,José,South,timing,\n",
    "DANA@north.example,Dana,North,price,\n",
]
FILE = HEADER + "".join(ROWS)


@pytest.fixture
async def admin(site):
    return await site.logged_in(await site.person(Role.ADMINISTRATOR))


async def upload(browser, text, name="lost.csv"):
    raw = text if isinstance(text, bytes) else text.encode()
    return await browser.post("/prospects/import", data={"csrf": browser.csrf}, files={"file": (name, raw)})


async def checked(site, browser, text=FILE, **typed):
    """An import as far as the question whether to begin; gives the path of the job."""
    answer = await upload(browser, text)
    columns = answer.headers["location"]
    page = (await browser.get(columns)).text
    chosen = re.findall(r'<select name="columns".*?</select>', page, re.S)
    picked = [(re.findall(r'value="(\w*)" selected', one) or [""])[0] for one in chosen]
    form = {"csrf": browser.csrf, "columns": picked, "sequence": "lost"} | typed
    answer = await browser.post(columns, data=form)
    assert answer.status_code == 303, answer.text
    await jobs.work(site.app)
    return answer.headers["location"]


async def states(site):
    return [row.state for row in sorted(await site.rows("enrollments"), key=lambda row: row.id)]


# --- imports ---


async def test_a_file_is_looked_through_and_nobody_is_let_in_before_a_yes(site, admin):
    path = await checked(site, admin)
    page = (await admin.get(path)).text
    assert "Import 2 people" in page
    assert "Nothing was changed yet" in page
    assert "the same address as in row 2" in page
    assert await site.rows("prospects") == []
    await admin.submit(path, f"{path}/start")
    assert await site.rows("prospects") == []  # it is the workers' to do
    await jobs.work(site.app)
    assert [row.email for row in await site.rows("prospects")] == ["dana@north.example", "jose@south.example"]
    assert [row.reason for row in await site.rows("deals")] == ["price", "timing"]
    assert "done" in (await admin.get(path)).text
    assert await site.rows("job_files") == []


async def test_rejects_are_downloaded_and_no_cell_is_a_formula(site, admin):
    path = await checked(site, admin)
    answer = await admin.get(f"{path}/rejects.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0] == ["row", "reason", "E-Mail", "Vorname", "Firma", "Verlustgrund", "Notiz"]
    assert [row[0] for row in rows[1:]] == ["3", "5"]
    assert rows[1][-1] == "'=cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (["", "", "", "", ""], "which column holds the email"),
        (["email", "email", "", "", ""], "Two columns cannot both be email"),
        (["email", "king", "", "", ""], "there is no field"),
    ],
)
async def test_columns_that_cannot_be_so_are_said(site, admin, columns, words):
    path = (await upload(admin, HEADER + ROWS[0])).headers["location"]
    answer = await admin.post(path, data={"csrf": admin.csrf, "columns": columns, "sequence": "lost"})
    assert answer.status_code == 422
    assert words in answer.text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        (HEADER, "has no row"),
        (b"PK\x03\x04", "save it as CSV"),
        ("a@b.example\n1\n", "must name"),
    ],
)
async def test_a_file_that_is_none_is_said(site, admin, text, words):
    answer = await upload(admin, text)
    assert answer.status_code == 422
    assert words in answer.text
    assert await site.rows("jobs") == []


async def test_a_file_that_is_too_large_is_not_read(site, admin, monkeypatch):
    answer = await upload(admin, b"x" * (importing_jobs.LARGEST + 200_000))
    assert answer.status_code in {413, 422}
    assert await site.rows("jobs") == []


async def test_columns_are_chosen_anew_after_looking(site, admin):
    path = await checked(site, admin)
    form = {"csrf": admin.csrf, "columns": ["email", "last_name", "", "", ""], "sequence": "lost"}
    await admin.post(f"{path}/columns", data=form)
    await jobs.work(site.app)
    await admin.submit(path, f"{path}/start")
    await jobs.work(site.app)
    assert [row.last_name for row in await site.rows("prospects")] == ["Dana", "José"]
    assert len([row for row in await site.rows("job_rejects") if row.phase == "running"]) == 2


async def test_a_rep_imports_only_from_their_own_mailboxes(site):
    await connecting.add(site.app, mailbox("second@vendor.test"))
    rep = await site.person(Role.REP, "two@rep.test")
    async with site.app.db.write() as tx:
        await people.own(tx, (await connecting.find(site.app, "second@vendor.test")).id, rep.id)
    text = (
        "email,mailbox\na@one.example,rep@vendor.test\nb@two.example,second@vendor.test\nc@three.example,\n"
    )
    browser = await site.logged_in(rep)
    path = await checked(site, browser, text)
    assert "somebody else" in (await browser.get(path)).text
    await browser.submit(path, f"{path}/start")
    await jobs.work(site.app)
    assert [row.email for row in await site.rows("prospects")] == ["b@two.example", "c@three.example"]
    assert {row.mailbox_id for row in await site.rows("enrollments")} == {2}


async def many(site, browser, monkeypatch, number=25, at_once=10):
    monkeypatch.setattr(importing_jobs, "AT_ONCE", at_once)
    rows = "".join(f"p{n}@firm{n}.example,P,Firm {n},,\n" for n in range(number))
    path = await checked(site, browser, HEADER + rows)
    await browser.submit(path, f"{path}/start")
    return path


async def test_a_process_that_ends_is_followed_by_another_that_goes_on(site, admin, monkeypatch):
    path = await many(site, admin, monkeypatch)
    looks = iter([False, False, True, True, True])
    await jobs.work(site.app, stopping=lambda: next(looks))  # one step
    assert len(await site.rows("prospects")) == 10
    assert "10 of 25" in (await admin.get(path)).text
    await jobs.work(site.app)
    assert len(await site.rows("prospects")) == 25
    assert len(await site.rows("enrollments")) == 25


async def test_a_step_that_dies_half_way_leaves_nothing_and_is_taken_again(site, admin, monkeypatch):
    await many(site, admin, monkeypatch)
    advance, calls = jobs.jobs.advance, []

    async def dies(*given):
        calls.append(1)
        if len(calls) == 2:
            raise DatabaseAway("gone")
        return await advance(*given)

    monkeypatch.setattr(jobs.jobs, "advance", dies)
    with pytest.raises(DatabaseAway):
        await jobs.work(site.app)
    assert len(await site.rows("prospects")) == 10
    await jobs.work(site.app)
    assert len(await site.rows("prospects")) == 10  # its lease is not over
    site.later(seconds=21)
    await jobs.work(site.app)
    assert len(await site.rows("prospects")) == 25
    assert (await site.rows("jobs"))[0].result["changed"] == 25


async def test_a_cancelled_import_stops_and_what_was_let_in_stays(site, admin, monkeypatch):
    path = await many(site, admin, monkeypatch)
    looks = iter([False, False, True, True, True])
    await jobs.work(site.app, stopping=lambda: next(looks))
    await admin.submit(path, f"{path}/cancel")
    await jobs.work(site.app)
    assert len(await site.rows("prospects")) == 10
    page = (await admin.get(path)).text
    assert "cancelled" in page
    assert "hx-trigger" not in page
    assert (await admin.post(f"{path}/start", data={"csrf": admin.csrf})).status_code == 409


async def test_whoever_lost_the_right_meanwhile_does_nothing_more(site, monkeypatch):
    user = await site.person(Role.ADMINISTRATOR)
    path = await many(site, await site.logged_in(user), monkeypatch)
    await site.change(user, role=Role.AUTHOR)
    await jobs.work(site.app)
    assert await site.rows("prospects") == []
    (job,) = await site.rows("jobs")
    assert (job.state, job.fault) == ("failed", "Whoever asked for it may not do this any more.")
    assert path == f"/jobs/{job.id}"


async def test_nobody_sees_or_starts_the_work_of_others(site, admin, monkeypatch):
    path = await many(site, admin, monkeypatch)
    other = await site.logged_in(await site.person(Role.REP, "other@rep.test"))
    for action in ("", "/columns", "/rejects.csv"):
        assert (await other.get(path + action)).status_code == 404
    for action in ("/start", "/cancel", "/columns"):
        answer = await other.post(path + action, data={"csrf": other.csrf})
        assert answer.status_code == 404, action
    assert "lost.csv" not in (await other.get("/jobs")).text


# --- selections ---


async def select(site, browser, query, **typed):
    """Those of a selection, as far as the question whether to begin; gives the path of the job."""
    answer = await browser.submit(f"/prospects/selection?{query}", "/prospects/selection", **typed)
    assert answer.status_code == 303, answer.text
    await jobs.work(site.app)
    return answer.headers["location"]


async def carry_out(site, browser, path):
    await browser.submit(path, f"{path}/start")
    await jobs.work(site.app)


async def test_a_selection_is_stopped_after_it_was_seen_what_will_happen(site, admin):
    for name in ("a", "b", "c"):
        await site.world.enroll(f"{name}@{name}.example", company=name)
    path = await select(site, admin, "act=stop&ids=1&ids=3")
    assert "Stop 2 people" in (await admin.get(path)).text
    assert await states(site) == ["active"] * 3
    await carry_out(site, admin, path)
    assert await states(site) == ["stopped", "active", "stopped"]
    assert ("job.stop", "1: Stop 2 people") in [(action, what) for _, action, what in await site.audit()]


async def test_whoever_was_enrolled_by_mistake_is_removed(site, admin):
    await site.world.enroll("a@a.example", company="a")
    path = await select(site, admin, "act=remove&ids=1")
    assert "Remove 1 person" in (await admin.get(path)).text
    await carry_out(site, admin, path)
    assert await states(site) == ["removed"]


async def test_today_tells_for_a_day_what_came_of_it_to_whom_it_is_of(site, admin):
    path = await checked(site, admin)
    today = (await admin.get("/today")).text
    assert path in today
    assert "waits for your yes" in today
    await carry_out(site, admin, path)
    assert "2 done, 2 left as they were" in (await admin.get("/today")).text
    rep = await site.logged_in(await site.person(Role.REP))
    assert path not in (await rep.get("/today")).text
    site.later(hours=25)
    admin = await site.logged_in(await site.person(Role.ADMINISTRATOR, "other@vendor.test"))
    assert path not in (await admin.get("/today")).text


async def test_what_ended_is_forgotten_after_some_time_with_all_that_belongs_to_it(site, admin):
    old = await checked(site, admin)
    await carry_out(site, admin, old)
    site.later(days=60)
    admin = await site.logged_in(await site.person(Role.ADMINISTRATOR, "other@vendor.test"))
    kept = await checked(site, admin, HEADER + ROWS[1])
    site.later(days=31)
    admin = await site.logged_in(await site.person(Role.ADMINISTRATOR, "third@vendor.test"))
    await checked(site, admin, HEADER + ROWS[1])
    assert (await admin.get(old)).status_code == 404
    assert (await admin.get(kept)).status_code == 200
    assert 1 not in {row.job_id for row in await site.rows("job_rejects")}


async def test_everybody_of_a_filter_is_paused_until_a_day_in_steps(site, admin, monkeypatch):
    monkeypatch.setattr(selections, "CHANGED_AT_ONCE", 2)
    monkeypatch.setattr(selections, "CHECKED_AT_ONCE", 2)
    for n in range(5):
        await site.world.enroll(f"p{n}@firm{n}.example", company=f"Firm {n}", deal={"reason": "price"})
    await site.world.enroll("other@other.example", company="Other")
    path = await select(site, admin, "act=pause&all=1&reason=price&state=active", until="2026-05-04")
    page = (await admin.get(path)).text
    assert "Pause 5 people" in page
    await carry_out(site, admin, path)
    assert await states(site) == ["paused"] * 5 + ["active"]
    assert "5" in (await admin.get(path)).text
    path = await select(site, admin, "act=resume&all=1")
    assert "Let go on 5 people" in (await admin.get(path)).text
    await carry_out(site, admin, path)
    assert await states(site) == ["active"] * 6


async def test_people_are_enrolled_anew_about_the_same_deal(site, admin):
    await site.world.enroll(deal={"reason": "price", "product": "Standard"})
    await admin.submit("/prospects/1/stop", "/prospects/1/stop")
    path = await select(site, admin, "act=enroll&ids=1", into="lost")
    await carry_out(site, admin, path)
    assert await states(site) == ["stopped", "active"]
    assert len(await site.rows("deals")) == 1
    path = await select(site, admin, "act=enroll&ids=1", into="lost")
    page = (await admin.get(path)).text
    assert "already enrolled in lost" in page
    assert "There is nothing to do" in page


async def test_a_rep_changes_only_their_own_whatever_they_name(site):
    await site.world.enroll()
    browser = await site.logged_in(await site.person(Role.REP, "other@rep.test"))
    for query in ("act=stop&ids=1", "act=stop&all=1", "act=pause&all=1&state=active"):
        path = await select(site, browser, query)
        assert "There is nothing to do" in (await browser.get(path)).text
    assert await states(site) == ["active"]


@pytest.mark.parametrize("query", ["act=king&ids=1", "act=import&ids=1", "act=stop&ids=x"])
async def test_what_cannot_be_done_to_a_selection_is_said(site, admin, query):
    assert (await admin.get(f"/prospects/selection?{query}")).status_code == 422


async def test_without_anybody_picked_it_leads_back(site, admin):
    answer = await admin.get("/prospects/selection?act=stop")
    assert answer.headers["location"] == "/prospects"

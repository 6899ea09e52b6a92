"""What we learn: counted right, shown to whom it belongs, downloaded without harm."""

import asyncio
import csv
import io
from datetime import timedelta

import pytest

from cadence.core.people import Role
from cadence.core.rights import RIGHTS, Visitor
from cadence.service import answering, connecting, counting, deal_outcomes, insight_tables, insights
from cadence.service.deal_outcomes import Outcome, Said
from cadence.service.insights import Period
from cadence.store import tasks, users
from tests.service.conftest import mailbox
from tests.service.fakes import reply

LOST = {
    "ann@one.example": {"reason": "price", "competitor": "Rivalsoft", "amount": "EUR 10,000"},
    "bob@two.example": {"reason": "price", "competitor": "Rivalsoft", "amount": "5.000 €"},
    "cleo@three.example": {"reason": "trust", "competitor": "Other Ltd", "amount": "a lot"},
    "dora@four.example": {},
}
FEEDBACK = "Honestly, your price was too high for us. Rivalsoft was half of it, and that decided it."
AWAY = "Auto-Submitted: auto-replied\r\n"


async def own(site, user, address):
    async with site.app.db.write() as tx:
        await users.own(tx, (await connecting.find(site.app, address)).id, user.id)


@pytest.fixture
async def rep(site):
    """Somebody whose mailbox wrote to four people of lost deals: two answered, and one machine."""
    user = await site.person(Role.REP)
    await own(site, user, "rep@vendor.test")
    for email, deal in LOST.items():
        name = email.partition("@")[0].title()
        more = {"deal": deal, "industry": "food", "size": 40, "first_name": name}
        await site.world.enroll(email, company=f"{name} GmbH", **more)
    await site.world.after(hours=2)
    sent = {mail.recipient: mail for mail in site.world.sent}
    said = {"ann@one.example": (FEEDBACK, ""), "bob@two.example": ("Yes, let us talk this week.", "")}
    said["cleo@three.example"] = ("I am on holiday until 2027-01-04.", AWAY)
    for number, (email, (text, headers)) in enumerate(said.items(), 1):
        to = sent[email].raw
        mail = reply(text, to=to, sender=email, at=site.world.now, number=number, headers=headers)
        await site.world.arrives(mail)
    return user


def visitor(user):
    return Visitor(user, RIGHTS[user.role], "192.0.2.7")


EVER = Period()


async def counted(site, user, period=EVER):
    site.later(hours=1)  # whatever was counted before is old
    await insights.report(site.app, visitor(user), period)
    await settled()
    kept = await insights.report(site.app, visitor(user), period, patience=60)
    assert kept is not None
    return kept.body


async def settled():
    await asyncio.gather(*counting.at_work())


async def sheet(browser, path):
    answer = await browser.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv")
    await settled()
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


async def test_a_deal_counts_at_each_step_that_it_reached_and_machines_never_answer(site, rep):
    found = {one.name: one for one in insight_tables.funnel(await counted(site, rep))}
    counts = {name: one.share.count for name, one in found.items()}
    assert counts == {
        "Lost": 4,
        "A person answered": 2,
        "Told us why": 1,
        "Glad to stay in touch": 0,
        "Reopened": 1,
        "Won back": 0,
    }
    assert {name: str(total) for name, total in found["Lost"].sums.items()} == {"EUR": "15000"}
    assert found["Lost"].unsaid == 1


async def test_what_could_not_be_read_is_shown_and_not_added_up(site, rep):
    body = await counted(site, rep)
    assert body["unread"] == [["a lot", 1]]
    browser = await site.logged_in(rep)
    assert "1 amount could not be read" in (await browser.get("/learn")).text
    assert await sheet(browser, "/learn/amounts.csv") == [{"amount as written": "a lot", "deals": "1"}]


async def test_the_reps_and_the_prospects_version_stand_apart(site, rep):
    found = {name: (mine, theirs) for name, mine, theirs in insight_tables.reasons(await counted(site, rep))}
    assert found == {"price": (2, 1), "trust": (1, 0)}


async def test_the_words_prove_the_reason(site, rep):
    (words,) = await insights.words(site.app, await counted(site, rep))
    assert (words.reason, words.who, words.account) == ("price", "Ann", "Ann GmbH")
    assert words.words == "Honestly, your price was too high for us."


async def test_a_deal_that_is_won_back_counts_with_its_new_amount(site, rep):
    browser = await site.logged_in(rep)
    await counted(site, rep)
    page = (await browser.get("/learn")).text
    assert "Bob GmbH" in page.partition("what became of them?")[2]
    deal = await deal_outcomes.deal_of(site.app, "bob@two.example", None)
    path = f"/deals/{deal.deal_id}/outcome"
    answer = await browser.submit(path, path, outcome="won", amount="EUR 7,500")
    assert answer.status_code == 303
    body = await counted(site, rep)
    won = insight_tables.funnel(body)[-1]
    assert (won.share.count, {name: str(total) for name, total in won.sums.items()}) == (1, {"EUR": "7500"})
    assert body["undecided"] == []
    rivals = {one.value: one.won.count for one in insight_tables.cross(body, "rep", "competitor", {}).groups}
    assert rivals == {"Rivalsoft": 1, "Other Ltd": 0, "not said": 0}


async def test_how_soon_a_person_answered_is_counted(site, rep):
    waits = {"called": 1, "answered": 0, "within_hour": 0, "within_day": 0, "median_seconds": None}
    assert (await counted(site, rep))["waits"] == waits
    async with site.app.db.read() as tx:
        (task,) = [one for one in await tasks.opened(tx) if one.kind == "interested"]
    site.world.now += timedelta(minutes=40)
    await answering.answer(site.app, task.id, "done")
    took = (await counted(site, rep))["waits"]
    assert took == {"called": 1, "answered": 1, "within_hour": 0, "within_day": 1, "median_seconds": 6000}
    page = (await (await site.logged_in(rep)).get("/learn")).text
    assert "in the middle after <strong>2 hours</strong>" in page


@pytest.mark.parametrize(
    ("by", "values"),
    [
        ("month", {"2026-03"}),
        ("competitor", {"Rivalsoft", "Other Ltd", "not said"}),
        ("rep", {"Robin Rep (rep@vendor.test)"}),
        ("industry", {"food"}),
        ("size", {"11–50"}),
    ],
)
async def test_reasons_are_told_by(site, rep, by, values):
    browser = await site.logged_in(rep)
    rows = await sheet(browser, f"/learn/by.csv?by={by}")
    assert {row[by] for row in rows if row["version"] == "rep"} == values
    assert sum(int(row["deals"]) for row in rows if row["version"] == "rep") == len(LOST)
    assert [row["reason"] for row in rows if row["version"] == "prospect"] == ["price"]
    assert (await browser.get(f"/learn?by={by}")).status_code == 200


async def test_a_step_is_answered_by_people_only(site, rep):
    browser = await site.logged_in(rep)
    (row,) = await sheet(browser, "/learn/steps.csv")
    assert (row["step or story"], row["sent"], row["answered by a person"]) == ("thank-you", "4", "2")
    assert (row["95% from"], row["95% to"]) == ("0.1500", "0.8500")


async def test_only_what_was_lost_in_the_period_counts(site, rep):
    today = site.world.now.date()
    before = Period(None, today - timedelta(days=1))
    assert (await counted(site, rep, before))["deals"]["lost"] == 0
    assert (await counted(site, rep, Period(today, today)))["deals"]["lost"] == 4


@pytest.mark.parametrize(
    "query", ["since=yesterday", "since=2026-02-02&until=2026-01-01", "until=0001-01-01"]
)
async def test_a_period_that_is_none_is_said(site, rep, query):
    browser = await site.logged_in(rep)
    assert (await browser.get(f"/learn?{query}")).status_code == 422
    assert (await browser.get(f"/learn/funnel.csv?{query}")).status_code == 422
    await settled()


async def test_everybody_learns_from_those_they_reach(site, rep):
    other = await site.person(Role.REP, "other@vendor.test", team="south")
    south = await site.person(Role.MANAGER, "south@vendor.test", team="south")
    manager = await site.person(Role.MANAGER, "manager@vendor.test")
    admin = await site.person(Role.ADMINISTRATOR)
    await connecting.add(site.app, mailbox("second@vendor.test"))
    await own(site, other, "second@vendor.test")
    await site.world.enroll("eve@five.example", company="Eve", mailbox="second@vendor.test")
    lost = {}
    for user in (rep, other, south, manager, admin):
        lost[user.email] = (await counted(site, user))["deals"]["lost"]
    assert list(lost.values()) == [4, 1, 1, 4, 5]
    page = (await (await site.logged_in(other)).get("/learn")).text
    assert "Rivalsoft" not in page


async def test_who_lost_a_mailbox_sees_its_deals_no_more(site, rep):
    assert (await counted(site, rep))["deals"]["lost"] == 4
    other = await site.person(Role.REP, "other@vendor.test")
    await own(site, other, "rep@vendor.test")
    assert (await counted(site, rep))["deals"]["lost"] == 0


async def test_who_lost_nothing_is_told_so_and_downloads_headers(site):
    user = await site.person(Role.REP)
    assert (await counted(site, user))["deals"]["lost"] == 0
    browser = await site.logged_in(user)
    assert "No deal was lost" in (await browser.get("/learn")).text
    for name in ("reasons", "by", "results", "steps", "stories", "words", "amounts"):
        assert await sheet(browser, f"/learn/{name}.csv") == [], name
    assert {row["deals"] for row in await sheet(browser, "/learn/funnel.csv")} == {"0"}


async def test_a_page_says_that_it_is_being_counted_and_then_as_of_when(site, rep, slow_counts):
    browser = await site.logged_in(rep)
    scope_was = await browser.get("/learn?since=2026-01-01")
    assert "being counted" in scope_was.text
    slow_counts.set()
    await settled()
    part = (await browser.get("/learn?since=2026-01-01", headers={"HX-Request": "true"})).text
    assert part.lstrip().startswith('<div id="report">')
    assert "As of" in part


async def test_what_was_counted_is_shown_until_it_is_old_and_counted_once(site, rep):
    await counted(site, rep)
    await site.world.enroll("eve@five.example", company="Eve")
    for later, lost in ((1, 4), (10, 4), (0, 5)):  # the second look has it counted anew, behind the page
        site.later(seconds=later)
        kept = await insights.report(site.app, visitor(rep), Period())
        await settled()
        assert kept.body["deals"]["lost"] == lost


async def test_a_download_does_no_harm_in_a_spreadsheet(site, rep):
    await site.world.enroll(
        "eve@five.example", company="Eve", deal={"reason": "=1+1", "competitor": "@SUM(A1)", "amount": "-5"}
    )
    browser = await site.logged_in(rep)
    site.later(hours=1)
    for name in ("funnel", "reasons", "by", "results", "steps", "stories", "words", "amounts"):
        answer = await browser.get(f"/learn/{name}.csv?by=competitor&since=2026-01-01")
        await settled()
        assert answer.status_code == 200, name
        for row in csv.reader(io.StringIO(answer.text)):
            assert not [cell for cell in row if cell[:1] in {"=", "+", "-", "@"}], row
        assert 'attachment; filename="cadence-' in answer.headers["content-disposition"]
    assert (await browser.get("/learn/secrets.csv")).status_code == 404
    assert (await browser.get("/learn/by.csv?by=password")).status_code == 422


async def test_foreign_words_are_no_markup(site, rep):
    evil = "<script>alert(1)</script>"
    await site.world.enroll("eve@five.example", company=evil, deal={"reason": evil, "competitor": evil})
    await counted(site, rep)
    page = (await (await site.logged_in(rep)).get("/learn?by=competitor")).text
    assert "&lt;script&gt;alert" in page
    assert evil not in page


# --- what became of a deal ---


async def test_what_became_of_a_deal_stops_its_mails_and_is_kept_for_good(site, rep):
    deal = await deal_outcomes.deal_of(site.app, "dora@four.example", None)
    path = f"/deals/{deal.deal_id}/outcome"
    browser = await site.logged_in(rep)
    assert (await browser.submit(path, path, outcome="let_go", reason=" ")).status_code == 422
    assert (await browser.submit(path, path, outcome="let_go", reason="They closed down")).status_code == 303
    assert "They closed down" in (await browser.get(path)).text
    (row,) = [row for row in await site.rows("enrollments") if row.deal_id == deal.deal_id]
    assert (row.state, row.state_reason) == ("stopped", "the deal is let go")
    assert (await site.audit())[-1][:2] == (rep.email, "deal.let_go")
    assert (await browser.submit(path, path)).status_code == 303
    assert "Let it go" in (await browser.get(path)).text
    assert (await site.audit())[-1][:2] == (rep.email, "deal.open")


@pytest.mark.parametrize(
    "said", [Said(Outcome.LET_GO), Said(Outcome.WON, amount="x" * 501), Said(Outcome.WON, amount="a\nb")]
)
async def test_an_outcome_that_cannot_be_used_changes_nothing(site, rep, said):
    deal = await deal_outcomes.deal_of(site.app, "dora@four.example", None)
    with pytest.raises(insights.InvalidInput):
        await deal_outcomes.say(site.app, site.console, deal.deal_id, said)
    assert {row.outcome for row in await site.rows("deals")} == {None}


async def test_nobody_says_what_became_of_the_deal_of_another(site, rep):
    other = await site.logged_in(await site.person(Role.REP, "other@vendor.test"))
    deal = await deal_outcomes.deal_of(site.app, "dora@four.example", None)
    path = f"/deals/{deal.deal_id}/outcome"
    assert (await other.get(path)).status_code == 403
    answer = await other.post(path, data={"csrf": other.csrf, "outcome": "won"})
    assert answer.status_code == 403
    assert {row.outcome for row in await site.rows("deals")} == {None}

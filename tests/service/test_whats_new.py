"""What is new reaches those who left for want of it, once, after a yes; nobody who is better left alone."""

from email import message_from_bytes

import pytest
import sqlalchemy as sa

from cadence.core.errors import Conflict, DatabaseAway, InvalidInput, NotFound
from cadence.core.jobs import JobKind
from cadence.core.people import CONSOLE, Role, User
from cadence.core.rights import RIGHTS, Visitor
from cadence.service import (
    deal_outcomes,
    jobs,
    news_answers,
    news_jobs,
    news_readers,
    news_survey,
    publishing,
    whats_new,
)
from cadence.service.deal_outcomes import Outcome, Said
from cadence.service.whats_new import Start
from cadence.store.database import insert
from cadence.store.tables import users
from tests.service.conftest import World
from tests.service.fakes import reply

STORY = """+++
title = "Signing in once"
loss_reasons = ["features"]
+++
Hello {{ prospect.first_name or "there" }}, single sign-on is there now.
"""


@pytest.fixture
async def lost(world: World) -> World:
    """Four companies left for want of single sign-on, one for the price; half a year went by."""
    for name in ("ann", "bob", "cleo", "dora"):
        why = {"reason": "features", "missing": "SSO"} if name != "dora" else {"reason": "price"}
        await world.enroll(f"{name}@{name}.example", company=name.title(), deal_name=f"Deal {name}", deal=why)
    await world.enroll("abe@ann.example", company="Ann", deal_name="Deal ann")
    await world.after(hours=2)
    dora = next(mail for mail in world.sent if mail.recipient.startswith("dora"))
    answer = "We went elsewhere because your product had no single sign-on."
    await world.arrives(reply(answer, to=dora.raw, sender="dora@dora.example", at=world.now, number=1))
    bob = next(mail for mail in world.sent if mail.recipient.startswith("bob"))
    stop = "Please take me off your list."
    await world.arrives(reply(stop, to=bob.raw, sender="bob@bob.example", at=world.now, number=2))
    for days in (5, 10, 45, 60, 60, 20, 20):
        await world.after(days=days)
    cleo = await deal_outcomes.deal_of(world.app, "cleo@cleo.example", None)
    await deal_outcomes.say(world.app, CONSOLE, cleo.deal_id, Said(Outcome.LET_GO, reason="no fit"))
    (world.templates / "stories" / "signing-in-once.md.j2").write_text(STORY)
    await publishing.publish(world.app, world.templates, "lost")
    return world


def told(outlook: whats_new.Outlook) -> dict[str, str | None]:
    return {person.email.partition("@")[0]: person.against for person in outlook.people}


async def test_it_is_shown_who_would_get_it_and_who_not_and_why(lost: World) -> None:
    left = len(lost.sent)
    number = await whats_new.add(lost.app, CONSOLE, "features:sso|single sign-on", "signing-in-once")
    shown = await whats_new.show(lost.app, number)
    assert told(shown) == {
        "dora": None,
        "ann": None,
        "abe": "capped: ann@ann.example of the same company gets it",
        "bob": "opted out: asked not to be written to",
        "cleo": "the deal was let go",
    }
    proofs = {person.email: person.proof for person in shown.waiting}
    assert "no single sign-on" in proofs["dora@dora.example"]
    assert proofs["ann@ann.example"] == "the rep noted: “SSO”"
    await lost.after(days=3)
    assert len(lost.sent) == left  # nothing before somebody says yes


async def test_after_a_yes_each_gets_one_mail_through_the_ordinary_queue(lost: World) -> None:
    number = await whats_new.add(lost.app, CONSOLE, "features:sso|single sign-on", "signing-in-once")
    left = len(lost.sent)
    done = await news_answers.approve(lost.app, CONSOLE, number)
    assert (done.count, done.refused) == (2, [])
    with pytest.raises(Conflict, match="nobody is left"):
        await news_answers.approve(lost.app, CONSOLE, number)
    for days in (3, 20, 60):
        await lost.after(days=days)
    got = [(mail.recipient, message_from_bytes(mail.raw)["Subject"]) for mail in lost.sent[left:]]
    news = sorted(recipient for recipient, subject in got if subject == "Signing in once")
    assert news == ["ann@ann.example", "dora@dora.example"]


async def test_a_yes_that_was_cut_off_can_be_said_again(lost: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = await whats_new.add(lost.app, CONSOLE, "features:sso|single sign-on", "signing-in-once")

    async def away(*_: object, **__: object) -> None:
        raise DatabaseAway("it restarts")

    with monkeypatch.context() as patch:
        patch.setattr(news_answers.admission, "admit", away)
        with pytest.raises(DatabaseAway):
            await news_answers.approve(lost.app, CONSOLE, number)
    assert (await news_answers.approve(lost.app, CONSOLE, number)).count == 2


async def test_who_had_the_story_or_is_in_touch_is_left_out(lost: World) -> None:
    number = await whats_new.add(lost.app, CONSOLE, "features:sso", "signing-in-once")
    await news_answers.approve(lost.app, CONSOLE, number)
    await lost.after(days=3)  # a weekend is between
    again = await whats_new.add(lost.app, CONSOLE, "features:sso", "signing-in-once")
    assert "was in touch lately" in str(told(await whats_new.show(lost.app, again))["ann"])
    await lost.after(days=20)
    assert told(await whats_new.show(lost.app, again))["ann"] is not None


async def test_each_can_get_a_yes_or_a_no_alone_and_a_no_is_no_last_word(lost: World) -> None:
    number = await whats_new.add(lost.app, CONSOLE, "features:sso|single sign-on", "signing-in-once")
    by_name = {one.email[:3]: one.prospect_id for one in (await whats_new.show(lost.app, number)).people}
    assert (await news_answers.decline(lost.app, CONSOLE, number, [by_name["ann"]])).count == 1
    shown = await whats_new.show(lost.app, number)
    assert {one.email[:3] for one in shown.waiting} == {"dor", "abe"}  # Ann's turn is her colleague's
    assert [one.declined for one in shown.people if one.email.startswith("ann")] == ["console said no"]
    done = await news_answers.approve(lost.app, CONSOLE, number, [by_name["dor"]])
    assert done.count == 1
    await lost.after(days=3)
    shown = await whats_new.show(lost.app, number)
    assert [(row.email, row.mail) for row in shown.told] == [("dora@dora.example", "sent")]
    done = await news_answers.approve(lost.app, CONSOLE, number, [by_name["ann"]])
    assert (done.count, (await whats_new.every(lost.app))[0].told) == (1, 2)
    with pytest.raises(Conflict, match="nobody is left"):
        await news_answers.approve(lost.app, CONSOLE, number)
    assert told(await whats_new.show(lost.app, number))["abe"] == (
        "capped: somebody of the same company gets it"
    )


async def test_the_mail_is_read_as_it_would_leave(lost: World) -> None:
    number = await whats_new.add(lost.app, CONSOLE, "features:sso|single sign-on", "signing-in-once")
    dora = (await whats_new.show(lost.app, number)).waiting[0]
    person, mail = await whats_new.mail(lost.app, number, dora.prospect_id)
    assert (person.email, mail.subject) == ("dora@dora.example", "Signing in once")
    assert "single sign-on is there now" in mail.text
    with pytest.raises(NotFound):
        await whats_new.mail(lost.app, number, 999_999)


async def test_thousands_cost_as_many_statements_as_few(lost: World) -> None:
    number = await whats_new.add(lost.app, CONSOLE, "features:sso|single sign-on", "signing-in-once")

    async def asked() -> int:
        seen: list[str] = []
        async with lost.app.db.read() as tx:
            engine = tx.sync_connection.engine  # type: ignore[union-attr]

        def note(*what: object) -> None:
            seen.append(str(what[2]))

        sa.event.listen(engine, "before_cursor_execute", note)
        await whats_new.show(lost.app, number)
        sa.event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    few = await asked()
    why = {"reason": "features", "missing": "SSO"}
    for count in range(8):
        name = f"more{count}"
        await lost.enroll(f"one@{name}.example", company=name, deal_name=name, deal=why)
    assert await asked() == few


async def administrator(world: World) -> Visitor:
    async with world.app.db.write() as tx:
        about = {"name": "Alex", "role": Role.ADMINISTRATOR, "team": "", "zone": "UTC", "password": ""}
        email = "alex@vendor.test"
        id_ = await insert(tx, users, email=email, email_key=email, created_at=world.now, **about)
    user = User(id_, email, "Alex", Role.ADMINISTRATOR, "", "UTC", world.now)
    return Visitor(user, RIGHTS[user.role], "")


async def test_where_companies_are_many_a_page_shows_who_came_first_as_they_stand_now(
    lost: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news_survey, "FEW", 0)
    monkeypatch.setattr(news_readers, "PORTION", 1)
    number = await whats_new.add(lost.app, CONSOLE, "features:sso|single sign-on", "signing-in-once")
    exact = await whats_new.show(lost.app, number)
    kept = await whats_new.show(lost.app, number, patience=10)
    assert told(kept) == told(exact)
    assert (kept.survey, kept.counted_at) == (exact.survey, lost.now)
    by_name = {one.email[:3]: one.prospect_id for one in exact.people}
    await news_answers.decline(lost.app, CONSOLE, number, [by_name["ann"]])
    first = await whats_new.show(lost.app, number, start=Start(), limit=1, patience=10)
    then = await whats_new.show(lost.app, number, start=Start(waiting=1), limit=1, patience=10)
    assert [one.email[:3] for one in (*first.waiting, *then.waiting)] == ["dor", "abe"]  # and Ann no more
    assert by_name["ann"] in {one.prospect_id for one in then.others}


async def test_a_page_looks_at_as_many_companies_as_it_shows_however_many_there_are(
    lost: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news_survey, "FEW", 0)
    number = await whats_new.add(lost.app, CONSOLE, "features:sso|single sign-on", "signing-in-once")
    await whats_new.show(lost.app, number, limit=1, patience=10)  # counted
    looked_at: list[int] = []
    look = news_readers.of_companies

    async def noted(app: object, tx: object, teller: object, ids: list[int]) -> object:
        looked_at.extend(ids)
        return await look(app, tx, teller, ids)  # type: ignore[arg-type]

    monkeypatch.setattr(news_readers, "of_companies", noted)
    for count in range(5):
        why = {"reason": "features", "missing": "SSO"}
        await lost.enroll(f"one@more{count}.example", company=f"more{count}", deal_name="x", deal=why)
    await whats_new.show(lost.app, number, limit=1, patience=10)
    assert len(looked_at) == 2  # of one who waits, and of one who does not


async def test_all_are_told_in_the_background_company_by_company(
    lost: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news_jobs, "PORTION", 1)
    number = await whats_new.add(lost.app, CONSOLE, "features:sso|single sign-on", "signing-in-once")
    who = await administrator(lost)
    job_id = await news_jobs.ask(lost.app, who, number, JobKind.TELL)
    assert await jobs.work(lost.app) == 5  # four companies, and a look that finds no more
    job, _ = await jobs.look(lost.app, who, job_id)
    assert (job.state, job.done, job.total, job.result["changed"]) == ("done", 4, 4, 2)
    shown = await whats_new.show(lost.app, number)
    assert {row.email for row in shown.told} == {"ann@ann.example", "dora@dora.example"}
    assert shown.survey is not None
    assert (shown.survey.waiting.total, shown.survey.told) == (0, 2)


async def test_what_is_cancelled_half_way_is_gone_on_with_by_another_yes(
    lost: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news_jobs, "PORTION", 1)
    number = await whats_new.add(lost.app, CONSOLE, "features:sso|single sign-on", "signing-in-once")
    who = await administrator(lost)
    job_id = await news_jobs.ask(lost.app, who, number, JobKind.TELL)
    looks = iter([False, False, False, True])
    await jobs.work(lost.app, stopping=lambda: next(looks, True))
    await jobs.cancel(lost.app, who, job_id)
    before = (await whats_new.every(lost.app))[0].told or 0
    done = await news_answers.approve(lost.app, CONSOLE, number)
    assert before + done.count == 2


async def test_all_who_wait_are_left_in_peace_by_a_no_to_everybody(lost: World) -> None:
    number = await whats_new.add(lost.app, CONSOLE, "features:sso|single sign-on", "signing-in-once")
    await news_jobs.ask(lost.app, await administrator(lost), number, JobKind.SPARE)
    await jobs.work(lost.app)
    assert [one.email[:3] for one in (await whats_new.show(lost.app, number)).waiting] == ["abe"]
    with pytest.raises(NotFound, match="nobody has the address"):
        await news_answers.prospects_of(lost.app, ["who@ever.example"])


async def test_what_cannot_be_told_is_refused(lost: World) -> None:
    with pytest.raises(InvalidInput, match="is no reason for losing a deal"):
        await whats_new.add(lost.app, CONSOLE, "weather", "signing-in-once")
    with pytest.raises(
        NotFound, match="no published sequence has a story 'nothing'; there are: bakery, depot"
    ):
        await whats_new.add(lost.app, CONSOLE, "price", "nothing")
    with pytest.raises(NotFound, match="nothing new of the number 7"):
        await whats_new.show(lost.app, 7)
    assert await whats_new.every(lost.app) == []

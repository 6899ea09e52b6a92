"""What is new reaches those who left for want of it, once, after a yes; nobody who is better left alone."""

from email import message_from_bytes

import pytest
import sqlalchemy as sa

from cadence.core.errors import Conflict, DatabaseAway, InvalidInput, NotFound
from cadence.core.people import CONSOLE
from cadence.service import deal_outcomes, news_readers, publishing, whats_new
from cadence.service.deal_outcomes import Outcome, Said
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
    proofs = {person.email: person.proof for person in shown.readers}
    assert "no single sign-on" in proofs["dora@dora.example"]
    assert proofs["ann@ann.example"] == "the rep noted: “SSO”"
    await lost.after(days=3)
    assert len(lost.sent) == left  # nothing before somebody says yes


async def test_after_a_yes_each_gets_one_mail_through_the_ordinary_queue(lost: World) -> None:
    number = await whats_new.add(lost.app, CONSOLE, "features:sso|single sign-on", "signing-in-once")
    left = len(lost.sent)
    done = await whats_new.approve(lost.app, CONSOLE, number)
    assert (len(done.readers), done.news.told) == (2, 2)
    with pytest.raises(Conflict, match="nobody is left"):
        await whats_new.approve(lost.app, CONSOLE, number)
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
        patch.setattr(whats_new.admission, "admit", away)
        with pytest.raises(DatabaseAway):
            await whats_new.approve(lost.app, CONSOLE, number)
    assert len((await whats_new.approve(lost.app, CONSOLE, number)).readers) == 2


async def test_who_had_the_story_or_is_in_touch_is_left_out(lost: World) -> None:
    number = await whats_new.add(lost.app, CONSOLE, "features:sso", "signing-in-once")
    await whats_new.approve(lost.app, CONSOLE, number)
    await lost.after(days=3)  # a weekend is between
    again = await whats_new.add(lost.app, CONSOLE, "features:sso", "signing-in-once")
    assert "was in touch lately" in str(told(await whats_new.show(lost.app, again))["ann"])
    await lost.after(days=20)
    assert told(await whats_new.show(lost.app, again))["ann"] is not None


async def test_each_can_get_a_yes_or_a_no_alone_and_a_no_is_no_last_word(lost: World) -> None:
    number = await whats_new.add(lost.app, CONSOLE, "features:sso|single sign-on", "signing-in-once")
    by_name = {one.email[:3]: one.prospect_id for one in (await whats_new.show(lost.app, number)).people}
    assert await whats_new.decline(lost.app, CONSOLE, number, [by_name["ann"]]) == 1
    shown = await whats_new.show(lost.app, number)
    assert {one.email[:3] for one in shown.readers} == {"dor", "abe"}  # Ann's turn is her colleague's
    assert [one.declined for one in shown.people if one.email.startswith("ann")] == ["console said no"]
    done = await whats_new.approve(lost.app, CONSOLE, number, [by_name["dor"]])
    assert [one.email for one in done.people] == ["dora@dora.example"]
    await lost.after(days=3)
    shown = await whats_new.show(lost.app, number)
    assert [(row.email, row.mail) for row in shown.told] == [("dora@dora.example", "sent")]
    done = await whats_new.approve(lost.app, CONSOLE, number, [by_name["ann"]])
    assert (len(done.readers), done.news.told) == (1, 2)
    with pytest.raises(Conflict, match="nobody is left"):
        await whats_new.approve(lost.app, CONSOLE, number)
    assert told(await whats_new.show(lost.app, number))["abe"] == (
        "capped: somebody of the same company gets it"
    )


async def test_the_mail_is_read_as_it_would_leave(lost: World) -> None:
    number = await whats_new.add(lost.app, CONSOLE, "features:sso|single sign-on", "signing-in-once")
    dora = (await whats_new.show(lost.app, number)).readers[0]
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


async def test_of_very_many_the_first_are_looked_at_and_then_the_next(
    lost: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news_readers, "MOST", 1)
    monkeypatch.setattr(news_readers, "_PORTION", 1)
    number = await whats_new.add(lost.app, CONSOLE, "features:sso|single sign-on", "signing-in-once")
    told_one_by_one = []
    for left in (4, 3):
        shown = await whats_new.show(lost.app, number)
        assert (len(shown.people), shown.left) == (1, left)
        told_one_by_one += [one.email for one in (await whats_new.approve(lost.app, CONSOLE, number)).readers]
    assert told_one_by_one == ["dora@dora.example", "ann@ann.example"]


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

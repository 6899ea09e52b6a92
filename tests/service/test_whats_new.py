"""What is new reaches those who left for want of it, once, after a yes; nobody who is better left alone."""

from email import message_from_bytes

import pytest

from cadence.core.errors import Conflict, DatabaseAway, InvalidInput, NotFound
from cadence.core.people import CONSOLE
from cadence.service import deal_outcomes, publishing, whats_new
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
    with pytest.raises(Conflict, match="before"):
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

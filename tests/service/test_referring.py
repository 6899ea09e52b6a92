"""Whoever was named in a reply is enrolled with the source kept, and the source is thanked when it is won."""

from email import message_from_bytes

import pytest

from cadence.core.errors import Conflict, InvalidInput, NotFound
from cadence.core.model import TaskKind
from cadence.core.people import CONSOLE
from cadence.service import answering, deal_outcomes, enrolling, publishing, referring
from cadence.service.deal_outcomes import Outcome, Said
from cadence.service.referring import Choice
from cadence.store import deals, tasks
from tests.service.conftest import SEQUENCE, write_sequence
from tests.service.fakes import reply

DANA = "dana@lost.example"
MAREN = "maren.ellison@brightpump.example"
WORDS = f"We are all set. But you should talk to Maren Ellison <{MAREN}>, they may need you."
TOML = SEQUENCE.replace('audience = "lost"', 'audience = "referral"')


@pytest.fixture
async def named(world):
    """Dana has named Maren."""
    write_sequence(world.templates, TOML, "referral")
    who = "{{ deal.referred_by or 'Somebody' }} gave me your name."
    (world.templates / "referral" / "thank-you.md.j2").write_text(who, encoding="utf-8")
    await publishing.publish(world.app, world.templates, "referral")
    return await says(world, WORDS)


async def says(world, words):
    about = {"first_name": "Dana", "last_name": "Doe", "deal": {"product": "scanners"}}
    await world.enroll(DANA, **about, deal_name="Portal")
    await world.after(hours=2)
    await world.arrives(reply(words, to=world.sent[0].raw, sender=DANA, at=world.now, number=1))
    return world


async def asked(world):
    async with world.app.db.read() as tx:
        return {TaskKind(task.kind): task for task in await tasks.opened(tx)}


async def deal_of(world, enrollment):
    async with world.app.db.read() as tx:
        return await deals.get(tx, enrollment.deal_id)


async def test_a_referral_is_listed_with_the_words_of_who_gave_it(named):
    (one,) = await referring.show(named.app)
    assert (one["kind"], one["name"], one["email"]) == ("referral", "Maren Ellison", MAREN)
    assert one["by"] == {"name": "Dana Doe", "email": DANA, "company": "Lost Inc."}
    assert one["words"] == WORDS


@pytest.mark.parametrize("consents, said", [(True, "Dana Doe of Lost Inc."), (False, None)])
async def test_the_source_is_named_only_with_consent(named, consents, said):
    (one,) = await referring.show(named.app)
    made = await referring.enroll(named.app, CONSOLE, one["id"], Choice(names_source=consents))
    deal = await deal_of(named, made)
    assert (made.sequence, deal.referred_by, deal.product) == ("referral", said, "scanners")
    await named.after(hours=2)
    mail = next(one for one in named.sent if one.recipient == MAREN)
    text = message_from_bytes(mail.raw).get_payload(0).get_payload(decode=True).decode()
    assert text.startswith(f"{said or 'Somebody'} gave me your name.")


async def test_whoever_was_enrolled_waits_no_longer(named):
    (one,) = await referring.show(named.app)
    assert TaskKind.REFERRAL in await asked(named)
    await referring.enroll(named.app, CONSOLE, one["id"], Choice())
    assert await referring.show(named.app) == []
    assert TaskKind.REFERRAL not in await asked(named)
    (kept,) = await referring.show(named.app, every=True)
    assert kept["deal_id"]
    with pytest.raises(Conflict, match="before"):
        await referring.enroll(named.app, CONSOLE, one["id"], Choice())


async def test_done_on_today_leaves_a_suggestion_alone(named):
    await answering.answer(named.app, (await asked(named))[TaskKind.REFERRAL].id, "done")
    assert await referring.show(named.app) == []
    assert len(await referring.show(named.app, every=True)) == 1


async def won(world):
    (one,) = await referring.show(world.app)
    made = await referring.enroll(world.app, CONSOLE, one["id"], Choice())
    await deal_outcomes.say(world.app, CONSOLE, made.deal_id, Said(Outcome.WON))
    return made


async def test_who_referred_a_deal_that_is_won_is_to_be_thanked(named):
    made = await won(named)
    task = (await asked(named))[TaskKind.THANK_REFERRER]
    assert task.text.startswith("Thank Dana Doe <dana@lost.example>: brightpump.example, ")
    assert "copy of the letter of recommendation" in task.text
    assert task.email == DANA
    await deal_outcomes.say(named.app, CONSOLE, made.deal_id, Said(None))
    assert TaskKind.THANK_REFERRER not in await asked(named)


async def test_who_wants_no_mail_is_not_thanked(named):
    async with named.app.db.read() as tx:
        (dana,) = await enrolling.of_address(tx, DANA)
    await enrolling.opt_out(named.app, dana.id, "a test")
    await won(named)
    assert TaskKind.THANK_REFERRER not in await asked(named)


async def test_a_referral_without_an_address_waits_for_one(named):
    await named.arrives(
        reply(
            "You might want to talk to my friend at Brightpump, they need exactly that.",
            to=named.sent[0].raw,
            sender=DANA,
            at=named.now,
            number=2,
        )
    )
    vague = (await referring.show(named.app))[-1]
    assert (vague["name"], vague["email"]) == (None, None)
    with pytest.raises(InvalidInput, match="--email"):
        await referring.enroll(named.app, CONSOLE, vague["id"], Choice())
    made = await referring.enroll(named.app, CONSOLE, vague["id"], Choice(email="joris@brightpump.example"))
    assert made.sequence == "referral"


async def test_a_successor_is_enrolled_for_the_same_deal(world):
    words = "I have left Lost Inc. My successor is Jo Park <jo.park@lost.example>."
    await says(world, words)
    (one,) = await referring.show(world.app)
    with pytest.raises(InvalidInput, match="--sequence"):
        await referring.enroll(world.app, CONSOLE, one["id"], Choice())
    with pytest.raises(InvalidInput, match="by whom"):
        await referring.enroll(world.app, CONSOLE, one["id"], Choice(sequence="lost", names_source=True))
    made = await referring.enroll(world.app, CONSOLE, one["id"], Choice(sequence="lost"))
    assert (await deal_of(world, made)).name == "Portal"


async def test_a_suggestion_that_is_none_is_said(world):
    with pytest.raises(NotFound, match="no suggestion 7"):
        await referring.enroll(world.app, CONSOLE, 7, Choice())

"""Over real sockets: a reply names somebody, who is written to and buys; then its writer is thanked."""

from cadence.core.model import TaskKind
from cadence.core.people import CONSOLE
from cadence.service import deal_outcomes, publishing, referring
from cadence.service.deal_outcomes import Outcome, Said
from cadence.service.referring import Choice
from cadence.store import tasks
from tests.service.conftest import SEQUENCE, write_sequence


async def test_who_is_named_in_a_reply_is_written_to_and_the_source_thanked_when_it_is_won(office):
    toml = SEQUENCE.replace('audience = "lost"', 'audience = "referral"')
    write_sequence(office.folder / "templates", toml, "referral")
    words = "{{ deal.referred_by }} gave me your name."
    (office.folder / "templates/referral/thank-you.md.j2").write_text(words, encoding="utf-8")
    await publishing.publish(office.app, office.folder / "templates", "referral")
    dana, kim = await office.prospect(), await office.prospect("kim")
    await office.enroll(dana.address)
    await office.after(hours=2)
    (mail,) = await office.received(dana)
    named = f"You should talk to Kim Sample <{kim.address}>, they are looking for something like this."
    await office.answers(dana, mail, named)
    await office.read()
    (one,) = await referring.show(office.app)
    assert one["by"]["email"] == dana.address
    assert one["words"].startswith(named)
    made = await referring.enroll(office.app, CONSOLE, one["id"], Choice(names_source=True))
    await office.after(hours=3)
    (mail,) = await office.received(kim)
    assert "Dana of Buyer gave me your name." in mail.text
    await deal_outcomes.say(office.app, CONSOLE, made.deal_id, Said(Outcome.WON))
    async with office.app.db.read() as tx:
        (task,) = [task for task in await tasks.opened(tx) if task.kind == TaskKind.THANK_REFERRER]
    assert dana.address in task.text

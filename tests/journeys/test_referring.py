"""Over real sockets: a reply names somebody, who is written to and buys; then its writer is thanked."""

from cadence.core.model import TaskKind
from cadence.core.people import CONSOLE
from cadence.service import deal_outcomes, publishing, referring, testimonials
from cadence.service.deal_outcomes import Outcome, Said
from cadence.service.referring import Choice
from cadence.service.testimonials import Copy
from cadence.setting_values import shipped_templates
from cadence.store import tasks
from tests.service.conftest import SEQUENCE, write_sequence

LETTER = Copy("letter.pdf", b"%PDF-1.4 made up")


async def test_who_is_named_in_a_reply_is_written_to_and_the_source_thanked_when_it_is_won(office):
    toml = SEQUENCE.replace('audience = "lost"', 'audience = "referral"')
    write_sequence(office.folder / "templates", toml, "referral")
    words = "{{ deal.referred_by }} gave me your name."
    (office.folder / "templates/referral/thank-you.md.j2").write_text(words, encoding="utf-8")
    for name in ("referrers.md.j2", "macros.md.j2"):
        shared = f"_shared/{name}"
        (office.folder / "templates" / shared).write_bytes((shipped_templates() / shared).read_bytes())
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

    done = await testimonials.keep(office.app, CONSOLE, made.deal_id, LETTER)
    assert done.drafted == (dana.address,)
    while TaskKind.APPROVE_DRAFT not in await office.asked():
        await office.go_on()
    before = len(await office.received(dana))
    await office.approve()
    while len(mails := await office.received(dana)) == before:
        await office.go_on()
    thanks = mails[-1]
    assert thanks.subject == "What became of your recommendation"
    assert LETTER.name in thanks.parts[-1].headers.get("content-disposition")

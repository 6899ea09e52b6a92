"""Over real sockets: what was missing is there; who left for want of it is told, once, after a yes."""

from cadence.core.people import CONSOLE
from cadence.service import news_answers, publishing, whats_new

STORY = """+++
title = "Signing in once"
loss_reasons = ["features"]
+++
Hello {{ prospect.first_name }}, single sign-on is there now.
"""


async def test_who_left_for_want_of_it_is_told_once_after_a_yes(office):
    dana, kim = await office.prospect(), await office.prospect("kim")
    await office.enroll(dana.address, deal={"reason": "features", "missing": "single sign-on"})
    await office.enroll(kim.address, company="Elsewhere", deal={"reason": "price"})
    for span in (2, 24 * 5, 24 * 12, 24 * 8):  # three mails of the chain, and a week of silence
        await office.after(hours=span)
    before = len(await office.received(dana, 3))
    templates = office.folder / "templates"
    (templates / "stories/signing-in-once.md.j2").write_text(STORY)
    await publishing.publish(office.app, templates, "lost")
    number = await whats_new.add(office.app, CONSOLE, "features:single sign-on", "signing-in-once")
    people = (await whats_new.show(office.app, number)).people
    (reader,) = [person for person in people if person.against is None]
    assert (reader.email, reader.proof) == (dana.address, "the rep noted: “single sign-on”")
    await office.after(days=3)
    assert len(await office.received(dana)) == before, "nothing before a yes"
    await news_answers.approve(office.app, CONSOLE, number)
    while "Signing in once" not in await titles(office, dana):
        await office.go_on()
    while await office.next_at():
        await office.go_on()
    told = await titles(office, dana) + await titles(office, kim)
    assert told.count("Signing in once") == 1, "she has had it, and he left for the price"


async def titles(office, person):
    """The subjects of all that somebody got."""
    return [mail.subject for mail in await office.received(person)]

"""Two ways of writing a step, over the service: split, kept, counted, decided once, and then used."""

from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa

from cadence.core.delivery import Outcome, OutcomeKind
from cadence.core.trials import LOOKS, TIME_TO_ANSWER, drawn
from cadence.service import publishing, trials
from cadence.store import trials as store
from cadence.store.tables import enrollments, events, inbound
from cadence.store.tables import messages as mails
from cadence.worker import jobs
from tests.service.fakes import reply

PLAIN, OTHER = "thank you.", "many thanks, and good luck."
TRIED = 5


def write(world, words=f"Hello {{{{ prospect.first_name or 'there' }}}}, {OTHER}", name="thank-you~b"):
    path = world.templates / "lost" / f"{name}.md.j2"
    path.write_text(words, encoding="utf-8") if words else path.unlink()


async def publish(world):
    return await publishing.publish(world.app, world.templates, "lost")


@pytest.fixture
async def tried(world):
    """A sequence whose first step is written in two ways."""
    write(world)
    await publish(world)
    return world


async def written(world) -> dict[str, list]:
    """The mails that were handed to the server, by variant ("" for none)."""
    async with world.app.db.read() as tx:
        query = sa.select(mails).where(mails.c.attempts > 0).order_by(mails.c.id)
        rows = list(await tx.execute(query))
    found: dict[str, list] = {}
    for row in rows:
        found.setdefault(row.variant or "", []).append(row)
    return found


async def enroll(world, count=TRIED, name="p", **more):
    """So many people of as many companies, and their first mails."""
    people = [
        await world.enroll(f"{name}{n}@{name}{n}.example", company=f"{name}{n}", **more) for n in range(count)
    ]
    await world.after(hours=2)
    return people


async def look(world):
    """The trial, counted now."""
    world.now += trials.EVERY + timedelta(minutes=1)
    await trials.look_after(world.app)
    return (await trials.shown(world.app))[0]


async def multiply(world, times: dict[tuple[str, bool], int]) -> None:
    """Let more people have the fate of those who were written to: by variant and whether they answered."""
    async with world.app.db.write() as tx:
        answers = {row.outbound_id: dict(row._mapping) for row in await tx.execute(sa.select(inbound))}
        known = await tx.execute(sa.select(mails).where(mails.c.variant.is_not(None)))
        fates = {(row.variant, row.id in answers): dict(row._mapping) for row in known}
        models = [fates[fate] for fate, count in times.items() for _ in range(count)]
        query = sa.select(enrollments).where(enrollments.c.id == models[0]["enrollment_id"])
        over = dict((await tx.execute(query)).one()._mapping) | {"state": "finished"}
        ids = await added(tx, enrollments, [over] * len(models))
        more = [
            mail | {"enrollment_id": of, "message_id": f"<{of}@x.test>"}
            for mail, of in zip(models, ids, strict=True)
        ]
        heard = [
            answers[old["id"]]
            | {"enrollment_id": of, "outbound_id": new, "message_key": str(new), "uid": new}
            for old, of, new in zip(models, ids, await added(tx, mails, more), strict=True)
            if old["id"] in answers
        ]
        await added(tx, inbound, [one | {"folder": "more"} for one in heard])


async def added(tx, table, rows) -> list[int]:
    """Add rows under new ids, which come back in their order."""
    insert = table.insert().returning(table.c.id, sort_by_parameter_order=True)
    new = [{name: value for name, value in row.items() if name != "id"} for row in rows]
    return list((await tx.execute(insert, new)).scalars())


async def answer(world, row, text="We chose them for the price.", number=1, headers=""):
    to = next(mail for mail in world.sent if row.message_id.encode() in mail.raw)
    await world.arrives(
        reply(text, to=to.raw, sender=to.recipient, at=world.now, number=number, headers=headers)
    )


# --- the whole way ---


async def test_people_are_split_answers_counted_and_the_next_mails_are_the_winners(tried):
    people = await enroll(tried, 10)
    found = await written(tried)
    assert {row.enrollment_id: variant for variant, rows in found.items() for row in rows} == {
        one.id: drawn(one.id, "thank-you", (await trial(tried)).key) for one in people
    }
    for variant, words in (("a", PLAIN), ("b", OTHER)):
        own = {row.message_id.encode() for row in found[variant]}
        assert all(words.encode() in mail.raw for mail in tried.sent if any(key in mail.raw for key in own))
    first = await look(tried)
    assert first.says == f"not enough yet: 0 of {LOOKS[0]} of each had 14 days to be answered"
    assert first.sent == {variant: len(rows) for variant, rows in found.items()}

    await answer(tried, found["a"][0], number=1)
    await answer(tried, found["b"][0], number=2)
    each = {("a", True): 9, ("a", False): 191, ("b", True): 39, ("b", False): 161}
    await multiply(tried, each)
    assert (await look(tried)).shares["b"].of == 0  # nobody has had time to answer
    tried.now += TIME_TO_ANSWER
    decided = await look(tried)
    assert (decided.state, decided.winner) == ("won", "b")
    assert decided.shares["a"].of == decided.shares["b"].of == LOOKS[0]
    assert decided.shares["b"].count - decided.shares["a"].count >= 28
    assert decided.says.startswith("b is better: ")
    assert decided.says.endswith("b is used from now on")

    tried.sent.clear()
    more = {one.id for one in await enroll(tried, name="q")}
    assert {row.id for row in (await written(tried))["b"] if row.enrollment_id in more}
    assert not [row for row in (await written(tried))["a"] if row.enrollment_id in more]
    assert sum(OTHER.encode() in mail.raw for mail in tried.sent) == TRIED
    async with tried.app.db.read() as tx:
        query = sa.select(events.c.data).where(events.c.kind == "trial.decided")
        (told,) = (await tx.execute(query)).scalars()
    assert (told["step"], told["winner"]) == ("thank-you", "b")


async def trial(world):
    async with world.app.db.read() as tx:
        return await store.of_step(tx, "lost", "thank-you")


# --- which one a mail is ---


async def test_a_mail_that_is_tried_again_is_written_the_same_way(tried):
    await tried.enroll()
    busy = Outcome(OutcomeKind.DEFERRED, 450, "4.2.1", "busy")
    tried.servers.outcomes = [busy]
    await tried.after(hours=2)
    (variant,) = await written(tried)
    other = {"a": "b", "b": "a"}[variant]
    known = await trial(tried)
    async with tried.app.db.write() as tx:  # the other one wins while the mail waits
        counts = {"needed": LOOKS[0]}
        assert await store.keep(tx, known.id, counts, now=tried.now, decided=True, winner=other)
    await tried.after(hours=6)
    assert [row.state for row in (await written(tried))[variant]] == ["sent"]


async def test_who_reads_a_language_that_is_written_in_one_way_takes_no_part(world):
    write(world)
    write(world, "Guten Tag, danke.", "thank-you.de")
    await publish(world)
    await enroll(world, 2, language="de")
    assert list(await written(world)) == [""]
    assert (await look(world)).sent == {"a": 0, "b": 0}


# --- what publishing does ---


async def test_a_trial_begins_goes_on_begins_anew_and_ends_with_the_words(world):
    assert (await publish(world)).trials == {}
    write(world)
    assert (await publish(world)).trials == {"thank-you": "begins"}
    begun = await trial(world)
    write(world, "What was it?", "feedback")
    assert (await publish(world)).trials == {}
    assert await trial(world) == begun
    write(world, "Quite other words.")
    assert (await publish(world)).trials == {"thank-you": "begins anew"}
    assert (await trial(world)).key != begun.key
    write(world, None)
    assert (await publish(world)).trials == {"thank-you": "ends"}
    assert await trial(world) is None
    assert [one.state for one in await trials.shown(world.app)] == ["ended", "ended"]
    await enroll(world, 2)
    assert list(await written(world)) == [""]


async def test_mails_of_the_words_before_do_not_count_in_a_new_trial(tried):
    await enroll(tried)
    write(tried, "Quite other words.")
    await publish(tried)
    tried.now += TIME_TO_ANSWER
    assert (await look(tried)).sent == {"a": 0, "b": 0}


# --- what counts ---


async def counted(world) -> Counter:
    shown = await look(world)
    return Counter({name: share.count for name, share in shown.shares.items()})


async def test_only_people_who_answer_in_time_and_want_more_than_to_be_left_alone_count(tried):
    await enroll(tried)
    rows = [row for found in (await written(tried)).values() for row in found]
    await answer(tried, rows[0], "We chose them for the price.", 1)
    await answer(tried, rows[1], "Please take me off your list.", 2)
    await answer(tried, rows[2], "I am out of office.", 3, "Auto-Submitted: auto-replied\r\n")
    tried.now += TIME_TO_ANSWER + timedelta(minutes=1)
    await answer(tried, rows[3], "Sorry, this took long. The price decided it.", 4)
    assert await counted(tried) == Counter([rows[0].variant])


async def test_an_answer_that_was_corrected_counts_as_what_it_is(tried):
    await enroll(tried)
    (row, *_) = next(iter((await written(tried)).values()))
    await answer(tried, row)
    async with tried.app.db.write() as tx:
        await tx.execute(inbound.update().values(corrected="unsubscribe"))
    tried.now += TIME_TO_ANSWER
    assert await counted(tried) == Counter()


async def test_a_decision_is_for_good(tried):
    known = await trial(tried)
    async with tried.app.db.write() as tx:
        for winner, is_first in (("b", True), ("a", False)):
            kept = await store.keep(tx, known.id, {}, now=tried.now, decided=True, winner=winner)
            assert kept is is_first
    assert (await trial(tried)).winner == "b"


async def test_a_worker_counts_trials_by_the_hour(tried):
    await enroll(tried)
    await jobs.look_after(tried.app)
    first = await trial(tried)
    assert first.counted_at == tried.now
    tried.now += trials.EVERY / 2
    await jobs.look_after(tried.app)
    assert await trial(tried) == first

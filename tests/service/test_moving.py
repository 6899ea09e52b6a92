"""A whole installation moves from SQLite into PostgreSQL: everything, or nothing, and never two that work."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from cadence.core.delivery import Outcome, OutcomeKind
from cadence.core.errors import Conflict, DatabaseAway, InvalidInput
from cadence.core.people import Role, User
from cadence.core.sequence import From
from cadence.service import connecting, moving
from cadence.service.vault import Vault
from cadence.store import copying, processes, searching
from cadence.store.copying import CARRIED
from cadence.store.database import Database
from cadence.store.moving import clear
from cadence.store.searching import Wanted
from cadence.store.shown import in_full
from cadence.store.tables import (
    accounts,
    deals,
    enrollments,
    events,
    folders,
    inbound,
    mailboxes,
    messages,
    metadata,
    prospects,
    users,
    webhook_news,
    webhooks,
)
from tests.service.conftest import mailbox
from tests.service.fakes import reply

DROPPED = Outcome(OutcomeKind.IN_DOUBT, 0, None, "the connection ended after the mail was handed over")
TICK = datetime(2026, 3, 3, 9, 30, 15, 123457, tzinfo=UTC)


@pytest.fixture
def database_url(sqlite_url):
    """Only an embedded installation moves."""
    return sqlite_url


@pytest.fixture
def target_url(postgres, record_property):
    """Where it moves to; the tables are there, which makes no difference but for the time it takes."""
    record_property("server", "PostgreSQL")
    return postgres.new_database()


@pytest.fixture
def bare_url(postgres, record_property):
    """The same as its administrator makes it, without a table."""
    record_property("server", "PostgreSQL")
    return postgres.new_database(template="template1")


@pytest.fixture
async def lived(world):
    """An installation that sent, was answered, opted out of and left in doubt."""
    await connecting.add(world.app, mailbox("boss@vendor.test", From.EXECUTIVE))
    people = [
        await world.enroll(f"{name}@{name}.example", company=f"{name} AG", first_name="Žofia 🦉")
        for name in ("ann", "bob", "cleo", "dora")
    ]
    world.servers.outcomes = [DROPPED]
    await world.after(hours=2)
    await world.after(minutes=1)  # whoever follows a mail in doubt waits for the next look
    for number, text in enumerate(("Please take me off your list.", "Call me on Monday."), 1):
        to = world.sent[number]
        answer = reply(text, to=to.raw, sender=to.recipient, at=world.now, number=number)
        await world.arrives(answer)
    await world.after(days=4)
    await _plant(world, people)
    return world


async def _plant(world, people):
    """What the use cases above do not bring about."""
    async with world.app.db.write() as tx:
        last = {"id": 2**40, "key": "huge", "name": "Huge\0 name", "size": 2**31 - 1, "created_at": TICK}
        await tx.execute(accounts.insert().values(last))
        deal = {"account_id": 2**40, "name": "Größe", "amount": "1'000 €", "created_at": TICK}
        await tx.execute(
            deals.insert().values(lost_at=TICK, competitor_contract_end=date(2027, 2, 28), **deal)
        )
        first, last = people[0].id, people[-1].id
        await tx.execute(enrollments.update().where(enrollments.c.id == first).values(paused_by=last))
        await tx.execute(mailboxes.update().values(watched_by="gone"))
        await tx.execute(folders.update().values(uidvalidity=2**32 - 1))
        await tx.execute(inbound.update().values(raw=bytes(range(256)) * 100, confidence=0.1 + 0.2))
        await tx.execute(events.insert().values(at=TICK, kind="test", why="no data", data=sa.null()))
        await tx.execute(events.insert().values(at=TICK, kind="test", why="null", data=sa.JSON.NULL))
        data = {"text": "a\0b \ud83d", "numbers": [2**60, 0.1], "b": 1, "a": 2}
        await tx.execute(events.insert().values(at=TICK, kind="test", why="data", data=data))
        dead = {"id": "gone", "kind": "watcher", "alive_until": TICK}
        await tx.execute(processes.processes.insert().values(dead))


async def _all_rows(url, tables):
    """Of each table, by its name."""
    db = await Database.open(url)
    async with db.read() as tx:
        found = {
            table.name: list(await tx.execute(table.select().order_by(*table.primary_key.columns)))
            for table in tables
        }
    await db.close()
    return found


async def _rows(url, table):
    return (await _all_rows(url, [table]))[table.name]


async def _open(url):
    return await Database.open(url)


async def _is_empty(url):
    return not any((await _all_rows(url, metadata.sorted_tables)).values())


async def test_every_value_arrives_as_it_was(lived, database_url, bare_url):
    before = await _all_rows(database_url, CARRIED)
    moved = await moving.move(database_url, bare_url, now=lived.now)
    assert all(before[table.name] for table in (prospects, messages, inbound, events, folders))
    after = await _all_rows(bare_url, CARRIED)
    for table in CARRIED:
        assert moved[table.name].rows == len(after[table.name])
        expected = [_as_moved(table, row) for row in before[table.name]]
        assert expected == [row._asdict() for row in after[table.name]]


def _as_moved(table, row):
    values = row._asdict() | ({"watched_by": None} if table is mailboxes else {})
    return {k: v.replace("\0", "\ufffd") if isinstance(v, str) else v for k, v in values.items()}


async def test_a_document_that_is_null_differs_from_none(lived, database_url, target_url):
    await moving.move(database_url, target_url, now=lived.now)
    db = await _open(target_url)
    async with db.read() as tx:
        query = sa.select(events.c.why, sa.cast(events.c.data, sa.Text)).where(events.c.kind == "test")
        told = dict((await tx.execute(query)).all())
    await db.close()
    assert told["no data"] is None
    assert told["null"] == "null"
    assert told["data"].index('"b"') < told["data"].index('"a"')


async def test_webhooks_do_not_hear_again_of_what_is_moved_and_hear_of_what_comes_after(
    lived, database_url, target_url
):
    about = {"email": "alex@vendor.test", "name": "Alex", "role": "administrator", "team": "", "zone": "UTC"}
    hook = {"url": "https://crm.example/", "description": "", "events": ["task.opened"], "secret": "sealed"}
    async with lived.app.db.write() as tx:
        user = users.insert().values(email_key="alex@vendor.test", created_at=TICK, **about)
        await tx.execute(user)
        await tx.execute(webhooks.insert().values(user_id=1, created_at=TICK, **hook))
    await moving.move(database_url, target_url, now=lived.now)
    db = await Database.open(target_url)
    try:
        async with db.write() as tx:
            assert (await tx.execute(webhook_news.select())).all() == []
            await tx.execute(prospects.update().where(prospects.c.id == 1).values(status="left"))
            (news,) = await tx.execute(webhook_news.select())
            assert (news.kind, news.of_id, news.became) == ("prospects", 1, "left")
    finally:
        await db.close()


async def test_new_rows_get_ids_behind_the_last(lived, database_url, target_url):
    await moving.move(database_url, target_url, now=lived.now)
    db = await _open(target_url)
    async with db.write() as tx:
        made = accounts.insert().values(key="new", name="New", created_at=TICK).returning(accounts.c.id)
        assert (await tx.execute(made)).scalar_one() == 2**40 + 1
    await db.close()


async def test_people_are_found_by_their_names_there(lived, database_url, target_url):
    await moving.move(database_url, target_url, now=lived.now)
    db = await _open(target_url)
    everybody = User(1, "a@vendor.test", "A", Role.ADMINISTRATOR, "", "UTC", TICK)
    async with db.read() as tx:
        found = await searching.page(tx, everybody, Wanted(text="cle zof"), before=None, limit=10)
        shown = await in_full(tx, everybody, found)
    await db.close()
    assert [one.person.email for one in shown] == ["cleo@cleo.example"]


async def test_passwords_open_with_the_key_of_before_and_with_no_other(lived, database_url, target_url):
    await moving.move(database_url, target_url, now=lived.now)
    db = await _open(target_url)
    lived.app.db, own = db, lived.app.db
    assert await moving.locked_passwords(lived.app) == []
    lived.app.vault = Vault(["another secret of thirty-two characters"])
    assert await moving.locked_passwords(lived.app) == ["rep@vendor.test", "boss@vendor.test"]
    lived.app.db = own
    await db.close()


async def test_nobody_is_taken_for_alive_and_a_mail_in_flight_is_in_doubt(
    lived, world, database_url, target_url
):
    async with world.app.db.write() as tx:
        sending = {"state": "sending", "wake_at": world.now + timedelta(days=1), "sent_at": world.now}
        open_mail = sa.select(sa.func.min(messages.c.id)).where(messages.c.state == "planned")
        await tx.execute(
            messages.update().where(messages.c.id == open_mail.scalar_subquery()).values(sending)
        )
    await moving.move(database_url, target_url, now=world.now)
    assert await _rows(target_url, processes.processes) == []
    before = [row.state for row in await _rows(target_url, messages)].count("in_doubt")
    sent = len(world.sent)
    own, world.app.db = world.app.db, await _open(target_url)
    await world.after(seconds=1)
    await world.app.db.close()
    world.app.db = own
    after = [row.state for row in await _rows(target_url, messages)]
    assert after.count("in_doubt") == before + 1
    assert "sending" not in after
    assert len(world.sent) == sent


async def test_what_was_moved_takes_no_change_any_more(lived, database_url, target_url):
    await moving.move(database_url, target_url, now=lived.now)
    assert (await moving.moved_to(lived.app.db)).startswith("postgresql://127.0.0.1:")
    for change in (accounts.update().values(name="x"), events.delete(), processes.processes.delete()):
        with pytest.raises(sa.exc.IntegrityError, match="was moved to postgresql"):
            async with lived.app.db.write() as tx:
                await tx.execute(change)
    with pytest.raises(Conflict, match="holds an installation already; this one was moved there"):
        await moving.move(database_url, target_url, now=lived.now)


async def test_whoever_waits_to_write_meanwhile_is_refused(lived, database_url, target_url, monkeypatch):
    copy, waiting = copying.copy, []

    async def with_somebody_waiting(*about):
        if not waiting:
            waiting.append(asyncio.create_task(lived.enroll("late@late.example", company="Late")))
            await asyncio.sleep(0.1)
        await copy(*about)

    monkeypatch.setattr(copying, "copy", with_somebody_waiting)
    await moving.move(database_url, target_url, now=lived.now)
    with pytest.raises(sa.exc.IntegrityError, match="was moved to"):
        await waiting[0]


@pytest.mark.parametrize("number", [1, 6, len(CARRIED)])
async def test_a_fault_in_the_middle_leaves_nothing_and_the_next_try_succeeds(
    lived, database_url, target_url, monkeypatch, number
):
    copy, count = copying.copy, 0

    async def break_off(*about):
        nonlocal count
        await copy(*about)
        if (count := count + 1) == number:
            raise OSError("the cable was pulled")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="cable"):
        patch.setattr(copying, "copy", break_off)
        await moving.move(database_url, target_url, now=lived.now)
    assert await _is_empty(target_url)
    assert await moving.moved_to(lived.app.db) is None
    await lived.enroll("next@next.example", company="Next")
    await moving.move(database_url, target_url, now=lived.now)
    assert "next@next.example" in [row.email for row in await _rows(target_url, prospects)]


async def test_a_server_that_goes_away_meanwhile_leaves_nothing(lived, database_url, target_url, monkeypatch):
    other = await _open(target_url)
    copy = copying.copy
    own = sa.text("SELECT pg_backend_pid()")

    async def cut_off(source, target, table):
        if table is messages:
            process = (await target.execute(own)).scalar_one()
            async with other.read() as tx:
                await tx.execute(sa.text(f"SELECT pg_terminate_backend({process})"))
        await copy(source, target, table)

    with monkeypatch.context() as patch, pytest.raises(DatabaseAway, match="cannot be used"):
        patch.setattr(copying, "copy", cut_off)
        await moving.move(database_url, target_url, now=lived.now)
    await other.close()
    assert await _is_empty(target_url)
    assert await moving.moved_to(lived.app.db) is None


@pytest.mark.parametrize("where", ["source", "target"])
async def test_a_copy_that_differs_is_not_kept(lived, database_url, target_url, monkeypatch, where):
    copy = copying.copy

    async def falsify(source, target, table):
        await copy(source, target, table)
        if table is messages:
            tx = target if where == "target" else source
            await tx.execute(messages.update().values(base_at=TICK))

    with monkeypatch.context() as patch, pytest.raises(Conflict, match="not the same: messages has"):
        patch.setattr(copying, "copy", falsify)
        await moving.move(database_url, target_url, now=lived.now)
    assert await _is_empty(target_url)
    assert await moving.moved_to(lived.app.db) is None


async def test_a_row_that_postgresql_cannot_keep_is_named(lived, database_url, target_url):
    async with lived.app.db.write() as tx:
        await tx.execute(accounts.update().where(accounts.c.key == "huge").values(size=2**31))
    with pytest.raises(Conflict, match=f"table accounts, id {2**40}: PostgreSQL does not take this.*int32"):
        await moving.move(database_url, target_url, now=lived.now)
    assert await _is_empty(target_url)


async def test_a_target_that_holds_anything_is_refused(lived, database_url, target_url):
    db = await _open(target_url)
    async with db.write() as tx:
        await tx.execute(accounts.insert().values(key="k", name="Somebody's", created_at=TICK))
    await db.close()
    with pytest.raises(Conflict, match="holds an installation already"):
        await moving.move(database_url, target_url, now=lived.now)
    db = await _open(target_url)
    async with db.write() as tx:
        await tx.execute(accounts.delete())
        await tx.execute(sa.text("CREATE TABLE orders (id int)"))
    await db.close()
    with pytest.raises(Conflict, match=r"holds tables of something else \(orders\)"):
        await moving.move(database_url, target_url, now=lived.now)


async def test_a_process_at_work_on_either_side_is_in_the_way(lived, database_url, target_url):
    until = lived.now + timedelta(seconds=40)
    async with lived.app.db.write() as tx:
        await processes.beat(tx, "worker-1", "worker", now=lived.now, until=until)
    with pytest.raises(Conflict, match="worker-1 works on the installation"):
        await moving.move(database_url, target_url, now=lived.now)
    await moving.move(database_url, target_url, now=until)


async def test_a_target_that_is_not_there_is_one_line(lived, database_url, postgres):
    with pytest.raises(InvalidInput, match="cannot be reached"):
        await moving.move(database_url, "postgresql+asyncpg://127.0.0.1:1/x", now=lived.now)
    nowhere = f"postgresql+asyncpg://cadence:secret@127.0.0.1:{postgres.port}/nowhere"
    with pytest.raises(InvalidInput, match='database "nowhere" does not exist') as fault:
        await moving.move(database_url, nowhere, now=lived.now)
    assert "secret" not in str(fault.value)


async def test_an_installation_that_did_nothing_there_can_be_taken_back(lived, database_url, bare_url):
    await moving.move(database_url, bare_url, now=lived.now)
    await moving.take_back(database_url, bare_url, now=lived.now)
    assert await _is_empty(bare_url)
    assert await moving.moved_to(lived.app.db) is None
    await lived.enroll("next@next.example", company="Next")
    with pytest.raises(Conflict, match="was not moved"):
        await moving.take_back(database_url, bare_url, now=lived.now)
    await moving.move(database_url, bare_url, now=lived.now)


async def test_an_installation_that_went_on_there_is_not_taken_back(lived, database_url, target_url):
    await moving.move(database_url, target_url, now=lived.now)
    db = await _open(target_url)
    async with db.write() as tx:
        await tx.execute(messages.update().values(why="it went on"))
    await db.close()
    with pytest.raises(Conflict, match="went on since, and mails may have left from it"):
        await moving.take_back(database_url, target_url, now=lived.now)
    assert await moving.moved_to(lived.app.db) is not None
    assert not await _is_empty(target_url)


async def test_an_interrupted_move_is_made_again_to_the_same_place_only(
    lived, database_url, target_url, postgres, monkeypatch
):
    await moving.move(database_url, target_url, now=lived.now)
    elsewhere = postgres.new_database(template="template1")
    with pytest.raises(Conflict, match="was moved to"):
        await moving.move(database_url, elsewhere, now=lived.now)
    db = await _open(target_url)
    async with db.write() as tx:  # as if the crash came before the last commit
        await clear(tx)
    await db.close()
    await moving.move(database_url, target_url, now=lived.now)
    assert await _rows(target_url, prospects)


async def test_pages_end_where_enough_bytes_are_read(lived, monkeypatch):
    monkeypatch.setattr(copying, "PAGE_BYTES", 1)
    monkeypatch.setattr(copying, "PAGE_ROWS", 2)
    async with lived.app.db.read() as tx:
        small = [page async for page in copying._pages(tx, inbound)]
        monkeypatch.undo()
        (whole,) = [page async for page in copying._pages(tx, inbound)]
    assert [len(page) for page in small] == [1] * len(whole)
    assert [row for page in small for row in page] == whole

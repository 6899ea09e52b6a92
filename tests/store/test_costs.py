"""What is asked all the time costs what is due, not what exists: no walk through all mails."""

from datetime import UTC, datetime

import sqlalchemy as sa

from cadence.store import figures, handovers, leavers, messages, rsvps, theirs
from cadence.store.agenda import agenda
from cadence.store.database import Database
from cadence.store.tables import events

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


async def plans(tmp_path, work):
    """How SQLite carries out what `work` asks."""
    db = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/cadence.db")
    asked = []

    def keep(connection, cursor, statement, parameters, context, many):
        if not statement.startswith("EXPLAIN"):
            asked.append((statement, parameters))

    async with db.write() as tx:
        engine = tx.sync_connection.engine
        sa.event.listen(engine, "before_cursor_execute", keep)
        await work(tx)
        sa.event.remove(engine, "before_cursor_execute", keep)
        found = []
        for statement, parameters in asked:
            rows = await tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            found += [row[3] for row in rows]
    await db.close()
    return found


async def walks(tmp_path, work):
    found = await plans(tmp_path, work)
    assert any("messages" in line for line in found)
    return [line for line in found if line.startswith("SCAN messages") and "ix_messages_sending" not in line]


async def test_the_look_for_due_mails_goes_mailbox_by_mailbox(tmp_path):
    assert await walks(tmp_path, lambda tx: messages.mailboxes_with_work(tx, NOW)) == []
    assert await walks(tmp_path, messages.next_wake) == []
    assert await walks(tmp_path, lambda tx: agenda(tx, NOW)) == []


async def test_a_claim_looks_at_one_mailbox_even_where_there_is_none(tmp_path):
    for mailbox_id in (1, None):
        found = await walks(
            tmp_path, lambda tx, of=mailbox_id: messages.claim(tx, of, now=NOW, until=NOW, limit=20)
        )
        assert found == []


async def test_upkeep_looks_at_nothing_but_what_is_claimed_or_in_flight(tmp_path):
    assert await walks(tmp_path, lambda tx: messages.abandoned(tx, NOW, "me")) == []
    assert await walks(tmp_path, lambda tx: messages.take_back(tx, NOW, "me")) == []


async def test_metrics_walk_through_no_table_of_what_was(tmp_path):
    found = await plans(tmp_path, lambda tx: figures.gather(tx, NOW))
    walked = {line for line in found if line.startswith(("SCAN messages", "SCAN events", "SCAN tasks"))}
    assert walked <= {
        "SCAN messages USING COVERING INDEX ix_messages_queue",  # to count it
        "SCAN messages USING INDEX ix_messages_sending",
        "SCAN messages USING INDEX ix_messages_troubled",
    }


async def test_what_would_be_handed_over_is_found_over_indexes(tmp_path):
    found = await plans(tmp_path, lambda tx: handovers.load(tx, 1))
    assert [line for line in found if line.startswith("SCAN") and "subquery" not in line] == []


async def test_what_happened_to_a_person_is_found_without_walking_through_all_events(tmp_path):
    theirs_of = theirs.rows_of(1, ["a@b.example"])[events]
    found = await plans(tmp_path, lambda tx: theirs.read(tx, events, theirs_of))
    assert found
    assert [line for line in found if line.startswith("SCAN events")] == []


async def test_whom_something_new_is_for_is_found_company_by_company(tmp_path):
    async def look(tx):
        await leavers.lost(tx, [1, 2], "price", None, by_words=True)
        await leavers.people_of(tx, [1, 2], [1, 2], None)

    found = await plans(tmp_path, look)
    assert found
    assert [line for line in found if line.startswith("SCAN") and "LIST SUBQUERY" not in line] == []


async def test_the_guests_of_an_event_are_found_by_the_names_of_its_mails(tmp_path):
    found = await walks(tmp_path, lambda tx: rsvps.guests(tx, ["events/fair", "events/fair/1"]))
    assert found == []
    assert await walks(tmp_path, lambda tx: rsvps.coming(tx, "events/fair")) == []

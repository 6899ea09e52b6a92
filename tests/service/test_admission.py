"""One set of rules for one person and for many: both ways leave the same database, and refuse the same."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.errors import CadenceError, Conflict, InvalidInput, NotFound
from cadence.core.model import Enrollment
from cadence.service import admission, connecting, enrolling
from cadence.service.enrolling import Request
from cadence.store import prospects
from cadence.store.tables import metadata
from tests.service.conftest import World, mailbox

LOST = datetime(2026, 3, 2, 9, tzinfo=UTC)
PEOPLE = [
    Request("ann@one.example", "lost", first_name="Ann", company="One", size=12, lost_at=LOST),
    Request(
        "Bob@one.example",
        "lost",
        company=" ONE ",
        industry="food",
        size=99,
        country="DE",
        deal={"reason": "price", "competitor_contract_end": date(2027, 1, 31)},
    ),
    Request("cy@two.example", "lost", deal={"product": "Planner"}, zone="Asia/Tokyo", language="ja"),
    Request("dee@one.example", "lost", company="One", deal={"competitor": "Fernhill"}),
    Request("not an address", "lost"),
    Request("jo@localhost", "lost"),
    Request("jo@[192.0.2.1]", "lost"),
    Request("stop@one.example", "lost"),
    Request("gone@one.example", "lost"),
    Request("rep@vendor.test", "lost"),
    Request("eve@two.example", "no-such-sequence"),
    Request("fay@two.example", "lost", mailbox="nobody@vendor.test"),
    Request("gus@two.example", "lost", country="Atlantis"),
    Request("hal@two.example", "lost", lost_at=LOST + timedelta(days=9)),
    Request("ida@two.example", "lost", first_name="I\nda"),
    Request("old@two.example", "lost", title="Director"),
]


async def prepare(world: World) -> None:
    old = await world.enroll("old@two.example", company=None, first_name="Olga", title="Buyer")
    await enrolling.change(world.app, "old@two.example", enrolling.Fact.STOP, "a test")
    assert await world.state(old) == "stopped"
    async with world.app.db.write() as tx:
        await prospects.suppress(tx, "stop@one.example", reason="said so", source="test", now=world.now)
    gone = await world.enroll("gone@one.example", company="One", industry=None)
    async with world.app.db.write() as tx:
        await prospects.mark_unreachable(tx, gone.prospect_id)


def said(result: Enrollment | CadenceError) -> str:
    return str(result) if isinstance(result, CadenceError) else "enrolled"


async def one_by_one(world: World) -> list[str]:
    results = []
    for request in PEOPLE:
        try:
            results.append(said(await enrolling.enroll(world.app, request)))
        except CadenceError as fault:
            results.append(str(fault))
    return results


async def dump(tx: AsyncConnection) -> dict[str, list[dict[str, Any]]]:
    """Every row that enrolling may write, but for Message-IDs, which are drawn; ids as ranks, since a
    rolled back transaction may use some up.
    """
    tables = [table for table in metadata.sorted_tables if table.name not in ("revisions", "mailboxes")]
    rows = {
        table.name: [
            dict(row._mapping)
            for row in await tx.execute(sa.select(table).order_by(*table.primary_key.columns))
        ]
        for table in tables
    }
    rank = {name: {row.get("id"): n for n, row in enumerate(found)} for name, found in rows.items()}
    for table in tables:
        for column in table.columns:
            names = [key.column.table.name for key in column.foreign_keys]
            about = rank.get(table.name if column.name == "id" else next(iter(names), ""), {})
            for row in rows[table.name]:
                value = row.pop(column.name)
                if column.name != "message_id" or table.name == "events":
                    row[column.name] = about.get(value, value) if isinstance(value, int) else value
    return rows


async def test_many_at_once_are_treated_as_one_by_one(world: World) -> None:
    await prepare(world)
    async with world.app.db.write() as tx:
        await tx.execute(sa.text("SAVEPOINT here"))
        at_once = [said(result) for result in await admission.admit(world.app, tx, PEOPLE)]
        after_all = await dump(tx)
        await tx.execute(sa.text("ROLLBACK TO here"))
    assert await one_by_one(world) == at_once
    assert at_once.count("enrolled") == 5
    async with world.app.db.read() as tx:
        assert await dump(tx) == after_all


async def test_vetting_changes_nothing(world: World) -> None:
    await prepare(world)
    async with world.app.db.read() as tx:
        before = await dump(tx)
        vetted = await admission.vet(world.app, tx, PEOPLE)
    assert sum(not isinstance(one, CadenceError) for one in vetted) == 5
    async with world.app.db.read() as tx:
        assert await dump(tx) == before


@pytest.mark.parametrize(
    ("request_", "fault", "words"),
    [
        (Request("stop@one.example", "lost"), Conflict, "suppressed"),
        (Request("gone@one.example", "lost"), Conflict, "cannot be reached"),
        (Request("rep@vendor.test", "lost"), InvalidInput, "mailbox of our own"),
        (Request("a@b.example", "nowhere"), NotFound, "not published"),
        (Request("a@b.example", "lost", mailbox="x@vendor.test"), NotFound, "no mailbox x@vendor.test"),
        (Request("a@b.example", "lost", lost_at=LOST.replace(year=26)), InvalidInput, "that long ago"),
        (Request("a@b.example", "lost", company="A" * 501), InvalidInput, "501 characters"),
        (Request("a@b.example", "lost", deal={"name": "The pilot"}), InvalidInput, "no fact of a deal"),
    ],
)
async def test_a_refusal_names_its_reason(
    world: World, request_: Request, fault: type[CadenceError], words: str
) -> None:
    await prepare(world)
    with pytest.raises(fault, match=words):
        await enrolling.enroll(world.app, request_)


async def test_nobody_is_twice_in_a_sequence(world: World) -> None:
    await world.enroll("Dana@lost.example")
    with pytest.raises(Conflict, match="already enrolled"):
        await world.enroll("dana@LOST.example")


async def test_with_several_mailboxes_one_must_be_named(world: World) -> None:
    await connecting.add(world.app, mailbox("second@vendor.test"))
    with pytest.raises(InvalidInput, match="say with --mailbox"):
        await world.enroll()
    assert await world.enroll(mailbox="second@vendor.test")

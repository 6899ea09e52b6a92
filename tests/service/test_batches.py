"""Mails that are taken in together act exactly as if they had been taken in one by one."""

from contextlib import asynccontextmanager
from email.utils import format_datetime
from itertools import count
from random import Random
from uuid import UUID

import pytest
import sqlalchemy as sa

from cadence.core.errors import DatabaseAway, MailboxError
from cadence.service import courses, helpers, reacting, reading
from cadence.store import tables
from tests.service.conftest import furnished
from tests.service.fakes import FakeInbox, reply

PEOPLE = [(f"p{n}@c{n % 4}.example", f"Company {n % 4}", f"Deal {n % 2}") for n in range(12)]
WORDS = (
    "Please stop writing to me.",
    "Honestly, it came down to price. The other offer was a third cheaper.",
    "Not now. Please come back to us in September.",
    "Thanks for letting me know.",
    "Could you call me tomorrow? We have not decided yet.",
    "I have left the purchasing department. Please talk to Max Muster <max@c1.example> instead.",
    "Let us stay in touch.",
    "We are not interested, and will never be.",
    "Blue is nice, and so is the sea.",
)
EVERY_TABLE = (
    tables.accounts,
    tables.prospects,
    tables.enrollments,
    tables.messages,
    tables.inbound,
    tables.participants,
    tables.suppressions,
    tables.tasks,
    tables.suggestions,
    tables.events,
    tables.folders,
)


# --- a mailbox in which everything happens ---


def report(to, recipient, status, at, number):
    """A delivery report (RFC 3464)."""
    message_id = next(line for line in to.decode().splitlines() if line.lower().startswith("message-id:"))
    return (
        f"From: MAILER-DAEMON@mx.example\r\nTo: rep@vendor.test\r\nSubject: Undelivered Mail\r\n"
        f"Date: {format_datetime(at)}\r\nMessage-ID: <report-{number}@mx.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: {status}\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{message_id}\r\n\r\n--b--\r\n"
    ).encode()


def something(world, chance, number, before):  # noqa: PLR0911 - one return a kind
    """One mail of a kind that chance names."""
    ours = chance.choice(world.sent)
    email, at = ours.recipient, world.now
    match chance.randrange(10):
        case 0:
            return report(ours.raw, email, chance.choice(("5.1.1", "4.2.2")), at, number)
        case 1:
            away = "Auto-Submitted: auto-replied\r\n"
            words = "I am out of the office until Monday."
            return reply(words, to=ours.raw, sender=email, at=at, headers=away, number=number)
        case 2:
            return reply("Lunch?", to=None, sender="friend@private.example", at=at, number=number)
        case 3:
            return (
                chance.choice(before)
                if before
                else reply("Hello", to=None, sender=email, at=at, number=number)
            )
        case 4:
            words = chance.choice(WORDS)
            return reply(words, to=None, sender=f"boss@{email.partition('@')[2]}", at=at, number=number)
        case 5:
            copied = f"Cc: boss@{email.partition('@')[2]}\r\n"
            words = chance.choice(WORDS)
            return reply(words, to=ours.raw, sender=email, at=at, headers=copied, number=number)
        case _:
            return reply(chance.choice(WORDS), to=ours.raw, sender=email, at=at, number=number)


@asynccontextmanager
async def full_mailbox(url, folder, seed, monkeypatch):
    """People who were written to, twice some of them, and a mailbox with what came back."""
    numbers = count(1)
    monkeypatch.setattr(courses, "uuid4", lambda: UUID(int=next(numbers)))
    async with furnished(url, folder) as world:
        for email, company, deal in PEOPLE:
            await world.enroll(email, company=company, deal_name=deal)
        for _ in range(14):
            await world.after(hours=2)
        chance, mails = Random(seed), []
        for number in range(40):
            mails.append(something(world, chance, number, mails))
        world.servers.mails("rep@vendor.test").extend(mails)
        yield world


async def everything(world):
    """All rows that a reply can change, but for the time a row of the outbox was compressed in."""
    found = {}
    async with world.app.db.read() as tx:
        for table in EVERY_TABLE:
            columns = [column for column in table.c if column.name != "raw"]
            rows = await tx.execute(sa.select(*columns).order_by(*table.primary_key.columns))
            found[table.name] = [dict(row._mapping) for row in rows]
    return found


@pytest.fixture
def another_database_url(database_url, tmp_path, request):
    if database_url.startswith("sqlite"):
        return f"sqlite+aiosqlite:///{tmp_path}/another.db"
    return request.getfixturevalue("postgres").new_database()


@pytest.mark.parametrize("seed", range(4))
async def test_a_batch_ends_where_the_same_mails_one_by_one_would(
    database_url, another_database_url, tmp_path, monkeypatch, seed
):
    ends = []
    for url, at_once in ((database_url, 1), (another_database_url, (5, 200)[seed % 2])):
        async with full_mailbox(url, tmp_path / f"{at_once}", seed, monkeypatch) as world:
            monkeypatch.setattr(reading, "AT_ONCE", at_once)
            found = await world.read()
            assert await world.read() == 0, "each is taken in once"
            ends.append((found, await everything(world)))
    (one_by_one, rows), (together, same_rows) = ends
    assert one_by_one == together > 20
    for table, expected in rows.items():
        assert same_rows[table] == expected, table


# --- what breaks ---


async def answers(world, *words):
    """Different people answer."""
    for number in range(len(words)):
        await world.enroll(f"p{number}@c{number}.example", company=f"Company {number}")
    await world.after(hours=2)
    by_person = {sent.recipient: sent.raw for sent in world.sent}
    for number, text in enumerate(words):
        email = f"p{number}@c{number}.example"
        raw = reply(text, to=by_person[email], sender=email, at=world.now, number=number)
        world.servers.mails("rep@vendor.test").append(raw)


async def statuses(world):
    async with world.app.db.read() as tx:
        query = sa.select(tables.prospects.c.status).order_by(tables.prospects.c.email)
        return list((await tx.execute(query)).scalars())


async def test_a_mail_that_breaks_a_batch_does_not_take_the_others_with_it(world, monkeypatch):
    await answers(world, "Please stop writing to me.", "poison", "Please stop writing to me.")
    act = reacting.act

    def breaks(ledger, a_reply, *more):
        if "poison" in a_reply.verdict.text:
            raise ZeroDivisionError("a fault in the code")
        return act(ledger, a_reply, *more)

    monkeypatch.setattr(reacting, "act", breaks)
    assert await world.read() == 3
    assert await statuses(world) == ["unsubscribed", "contacted", "unsubscribed"]
    async with world.app.db.read() as tx:
        kept = [row.unreadable for row in await tx.execute(sa.select(tables.inbound))]
        asked = list((await tx.execute(sa.select(tables.tasks.c.kind))).scalars())
    assert kept == [None, "ZeroDivisionError: a fault in the code", None]
    assert asked == ["unreadable"]
    assert await world.read() == 0


async def test_a_database_that_goes_away_is_no_fault_of_the_mail(world, monkeypatch):
    await answers(world, "Please stop writing to me.", "Please stop writing to me.")

    def away(*_):
        raise DatabaseAway("it restarts")

    with monkeypatch.context() as patch:
        patch.setattr(reacting, "act", away)
        with pytest.raises(DatabaseAway):
            await world.read()
    assert await world.read() == 2
    assert await statuses(world) == ["unsubscribed", "unsubscribed"]


async def test_the_cursor_stands_behind_what_was_kept_before_the_connection_was_lost(world, monkeypatch):
    await answers(world, *["Please stop writing to me."] * 6)
    monkeypatch.setattr(reading, "AT_ONCE", 2)
    fetch, fetched = FakeInbox.fetch, []

    async def lost(inbox, uids, limit):
        fetched.append(uids)
        if len(fetched) == 3:
            raise MailboxError("the connection was lost", temporary=True)
        return await fetch(inbox, uids, limit)

    monkeypatch.setattr(FakeInbox, "fetch", lost)
    with pytest.raises(MailboxError):
        await world.read()
    assert (await statuses(world)).count("unsubscribed") == 4
    assert await world.read() == 2
    assert fetched == [[1, 2], [3, 4], [5, 6], [5, 6]]


# --- what is fetched ---


async def test_mails_are_fetched_by_so_many_bytes_and_a_giant_alone(world, monkeypatch):
    giant = "x" * 5_000
    await answers(world, "Yes.", "No.", giant, "Yes.", "No.")
    monkeypatch.setattr(reading, "BYTES_AT_ONCE", 4_000)
    fetch, fetched = FakeInbox.fetch, []

    async def noted(inbox, uids, limit):
        fetched.append(uids)
        return await fetch(inbox, uids, limit)

    monkeypatch.setattr(FakeInbox, "fetch", noted)
    assert await world.read() == 5
    assert fetched == [[1, 2], [3], [4, 5]]


async def test_of_what_is_not_about_us_the_headers_alone_are_read(world, monkeypatch):
    await answers(world, "Please stop writing to me.")
    mails = world.servers.mails("rep@vendor.test")
    for number in range(10, 15):
        mails.append(reply("Lunch?", to=None, sender="friend@private.example", at=world.now, number=number))
    fetch, fetched = FakeInbox.fetch, []

    async def noted(inbox, uids, limit):
        fetched.append(uids)
        return await fetch(inbox, uids, limit)

    monkeypatch.setattr(FakeInbox, "fetch", noted)
    assert await world.read() == 1
    assert fetched == [[1]]


async def test_whoever_was_copied_in_the_same_batch_takes_part_in_the_thread(world):
    await answers(world, "Thanks for letting me know.")
    mails = world.servers.mails("rep@vendor.test")
    copied = mails[0].replace(b"MIME-Version", b"Cc: boss@c0.example\r\nMIME-Version", 1)
    stop = reply("Please stop writing.", to=None, sender="boss@c0.example", at=world.now, number=7)
    mails[:] = [copied, stop]
    assert await world.read() == 2
    assert await statuses(world) == ["unsubscribed"]


# --- helpers ---


async def test_helpers_understand_a_large_folder_as_one_process_does(world, monkeypatch):
    monkeypatch.setattr(helpers, "MANY", 0)
    await answers(world, *["Please stop writing to me."] * 4)
    assert await world.read() == 4
    assert set(await statuses(world)) == {"unsubscribed"}
    assert helpers._taken.acquire(blocking=False), "they are free for the next folder"
    helpers._taken.release()


async def test_a_helper_that_dies_is_done_without(world, monkeypatch):
    monkeypatch.setattr(helpers, "MANY", 0)
    monkeypatch.setattr(helpers, "_begin", _die)
    await answers(world, "Please stop writing to me.")
    assert await world.read() == 1


def _die():
    raise SystemExit


async def test_one_folder_at_a_time_has_helpers(world, monkeypatch):
    monkeypatch.setattr(helpers, "MANY", 0)
    monkeypatch.setattr(helpers, "ProcessPoolExecutor", None)
    await answers(world, "Please stop writing to me.")
    with helpers._taken:
        assert await world.read() == 1

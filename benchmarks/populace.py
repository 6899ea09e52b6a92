"""A made-up installation of any size, made by the database itself: a million people take a minute or two.

Reps with five mailboxes each; half as many companies as people; to everybody one mail left, and to most of
them one waits.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks import aftermath
from benchmarks.installation import connect
from cadence.core.people import Role
from cadence.service.app import App
from cadence.store import totals
from cadence.store.database import insert
from cadence.store.tables import users
from cadence.store.users import own

FIRST = (
    "Dana", "Maren", "Robin", "Ariel", "Jonas", "Lena", "Omar", "Priya", "Tomás", "Zoë",
    "Anouk", "Bram", "Chiara", "Dmitri", "Elif", "Fatou", "Greta", "Hugo", "Ingrid", "Jamal",
    "Keiko", "Luca", "Mina", "Nils", "Olga", "Pablo", "Quinn", "Rosa", "Sven", "Talia",
)  # fmt: skip
LAST = (
    "Ellison", "Sample", "Okafor", "Lindqvist", "Moreau", "Novak", "Petrov", "Quist", "Rossi", "Schmidt",
    "Tanaka", "Ueda", "Vasquez", "Weber", "Ximenes", "Yilmaz", "Zimmer", "Abbott", "Brandt", "Costa",
    "Duarte", "Engel", "Fischer", "Garnier", "Holm", "Ibrahim", "Jansen", "Keller", "Larsen", "Meyer",
    "Nygaard",
)  # fmt: skip
TRADES = ("Bakery", "Logistics", "Tools", "Clinic", "Foods", "Energy", "Textiles", "Software", "Printing")
STATES = ("active",) * 12 + ("finished",) * 4 + ("replied", "stopped", "paused", "opted_out")
STATUSES = ("contacted",) * 14 + (
    "new",
    "in_touch",
    "not_interested",
    "feedback_given",
    "unsubscribed",
    "snoozed",
)
REASONS = ("price", "missing_feature", "timing", "no_decision", "incumbent", None, "relationship", "other")
BOXES_OF_A_REP = 5


@dataclass(frozen=True, slots=True)
class Size:
    """people: a number; events: of all of them; reps: with mailboxes."""

    people: int
    events: int
    reps: int


async def populate(app: App, size: Size) -> None:
    """Fill an empty installation, whose sequence is published."""
    ids = await connect(
        app, smtp="smtp://localhost:1", imap="imap://localhost:1", reps=size.reps * BOXES_OF_A_REP
    )
    now = app.clock()
    async with app.db.write() as tx:
        for number in range(size.reps):
            email = f"owner{number}@vendor.test"
            user = {"name": f"Owner {number}", "role": Role.REP, "team": f"team {number % 4}", "zone": "UTC"}
            user |= {"password": "hashed"}
            owner = await insert(tx, users, email=email, email_key=email, created_at=now, **user)
            theirs = ids[number * BOXES_OF_A_REP : (number + 1) * BOXES_OF_A_REP]
            for box in theirs:
                await own(tx, box, owner)
    async with app.db.write() as tx:
        await _lists(tx, max(size.people, size.events), ids)
    for statement in _statements(tx.dialect.name, size, len(ids)):
        async with app.db.write() as tx:
            await tx.execute(sa.text(statement))
    async with app.db.write() as tx:
        await aftermath.follow(tx, size.people, now)
        await tx.execute(sa.text("DROP TABLE bench_n"))
        await tx.execute(sa.text("DROP TABLE bench_words"))
        if tx.dialect.name == "postgresql":
            for table in ("accounts", "prospects", "deals", "enrollments", "messages", "events"):
                last = (
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
                )
                await tx.execute(sa.text(last))
        await tx.execute(sa.text("ANALYZE"))
    for _ in range(size.events // totals.AT_ONCE + 1):  # as upkeep does
        async with app.db.write() as tx:
            await totals.count(tx, now)


async def _lists(tx: AsyncConnection, most: int, boxes: Sequence[int]) -> None:
    """Numbers, and the words that are dealt out in turn."""
    await tx.execute(sa.text("CREATE TABLE bench_n (i BIGINT PRIMARY KEY)"))
    up = "WITH RECURSIVE up(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM up WHERE i < {most}) SELECT i FROM up"
    series = up if tx.dialect.name == "sqlite" else "SELECT generate_series(1, {most})"
    await tx.execute(sa.text(f"INSERT INTO bench_n {series.format(most=most)}"))
    await tx.execute(
        sa.text("CREATE TABLE bench_words (kind TEXT, i INTEGER, word TEXT, PRIMARY KEY (kind, i))")
    )
    kinds = {
        "first": FIRST,
        "last": LAST,
        "trade": TRADES,
        "state": STATES,
        "status": STATUSES,
        "reason": REASONS,
    }
    kinds["box"] = tuple(str(one) for one in boxes)
    rows = [{"k": kind, "i": i, "w": word} for kind, words in kinds.items() for i, word in enumerate(words)]
    await tx.execute(sa.text("INSERT INTO bench_words VALUES (:k, :i, :w)"), rows)


def _word(kind: str, number: str, of: int) -> str:
    return f"(SELECT word FROM bench_words WHERE kind = '{kind}' AND i = ({number}) % {of})"


def _statements(dialect: str, size: Size, boxes: int) -> list[str]:
    """Every table in the order of who refers to whom. The divisors keep what is dealt out apart."""
    is_sqlite = dialect == "sqlite"
    at, later = ("'2026-01-05 09:00:00'", "'2027-06-01 09:00:00'")
    if not is_sqlite:
        at, later = f"TIMESTAMPTZ {at}", f"TIMESTAMPTZ {later}"
    none, no = ("'[]'", "0") if is_sqlite else ("'[]'::json", "false")
    firms = size.people // 2
    company = f"1 + (n.i % {firms})"
    email = f"'p' || n.i || '@firm' || ({company}) || '.example'"
    people = f"FROM bench_n n WHERE n.i <= {size.people}"
    word = {kind: _word(kind, f"n.i / {step}", of) for kind, (step, of) in _DEALT.items()}
    box = f"CAST({_word('box', 'n.i / 13', boxes)} AS INTEGER)"
    sequence = "CASE WHEN n.i % 50 = 0 THEN 'renewal' ELSE 'closed-lost' END"
    mails = "FROM enrollments e JOIN deals d ON d.id = e.deal_id"
    about = "e.id, e.prospect_id, d.account_id, e.mailbox_id"
    return [
        "INSERT INTO accounts (id, key, name, domain, industry, size, created_at)"
        f" SELECT n.i, 'firm ' || n.i, 'Firm' || n.i || ' ' || {word['trade']}, 'firm' || n.i || '.example',"
        f" 'industry', 100, {at} FROM bench_n n WHERE n.i <= {firms}",
        "INSERT INTO prospects (id, account_id, email, email_key, first_name, last_name, title, language,"
        f" zone, status, created_at) SELECT n.i, {company}, {email}, {email}, {word['first']},"
        f" {word['last']}, 'Head of Things', 'en', 'UTC', {word['status']}, {at} {people}",
        "INSERT INTO deals (id, account_id, name, lost_at, product, reason, competitor, amount, created_at)"
        f" SELECT n.i, n.i, 'The Standard plan', {at}, 'Standard', {word['reason']}, 'Another Vendor',"
        f" '12000 EUR', {at} FROM bench_n n WHERE n.i <= {firms}",
        "INSERT INTO enrollments (id, prospect_id, deal_id, sequence, mailbox_id, state, started_at,"
        f" ends_at, heard, created_at) SELECT n.i, n.i, {company}, {sequence}, {box}, {word['state']},"
        f" {at}, {later}, {none}, {at} {people}",
        "INSERT INTO messages (id, enrollment_id, prospect_id, account_id, mailbox_id, step, occurrence,"
        " state, due_at, base_at, why, message_id, attempts, first_attempt_at, sent_at, subject, approved,"
        " to_file)"
        f" SELECT 2 * e.id, {about}, 'thank-you', 0, 'sent', {at}, {at},"
        " 'thank-you: 2 hours after the deal was lost',"
        f" '<1.' || e.id || '@vendor.test>', 1, {at}, {at}, 'Thank you', {no}, {no} {mails}",
        "INSERT INTO messages (id, enrollment_id, prospect_id, account_id, mailbox_id, step, occurrence,"
        " state, wake_at, due_at, base_at, why, message_id, attempts, approved, to_file)"
        f" SELECT 2 * e.id + 1, {about}, 'feedback', 0, 'planned', {later}, {later}, {at},"
        " 'feedback: 4 days after',"
        f" '<2.' || e.id || '@vendor.test>', 0, {no}, {no} {mails} WHERE e.state = 'active'",
        "INSERT INTO events (at, kind, why, prospect_id, enrollment_id)"
        f" SELECT {at}, 'message.deferred', 'the window is closed: waits until it opens',"
        f" 1 + n.i % {size.people}, 1 + n.i % {size.people} FROM bench_n n WHERE n.i <= {size.events}",
    ]


_DEALT = {
    "first": (1, len(FIRST)),
    "last": (7, len(LAST)),
    "trade": (11, len(TRADES)),
    "reason": (1, len(REASONS)),
    "state": (3, len(STATES)),
    "status": (5, len(STATUSES)),
}
"""Kind of word → how many in a row get the same, and how many words there are."""

"""The processes that read the mailboxes and look after what others left behind."""

from collections.abc import Generator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cadence.core.errors import DatabaseAway, MailboxError
from cadence.core.matching import Clues, Index, Sent, match
from cadence.core.model import MessageState
from tests.faults.simulation import answers, town

if TYPE_CHECKING:
    from tests.faults.simulation.world import Process, World

M = MessageState
Course = Generator[float | None, None, None]
"""A process under way: each yield is an instant at which anything else may happen. A number is how many
seconds pass at least; IDLE waits until there is something to do."""
IDLE = None
FILED_WITHIN = timedelta(minutes=15)
"""Later than this no provider files a copy any more."""


def watcher(world: "World", me: "Process") -> Course:
    """Reads the mailboxes in which something arrived."""
    while True:
        yield IDLE
        for mailbox in sorted(world.post.letters):
            if any(letter.arrives_at <= world.now for letter in world.post.letters[mailbox]):
                try:
                    yield from read(world, me, mailbox)
                except (DatabaseAway, MailboxError):
                    yield 5.0


def read(world: "World", me: "Process", mailbox: int) -> Course:
    """Take in what is new in a mailbox, each letter in a transaction of its own."""
    began, right = me.now, world.now
    yield world.moment()
    if world.chance.random() < world.trouble:
        raise MailboxError("connection refused", temporary=True)
    for letter in [letter for letter in world.post.letters[mailbox] if letter.arrives_at <= world.now]:
        yield world.moment()
        with world.commit() as is_kept:
            if is_kept and letter in world.post.letters[mailbox]:  # else another reader was faster
                world.post.letters[mailbox].remove(letter)
                take_in(world, me, letter)
    yield world.moment()
    world.need_database()
    world.book.uses[mailbox].synced_at = began
    world.judge.was_read(mailbox, right, began)


def take_in(world: "World", me: "Process", letter: town.Letter) -> None:
    """Find out which mail a letter answers, and let it act."""
    answered = world.book.rows[letter.row]
    rows = [row for row in world.book.of_account[answered.account] if row.prospect == answered.prospect]
    known = [
        Sent(f"<{row.id}@vendor.test>", row.id, row.enrollment, row.sent_at) for row in rows if row.sent_at
    ]
    index = Index(
        {one.message_id: one for one in known}, {one.enrollment_id: one for one in known}, {"them": (*known,)}
    )
    clue = world.chance.choice(("thread", "address"))
    ids = (f"<{letter.row}@vendor.test>",) if clue == "thread" else ()
    found = match(Clues("them", replied_ids=ids, written_at=letter.arrives_at), index)
    if found is None:
        return
    row = world.book.rows[found.sent.outbound_id]
    reaction = answers.take_in(world.office, row, letter.verdict, letter.arrives_at, me.now)
    world.judge.took_in(row, letter.verdict, reaction)


# --- looking after ---


def upkeep(world: "World", me: "Process") -> Course:
    """Ends pauses, finds what the dead left, and asks the Sent folder about mails in doubt."""
    seen: dict[tuple[int, int], datetime] = {}
    while True:
        yield IDLE
        try:
            yield from look_after(world, me)
            yield from resolve(world, me, seen)
        except DatabaseAway:
            yield 5.0


def look_after(world: "World", me: "Process") -> Course:
    """One round."""
    world.need_database()
    now = me.now
    rested, abandoned = world.book.due_to_resume(now), world.book.abandoned(now, me.name)
    tries = {row.id: row.attempts for row in abandoned}
    for enrollment in rested:
        yield world.moment()
        with world.commit() as is_kept:
            if is_kept and world.book.enrollments[enrollment.id].resume_at == enrollment.resume_at:
                world.resume(enrollment.id, me.now)
    for row in abandoned:
        yield world.moment()
        with world.commit() as is_kept:
            if is_kept and row.state is M.SENDING and row.attempts == tries[row.id]:
                world.office.in_doubt(row)
                world.judge.doubted(row, me)
    world.need_database()
    world.book.take_back(now, me.name)


def resolve(world: "World", me: "Process", seen: dict[tuple[int, int], datetime]) -> Course:
    """Mails in doubt of mailboxes whose provider files copies: absence long enough proves absence."""
    doubtful = [row for row in world.book.rows.values() if row.state is M.IN_DOUBT and row.mailbox]
    for row in doubtful:
        assert row.mailbox is not None
        tried = row.attempts
        if not world.book.uses[row.mailbox].files_sent:
            continue
        waited = world.now - seen.setdefault((row.id, tried), world.now)
        is_there = world.post.sent_folder.get(row.id, world.now) < world.now
        yield world.moment()
        with world.commit() as is_kept:
            if not is_kept or row.state is not M.IN_DOUBT or row.attempts != tried:
                continue
            if is_there:
                world.office.accepted(row, me.now)
            elif waited > FILED_WITHIN:
                row.sent_at = None
                world.office.try_again(row, me.now, me.now)

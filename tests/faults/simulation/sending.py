"""The process that sends, step by step as service/sending.py does it; the decisions are the core's.

What stands between two yields is one transaction, one step of a dialogue, or nothing that others could see.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from cadence.core.calendar import local, start_of
from cadence.core.delivery import Outcome, OutcomeKind
from cadence.core.dispatch import (
    NOTHING_TO_SAY,
    Convoy,
    Decision,
    End,
    Facts,
    Hold,
    SendNow,
    Skip,
    Wait,
    decide,
)
from cadence.core.errors import DatabaseAway, MailboxError
from cadence.core.model import Mailbox, MessageState, OutboundMessage
from cadence.core.planning import delayed
from tests.faults.simulation import town
from tests.faults.simulation.book import IN_FLIGHT, Row, Task
from tests.faults.simulation.looking import IDLE, Course, read

if TYPE_CHECKING:
    from tests.faults.simulation.world import Process, World

M = MessageState
BARRIER, LEASE, FLIGHT = timedelta(seconds=60), timedelta(seconds=45), timedelta(minutes=20)
BATCH, AGAIN = 20, (0.2, 1.0, 2.0, 4.0, 8.0, 12.0)
HAND_OVER_WITHIN = timedelta(minutes=5)
"""A mail that was marked longer ago is not handed over any more: others may think that it never left."""
GOES_ON = (OutcomeKind.ACCEPTED, OutcomeKind.REFUSED)
"""After another end the server is not asked to take more on this connection."""
SERVER_WAITS = timedelta(minutes=5)
"""How long a mail server waits for the next command (RFC 5321 §4.5.3.2)."""


def worker(world: "World", me: "Process") -> Course:
    """Sends what is due, mailbox by mailbox."""
    while True:
        yield IDLE
        try:
            world.need_database()
            for mailbox in world.book.mailboxes_with_work(me.now):
                yield from send_due(world, me, mailbox)
        except DatabaseAway:
            yield 5.0


def send_due(world: "World", me: "Process", mailbox: int | None) -> Course:
    """Deal with the due mails of one mailbox, some of them at a time."""
    world.need_database()
    until = me.now + LEASE
    left = world.book.claim(mailbox, now=me.now, until=until, limit=BATCH, by=me.name)
    together = world.chance.choice((1, 2, BATCH))
    while left:
        group = left[:together]
        yield world.moment()
        try:
            yield from deal_with(world, me, group)
        except DatabaseAway:
            yield from insist(world, partial(world.book.give_back, left, until))
            return
        left = left[together:]


def deal_with(world: "World", me: "Process", group: list[OutboundMessage]) -> Course:
    """Bring claimed mails as far as they may go."""
    world.need_database()
    decisions = look(world, me, group)
    if mailboxes := unread(world, me, group, decisions):
        try:
            for mailbox in mailboxes:
                yield from read(world, me, mailbox)
        except MailboxError:
            pass
        yield world.moment()
        world.need_database()
        decisions = look(world, me, group)
    for message in group:
        if decisions[message.id] == SendNow():
            decisions[message.id] = write(world, message)
    known = {name: number for name, (number, _) in world.book.revisions.items()}
    yield world.moment()
    began, begun = me.now, list[OutboundMessage]()
    try:
        with world.commit() as is_kept:
            if is_kept:
                begun = begin(world, me, group, decisions, known)
    except DatabaseAway:
        yield from insist(world, lambda: unsay(world, group, began))
        raise
    yield from hand_over(world, me, begun, began)


def look(world: "World", me: "Process", group: list[OutboundMessage]) -> dict[int, Decision]:
    """The first look at every reason not to send, in one transaction: each as if those before it had left."""
    decisions, convoy = dict[int, Decision](), Convoy()
    for message in group:
        known = convoy.seen_from(facts(world, me, message), me.now)
        decisions[message.id] = decide(known, me.now, BARRIER)
        if decisions[message.id] == SendNow():
            convoy.join(known)
    return decisions


def facts(world: "World", me: "Process", message: OutboundMessage) -> Facts:
    """Everything that is decided about one mail, read anew."""
    book, row = world.book, world.book.rows[message.id]
    enrollment = book.enrollments[row.enrollment]
    sequence, person = book.sequence(enrollment), world.people[row.prospect]
    mailbox_id = world.office.mailbox_for(enrollment, sequence.step(row.step))
    mailbox = book.mailboxes[mailbox_id] if mailbox_id is not None else None
    to_prospect, to_account = world.office.last_mail(enrollment, row.id)
    sent_today, use = 0, None
    if mailbox is not None:
        use = book.uses[mailbox.id]
        midnight = start_of(local(me.now, mailbox.place).date(), mailbox.place)
        rows = book.of_mailbox[mailbox.id]
        sent_today = sum(x.sent_at is not None and x.sent_at >= midnight and x is not row for x in rows)
    looked = [book.uses[each].synced_at for each in writers(world, row, mailbox_id)]
    return Facts(
        enrollment=enrollment,
        message=row.record(),
        sequence=sequence,
        place=person.place,
        mailbox=mailbox,
        ends_at=book.ends[enrollment.id],
        suppressed=book.suppressed.get(row.prospect),
        unreachable=row.prospect in book.unreachable,
        synced_at=min(at for at in looked if at) if looked and None not in looked else None,
        last_to_prospect=to_prospect,
        last_to_account=to_account,
        sent_today=sent_today,
        last_sent_at=use.last_sent_at if use else None,
        first_day=use.first_sent_on if use else None,
        account_id=row.account,
        earlier_open=any(x.state in IN_FLIGHT and x is not row for x in book.of_enrollment[enrollment.id]),
    )


def writers(world: "World", row: Row, mailbox: int | None) -> list[int]:
    """The mailboxes in which an answer may be waiting: all that wrote to the company, and the one to send."""
    wrote = {x.mailbox for x in world.book.of_account[row.account] if x.sent_at is not None} | {mailbox}
    return sorted(each for each in wrote if each is not None)


def unread(
    world: "World", me: "Process", group: list[OutboundMessage], decisions: dict[int, Decision]
) -> list[int]:
    """The mailboxes to read because that is all that is missing for some mail."""
    found: set[int] = set()
    for message in group:
        decision = decisions[message.id]
        if isinstance(decision, Wait) and "the mailbox was" in decision.why:
            row = world.book.rows[message.id]
            found |= {*writers(world, row, row.mailbox)}
    return sorted(found)


def write(world: "World", message: OutboundMessage) -> Decision:
    """The words of a mail, or why there are none."""
    if world.chance.random() < 0.01:
        return Hold("a fact is missing")
    if message.step == "story" and world.chance.random() < 0.2:
        return Skip(NOTHING_TO_SAY)
    return SendNow()


def begin(
    world: "World",
    me: "Process",
    group: list[OutboundMessage],
    decisions: dict[int, Decision],
    known: dict[str, int],
) -> list[OutboundMessage]:
    """Look at every reason once more and mark what leaves; the rest is carried out. One transaction."""
    begun, convoy = [], Convoy()
    looked = {each.id: facts(world, me, each) for each in group}
    for message in group:
        decision = decisions[message.id]
        if decision == SendNow():
            decision = last_look(world, me, convoy, looked[message.id], known)
        if decision == SendNow() and not mark(world, me, message, looked[message.id].mailbox):
            decision = Wait(me.now + LEASE, "another worker has it")
        if decision == SendNow():
            begun.append(message)
        else:
            carry_out(world, me, world.book.rows[message.id], decision)
    return begun


def last_look(
    world: "World", me: "Process", convoy: Convoy, looked: Facts, known: dict[str, int]
) -> Decision:
    """Decide once more, on facts read in the transaction that marks the mail."""
    now_known = convoy.seen_from(looked, me.now)
    decision = decide(now_known, me.now, BARRIER)
    if decision != SendNow():
        return decision
    revision, sequence = world.book.revisions[looked.enrollment.sequence]
    if known[sequence.name] != revision:
        return Wait(me.now, "what it was written from has changed meanwhile")
    convoy.join(now_known)
    return decision


def mark(world: "World", me: "Process", message: OutboundMessage, mailbox: Mailbox | None) -> bool:
    """Mark a mail as about to leave; False if it is another worker's."""
    assert mailbox is not None
    book, until = world.book, me.now + FLIGHT
    if not book.begin(message, now=me.now, until=until, mailbox=mailbox.id, by=me.name):
        return False
    use = book.uses[mailbox.id]
    use.last_sent_at = me.now
    use.first_sent_on = use.first_sent_on or local(me.now, mailbox.place).date()
    world.judge.begun(book.rows[message.id], me)
    return True


def carry_out(world: "World", me: "Process", row: Row, decision: Decision) -> None:
    """Record a decision not to send now."""
    match decision:
        case Wait(until, why):
            world.book.postpone(row, until, delayed(row.why, why))
        case Skip():
            world.office.skip(row, me.now)
        case Hold(_, kind):
            if world.book.move(row, M.HELD):
                world.book.tasks.append(Task(kind, row.id))
        case End(fact, why):
            world.office.apply(row.enrollment, fact, why, me.now)
            world.book.cancel_open(row.enrollment)


def hand_over(world: "World", me: "Process", begun: list[OutboundMessage], began: datetime) -> Course:
    """Speak to the mail server, outside of any transaction, and record what came of it."""
    ended: list[tuple[OutboundMessage, Outcome]] = []
    for message in begun:
        yield world.moment()
        if me.now - began > HAND_OVER_WITHIN:
            break
        last, outcome = world.now, town.CUT
        yield world.moment()
        if world.now - last <= SERVER_WAITS:
            outcome = world.server_takes(message.id)
        yield world.moment()
        ended.append((message, outcome))
        if outcome.kind not in GOES_ON:
            break
    untouched = begun[len(ended) :]
    yield from insist(world, lambda: record(world, me, ended, untouched, began))


def record(
    world: "World",
    me: "Process",
    ended: list[tuple[OutboundMessage, Outcome]],
    untouched: list[OutboundMessage],
    began: datetime,
) -> None:
    """What came of some mails, and that others were never handed over, in one transaction."""
    for message, outcome in ended:
        world.office.record(world.book.rows[message.id], message.attempts + 1, outcome, me.now)
    unsay(world, untouched, began)


def unsay(world: "World", untouched: list[OutboundMessage], began: datetime) -> None:
    """Take the mark off mails of which the mail server never heard."""
    for message in untouched:
        row = world.book.rows[message.id]
        if row.state is M.SENDING and row.sent_at == began:
            row.sent_at, row.attempts = message.sent_at, message.attempts
            row.first_attempt_at = message.first_attempt_at
            row.state, row.wake_at = message.state, row.due_at
            world.office.back_in_the_queue(row)
            world.book.touched[row] = None


def insist(world: "World", change: Callable[[], None]) -> Course:
    """Make a change that may be made twice; a database that is away for a moment is waited for."""
    for wait in (*AGAIN, None):
        yield world.moment()
        try:
            with world.commit() as is_kept:
                if is_kept:
                    change()
            return
        except DatabaseAway:
            if wait is None:
                raise
            yield wait

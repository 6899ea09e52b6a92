"""The send trip: claim what is due, decide, write, mark as being sent, send, record.

Three transactions: the claim; the last look at every reason not to send together with the mark
`sending`; the outcome. The mail server is spoken to outside of all of them, and whatever dies in between
leaves a mail either safe to try again or plainly in doubt.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.calendar import local
from cadence.core.delivery import Outcome, OutcomeKind
from cadence.core.dispatch import NOTHING_TO_SAY, Decision, End, Facts, Hold, SendNow, Skip, Wait, decide
from cadence.core.errors import ContentError, DatabaseAway, InvalidInput, MailboxError
from cadence.core.model import Mailbox, MessageState, OutboundMessage, TaskKind
from cadence.core.planning import delayed
from cadence.service import courses, outcomes, reading, transitions, writing
from cadence.service.app import App, Sender
from cadence.service.library import Published
from cadence.store import enrollments, events, locks, mailboxes, messages, standing, tasks
from cadence.store.enrollments import Case

log = structlog.get_logger()

AGAIN = (0.2, 1.0, 2.0, 4.0, 8.0, 12.0)
"""Seconds between the tries to record what came of a mail; after that an outcome is in doubt."""


@dataclass(frozen=True, slots=True)
class Situation:
    """One mail with everything that is decided about it."""

    case: Case
    published: Published
    mailbox: Mailbox | None
    facts: Facts
    to_read: frozenset[int]


async def send_due(
    app: App, mailbox_id: int | None, *, stopping: Callable[[], bool] = lambda: False
) -> Counter[str]:
    """Deal with the due mails of one mailbox; counts what became of them.

    stopping: asked before each mail; once it says yes, what is left goes back into the queue. A mail that
    breaks the code stays claimed until its lease ends and holds up no other; where the database goes
    away, all that was not begun goes back as soon as it can be used again.
    """
    now = app.clock()
    until = now + app.policy.lease
    async with app.db.write() as tx:
        claimed = await messages.claim(
            tx, mailbox_id, now=now, until=until, limit=app.policy.batch, by=app.process
        )
    results: Counter[str] = Counter()
    for place, message in enumerate(claimed):
        if stopping():
            await _give_back(app, claimed[place:], until)
            break
        try:
            results[await _deal_with(app, message)] += 1
        except DatabaseAway as fault:
            log.warning("sending was interrupted", mailbox_id=mailbox_id, fault=str(fault))
            results["fault"] += 1
            await _give_back(app, claimed[place:], until)
            break
        except Exception:
            log.exception("mail not dealt with; it is tried again", message_id=message.id)
            results["fault"] += 1
    return results


async def _give_back(app: App, left: Sequence[OutboundMessage], until: datetime) -> None:
    """Put what was claimed and not touched back into the queue."""
    ids = [message.id for message in left]
    await _insist(app, lambda tx: messages.give_back(tx, ids, until=until))


async def _deal_with(app: App, message: OutboundMessage) -> str:
    """Bring one claimed mail as far as it may go; says how far."""
    async with app.db.read() as tx:
        situation = await _look(app, tx, message)
    decision = decide(situation.facts, app.clock(), app.policy.barrier)
    if isinstance(decision, Wait) and await _read_mailboxes(app, situation):
        async with app.db.read() as tx:
            situation = await _look(app, tx, message)
        decision = decide(situation.facts, app.clock(), app.policy.barrier)
    written: writing.Draft | Decision = decision
    if isinstance(decision, SendNow):
        written = await _write(app, situation, message)
    if isinstance(written, writing.Draft):
        sender = await app.connections.sender(written.mailbox)  # may fail, so before the mail is in flight
        decision = await _begin_or_settle(app, message, situation.case, written)
        if isinstance(decision, SendNow):
            return await _send(app, sender, message, situation.case, written)
    else:
        decision = written
    async with app.db.write() as tx:
        return await _carry_out(app, tx, message, decision)


async def _look(app: App, tx: AsyncConnection, message: OutboundMessage) -> Situation:
    """Read everything that is decided upon, in one transaction."""
    found = await standing.of_message(tx, message.id)
    case = found.case
    published = await app.library.published(tx, case.enrollment.sequence)
    sequence = published.content.sequence
    mailbox = courses.mailbox_for(case, sequence.step(message.step))
    mailbox_id = mailbox.id if mailbox else None
    midnight = courses.midnight(app.clock(), mailbox.place if mailbox else case.prospect.place)
    history = await standing.history(tx, found, mailbox_id=mailbox_id, midnight=midnight)
    boxes = await standing.mailboxes_of(tx, account_id=case.account.id, mailbox_id=mailbox_id)
    facts = Facts(
        enrollment=case.enrollment,
        message=found.message,
        sequence=sequence,
        place=case.prospect.place,
        mailbox=mailbox,
        ends_at=case.ends_at,
        suppressed=found.suppressed,
        unreachable=found.unreachable,
        synced_at=boxes.synced_at,
        last_to_prospect=history.last_to_prospect,
        last_to_account=history.last_to_account,
        sent_today=history.sent_today,
        last_sent_at=boxes.last_sent_at,
        first_day=boxes.first_sent_on,
        earlier_open=history.earlier_open,
    )
    return Situation(case, published, mailbox, facts, boxes.to_read)


async def _read_mailboxes(app: App, situation: Situation) -> bool:
    """Read the mailboxes in which an answer may be waiting, if that is all that is missing."""
    now, facts = app.clock(), situation.facts
    if facts.synced_at is not None and abs(now - facts.synced_at) <= app.policy.barrier:
        return False
    fresh = decide(_as_if_read(facts, app), now, app.policy.barrier)
    if not isinstance(fresh, SendNow):
        return False
    for mailbox_id in sorted(situation.to_read):
        try:
            await reading.sync(app, mailbox_id)
        except MailboxError as fault:
            log.warning("mailbox not read", mailbox_id=mailbox_id, fault=str(fault))
            return False
    return True


def _as_if_read(facts: Facts, app: App) -> Facts:
    return replace(facts, synced_at=app.clock())


async def _write(app: App, situation: Situation, message: OutboundMessage) -> "writing.Draft | Decision":
    """The finished mail, or why there is none."""
    case, published, mailbox = situation.case, situation.published, situation.mailbox
    step = situation.facts.step
    assert step is not None and mailbox is not None
    try:
        async with app.db.read() as tx:
            story = None
            if step.pool:
                choice = await writing.choose_story(app, tx, case, step, published.content)
                if choice is None:
                    return Skip(NOTHING_TO_SAY)
                story = choice.story.name
            return await writing.draft(app, tx, case, message, published, mailbox, story)
    except (ContentError, InvalidInput) as fault:
        return Hold(str(fault))


async def _begin_or_settle(app: App, message: OutboundMessage, case: Case, draft: writing.Draft) -> Decision:
    """`_begin`; where nobody knows whether its mark was kept, the mail is known not to have left."""
    try:
        return await _begin(app, message, case, draft)
    except DatabaseAway as fault:
        await _record(app, message, draft.mailbox, Outcome(OutcomeKind.DEFERRED, text=str(fault)))
        raise


async def _begin(app: App, message: OutboundMessage, case: Case, draft: writing.Draft) -> Decision:
    """Look at every reason once more and, in the same transaction, mark the mail as being sent."""
    now = app.clock()
    async with app.db.write() as tx:
        await locks.company_of(tx, case.prospect.id)
        await locks.mailbox(tx, draft.mailbox.id)
        situation = await _look(app, tx, message)
        decision = decide(situation.facts, now, app.policy.barrier)
        if not isinstance(decision, SendNow):
            return decision
        if situation.published.revision_id != draft.revision_id:
            return Wait(now, "a new revision was published meanwhile")
        begun = await messages.begin(
            tx,
            message,
            now=now,
            until=now + app.policy.flight,
            raw=draft.raw,
            subject=draft.subject,
            story=draft.story,
            revision_id=draft.revision_id,
            mailbox_id=draft.mailbox.id,
            sent_by=app.process,
        )
        if not begun:
            return Wait(now + app.policy.lease, "another worker has it")
        await mailboxes.used(tx, draft.mailbox.id, now, local(now, draft.mailbox.place).date())
    return decision


async def _send(app: App, sender: Sender, message: OutboundMessage, case: Case, draft: writing.Draft) -> str:
    """Hand the mail to the server, outside of any transaction, and record what came of it."""
    outcome: Outcome = await sender.send(draft.raw, draft.mailbox.address, case.prospect.email)
    await _record(app, message, draft.mailbox, outcome)
    log.info("sent", message_id=message.id, step=message.step, outcome=outcome.kind.value, code=outcome.code)
    return outcome.kind.value


async def _record(app: App, message: OutboundMessage, mailbox: Mailbox, outcome: Outcome) -> None:
    """Record an outcome, which nobody else knows."""
    await _insist(app, lambda tx: outcomes.record(app, tx, message.id, mailbox, outcome))


async def _insist(app: App, change: Callable[[AsyncConnection], Awaitable[None]]) -> None:
    """Make a change that may be made twice; a database that is away for a moment is waited for."""
    for wait in (*AGAIN, None):
        try:
            async with app.db.write() as tx:
                return await change(tx)
        except DatabaseAway as fault:
            if wait is None:
                raise
            log.warning("not recorded yet", fault=str(fault), again_in=wait)
            await asyncio.sleep(wait)
    return None


async def _carry_out(app: App, tx: AsyncConnection, message: OutboundMessage, decision: Decision) -> str:
    """Record a decision not to send now."""
    match decision:
        case Wait(until, why):
            await messages.postpone(tx, message.id, until, delayed(message.why, why))
            return "wait"
        case Skip(why):
            await skip(app, tx, message, why)
            return "skip"
        case Hold(why, kind):
            await _hold(app, tx, message, why, kind)
            return "hold"
        case End(fact, why):
            await transitions.apply(app, tx, message.enrollment_id, fact, why)
            await messages.cancel_open(tx, message.enrollment_id, why)
            return "end"
        case _:
            raise AssertionError(f"{decision} is not a decision against sending")


async def _hold(app: App, tx: AsyncConnection, message: OutboundMessage, why: str, kind: TaskKind) -> None:
    if not await messages.move(tx, message.id, MessageState.HELD, outcome=why):
        return
    enrollment = await enrollments.get(tx, message.enrollment_id)
    text, ids = f"{message.step}: {why}", (enrollment.prospect_id, enrollment.id, message.id)
    about = dict(zip(("prospect_id", "enrollment_id", "message_id"), ids, strict=True))
    await events.add(tx, "message.held", text, at=app.clock(), data={"task": kind}, **about)
    await tasks.add(tx, kind, text, now=app.clock(), **about)


async def skip(app: App, tx: AsyncConnection, message: OutboundMessage, why: str) -> None:
    """Leave a mail out, and go on with what follows it."""
    if not await messages.move(tx, message.id, MessageState.SKIPPED, outcome=why):
        return
    case = await enrollments.case(tx, message.enrollment_id)
    sequence = (await app.library.published(tx, case.enrollment.sequence)).content.sequence
    await events.add(
        tx,
        "message.skipped",
        f"{message.step}: {why}",
        at=app.clock(),
        prospect_id=case.prospect.id,
        enrollment_id=case.enrollment.id,
        message_id=message.id,
    )
    await courses.plan_following(tx, case, sequence, message, app.clock())
    await transitions.finish_if_done(app, tx, case.enrollment.id)

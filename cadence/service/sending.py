"""The send trip: claim what is due, decide, write, mark as being sent, send, record.

Mails of one mailbox go together, up to `Policy.batch` of them, each decided as if those before it had
left; with a gap between mails that is one at a time. Three transactions for them all: the claim; the last
look at every reason not to send together with the mark `sending`; the outcomes. The mail server is spoken
to outside of all of them, and whatever dies in between leaves a mail either safe to try again or plainly
in doubt: at most those that were marked and whose outcome was not recorded yet.
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
from cadence.core.dispatch import (
    NOTHING_TO_SAY,
    Convoy,
    Decision,
    End,
    Hold,
    SendNow,
    Skip,
    Wait,
    decide,
    is_fresh,
)
from cadence.core.errors import ContentError, DatabaseAway, InvalidInput, MailboxError
from cadence.core.model import Mailbox, MessageState, OutboundMessage, TaskKind
from cadence.core.planning import delayed
from cadence.service import courses, outcomes, reading, situations, transitions, writing
from cadence.service.app import App, Sender
from cadence.service.situations import Situation
from cadence.store import enrollments, events, flight, locks, mailboxes, messages, tasks
from cadence.store.flight import Departure

log = structlog.get_logger()

AGAIN = (0.2, 1.0, 2.0, 4.0, 8.0, 12.0)
"""Seconds between the tries to record what came of a mail; after that an outcome is in doubt."""

HANDING_OVER = 5.0
"""Seconds after which no further marked mail is handed to a slow server: what is known of them grows old."""


@dataclass(frozen=True, slots=True)
class Written:
    """A mail that may leave, in its words."""

    situation: Situation
    draft: writing.Draft

    @property
    def departure(self) -> Departure:
        """What is kept of it when it leaves."""
        draft = self.draft
        return Departure(self.situation.claimed, draft.raw, draft.subject, draft.story, draft.revision_id)


@dataclass(frozen=True, slots=True)
class Settled:
    """A mail that does not leave now, and why."""

    message: OutboundMessage
    decision: Decision


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
    if stopping():
        await _give_back(app, claimed, until)
        return Counter()
    try:
        return await _deal_with(app, claimed, stopping)
    except DatabaseAway as fault:
        log.warning("sending was interrupted", mailbox_id=mailbox_id, fault=str(fault))
        await _give_back(app, claimed, until)
        return Counter(fault=1)
    except Exception:
        log.exception("mails not dealt with together; each is tried alone", mailbox_id=mailbox_id)
        return await _one_by_one(app, claimed, stopping)


async def _one_by_one(
    app: App, claimed: Sequence[OutboundMessage], stopping: Callable[[], bool]
) -> Counter[str]:
    """What is left of a batch in which something breaks the code; that stays claimed."""
    results: Counter[str] = Counter()
    for message in claimed:
        try:
            results += await _deal_with(app, [message], stopping)
        except Exception:
            log.exception("mail not dealt with; it is tried again", message_id=message.id)
            results["fault"] += 1
    return results


async def _give_back(app: App, left: Sequence[OutboundMessage], until: datetime) -> None:
    """Put what was claimed and not touched back into the queue."""
    ids = [message.id for message in left]
    await _insist(app, lambda tx: messages.give_back(tx, ids, until=until))


async def _deal_with(
    app: App, claimed: Sequence[OutboundMessage], stopping: Callable[[], bool] = lambda: False
) -> Counter[str]:
    """Bring claimed mails as far as they may go; counts how far."""
    if not claimed:
        return Counter()
    async with app.db.read() as tx:
        looked = await situations.look(app, tx, claimed)
    if await _read_mailboxes(app, looked):
        async with app.db.read() as tx:
            looked = await situations.look(app, tx, claimed)
    written, settled = await _decide(app, looked)
    results: Counter[str] = Counter()
    for mailbox_id in dict.fromkeys(one.draft.mailbox.id for one in written):
        together = [one for one in written if one.draft.mailbox.id == mailbox_id]
        sent, stayed = await _send(app, together, stopping)
        results += sent
        settled += stayed
    return results + await _carry_out(app, settled)


async def _read_mailboxes(app: App, looked: Sequence[Situation]) -> bool:
    """Read the mailboxes in which an answer may be waiting, where that is all that is missing."""
    now, convoy = app.clock(), Convoy()
    to_read: set[int] = set()
    for situation in looked:
        facts = convoy.seen_from(situation.facts, now)
        if not isinstance(decide(replace(facts, synced_at=now), now, app.policy.barrier), SendNow):
            continue
        convoy.join(facts)
        if not is_fresh(facts.synced_at, now, app.policy.barrier):
            to_read |= situation.to_read
    for mailbox_id in sorted(to_read):
        try:
            await reading.sync(app, mailbox_id)
        except MailboxError as fault:
            log.warning("mailbox not read", mailbox_id=mailbox_id, fault=str(fault))
    return bool(to_read)


async def _decide(app: App, looked: Sequence[Situation]) -> tuple[list[Written], list[Settled]]:
    """Decide for each, and write those that may leave; each is seen as if those before it had left."""
    now, convoy = app.clock(), Convoy()
    written, settled = [], []
    async with app.db.read() as tx:
        for situation in looked:
            facts = convoy.seen_from(situation.facts, now)
            decision = decide(facts, now, app.policy.barrier)
            mail = await _write(app, tx, situation) if isinstance(decision, SendNow) else decision
            if isinstance(mail, writing.Draft):
                convoy.join(facts)
                written.append(Written(situation, mail))
            else:
                settled.append(Settled(situation.claimed, mail))
    return written, settled


async def _write(app: App, tx: AsyncConnection, situation: Situation) -> writing.Draft | Decision:
    """The finished mail, or why there is none."""
    case, published, mailbox = situation.case, situation.published, situation.mailbox
    step = situation.facts.step
    assert step is not None and mailbox is not None
    try:
        story = None
        if step.pool:
            choice = await writing.choose_story(app, tx, case, step, published.content)
            if choice is None:
                return Skip(NOTHING_TO_SAY)
            story = choice.story.name
        return await writing.draft(app, tx, case, situation.claimed, published, mailbox, story)
    except (ContentError, InvalidInput) as fault:
        return Hold(str(fault))


async def _send(
    app: App, written: Sequence[Written], stopping: Callable[[], bool]
) -> tuple[Counter[str], list[Settled]]:
    """Mark mails of one mailbox, send them and record what came of them; also gives those that stay."""
    mailbox = written[0].draft.mailbox
    sender = await app.connections.sender(mailbox)  # may fail, so before a mail is in flight
    now = app.clock()
    try:
        begun, stayed = await _begin(app, written, now)
    except DatabaseAway:  # nobody knows whether the marks were kept; nothing left, so they come off
        await _insist(app, lambda tx: flight.unsay(tx, [one.situation.claimed for one in written], now))
        raise
    said = await _hand_over(sender, begun, stopping)
    await _record(app, mailbox, said, [one.situation.claimed for one in begun[len(said) :]], now)
    for one, outcome in said:
        message = one.situation.claimed
        log.info(
            "sent", message_id=message.id, step=message.step, outcome=outcome.kind.value, code=outcome.code
        )
    return Counter(outcome.kind.value for _, outcome in said), stayed


async def _begin(app: App, written: Sequence[Written], now: datetime) -> tuple[list[Written], list[Settled]]:
    """Look at every reason once more and, in the same transaction, mark what may leave as being sent."""
    mailbox, convoy = written[0].draft.mailbox, Convoy()
    free, stayed = [], []
    async with app.db.write() as tx:
        await locks.companies_of_mails(tx, [one.situation.claimed.id for one in written])
        await locks.mailbox(tx, mailbox.id)
        looked = await situations.look(app, tx, [one.situation.claimed for one in written])
        anew = {situation.claimed.id: situation for situation in looked}
        for one in written:
            situation = anew[one.situation.claimed.id]
            facts = convoy.seen_from(situation.facts, now)
            decision = decide(facts, now, app.policy.barrier)
            if isinstance(decision, SendNow) and not _still_right(one.draft, situation):
                decision = Wait(now, "what it was written from has changed meanwhile")
            if isinstance(decision, SendNow):
                convoy.join(facts)
                free.append(one)
            else:
                stayed.append(Settled(situation.claimed, decision))
        marked = await flight.begin(
            tx,
            [one.departure for one in free],
            now=now,
            until=now + app.policy.flight,
            mailbox_id=mailbox.id,
            sent_by=app.process,
        )
        if marked:
            await mailboxes.used(tx, mailbox.id, now, local(now, mailbox.place).date())
    begun = [one for one in free if one.situation.claimed.id in marked]
    taken = Wait(now + app.policy.lease, "another worker has it")
    stayed += [Settled(one.situation.claimed, taken) for one in free if one not in begun]
    return begun, stayed


def _still_right(draft: writing.Draft, situation: Situation) -> bool:
    """Whether a mail was written from the revision, and for the mailbox, that count now."""
    mailbox = situation.mailbox
    return (
        situation.published.revision_id == draft.revision_id
        and mailbox is not None
        and mailbox.id == draft.mailbox.id
    )


async def _hand_over(
    sender: Sender, begun: Sequence[Written], stopping: Callable[[], bool]
) -> list[tuple[Written, Outcome]]:
    """Hand marked mails to the server in their order, as long as it takes them; the rest did not leave."""
    said: list[tuple[Written, Outcome]] = []
    clock = asyncio.get_running_loop().time
    ends = clock() + HANDING_OVER
    for one in begun:
        if stopping() or clock() > ends or (said and not _goes_on(said[-1][1])):
            break
        draft = one.draft
        try:
            outcome = await sender.send(draft.raw, draft.mailbox.address, one.situation.case.prospect.email)
        except Exception:
            log.exception("the sending broke", message_id=one.situation.claimed.id)
            outcome = Outcome(OutcomeKind.IN_DOUBT, text="the sending broke")
        said.append((one, outcome))
    return said


def _goes_on(outcome: Outcome) -> bool:
    """Whether the server can be expected to take another mail at once."""
    match outcome.kind:
        case OutcomeKind.ACCEPTED | OutcomeKind.REFUSED:
            return True
        case OutcomeKind.DEFERRED:
            return outcome.code // 100 == 4 and outcome.code != 421
    return False


async def _record(
    app: App,
    mailbox: Mailbox,
    said: Sequence[tuple[Written, Outcome]],
    untouched: Sequence[OutboundMessage],
    began: datetime,
) -> None:
    """Record outcomes, which nobody else knows, and take the mark off what the server never heard of."""
    ended = [(one.situation.claimed.id, outcome) for one, outcome in said]

    async def all_of_them(tx: AsyncConnection) -> None:
        await outcomes.record(app, tx, mailbox, ended)
        await flight.unsay(tx, untouched, began)

    try:
        await _insist(app, all_of_them)
    except DatabaseAway:
        raise
    except Exception:
        log.exception("outcomes not recorded together; each is recorded alone", mailbox_id=mailbox.id)
        await _insist(app, lambda tx: flight.unsay(tx, untouched, began))
        for end in ended:
            await _record_alone(app, mailbox, end)


async def _record_alone(app: App, mailbox: Mailbox, end: tuple[int, Outcome]) -> None:
    try:
        await _insist(app, lambda tx: outcomes.record(app, tx, mailbox, [end]))
    except DatabaseAway:
        raise
    except Exception:
        log.exception("outcome not recorded; the mail will be in doubt", message_id=end[0])


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


async def _carry_out(app: App, settled: Sequence[Settled]) -> Counter[str]:
    """Record decisions not to send now; counts them."""
    if not settled:
        return Counter()
    async with app.db.write() as tx:
        await locks.companies_of_mails(tx, [one.message.id for one in settled])
        return Counter([await _settle(app, tx, one.message, one.decision) for one in settled])


async def _settle(app: App, tx: AsyncConnection, message: OutboundMessage, decision: Decision) -> str:
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
    await courses.plan_following(tx, [courses.Passed(case, sequence, message, app.clock())])
    await transitions.finish_if_done(app, tx, [case.enrollment.id])

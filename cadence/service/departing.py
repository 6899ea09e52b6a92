"""The flight of written mails: the last look and the mark, the mail server, the record of what came of them.

Two transactions for all mails that leave together; the server is spoken to between them. Whatever dies
meanwhile leaves in doubt at most those that were marked and whose outcome was not recorded yet.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.calendar import local
from cadence.core.delivery import Outcome, OutcomeKind
from cadence.core.dispatch import Convoy, SendNow, Wait, decide
from cadence.core.errors import DatabaseAway
from cadence.core.model import Mailbox, OutboundMessage
from cadence.service import outcomes, situations, transitions, writing
from cadence.service.app import App, Sender
from cadence.service.outcomes import Attempt
from cadence.service.settling import Settled
from cadence.service.situations import Situation
from cadence.store import enrollments, flight, locks, mailboxes
from cadence.store.flight import Departure

log = structlog.get_logger()

AGAIN = (0.2, 1.0, 2.0, 4.0, 8.0, 12.0)
"""Seconds between the tries to record what came of a mail; after that an outcome is in doubt."""

HANDING_OVER = 5.0
"""Seconds in which a server gets one marked mail after another: what is known of their readers grows old."""

STALE = 30.0
"""Seconds after which a mark is too old to hand over even a first mail: if this process stood still, or the
machine slept, others will soon take it for dead and look for what it left."""


@dataclass(frozen=True, slots=True)
class Written:
    """A mail that may leave, in its words."""

    situation: Situation
    draft: writing.Draft

    @property
    def departure(self) -> Departure:
        """What is kept of it when it leaves."""
        draft = self.draft
        return Departure(
            self.situation.claimed, draft.raw, draft.subject, draft.story, draft.revision_id, draft.variant
        )


async def depart(
    app: App, written: Sequence[Written], stopping: Callable[[], bool]
) -> tuple[Counter[str], list[Settled]]:
    """Mark mails of one mailbox, send them and record what came of them; also gives those that stay."""
    mailbox = written[0].draft.mailbox
    sender = await app.connections.sender(mailbox)  # may fail, so before a mail is in flight
    now = app.clock()
    try:
        begun, stayed = await _begin(app, written, now)
    except DatabaseAway:  # nobody knows whether the marks were kept; nothing left, so they come off
        await insist(app, lambda tx: _unsay(tx, [one.situation.claimed for one in written], now))
        raise
    said = await _hand_over(app, sender, begun, now, stopping)
    await _record(app, mailbox, said, [one.situation.claimed for one in begun[len(said) :]], now)
    for one, outcome in said:
        message = one.situation.claimed
        log.info(
            "sent", message_id=message.id, step=message.step, outcome=outcome.kind.value, code=outcome.code
        )
    return Counter(outcome.kind.value for _, outcome in said), stayed


async def _begin(app: App, written: Sequence[Written], now: datetime) -> tuple[list[Written], list[Settled]]:
    """Look at every reason once more and, in the same transaction, mark what may leave as being sent."""
    mailbox = written[0].draft.mailbox
    claimed = [one.situation.claimed for one in written]
    async with app.db.write() as tx:
        await locks.companies_of_mails(tx, [message.id for message in claimed])
        await locks.mailbox(tx, mailbox.id)
        free, stayed = _decide_again(app, written, await situations.look(app, tx, claimed), now)
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
    taken = Wait(now + app.policy.lease, "another worker has it")
    lost = [one.situation.claimed for one in free if one.situation.claimed.id not in marked]
    stayed += [Settled(message, taken) for message in lost]
    return [one for one in free if one.situation.claimed.id in marked], stayed


def _decide_again(
    app: App, written: Sequence[Written], looked: Sequence[Situation], now: datetime
) -> tuple[list[Written], list[Settled]]:
    convoy, free, stayed = Convoy(), [], []
    for one, situation in zip(written, looked, strict=True):
        facts = convoy.seen_from(situation.facts, now)
        decision = decide(facts, now, app.policy.barrier)
        if isinstance(decision, SendNow) and not _still_right(one.draft, situation):
            decision = Wait(now, "what it was written from has changed meanwhile")
        if isinstance(decision, SendNow):
            convoy.join(facts)
            free.append(one)
        else:
            stayed.append(Settled(situation.claimed, decision))
    return free, stayed


def _still_right(draft: writing.Draft, situation: Situation) -> bool:
    """Whether a mail was written from the revision, and for the mailbox, that count now."""
    mailbox = situation.mailbox
    return (
        situation.published.revision_id == draft.revision_id
        and mailbox is not None
        and mailbox.id == draft.mailbox.id
    )


async def _hand_over(
    app: App, sender: Sender, begun: Sequence[Written], marked_at: datetime, stopping: Callable[[], bool]
) -> list[tuple[Written, Outcome]]:
    """Hand marked mails to the server in their order, as long as it takes them; the rest did not leave."""
    said: list[tuple[Written, Outcome]] = []
    began = app.steady()
    for one in begun:
        slept = (app.clock() - marked_at).total_seconds()  # a steady clock may stand still meanwhile
        if stopping() or slept > STALE or app.steady() - began > HANDING_OVER:
            break
        if said and not _goes_on(said[-1][1]):
            break
        draft, message_id = one.draft, one.situation.claimed.id
        envelope_sender = app.envelope_sender(draft.mailbox, message_id)
        try:
            outcome = await sender.send(draft.raw, envelope_sender, one.situation.case.prospect.email)
        except Exception:
            log.exception("the sending broke", message_id=message_id)
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
    attempts = [
        Attempt(one.situation.claimed.id, one.situation.claimed.attempts + 1, outcome)
        for one, outcome in said
    ]

    async def all_of_them(tx: AsyncConnection) -> None:
        await outcomes.record(app, tx, mailbox, attempts)
        await _unsay(tx, untouched, began)

    try:
        await insist(app, all_of_them)
    except DatabaseAway:
        raise
    except Exception:
        log.exception("outcomes not recorded together; each is recorded alone", mailbox_id=mailbox.id)
        await insist(app, lambda tx: _unsay(tx, untouched, began))
        for attempt in attempts:
            await _record_alone(app, mailbox, attempt)


async def _unsay(tx: AsyncConnection, untouched: Sequence[OutboundMessage], began: datetime) -> None:
    """Take the mark off; what became of the enrollments meanwhile holds for these mails, too."""
    if untouched:
        await locks.companies_of_mails(tx, [message.id for message in untouched])
        await flight.unsay(tx, untouched, began)
        ids = {message.enrollment_id for message in untouched}
        await transitions.settle_down(tx, await enrollments.of_ids(tx, ids))


async def _record_alone(app: App, mailbox: Mailbox, attempt: Attempt) -> None:
    try:
        await insist(app, lambda tx: outcomes.record(app, tx, mailbox, [attempt]))
    except DatabaseAway:
        raise
    except Exception:
        log.exception("outcome not recorded; the mail will be in doubt", message_id=attempt.message_id)


async def insist(app: App, change: Callable[[AsyncConnection], Awaitable[None]]) -> None:
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

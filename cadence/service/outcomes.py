"""What follows from an attempt to send: the mail's state, the mailbox's, the enrollment's, the next plan."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.delivery import Outcome, OutcomeKind, is_address_fault
from cadence.core.lifecycle import LIVE, Fact
from cadence.core.model import (
    Mailbox,
    MailboxState,
    MessageState,
    OutboundMessage,
    ProspectStatus,
    TaskKind,
)
from cadence.core.pace import retry_at
from cadence.service import courses, transitions
from cadence.service.app import App
from cadence.service.courses import Passed
from cadence.store import (
    correspondence,
    enrollments,
    events,
    flight,
    locks,
    mailboxes,
    messages,
    prospects,
    tasks,
)
from cadence.store.enrollments import Case
from cadence.store.flight import Arrival


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of an attempt, the nth, to send a mail."""

    message_id: int
    number: int
    outcome: Outcome


async def record(app: App, tx: AsyncConnection, mailbox: Mailbox, attempts: Sequence[Attempt]) -> None:
    """Record what came of attempts, each once.

    A mail that is settled already stays as it is, and one that is tried anew hears no more of earlier
    attempts; but one that waits to be tried anew is settled by the news that it left after all.
    """
    by_id = {attempt.message_id: attempt for attempt in attempts}
    await locks.companies_of_mails(tx, by_id)
    left = []
    for message in await messages.of_ids(tx, by_id):
        outcome = by_id[message.id].outcome
        late = outcome.kind is OutcomeKind.ACCEPTED and message.state is MessageState.DEFERRED
        in_flight = message.state in messages.IN_FLIGHT and message.attempts == by_id[message.id].number
        if not (late or in_flight):
            continue
        if message.state is MessageState.IN_DOUBT and outcome.kind is not OutcomeKind.IN_DOUBT:
            await tasks.close_about(
                tx, TaskKind.IN_DOUBT, "answered late", now=app.clock(), message_id=message.id
            )
        match outcome.kind:
            case OutcomeKind.ACCEPTED:
                left.append((replace(message, left_as=outcome.left_as), str(outcome)))
            case OutcomeKind.REFUSED:
                await _refused(app, tx, message, outcome)
            case OutcomeKind.DEFERRED:
                await _deferred(app, tx, message, outcome)
            case OutcomeKind.IN_DOUBT:
                words = outcome.text or "the connection ended after the mail was handed over"
                await in_doubt(app, tx, message, words)
            case OutcomeKind.MAILBOX_FAULT:
                await _mailbox_fault(app, tx, message, mailbox, outcome)
    await accepted(app, tx, mailbox, left)


async def accepted(
    app: App, tx: AsyncConnection, mailbox: Mailbox, left: Sequence[tuple[OutboundMessage, str]]
) -> int:
    """Mails left, each with how we know: file copies, plan what follows. Gives how many that was new of."""
    if not left:
        return 0
    now, owed = app.clock(), mailbox.files_sent is not True
    new = await flight.arrive(
        tx, [Arrival(message, message.sent_at or now, words, owed) for message, words in left]
    )
    cases = await enrollments.cases(tx, {one.message.enrollment_id for one in new})
    await prospects.contacted(tx, {case.prospect.id for case in cases.values()})
    await events.add_many(
        tx,
        [
            {
                "kind": "message.sent",
                "why": f"{one.message.step}: {one.message.why}",
                "at": now,
                "prospect_id": cases[one.message.enrollment_id].prospect.id,
                "enrollment_id": one.message.enrollment_id,
                "message_id": one.message.id,
                "mailbox_id": one.message.mailbox_id,
            }
            for one in new
        ],
    )
    await _go_on(app, tx, [(cases[one.message.enrollment_id], one) for one in new])
    return len(new)


async def _go_on(app: App, tx: AsyncConnection, arrived: Sequence[tuple[Case, Arrival]]) -> None:
    """Plan what follows mails that left, where their enrollments still live."""
    live = [(case, one) for case, one in arrived if case.enrollment.state in LIVE]
    names = sorted({case.enrollment.sequence for case, _ in live})
    sequences = {name: (await app.library.published(tx, name)).content.sequence for name in names}
    await courses.plan_following(
        tx, [Passed(case, sequences[case.enrollment.sequence], one.message, one.at) for case, one in live]
    )
    await transitions.finish_if_done(app, tx, [case.enrollment.id for case, _ in live])
    await transitions.settle_down(tx, [case.enrollment for case, _ in live])


async def found_in_sent(app: App, tx: AsyncConnection, message: OutboundMessage, mailbox: Mailbox) -> bool:
    """A copy turned up in the Sent folder, so the mail left, whatever the database knew of it."""
    if not await left_after_all(app, tx, message, mailbox, "found in the Sent folder"):
        return False
    await correspondence.filed(tx, message.id)
    return True


async def left_after_all(
    app: App, tx: AsyncConnection, message: OutboundMessage, mailbox: Mailbox, how: str
) -> bool:
    """Something proves that a mail left; how: what. False: that was known."""
    if not await accepted(app, tx, mailbox, [(message, how)]):
        return False
    await tasks.close_about(tx, TaskKind.IN_DOUBT, "sent", now=app.clock(), message_id=message.id)
    return True


async def never_left(app: App, tx: AsyncConnection, message: OutboundMessage, why: str) -> bool:
    """It is certain that a mail in doubt did not leave, so it is sent again. False: it is not in doubt."""
    now = app.clock()
    if (await messages.get(tx, message.id)).state is not MessageState.IN_DOUBT:
        return False
    await put_back(app, tx, message, why)
    await tasks.close_about(tx, TaskKind.IN_DOUBT, "not-sent", now=now, message_id=message.id)
    return True


async def put_back(app: App, tx: AsyncConnection, message: OutboundMessage, why: str) -> None:
    """A mail of which it is certain that it did not leave is due again, as far as its enrollment goes on."""
    now = app.clock()
    await messages.move(
        tx, message.id, MessageState.DEFERRED, sent_at=None, wake_at=now, due_at=now, outcome=why
    )
    await _note(app, tx, message, "message.deferred", f"{message.step}: {why}")
    await transitions.settle_down(tx, [await enrollments.get(tx, message.enrollment_id)])


async def in_doubt(app: App, tx: AsyncConnection, message: OutboundMessage, words: str) -> None:
    """Nobody knows whether the mail left: it is not sent again unless somebody finds out."""
    if not await messages.move(tx, message.id, MessageState.IN_DOUBT, outcome=words):
        return
    enrollment = await enrollments.get(tx, message.enrollment_id)
    await _note(
        app, tx, message, "message.in_doubt", f"{message.step}: {words}", prospect_id=enrollment.prospect_id
    )
    await tasks.add(
        tx,
        TaskKind.IN_DOUBT,
        f"{message.step}: it is not known whether this mail left ({words}). Look into the Sent folder.",
        now=app.clock(),
        prospect_id=enrollment.prospect_id,
        enrollment_id=enrollment.id,
        message_id=message.id,
    )


async def _refused(app: App, tx: AsyncConnection, message: OutboundMessage, outcome: Outcome) -> None:
    if not await messages.move(tx, message.id, MessageState.REFUSED, outcome=str(outcome), sent_at=None):
        return
    enrollment = await enrollments.get(tx, message.enrollment_id)
    await _note(
        app, tx, message, "message.refused", f"{message.step}: {outcome}", prospect_id=enrollment.prospect_id
    )
    if is_address_fault(outcome):
        await prospects.mark_unreachable(tx, enrollment.prospect_id)
        await prospects.set_status(tx, enrollment.prospect_id, ProspectStatus.BOUNCED)
        for other in await enrollments.of_prospect(tx, enrollment.prospect_id):
            await transitions.apply(
                app, tx, other.id, Fact.BOUNCE, f"the address cannot be reached: {outcome.text}"
            )
        return
    await _give_up(app, tx, message, f"their server will not take this mail: {outcome.text}")


async def _deferred(app: App, tx: AsyncConnection, message: OutboundMessage, outcome: Outcome) -> None:
    now = app.clock()
    again = retry_at(message.first_attempt_at or now, message.attempts, message.key, now=now)
    if not await messages.move(
        tx,
        message.id,
        MessageState.DEFERRED,
        outcome=str(outcome),
        sent_at=None,
        wake_at=again,
        **({"due_at": again, "why": f"tried again: {outcome.text}"} if again else {}),
    ):
        return
    await _note(app, tx, message, "message.deferred", f"{message.step}: {outcome}")
    if again is None:
        await messages.move(tx, message.id, MessageState.REFUSED, outcome=str(outcome))
        await _give_up(app, tx, message, f"could not be delivered within five days: {outcome.text}")
        return
    await transitions.settle_down(tx, [await enrollments.get(tx, message.enrollment_id)])


async def _mailbox_fault(
    app: App, tx: AsyncConnection, message: OutboundMessage, mailbox: Mailbox, outcome: Outcome
) -> None:
    """The fault is ours: the mailbox stops until it is mended, and nobody else is blamed."""
    await put_back(app, tx, message, str(outcome))
    await fault(app, tx, mailbox, outcome.said or str(outcome))


async def fault(app: App, tx: AsyncConnection, mailbox: Mailbox, words: str) -> None:
    """Stop sending from a mailbox that its server refuses, and tell a person."""
    if mailbox.state is MailboxState.ACTIVE:
        await mailboxes.change(tx, mailbox.id, state=MailboxState.FAULT, state_reason=words)
    await events.add(
        tx, "mailbox.fault", f"{mailbox.address}: {words}", at=app.clock(), mailbox_id=mailbox.id
    )
    text = f"{mailbox.address} cannot be used: {words}. Mend it, then run `cadence mailbox resume`."
    await tasks.add(tx, TaskKind.MAILBOX_FAULT, text, now=app.clock(), mailbox_id=mailbox.id)


async def _give_up(app: App, tx: AsyncConnection, message: OutboundMessage, why: str) -> None:
    enrollment = await enrollments.get(tx, message.enrollment_id)
    await transitions.apply(app, tx, enrollment.id, Fact.FAIL, f"{message.step}: {why}")
    await tasks.add(
        tx,
        TaskKind.HELD,
        f"{message.step}: {why}",
        now=app.clock(),
        prospect_id=enrollment.prospect_id,
        enrollment_id=enrollment.id,
        message_id=message.id,
    )


async def _note(
    app: App,
    tx: AsyncConnection,
    message: OutboundMessage,
    kind: str,
    why: str,
    prospect_id: int | None = None,
) -> None:
    if prospect_id is None:
        prospect_id = (await enrollments.get(tx, message.enrollment_id)).prospect_id
    await events.add(
        tx,
        kind,
        why,
        at=app.clock(),
        prospect_id=prospect_id,
        enrollment_id=message.enrollment_id,
        message_id=message.id,
        mailbox_id=message.mailbox_id,
    )

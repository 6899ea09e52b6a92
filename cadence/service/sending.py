"""The send trip: claim what is due, decide, write, mark as being sent, send, record.

Mails of one mailbox go together, up to `Policy.batch` of them, each decided as if those before it had
left; with a gap between mails that is one at a time. Three transactions for them all: the claim; the last
look at every reason not to send together with the mark `sending`; the outcomes. The mail server is spoken
to outside of all of them, and whatever dies in between leaves a mail either safe to try again or plainly
in doubt: at most those that were marked and whose outcome was not recorded yet.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.dispatch import (
    NOTHING_TO_SAY,
    Convoy,
    Decision,
    Hold,
    SendNow,
    Skip,
    decide,
    is_fresh,
)
from cadence.core.errors import ContentError, DatabaseAway, InvalidInput, MailboxError
from cadence.core.model import OutboundMessage
from cadence.service import reading, situations, writing
from cadence.service.app import App
from cadence.service.departing import Written, depart, insist
from cadence.service.settling import Settled, carry_out
from cadence.service.situations import Situation
from cadence.store import messages

log = structlog.get_logger()

EARLY = 0.75
"""Part of the barrier after which a mailbox is read again: it must still hold once the mails are written."""


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
    await insist(app, lambda tx: messages.give_back(tx, ids, until=until))


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
        sent, stayed = await depart(app, together, stopping)
        results += sent
        settled += stayed
    return results + await carry_out(app, settled)


async def _read_mailboxes(app: App, looked: Sequence[Situation]) -> bool:
    """Read the mailboxes in which an answer may be waiting, where that is all that is missing."""
    now, convoy = app.clock(), Convoy()
    to_read: set[int] = set()
    for situation in looked:
        facts = convoy.seen_from(situation.facts, now)
        if not isinstance(decide(replace(facts, synced_at=now), now, app.policy.barrier), SendNow):
            continue
        convoy.join(facts)
        if not is_fresh(facts.synced_at, now, app.policy.barrier * EARLY):
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

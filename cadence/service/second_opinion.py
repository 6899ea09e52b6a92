"""Asks an endpoint about replies that the local reader leaves open, after they are kept and the rep is asked.

Nothing waits for it: no mail, no send, no task. Where it does not answer, or its answer changes nothing, the
rep is asked as if there were none.
"""

import asyncio
from datetime import timedelta
from typing import Any

from cadence.core.model import EnrollmentState, TaskKind
from cadence.core.second_opinion import Opinion, may_ask, weighed
from cadence.service import correcting
from cadence.service.app import App
from cadence.service.chat_endpoint import ChatEndpoint
from cadence.store import enrollments, events, inbound, locks, opinions, tasks

RECENT = timedelta(hours=1)
"""An older reply waits for the rep: an endpoint that is set later, or was away, does not go back."""
AT_ONCE = 3


async def consult(app: App, mailbox_id: int) -> int:
    """Ask about what arrived in a mailbox lately; gives how many replies were acted on."""
    if app.endpoint is None:
        return 0
    now = app.clock()
    async with app.db.read() as tx:
        rows = await opinions.open_replies(tx, mailbox_id, now - RECENT)
        left = app.endpoint.daily - await opinions.count_since(tx, now - timedelta(days=1))
    open_rows = [row for row in rows if may_ask(inbound.unpack_verdict(row.verdict))]
    chosen = open_rows[: max(0, min(AT_ONCE, left))]
    asked = (app.endpoint.ask(inbound.unpack_verdict(row.verdict).text) for row in chosen)
    answers = await asyncio.gather(*asked)
    done = [await _settle(app, app.endpoint, row, said) for row, said in zip(chosen, answers, strict=True)]
    return sum(done)


async def _settle(app: App, endpoint: ChatEndpoint, row: Any, opinion: Opinion | None) -> bool:
    """Record an answer, and act where it makes a harmless reading sure enough and nobody was faster."""
    verdict = inbound.unpack_verdict(row.verdict)
    surer = weighed(verdict, opinion) if opinion else None
    async with app.db.write() as tx:
        await locks.company_of(tx, row.prospect_id)
        acts = surer is not None and await _waits_for_us(tx, row)
        outcome = "acted on" if acts else "no answer" if opinion is None else "left to the rep"
        await opinions.add(tx, row.id, opinion, model=endpoint.model, outcome=outcome, at=app.clock())
        if opinion is not None:
            await events.add(
                tx,
                "reply.second_opinion",
                f"the endpoint reads {opinion.category}, {opinion.confidence:.0%}: {outcome}",
                at=app.clock(),
                prospect_id=row.prospect_id,
                enrollment_id=row.enrollment_id,
                inbound_id=row.id,
                mailbox_id=row.mailbox_id,
            )
        if surer is not None and acts:
            about = {"inbound_id": row.id}
            answer = f"endpoint: {surer.category}"
            await tasks.close_about(tx, TaskKind.REVIEW_REPLY, answer, now=app.clock(), **about)
            await correcting.act_anew(app, tx, row, surer, f"the endpoint agrees: {surer.category}")
    return acts


async def _waits_for_us(tx: Any, row: Any) -> bool:
    """Whether the enrollment is paused because of this very reply, and the rep has not answered."""
    enrollment = await enrollments.get(tx, row.enrollment_id)
    return (
        enrollment.state is EnrollmentState.PAUSED
        and await opinions.last_changed_by(tx, row.enrollment_id) == row.id
        and await opinions.is_open(tx, row.id)
    )

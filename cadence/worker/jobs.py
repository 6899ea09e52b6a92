"""The jobs of a worker, the same whether a loop or the queue starts them; each survives every fault."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import structlog

from cadence.core.errors import CadenceError
from cadence.service import (
    alarming,
    crm_visiting,
    delivering,
    grant_care,
    sending,
    told_dates,
    trials,
    upkeep,
)
from cadence.service.app import App
from cadence.store import mailboxes
from cadence.store.agenda import agenda

log = structlog.get_logger()


async def due_within(app: App, seconds: float) -> dict[int | None, float]:
    """The mailboxes with due mails now or so soon, and in how many seconds each has its first: 0 is now."""
    now = app.clock()
    async with app.db.read() as tx:
        known = await agenda(tx, now + timedelta(seconds=seconds))
    now = app.clock()
    return {mailbox_id: max((at - now).total_seconds(), 0.0) for mailbox_id, at in known.items()}


async def send_from(
    app: App, mailbox_id: int | None, *, stopping: Callable[[], bool] = lambda: False
) -> None:
    """Let the due mails of one mailbox leave, and file copies of them."""
    try:
        results = await sending.send_due(app, mailbox_id, stopping=stopping)
        if results.get("accepted") and mailbox_id is not None:
            async with app.db.read() as tx:
                mailbox = await mailboxes.get(tx, mailbox_id)
            await upkeep.file_copies(app, mailbox)
    except CadenceError as fault:
        log.warning("sending was interrupted", mailbox_id=mailbox_id, fault=str(fault))
    except Exception:
        log.exception("sending failed; it is tried again", mailbox_id=mailbox_id)


async def look_after(app: App) -> None:
    """End pauses, mark what nobody finished, heed dates, count trials; the caller tries again on a fault."""
    done: Counter[str] = Counter()
    for part in (upkeep, grant_care, told_dates, trials):
        done += await part.look_after(app)
    if done.total():
        log.info("looked after", **done)
        await app.wake()


async def alarm(app: App) -> None:
    """Tell people of answers that call for them; the caller tries again after a fault."""
    done = await alarming.look_after(app)
    if done.total():
        log.info("told people", **done)


async def deliver(app: App) -> None:
    """Tell webhooks what happened; the caller tries again after a fault."""
    done = await delivering.look_after(app)
    if done.total():
        log.info("told webhooks", **done)


async def visit_crms(app: App) -> None:
    """Read what changed in CRMs, and tell them what happened here; the caller tries again after a fault."""
    done = await crm_visiting.look_after(app)
    if done.total():
        log.info("visited CRMs", **done)
        await app.wake()

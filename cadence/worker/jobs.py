"""The jobs of a worker, the same whether a loop or the queue starts them; each survives every fault."""

from collections.abc import Callable

import structlog

from cadence.core.errors import CadenceError
from cadence.service import sending, upkeep
from cadence.service.app import App
from cadence.store import mailboxes

log = structlog.get_logger()


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
    """End pauses that are over, and mark what nobody finished; the caller tries again after a fault."""
    done = await upkeep.look_after(app)
    if done.total():
        log.info("looked after", **done)

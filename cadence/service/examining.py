"""Lets the doctor look at a mailbox in the background; whoever asked sees each finding as soon as it is kept.

The findings are in the database, so that any process can show them, and the last ones stay.
"""

import asyncio
from dataclasses import asdict

import structlog

from cadence.core.errors import CadenceError, Conflict
from cadence.core.model import Mailbox
from cadence.core.people import Actor
from cadence.service import checks, doctor
from cadence.service.app import App
from cadence.service.checks import Check, Level
from cadence.store import audit, examinations
from cadence.store.examinations import Examination

log = structlog.get_logger()

PATIENCE = 60.0
"""Seconds for the mail to oneself to arrive."""
_at_work: set[asyncio.Task[None]] = set()


async def last(app: App, mailbox_id: int) -> tuple[Examination, list[Check]] | None:
    """The last look at a mailbox, and its findings so far."""
    async with app.db.read() as tx:
        found = await examinations.find(tx, mailbox_id)
    if found is None:
        return None
    return found, [Check(**{**check, "level": Level(check["level"])}) for check in found.checks]


async def begin(app: App, actor: Actor, mailbox: Mailbox) -> asyncio.Task[None]:
    """Begin a look, and give the work itself; raises Conflict where one is running."""
    async with app.db.write() as tx:
        if not await examinations.begin(tx, mailbox.id, app.clock()):
            raise Conflict("It is being examined already.")
        await audit.record(tx, actor, "mailbox.examined", mailbox.address, at=app.clock())
    task = asyncio.create_task(_examine(app, mailbox))
    _at_work.add(task)
    task.add_done_callback(_at_work.discard)
    return task


async def _examine(app: App, mailbox: Mailbox) -> None:
    found: list[Check] = []
    try:
        async for check in doctor.examine(app, mailbox, patience=PATIENCE):
            found.append(check)
            await _keep(app, mailbox, found)
    except CadenceError as fault:
        found.append(checks.fault("mailbox", str(fault), "Mend that first, then examine it again."))
    except Exception:
        log.exception("the examination broke", mailbox_id=mailbox.id)
        found.append(checks.fault("mailbox", "the examination broke", "Look into the log of the server."))
    await _keep(app, mailbox, found, ended=True)


async def _keep(app: App, mailbox: Mailbox, found: list[Check], *, ended: bool = False) -> None:
    async with app.db.write() as tx:
        plain = [asdict(check) for check in found]
        await examinations.keep(tx, mailbox.id, plain, app.clock() if ended else None)

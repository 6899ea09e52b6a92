"""Takes back what a person did: everything at the company stands again as it did right before.

Only as long as nothing has followed: no mail left, no reply came, nobody answered anything else there. What
somebody asked for who never wants to hear from us again is not taken back.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.errors import Conflict, NotFound
from cadence.core.people import Actor
from cadence.service.app import App
from cadence.store import audit, events, locks, undo

SHOWN_FOR = timedelta(hours=1)
SHOWN = 3


@asynccontextmanager
async def remembered(
    app: App, tx: AsyncConnection, actor: Actor, prospect_id: int | None, what: str
) -> AsyncIterator[None]:
    """Whatever is done within, in the same transaction, can be taken back by whoever did it.

    what: in words, such as "question: stop". Where another company is concerned as well, or
    somebody at the console acts, nothing is remembered.
    """
    if prospect_id is None or actor.user_id is None:
        yield
        return
    await locks.company_of(tx, prospect_id)
    if await undo.reaches_beyond(tx, prospect_id):
        yield
        return
    before = await undo.picture(tx, prospect_id)
    yield
    after = await undo.picture(tx, prospect_id)
    await undo.keep(
        tx,
        user_id=actor.user_id,
        prospect_id=prospect_id,
        what=what,
        rows=undo.difference(before, after),
        digest=undo.digest(after),
        at=app.clock(),
    )


async def latest(app: App, actor: Actor) -> list[Any]:
    """What somebody did in the last hour and may want to take back, newest first: id, what, at, email."""
    if actor.user_id is None:
        return []
    async with app.db.read() as tx:
        return await undo.latest(tx, actor.user_id, since=app.clock() - SHOWN_FOR, limit=SHOWN)


async def take_back(app: App, actor: Actor, undo_id: int) -> str:
    """Make everything as it was before somebody did this; gives what it was.

    Raises NotFound, also for what somebody else did, or Conflict where something has followed.
    """
    async with app.db.write() as tx:
        done = await undo.get(tx, undo_id)
        if done is None or done.user_id is None or done.user_id != actor.user_id:
            raise NotFound("There is nothing of yours to take back.")
        await locks.company_of(tx, done.prospect_id)
        if undo.digest(await undo.picture(tx, done.prospect_id)) != done.digest:
            raise Conflict("It cannot be taken back any more: something has followed from it.")
        if not await undo.undone(tx, undo_id, app.clock()):
            raise Conflict("It was taken back before.")
        await undo.put_back(tx, done.rows)
        await events.add(
            tx, "answer.undone", f"taken back: {done.what}", at=app.clock(), prospect_id=done.prospect_id
        )
        await audit.record(tx, actor, "answer.undone", done.what, at=app.clock())
        return str(done.what)

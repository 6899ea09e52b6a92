"""The audit trail: whatever somebody changes is recorded with who, what, when and from where, for good."""

from cadence.core.people import Actor
from cadence.service.app import App
from cadence.service.paging import Part, cursor, position
from cadence.store import audit
from cadence.store.audit import Entry


async def note(app: App, actor: Actor, action: str, subject: str) -> None:
    """Record what somebody did; where a use case has a transaction of its own, it records in that."""
    async with app.db.write() as tx:
        await audit.record(tx, actor, action, subject, at=app.clock())


async def page(app: App, *, after: str | None = None, limit: int = 50) -> Part[Entry]:
    """One part of the trail, newest first; raises InvalidInput for a cursor that is none."""
    behind = position(after, int)
    async with app.db.read() as tx:
        found = await audit.page(tx, before=behind[0] if behind else None, limit=limit + 1)
    return Part(found[:limit], cursor(found[limit - 1].id) if len(found) > limit else None)

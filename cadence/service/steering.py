"""What other software changes in one enrollment, as far as its user reaches: enroll, pause, resume, end."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.address import normalize
from cadence.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from cadence.core.lifecycle import Fact
from cadence.core.model import EnrollmentState, Mailbox, TaskKind
from cadence.core.rights import Visitor, reaches
from cadence.core.sequence import From
from cadence.service import enrolling, lists, transitions
from cadence.service.app import App
from cadence.service.requests import Request
from cadence.store import audit, listing, mailboxes, tasks, users

PAST = {
    Fact.PAUSE: "paused",
    Fact.RESUME: "resumed",
    Fact.STOP: "stopped",
    Fact.REMOVE: "removed",
}
"""What can be done to an enrollment, and how the audit trail calls it."""


async def enroll(app: App, visitor: Visitor, request: Request) -> Any:
    """Let one person into a sequence, from a mailbox within reach.

    Raises InvalidInput, NotFound, Conflict as enrolling does, and Forbidden.
    """
    async with app.db.write() as tx:
        box = await sender_for(tx, visitor, request.mailbox, request.executive)
        made = await enrolling.enroll_in(app, tx, replace(request, mailbox=box.address))
        said = f"{request.email} in {request.sequence}"
        await audit.record(tx, visitor.actor, "enrollment.added", said, at=app.clock())
        return await lists.known(tx, listing.enrollment_list(visitor.user), made.id)


async def change(
    app: App, visitor: Visitor, enrollment_id: int, fact: Fact, *, until: datetime | None = None
) -> Any:
    """Pause (until then, or until somebody resumes it), resume, stop or remove; gives how it stands now.

    Raises NotFound, InvalidInput, or Conflict where its state does not allow that.
    """
    now, theirs = app.clock(), listing.enrollment_list(visitor.user)
    if until is not None and until <= now:
        raise InvalidInput("a pause ends in the future")
    why = f"{PAST[fact]} by {visitor.user.email}"
    async with app.db.write() as tx:
        known = await lists.known(tx, theirs, enrollment_id)
        if fact is Fact.RESUME:
            changed = await transitions.resume(app, tx, enrollment_id, why)
        else:
            changed = await transitions.apply(app, tx, enrollment_id, fact, why, resume_at=until)
        found = await lists.known(tx, theirs, enrollment_id)
        if not changed and not (fact is Fact.PAUSE and found.state == EnrollmentState.PAUSED):
            raise Conflict(f"Enrollment {enrollment_id} is {found.state}: there is nothing to {fact}.")
        if fact is not Fact.PAUSE:
            about = {"enrollment_id": enrollment_id}
            await tasks.close_about(tx, TaskKind.CONFIRM_ENROLLMENT, PAST[fact], now=now, **about)
        said = f"{enrollment_id}: {known.email} in {known.sequence}"
        await audit.record(tx, visitor.actor, f"enrollment.{PAST[fact]}", said, at=now)
        return found


async def sender_for(
    tx: AsyncConnection, visitor: Visitor, address: str | None, executive: str | None
) -> Mailbox:
    """The mailbox that a visitor means: of this address, else their only one, else the only one they reach.

    Raises NotFound, InvalidInput, or Forbidden for a mailbox of somebody else's.
    """
    known = {normalize(box.address): box for box in await mailboxes.all_of(tx)}
    owners = {box.id: await users.owner_of(tx, box.id) for box in known.values()}
    within = [box for box in known.values() if reaches(visitor.user, owners[box.id])]
    if executive is not None:
        asks = _named(known, executive)
        if asks.role is not From.EXECUTIVE and asks not in within:
            raise Forbidden(f"{executive} is somebody else's mailbox, and no executive's.")
    if address is not None:
        box = _named(known, address)
        if box not in within:
            raise Forbidden(f"{address} is somebody else's mailbox.")
        return box
    reps = [box for box in within if box.role is From.REP]
    own = [box for box in reps if (owner := owners[box.id]) and owner.user_id == visitor.user.id]
    for candidates in (own, reps):
        if len(candidates) == 1:
            return candidates[0]
    names = ", ".join(box.address for box in own or reps) or "none is connected that you may use"
    raise InvalidInput(f"say from which mailbox it is to be sent: {names}")


async def executives(app: App) -> list[Mailbox]:
    """The mailboxes by which an executive asks; everybody's deals may name them."""
    async with app.db.read() as tx:
        found = [box for box in await mailboxes.all_of(tx) if box.role is From.EXECUTIVE]
    return sorted(found, key=lambda box: box.address)


def _named(known: dict[str, Mailbox], address: str) -> Mailbox:
    box = known.get(normalize(address))
    if box is None:
        raise NotFound(f"there is no mailbox {address}")
    return box

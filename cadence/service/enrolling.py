"""Who is let into a sequence, and how a person takes them out, pauses and resumes them."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.address import normalize
from cadence.core.errors import CadenceError, Conflict, NotFound
from cadence.core.lifecycle import LIVE, Fact
from cadence.core.model import Enrollment, Place, ProspectStatus
from cadence.service import admission, transitions
from cadence.service.app import App
from cadence.service.requests import Request, check
from cadence.store import enrollments, locks, prospects

__all__ = ["Request", "change", "check", "enroll", "enroll_in", "of_address", "opt_out", "place_of"]


async def enroll(app: App, request: Request) -> Enrollment:
    """Let one person into a sequence, in one transaction.

    Raises InvalidInput, NotFound (sequence, mailbox) or Conflict (suppressed, unreachable, enrolled).
    """
    async with app.db.write() as tx:
        return await enroll_in(app, tx, request)


async def enroll_in(app: App, tx: AsyncConnection, request: Request) -> Enrollment:
    """`enroll` within a transaction of the caller's."""
    (result,) = await admission.admit(app, tx, [request])
    if isinstance(result, CadenceError):
        raise result
    return result


async def of_address(tx: AsyncConnection, email: str) -> list[Enrollment]:
    """The live enrollments of an address; raises NotFound where there is none."""
    prospect = await prospects.find(tx, normalize(email))
    if prospect is None:
        raise NotFound(f"nobody of the address {email} was ever enrolled")
    return [e for e in await enrollments.of_prospect(tx, prospect.id) if e.state in LIVE]


async def place_of(app: App, email: str) -> Place:
    """Where a person is, as far as we know; raises NotFound."""
    async with app.db.read() as tx:
        prospect = await prospects.find(tx, normalize(email))
    if prospect is None:
        raise NotFound(f"nobody of the address {email} was ever enrolled")
    return prospect.place


async def change(app: App, email: str, fact: Fact, why: str, until: datetime | None = None) -> int:
    """Pause, resume, stop or remove every live enrollment of an address; gives how many changed.

    Raises NotFound, or Conflict where nothing is left to change.
    """
    changed = 0
    async with app.db.write() as tx:
        live = await of_address(tx, email)
        for enrollment in live:
            if fact is Fact.RESUME:
                changed += await transitions.resume(app, tx, enrollment.id, why)
            else:
                changed += await transitions.apply(app, tx, enrollment.id, fact, why, resume_at=until)
    if not changed:
        states = ", ".join(f"{e.sequence}: {e.state}" for e in live) or "not enrolled any more"
        raise Conflict(f"nothing to {fact} for {email} ({states})")
    return changed


async def opt_out(app: App, enrollment_id: int, source: str) -> None:
    """Somebody used an opt-out link: nobody writes to this address again. Twice is as good as once.

    Raises NotFound for an enrollment that does not exist.
    """
    async with app.db.write() as tx:
        case = await enrollments.case(tx, enrollment_id)
        if case.prospect.status is ProspectStatus.FORGOTTEN:
            return  # they were erased: nobody writes to them anyway, and nothing is kept of them
        await locks.company_of(tx, case.prospect.id)
        why = "asked not to be written to"
        await prospects.suppress(
            tx, normalize(case.prospect.email), reason=why, source=source, now=app.clock()
        )
        await prospects.set_status(tx, case.prospect.id, ProspectStatus.UNSUBSCRIBED)
        for other in await enrollments.of_prospect(tx, case.prospect.id):
            await transitions.apply(app, tx, other.id, Fact.OPT_OUT, why)

"""Pausing, resuming, stopping and removing people within reach: one of them, or many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.errors import Conflict, InvalidInput
from cadence.core.lifecycle import LIVE, Fact, transition
from cadence.core.model import EnrollmentState
from cadence.core.people import User
from cadence.core.rights import Visitor
from cadence.service import prospecting, transitions
from cadence.service.app import App
from cadence.service.steering import PAST
from cadence.store import audit, locks
from cadence.store.shown import Shown, in_full


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a change means for one person. nothing: why it changes nothing, else empty; enrollments: which it
    changes.
    """

    prospect_id: int
    email: str
    enrollments: tuple[int, ...]
    nothing: str = ""


def judged(shown: Shown, fact: Fact) -> Verdict:
    """What a change would do to somebody, as they stand now."""
    states = {row.id: EnrollmentState(row.state) for row in shown.enrollments}
    longer = (EnrollmentState.PAUSED,) if fact is Fact.PAUSE else ()
    changed = tuple(
        id_ for id_, state in states.items() if state in LIVE and (transition(state, fact) or state in longer)
    )
    stands = ", ".join(f"{row.sequence}: {row.state.replace('_', ' ')}" for row in shown.enrollments)
    return Verdict(
        shown.person.id, shown.person.email, changed, "" if changed else f"nothing to {fact} ({stands})"
    )


async def judge(tx: AsyncConnection, user: User, prospect_ids: Sequence[int], fact: Fact) -> list[Verdict]:
    """What a change would do to these people; changes nothing."""
    return [judged(one, fact) for one in await in_full(tx, user, prospect_ids)]


async def carry_out(
    app: App,
    tx: AsyncConnection,
    user: User,
    prospect_ids: Sequence[int],
    fact: Fact,
    until: datetime | None,
) -> list[Verdict]:
    """Change these people, and say of each what that did."""
    await locks.companies_of(tx, prospect_ids)
    verdicts = await judge(tx, user, prospect_ids, fact)
    why = f"{PAST[fact]} by {user.email}"
    for verdict in verdicts:
        for enrollment_id in verdict.enrollments:
            if fact is Fact.RESUME:
                await transitions.resume(app, tx, enrollment_id, why)
            else:
                await transitions.apply(app, tx, enrollment_id, fact, why, resume_at=until)
    return verdicts


async def change(app: App, visitor: Visitor, prospect_id: int, fact: Fact, until: datetime | None) -> None:
    """Change one person's enrollments within reach; raises NotFound, InvalidInput or Conflict."""
    now = app.clock()
    if until is not None and until <= now:
        raise InvalidInput("A pause ends on a day to come.")
    async with app.db.write() as tx:
        await prospecting.known(tx, visitor, prospect_id)
        (verdict,) = await carry_out(app, tx, visitor.user, [prospect_id], fact, until)
        if verdict.nothing:
            raise Conflict(f"There is {verdict.nothing}.")
        await audit.record(tx, visitor.actor, f"prospect.{PAST[fact]}", verdict.email, at=now)

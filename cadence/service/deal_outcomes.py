"""What became of a lost deal: won back, let go, or open again; a person says so, and it is kept who did.

Once it is won or let go, nothing more is written for it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from cadence.core.address import normalize
from cadence.core.errors import Forbidden, InvalidInput, NotFound
from cadence.core.lifecycle import Fact
from cadence.core.people import Actor
from cadence.core.rights import Visitor
from cadence.service import referring, transitions
from cadence.service.app import App
from cadence.store import audit, deal_outcomes, enrollments, events
from cadence.store.deal_outcomes import DealOutcome

LONGEST_WORDS = 500


class Outcome(StrEnum):
    """How it ended."""

    WON = "won"
    LET_GO = "let_go"


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says became of a deal. outcome: None takes back what was said before.

    amount: of the deal that was won back, as people write it; on: the day, today if left out; reason: of
    letting it go.
    """

    outcome: Outcome | None
    amount: str = ""
    on: date | None = None
    reason: str = ""


_WORDS = {Outcome.WON: "won back", Outcome.LET_GO: "let go", None: "open again"}


async def look(app: App, visitor: Visitor, deal_id: int) -> DealOutcome:
    """A deal that a visitor may see; raises NotFound or Forbidden."""
    async with app.db.read() as tx:
        found = await deal_outcomes.find(tx, deal_id)
        if found is None:
            raise NotFound("There is no such deal.")
        if not await deal_outcomes.is_reached(tx, deal_id, visitor.user):
            raise Forbidden("That belongs to somebody else.")
    return found


async def deal_of(app: App, email: str, name: str | None) -> DealOutcome:
    """The deal of a person, by its name where there are several; raises NotFound or InvalidInput."""
    async with app.db.read() as tx:
        found = await deal_outcomes.of_person(tx, normalize(email))
    wanted = [one for one in found if name is None or one.name == name]
    if not wanted:
        raise NotFound(
            f"{email} has no deal {name!r}" if found else f"nobody of the address {email} has a deal"
        )
    if len(wanted) > 1:
        names = ", ".join(repr(one.name) for one in wanted)
        raise InvalidInput(f"{email} has several deals; say which with --deal: {names}")
    return wanted[0]


async def say(app: App, actor: Actor, deal_id: int, said: Said) -> DealOutcome:
    """Keep what became of a deal, and stop what is written for it; raises InvalidInput or NotFound."""
    now = app.clock()
    _check(said, now.date())
    values = {
        "outcome": said.outcome,
        "outcome_on": (said.on or now.date()) if said.outcome else None,
        "outcome_amount": said.amount.strip() or None if said.outcome is Outcome.WON else None,
        "outcome_reason": said.reason.strip() or None if said.outcome is Outcome.LET_GO else None,
    }
    async with app.db.write() as tx:
        if await deal_outcomes.find(tx, deal_id) is None:
            raise NotFound("There is no such deal.")
        await deal_outcomes.put(tx, deal_id, **values)
        deal = await deal_outcomes.find(tx, deal_id)
        assert deal is not None
        what = ", ".join(
            part for part in (_WORDS[said.outcome], deal.outcome_amount, deal.reason) if part is not None
        )
        await audit.record(
            tx, actor, f"deal.{said.outcome or 'open'}", f"{deal.account}, {deal.name}: {what}", at=now
        )
        if said.outcome is Outcome.WON:
            await referring.ask_to_thank(app, tx, deal_id)
        else:
            await referring.thank_nobody(app, tx, deal_id)
        for enrollment in await enrollments.of_deal(tx, deal_id) if said.outcome else ():
            why = f"the deal is {_WORDS[said.outcome]}"
            await transitions.apply(app, tx, enrollment.id, Fact.STOP, why)
        await events.add_many(
            tx,
            [
                {
                    "kind": f"deal.{said.outcome or 'open'}",
                    "why": f"{deal.name}: {what}",
                    "at": now,
                    "prospect_id": prospect_id,
                }
                for prospect_id in await deal_outcomes.people_of(tx, deal_id)
            ],
        )
    return deal


def _check(said: Said, today: date) -> None:
    if said.on is not None and not today - timedelta(days=3660) <= said.on <= today + timedelta(days=1):
        raise InvalidInput(f"It cannot have ended on {said.on}.")
    if said.outcome is Outcome.LET_GO and not said.reason.strip():
        raise InvalidInput("Say why you let it go.")
    for text in (said.amount, said.reason):
        if len(text) > LONGEST_WORDS or not text.strip().isprintable():
            raise InvalidInput(f"Write one line of at most {LONGEST_WORDS} characters.")

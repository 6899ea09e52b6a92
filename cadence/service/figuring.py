"""Figures for other software: where everybody stands that a user reaches."""

from dataclasses import dataclass
from datetime import datetime

from cadence.core.rights import REACH, Reach, Visitor
from cadence.service import counting
from cadence.service.app import App
from cadence.store import sums, users


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted by what it is, and by where it stands. at: when."""

    at: datetime
    prospects: dict[str, int]
    enrollments: dict[str, int]
    messages: dict[str, int]
    replies: dict[str, int]
    tasks: dict[str, int]
    mailboxes: dict[str, int]


async def figures(app: App, visitor: Visitor, *, patience: float) -> Figures | None:
    """How many are within reach; None where the first count takes longer than so many seconds."""
    reach = "all"
    if REACH[visitor.user.role] is not Reach.ALL:
        async with app.db.read() as tx:
            reach = ",".join(map(str, await users.reached_mailboxes(tx, visitor.user)))
    counted = await counting.kept(
        app, f"standing within {reach}", lambda tx: sums.within(tx, visitor.user), patience=patience
    )
    return Figures(counted.made_at, **counted.body) if counted else None

"""Figures for other software: where everybody stands that a user reaches."""

from dataclasses import dataclass
from datetime import datetime

from cadence.core.rights import Visitor
from cadence.service.app import App
from cadence.store import sums


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted by what it is, and by where it stands."""

    at: datetime
    prospects: dict[str, int]
    enrollments: dict[str, int]
    messages: dict[str, int]
    replies: dict[str, int]
    tasks: dict[str, int]
    mailboxes: dict[str, int]


async def figures(app: App, visitor: Visitor) -> Figures:
    """Count what is within reach."""
    async with app.db.read() as tx:
        return Figures(app.clock(), **await sums.within(tx, visitor.user))

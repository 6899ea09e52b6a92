"""How many people are in each sequence, and how far its mails are: counts over whole tables, for pages.

No page waits for them: until they were counted once they are None.
"""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.service import counting
from cadence.service.app import App
from cadence.store import steps
from cadence.store.steps import Tally


async def people(app: App) -> dict[str, dict[str, int]] | None:
    """Sequence → state → how many people."""
    kept = await counting.kept(app, "people of sequences", steps.people)
    return kept.body if kept else None


async def of_steps(app: App, sequence: str) -> dict[str, Tally] | None:
    """Step → its mails."""

    async def count(tx: AsyncConnection) -> dict[str, Any]:
        found = await steps.tallies(tx, sequence)
        return {name: [one.planned, one.sent, one.replied] for name, one in found.items()}

    kept = await counting.kept(app, f"steps of {sequence}", count)
    return {name: Tally(*numbers) for name, numbers in kept.body.items()} if kept else None

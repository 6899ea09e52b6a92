"""How many people are in each sequence, and how far its mails are: counts over whole tables, for pages."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.service import counting
from cadence.service.app import App
from cadence.store import steps
from cadence.store.steps import Tally

PATIENCE = 10.0
"""Seconds that whoever looks first waits for a count; everybody after sees the one before."""


async def people(app: App) -> dict[str, dict[str, int]]:
    """Sequence → state → how many people."""
    kept = await counting.kept(app, "people of sequences", steps.people, patience=PATIENCE)
    return kept.body if kept else {}


async def of_steps(app: App, sequence: str) -> dict[str, Tally]:
    """Step → its mails."""

    async def count(tx: AsyncConnection) -> dict[str, Any]:
        found = await steps.tallies(tx, sequence)
        return {name: [one.planned, one.sent, one.replied] for name, one in found.items()}

    kept = await counting.kept(app, f"steps of {sequence}", count, patience=PATIENCE)
    return {name: Tally(*numbers) for name, numbers in kept.body.items()} if kept else {}

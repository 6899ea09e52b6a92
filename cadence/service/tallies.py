"""Counts over whole tables that pages show: taken at most once a minute, however many look."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.store import steps
from cadence.store.database import Database
from cadence.store.steps import Tally

T = TypeVar("T")

FRESH = timedelta(minutes=1)


class _Kept(Generic[T]):
    """One count, and when it was taken."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._taken: tuple[datetime, T] | None = None

    async def get(self, now: datetime, take: Callable[[], Awaitable[T]]) -> T:
        async with self._turn:
            if self._taken is None or not self._taken[0] <= now < self._taken[0] + FRESH:
                self._taken = (now, await take())
            return self._taken[1]


class Tallies:
    """The counts of one database."""

    def __init__(self) -> None:
        self._people: _Kept[dict[str, dict[str, int]]] = _Kept()
        self._steps: dict[str, _Kept[dict[str, Tally]]] = {}

    async def people(self, db: Database, now: datetime) -> dict[str, dict[str, int]]:
        """Sequence → state → how many people."""
        return await self._people.get(now, lambda: _read(db, steps.people))

    async def steps(self, db: Database, now: datetime, sequence: str) -> dict[str, Tally]:
        """Step → its mails."""
        kept = self._steps.setdefault(sequence, _Kept())
        return await kept.get(now, lambda: _read(db, lambda tx: steps.tallies(tx, sequence)))


async def _read(db: Database, query: Callable[[AsyncConnection], Awaitable[Any]]) -> Any:
    async with db.read() as tx:
        return await query(tx)

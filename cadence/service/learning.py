"""Learning from corrections: a model is made anew, measured beside the one that reads, and kept or refused.

It goes on from the shipped model by the shipped replies and all corrections, so the same corrections give the
same model, whatever was learnt before. Every model is kept; the one before can come back.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from cadence.core.errors import Conflict
from cadence.core.learning import Figures, refusal
from cadence.mail.intent.learner import Lesson, learnt
from cadence.mail.intent.model import shipped, version_of
from cadence.service.app import App
from cadence.service.lessons import Book, lessons_of, readings, shipped_book
from cadence.store import corrections, models


@dataclass(frozen=True, slots=True)
class Comparison:
    """The model that reads and the one that would, on the same replies."""

    before: Figures
    after: Figures


@dataclass(frozen=True, slots=True)
class Report:
    """What learning came to. refusal: why the model is not used, None where it is or could be.

    corrections: learnt from; held_back: measured on only; unseen: the replies that no model learns from.
    """

    before: str
    after: str
    corrections: int
    unseen: Comparison
    held_back: Comparison
    refusal: str | None

    def plain(self) -> dict[str, Any]:
        """The report as plain data."""
        return asdict(self)


async def learn(app: App, *, dry_run: bool = False, book: Book | None = None) -> Report:
    """Learn from every correction and let the model read, unless it is worse.

    dry_run: only measure it; book: what else it learns from and is measured on, None for what is shipped.

    Raises Conflict where there is nothing to learn from.
    """
    async with app.db.read() as tx:
        to_learn, held_back = lessons_of(await corrections.newest(tx))
    if not to_learn:
        raise Conflict(
            f"nothing to learn from yet: {len(held_back)} corrections, all held back to measure by; "
            "`cadence correct` and the answers to `cadence tasks` are corrections"
            if held_back
            else "nothing to learn from yet: no reply was corrected"
        )
    before = await app.models.in_use(app.db)
    after, report = await asyncio.to_thread(_learn, before, to_learn, held_back, book or shipped_book())
    if report.refusal is None and not dry_run:
        now, base = app.clock(), version_of(shipped())
        async with app.db.write() as tx:
            await models.add(
                tx, version=report.after, base=base, packed=after, report=report.plain(), now=now
            )
    return report


def _learn(
    before: bytes, to_learn: list[Lesson], held_back: list[Lesson], book: Book
) -> tuple[bytes, Report]:
    """The first model that is not refused, else the one that learnt most; each goes less far."""
    made = None
    for after in learnt(shipped(), [*book.shipped, *to_learn]):
        report = _report(before, after, len(to_learn), held_back, book)
        made = made or (after, report)
        if report.refusal is None or after == before:
            return after, report
    assert made is not None
    return made


def _report(before: bytes, after: bytes, corrections: int, held_back: list[Lesson], book: Book) -> Report:
    unseen = _compare(before, after, book.unseen)
    kept_from_it = _compare(before, after, held_back)
    reason = "nothing has changed since it was made" if after == before else None
    for name, compared in (("unseen replies", unseen), ("corrections held back", kept_from_it)):
        worse = refusal(compared.before, compared.after)
        reason = reason or (f"of the {name}, {worse}" if worse else None)
    return Report(version_of(before), version_of(after), corrections, unseen, kept_from_it, reason)


def _compare(before: bytes, after: bytes, lessons: Sequence[Lesson]) -> Comparison:
    return Comparison(Figures.of(readings(before, lessons)), Figures.of(readings(after, lessons)))


async def back(app: App) -> str:
    """Let the model before the newest read again; gives its version. Raises Conflict at the shipped one."""
    async with app.db.write() as tx:
        newest = await models.newest(tx)
        if newest is None:
            raise Conflict("the shipped model reads; there is none before it")
        await models.withdraw(tx, newest[0], now=app.clock())
    return version_of(await app.models.in_use(app.db))


async def versions(app: App) -> list[dict[str, Any]]:
    """Every model, the shipped one first, and which of them reads."""
    reads = version_of(await app.models.in_use(app.db))
    async with app.db.read() as tx:
        rows = await models.all_of(tx)
    told = [{"version": version_of(shipped()), "made_at": None, "withdrawn_at": None, "corrections": 0}]
    told += [
        {
            "version": row.version,
            "made_at": row.made_at.isoformat(),
            "withdrawn_at": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
            "corrections": row.report["corrections"],
        }
        for row in rows
    ]
    last = max(place for place, one in enumerate(told) if one["version"] == reads)
    return [one | {"reads": place == last} for place, one in enumerate(told)]

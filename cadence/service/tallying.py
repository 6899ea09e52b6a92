"""Makes the body of a report out of what the database counted: plain data, small however much there is."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from statistics import median
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core import money
from cadence.store import insights
from cadence.store.insights import Scope

STAGES = ("lost", "answered", "feedback", "in_touch", "reopened", "won")
OTHERS = "…others"
UNKNOWN = ""
"""What nobody said."""
MOST_VALUES = 30
MOST_REASONS = 14
MOST_UNREAD = 20
MOST_UNDECIDED = 20
MOST_WAITS = 1000

Tally = dict[str, dict[str, dict[str, list[int]]]]
"""Dimension → value → reason → deals, answered, reopened, won."""


async def counted(tx: AsyncConnection, scope: Scope) -> dict[str, Any]:
    """Count everything in a scope; takes seconds where there are many."""
    rows = await insights.reasons(tx, scope)
    return {
        **await _funnel(tx, scope),
        "rep": _tally(row for row in rows if row.version == "rep"),
        "prospect": _tally(row for row in rows if row.version == "prospect"),
        "steps": [list(row) for row in await insights.steps(tx, scope)],
        "proofs": _proofs(await insights.proofs(tx, scope)),
        "undecided": await insights.undecided(tx, scope, MOST_UNDECIDED),
        "waits": _waits(await insights.waits(tx, scope, MOST_WAITS)),
    }


def _waits(known: list[tuple[datetime, datetime | None]]) -> dict[str, Any]:
    """How soon a person saw to the answers that called for one."""
    took = sorted((at - since).total_seconds() for since, at in known if at is not None)
    return {
        "called": len(known),
        "answered": len(took),
        "within_hour": sum(seconds <= 3600 for seconds in took),
        "within_day": sum(seconds <= 86_400 for seconds in took),
        "median_seconds": median(took) if took else None,
    }


async def _funnel(tx: AsyncConnection, scope: Scope) -> dict[str, Any]:
    """How many deals came how far, and what they are worth together, by currency."""
    deals = dict.fromkeys((*STAGES, "let_go"), 0)
    sums: dict[str, defaultdict[str, Decimal]] = {stage: defaultdict(Decimal) for stage in STAGES}
    unread: Counter[str] = Counter()
    unsaid: Counter[str] = Counter()
    async for row in insights.amounts(tx, scope):
        deals["let_go"] += row.deals * row.let_go
        for stage in STAGES:
            if stage != "lost" and not getattr(row, stage):
                continue
            deals[stage] += row.deals
            text = (row.outcome_amount if stage == "won" else None) or row.amount
            read = money.read(text) if text else None
            if read is not None:
                sums[stage][read.currency] += read.amount * row.deals
            elif not text:
                unsaid[stage] += row.deals
            else:
                unread[text] += row.deals if stage == "lost" or row.outcome_amount else 0
    return {
        "deals": deals,
        "sums": {stage: {name: str(total) for name, total in of.items()} for stage, of in sums.items()},
        "unsaid": dict(unsaid),
        "unread": unread.most_common(MOST_UNREAD),
        "unread_in_all": sum(unread.values()),
    }


def _tally(rows: Iterable[Any]) -> Tally:
    found: Tally = {name: defaultdict(lambda: defaultdict(lambda: [0] * 4)) for name in insights.DIMENSIONS}
    for row in rows:
        for reason in _reasons(row.reason):
            cell = found[row.dimension][row.value or UNKNOWN][reason]
            for place, more in enumerate((row.deals, row.answered, row.reopened, row.won)):
                cell[place] += int(more or 0)
    return {name: _cut(values, by_name=name == "month") for name, values in found.items()}


def _reasons(said: str | None) -> list[str]:
    """The rep's version is one reason, the prospect's a JSON list."""
    if said is not None and said.startswith("["):
        return [str(reason) for reason in json.loads(said)]
    return [said or UNKNOWN]


def _cut(values: dict[str, dict[str, list[int]]], *, by_name: bool) -> dict[str, dict[str, list[int]]]:
    """The values and reasons of most deals, the rest together; months: the latest."""
    weight: Counter[str] = Counter()
    of_reason: Counter[str] = Counter()
    for value, reasons in values.items():
        for reason, cell in reasons.items():
            weight[value] += cell[0]
            of_reason[reason] += cell[0]
    ranked = sorted(weight, reverse=True) if by_name else [value for value, _ in weight.most_common()]
    shown, reasons_shown = set(ranked[:MOST_VALUES]), {one for one, _ in of_reason.most_common(MOST_REASONS)}
    found: dict[str, dict[str, list[int]]] = {}
    for value in ranked:
        row = found.setdefault(value if value in shown else OTHERS, {})
        for reason, cell in values[value].items():
            kept = row.setdefault(reason if reason in reasons_shown else OTHERS, [0] * 4)
            for place, more in enumerate(cell):
                kept[place] += more
    return found


def _proofs(rows: Iterable[Any]) -> dict[str, list[int]]:
    """Reason → the newest answers that name it."""
    found: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        for reason in _reasons(row.said):
            if len(found[reason]) < insights.WORDS_EACH:
                found[reason].append(row.inbound_id)
    return found

"""What pages and the console show of CRMs: how each stands, its faults, and what waits for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cadence.core.rights import Visitor
from cadence.service import lists
from cadence.service.app import App
from cadence.service.checks import Check, fault, ok, warning
from cadence.store import crm, crm_writes, revisions
from cadence.store.crm import connection_list

LATE = timedelta(minutes=15)
"""After which a CRM that was not visited is worth a line."""
SHOWN = 50
"""Deals of a CRM, and things that could not be told."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One CRM. deals: what became of them, those with a fault first; conflicts: what waits for a decision;
    untold: what could not be told.
    """

    connection: Any
    deals: Sequence[Any]
    conflicts: Sequence[Any]
    untold: Sequence[Any]


async def overview(app: App, visitor: Visitor | None) -> list[Any]:
    """Every connection within reach, without what opens it; None reaches all."""
    async with app.db.read() as tx:
        query = connection_list(visitor.user if visitor else None).query
        found = list(await tx.execute(query))
    return sorted(found, key=lambda row: int(row.id))


async def look(app: App, visitor: Visitor | None, id_: int) -> Shown:
    """One connection; raises NotFound."""
    async with app.db.read() as tx:
        connection = await lists.known(tx, connection_list(visitor.user if visitor else None), id_)
        return Shown(
            connection,
            await crm.deals_shown(tx, id_, SHOWN),
            await crm_writes.conflicts(tx, id_),
            await crm_writes.failed(tx, id_, SHOWN),
        )


async def checks(app: App) -> list[Check]:
    """What the doctor says of CRMs."""
    return [_check(row, app.clock()) for row in await overview(app, None)]


def _check(row: Any, now: datetime) -> Check:
    again = f"Look at it on the page CRM, or with `cadence crm check {row.id}`."
    match row.state:
        case crm.REFUSED:
            text = f"{row.account} does not let us in: {row.fault}"
            return fault("crm", text, "Give it a new token on the page CRM; nothing is lost meanwhile.")
        case crm.PAUSED:
            return warning("crm", f"{row.account} is switched off", "Switch it on again on the page CRM.")
    if row.fault:
        return warning("crm", f"{row.account}: the last visit failed: {row.fault}", again)
    if row.read_at is None or now - row.read_at > LATE:
        read = f"since {row.read_at:%Y-%m-%d %H:%M} UTC" if row.read_at else "yet"
        return warning("crm", f"{row.account} was not read {read}", "Look whether `cadence run` is running.")
    return ok("crm", f"{row.account} lets us in, and was read at {row.read_at:%H:%M} UTC")


async def sequences(app: App) -> list[str]:
    """The sequences that people can be enrolled in."""
    async with app.db.read() as tx:
        return sorted(await revisions.heads(tx))

"""People who gave their new address: what holds for them at the old one holds at the new one."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.address import normalize
from cadence.store.tables import inbound, prospects, suggestions, suppressions

MOVED = "moved"
"""The kind of suggestion that is somebody's own new address."""

_MOVES = (
    sa.select(prospects.c.email_key, suggestions.c.email)
    .select_from(suggestions)
    .join(inbound, inbound.c.id == suggestions.c.inbound_id)
    .join(prospects, prospects.c.id == inbound.c.prospect_id)
    .where(suggestions.c.kind == MOVED, suggestions.c.email.is_not(None))
)


async def moved_to(tx: AsyncConnection, email_keys: Collection[str]) -> dict[str, set[str]]:
    """Normalized address → the new ones of the same person, where they gave any."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    if email_keys:
        for row in await tx.execute(_MOVES.where(prospects.c.email_key.in_(list(email_keys)))):
            found[row.email_key].add(normalize(row.email))
    return found


async def suppressed_before(tx: AsyncConnection, email_keys: Collection[str]) -> dict[str, str]:
    """Of these addresses, those of people who asked for no more mail at the one they had before, and why."""
    query = _MOVES.add_columns(suppressions.c.reason).join(
        suppressions, suppressions.c.email_key == prospects.c.email_key
    )
    rows = await tx.execute(query.where(sa.func.lower(suggestions.c.email).in_(list(email_keys))))
    return {normalize(row.email): row.reason for row in rows}


async def followed(tx: AsyncConnection, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of suppressions, and the same for the new addresses of the same people."""
    wanted = {row["email_key"]: row for row in rows}
    for old, new in (await moved_to(tx, wanted)).items():
        for key in sorted(new):
            wanted.setdefault(key, wanted[old] | {"email_key": key})
    return list(wanted.values())

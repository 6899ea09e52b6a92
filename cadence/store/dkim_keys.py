"""The keys with which mails are signed for their domains, encrypted, and since when each is used."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.store.database import insert
from cadence.store.tables import dkim_keys


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A key. secret: encrypted; record: what is to be published; used_since: None as long as nothing is
    signed with it, because the record was not seen yet.
    """

    id: int
    domain: str
    selector: str
    algorithm: str
    secret: str = field(repr=False)
    record: str
    created_at: datetime
    used_since: datetime | None


def _key_of(row: Any) -> DkimKey:
    return DkimKey(**row._mapping)


async def add(tx: AsyncConnection, **values: Any) -> int:
    """Store a key; values are columns."""
    return await insert(tx, dkim_keys, **values)


async def of_domain(tx: AsyncConnection, domain: str | None = None) -> list[DkimKey]:
    """The keys of a domain, None: of all, the oldest first."""
    query = sa.select(dkim_keys).order_by(dkim_keys.c.domain, dkim_keys.c.id)
    if domain is not None:
        query = query.where(dkim_keys.c.domain == domain)
    return [_key_of(row) for row in await tx.execute(query)]


async def in_use(tx: AsyncConnection, domain: str) -> tuple[DkimKey, ...]:
    """With which keys mails of a domain are signed: of each algorithm the newest that is in use."""
    rows = await tx.execute(_IN_USE, {"of": domain})
    return tuple({key.algorithm: key for key in map(_key_of, rows)}.values())


_IN_USE = (
    sa.select(dkim_keys)
    .where(dkim_keys.c.domain == sa.bindparam("of"), dkim_keys.c.used_since.is_not(None))
    .order_by(dkim_keys.c.id)
)


async def use(tx: AsyncConnection, key_id: int, since: datetime) -> None:
    """Sign with a key from now on, if that is not done already."""
    first = sa.func.coalesce(dkim_keys.c.used_since, since)
    await tx.execute(dkim_keys.update().where(dkim_keys.c.id == key_id).values(used_since=first))


async def remove(tx: AsyncConnection, key_id: int) -> None:
    """Forget a key."""
    await tx.execute(dkim_keys.delete().where(dkim_keys.c.id == key_id))

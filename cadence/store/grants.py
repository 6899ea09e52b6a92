"""The grants by which mailboxes are signed in (OAuth 2): refresh tokens, encrypted, and who renews them."""

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.store.tables import grants


@dataclass(frozen=True, slots=True)
class Kept:
    """A grant. refresh: encrypted; ended_at: when its provider said that it is worth nothing now."""

    refresh: str = field(repr=False)
    granted_at: datetime
    ended_at: datetime | None


async def put(tx: AsyncConnection, mailbox_id: int, refresh: str, *, now: datetime) -> None:
    """Keep the grant of a mailbox that has none."""
    values = {"mailbox_id": mailbox_id, "refresh": refresh, "granted_at": now, "tried_at": now}
    await tx.execute(grants.insert().values(values))


async def remove(tx: AsyncConnection, mailbox_id: int) -> None:
    """Forget the grant of a mailbox, if it has one."""
    await tx.execute(grants.delete().where(grants.c.mailbox_id == mailbox_id))


async def get(tx: AsyncConnection, mailbox_id: int) -> Kept | None:
    """The grant of a mailbox."""
    row = (await tx.execute(grants.select().where(grants.c.mailbox_id == mailbox_id))).one_or_none()
    return Kept(row.refresh, row.granted_at, row.ended_at) if row else None


async def take(tx: AsyncConnection, mailbox_id: int, *, now: datetime, until: datetime) -> Kept | None:
    """Be the one that renews a grant, until then at the latest; None where another is, or there is none."""
    free = sa.or_(grants.c.busy_until.is_(None), grants.c.busy_until <= now)
    taken = (
        grants.update()
        .where(grants.c.mailbox_id == mailbox_id, free)
        .values(busy_until=until, tried_at=now)
        .returning(grants)
    )
    row = (await tx.execute(taken)).one_or_none()
    return Kept(row.refresh, row.granted_at, row.ended_at) if row else None


async def give_back(
    tx: AsyncConnection, mailbox_id: int, *, refresh: str | None = None, ended_at: datetime | None = None
) -> None:
    """It was tried. refresh: came in place of the one that was used; ended_at: now, where it is dead."""
    values: dict[str, object] = {"busy_until": None, "ended_at": ended_at}
    if refresh is not None:
        values["refresh"] = refresh
    await tx.execute(grants.update().where(grants.c.mailbox_id == mailbox_id).values(values))


async def untried_since(tx: AsyncConnection, at: datetime) -> list[int]:
    """The mailboxes whose living grants nobody renewed since then."""
    query = sa.select(grants.c.mailbox_id).where(grants.c.tried_at < at, grants.c.ended_at.is_(None))
    return list((await tx.execute(query.order_by(grants.c.mailbox_id))).scalars())


async def untold(tx: AsyncConnection) -> list[int]:
    """The mailboxes whose grants died, as long as nobody was told."""
    query = sa.select(grants.c.mailbox_id).where(grants.c.ended_at.is_not(None), grants.c.told_at.is_(None))
    return list((await tx.execute(query.order_by(grants.c.mailbox_id))).scalars())


async def tell(tx: AsyncConnection, mailbox_id: int, *, now: datetime) -> bool:
    """Be the one that tells people of a grant that died; False where somebody else is."""
    mine = grants.update().where(grants.c.mailbox_id == mailbox_id, grants.c.told_at.is_(None))
    return bool((await tx.execute(mine.values(told_at=now))).rowcount)

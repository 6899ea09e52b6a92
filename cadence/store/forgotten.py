"""Who was erased, kept as keyed digests of their addresses."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.store.tables import forgotten


async def put(tx: AsyncConnection, digest: str, at: datetime) -> None:
    """Remember that somebody was erased."""
    await tx.execute(forgotten.insert().values(digest=digest, at=at))


async def anybody(tx: AsyncConnection) -> bool:
    """Whether anybody was ever erased."""
    return (await tx.execute(sa.select(forgotten.c.digest).limit(1))).first() is not None


async def among(tx: AsyncConnection, digests: Iterable[str]) -> set[str]:
    """Which of these digests are of somebody who was erased."""
    query = sa.select(forgotten.c.digest).where(forgotten.c.digest.in_(list(digests)))
    return set((await tx.execute(query)).scalars())

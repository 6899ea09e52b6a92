"""The models that were learnt from corrections: each kept, the newest that was not withdrawn counts."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.store.database import insert
from cadence.store.tables import models

_ABOUT = (
    models.c.id,
    models.c.version,
    models.c.base,
    models.c.report,
    models.c.made_at,
    models.c.withdrawn_at,
)
_NEWEST = (
    sa.select(models.c.id, models.c.base)
    .where(models.c.withdrawn_at.is_(None))
    .order_by(models.c.id.desc())
    .limit(1)
)


async def add(
    tx: AsyncConnection, *, version: str, base: str, packed: bytes, report: dict[str, Any], now: datetime
) -> int:
    """Let a model read from now on; base: the version of the shipped model that it goes on from."""
    return await insert(tx, models, version=version, base=base, packed=packed, report=report, made_at=now)


async def newest(tx: AsyncConnection) -> tuple[int, str] | None:
    """Id and base of the model that counts, None for the shipped one."""
    row = (await tx.execute(_NEWEST)).one_or_none()
    return (row.id, row.base) if row else None


async def packed(tx: AsyncConnection, model_id: int) -> bytes:
    """The file of a model."""
    found: bytes = (await tx.execute(sa.select(models.c.packed).where(models.c.id == model_id))).scalar_one()
    return found


async def withdraw(tx: AsyncConnection, model_id: int, *, now: datetime) -> None:
    """Let a model read no more; it is kept."""
    await tx.execute(models.update().where(models.c.id == model_id).values(withdrawn_at=now))


async def all_of(tx: AsyncConnection) -> list[Any]:
    """Everything about every model but its file, oldest first."""
    return list(await tx.execute(sa.select(*_ABOUT).order_by(models.c.id)))

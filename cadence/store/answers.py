"""Answers to requests that may come again: the request of a key is carried out by one, and answered alike."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.store.tables import answers


async def begin(tx: AsyncConnection, user_id: int, key: str, digest: str, *, now: datetime) -> bool:
    """Say that a request is being carried out; False where one of this key came before."""
    dialect = sqlite if tx.dialect.name == "sqlite" else postgresql
    row = dialect.insert(answers).values(user_id=user_id, key=key, digest=digest, begun_at=now)
    return bool((await tx.execute(row.on_conflict_do_nothing())).rowcount)


async def find(tx: AsyncConnection, user_id: int, key: str) -> Any | None:
    """The request of this key: digest, begun_at and, once it was carried out, its answer."""
    query = sa.select(answers).where(answers.c.user_id == user_id, answers.c.key == key)
    return (await tx.execute(query)).one_or_none()


async def take_over(
    tx: AsyncConnection, user_id: int, key: str, *, begun_at: datetime, now: datetime
) -> bool:
    """Carry a request out whose process ended before it answered; False where somebody else does."""
    mine = (answers.c.user_id == user_id, answers.c.key == key, answers.c.begun_at == begun_at)
    taken = answers.update().where(*mine, answers.c.answer.is_(None)).values(begun_at=now)
    return bool((await tx.execute(taken)).rowcount)


async def keep(tx: AsyncConnection, user_id: int, key: str, answer: str) -> None:
    """Keep what was answered."""
    of_key = answers.update().where(answers.c.user_id == user_id, answers.c.key == key)
    await tx.execute(of_key.values(answer=answer))


async def forget(tx: AsyncConnection, user_id: int, key: str) -> None:
    """A request was not carried out: it may come again."""
    await tx.execute(answers.delete().where(answers.c.user_id == user_id, answers.c.key == key))


async def forget_old(tx: AsyncConnection, before: datetime) -> None:
    """Forget requests that came before."""
    await tx.execute(answers.delete().where(answers.c.begun_at < before))

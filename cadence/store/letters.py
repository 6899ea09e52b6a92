"""Mails that people wrote from here in answer to replies: each a row, before anything of it leaves."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.store.database import insert
from cadence.store.tables import letters


class LetterState(StrEnum):
    """Where a letter stands. sending: the server has it, and nobody knows yet; refused: it did not leave."""

    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    IN_DOUBT = "in_doubt"


async def add(tx: AsyncConnection, **values: Any) -> int:
    """Keep a letter that is about to leave; raises Conflict where one of this key is kept."""
    return await insert(tx, letters, state=LetterState.SENDING, **values)


async def of_key(tx: AsyncConnection, key: str) -> Any | None:
    """The letter that a form made, or None."""
    return (await tx.execute(sa.select(letters).where(letters.c.key == key))).one_or_none()


async def settle(
    tx: AsyncConnection, letter_id: int, state: LetterState, outcome: str, sent_at: datetime | None
) -> None:
    """Record what became of a letter, unless that is known for sure."""
    unknown = letters.c.state.in_((LetterState.SENDING, LetterState.IN_DOUBT))
    changed = letters.update().where(letters.c.id == letter_id, unknown)
    await tx.execute(changed.values(state=state, outcome=outcome, sent_at=sent_at))


async def of_message_ids(tx: AsyncConnection, ids: Iterable[str]) -> dict[str, int]:
    """Of these Message-IDs those of letters, each with the enrollment that it was written in."""
    query = sa.select(letters.c.message_id, letters.c.enrollment_id)
    rows = await tx.execute(query.where(letters.c.message_id.in_(list(ids))))
    return {row.message_id: row.enrollment_id for row in rows}


async def proven(tx: AsyncConnection, message_id: str, sent_at: datetime, how: str) -> int | None:
    """The reply that a letter answers of which something proves that it left; how: what. None: it is none."""
    ours = letters.c.message_id == message_id
    known = (await tx.execute(sa.select(letters.c.id, letters.c.inbound_id).where(ours))).one_or_none()
    if known is None:
        return None
    await settle(tx, known.id, LetterState.SENT, how, sent_at)
    return int(known.inbound_id)


async def abandoned(tx: AsyncConnection, before: datetime) -> list[Any]:
    """Letters whose sending began before an instant and never ended: whoever sent them died."""
    query = sa.select(letters).where(letters.c.state == LetterState.SENDING, letters.c.at < before)
    return list(await tx.execute(query.order_by(letters.c.id)))


async def in_doubt(tx: AsyncConnection, inbound_id: int) -> list[Any]:
    """The letters of which nobody knows whether they left, of those that answer a reply, oldest first."""
    doubtful = letters.c.inbound_id == inbound_id, letters.c.state == LetterState.IN_DOUBT
    return list(await tx.execute(sa.select(letters).where(*doubtful).order_by(letters.c.id)))


async def of_replies(tx: AsyncConnection, inbound_ids: Iterable[int]) -> list[Any]:
    """The letters that answer these replies, oldest first."""
    query = sa.select(letters).where(letters.c.inbound_id.in_(list(inbound_ids))).order_by(letters.c.id)
    return list(await tx.execute(query))

"""Published revisions of sequences: immutable snapshots of an author's files."""

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.store.tables import revisions


@dataclass(frozen=True, slots=True)
class Revision:
    """One published state of a sequence; files: path → bytes."""

    id: int
    sequence: str
    number: int
    digest: str
    files: Mapping[str, bytes]
    published_at: datetime


async def add(
    tx: AsyncConnection, *, sequence: str, digest: str, files: Mapping[str, bytes], now: datetime
) -> int:
    """Store the next revision of a sequence and give its number."""
    query = sa.select(sa.func.max(revisions.c.number)).where(revisions.c.sequence == sequence)
    number = ((await tx.execute(query)).scalar_one_or_none() or 0) + 1
    await tx.execute(
        revisions.insert().values(
            sequence=sequence, number=number, digest=digest, files=_pack(files), published_at=now
        )
    )
    return number


async def heads(tx: AsyncConnection) -> dict[str, tuple[int, str]]:
    """Of every published sequence, the id and the digest of its newest revision."""
    return {row.sequence: (row.id, row.digest) for row in await tx.execute(_HEADS)}


_NEWEST = sa.select(sa.func.max(revisions.c.id)).group_by(revisions.c.sequence)
_HEADS = sa.select(revisions.c.sequence, revisions.c.id, revisions.c.digest).where(
    revisions.c.id.in_(_NEWEST)
)
"""Built once: asked several times for every mail."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest revision of a sequence, without its files."""

    id: int
    number: int
    digest: str
    published_at: datetime


async def newest(tx: AsyncConnection) -> dict[str, Head]:
    """The newest revision of every sequence that was published."""
    columns = (revisions.c.id, revisions.c.number, revisions.c.digest, revisions.c.published_at)
    query = sa.select(revisions.c.sequence, *columns).where(revisions.c.id.in_(_NEWEST))
    return {row[0]: Head(*row[1:]) for row in await tx.execute(query)}


async def get(tx: AsyncConnection, revision_id: int) -> Revision:
    """One revision with its files."""
    row: Any = (await tx.execute(sa.select(revisions).where(revisions.c.id == revision_id))).one()
    return Revision(row.id, row.sequence, row.number, row.digest, _unpack(row.files), row.published_at)


def _pack(files: Mapping[str, bytes]) -> bytes:
    plain = {path: b64encode(content).decode() for path, content in sorted(files.items())}
    return zlib.compress(json.dumps(plain).encode(), 9)


def _unpack(packed: bytes) -> dict[str, bytes]:
    return {path: b64decode(content) for path, content in json.loads(zlib.decompress(packed)).items()}

"""Which form the database has, and which one this version of Cadence knows."""

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import AsyncConnection

_VERSION = sa.text("SELECT version_num FROM alembic_version")


async def revision(tx: AsyncConnection) -> str:
    """The revision of the database, such as "0002"."""
    found: str = (await tx.execute(_VERSION)).scalar_one()
    return found


@cache
def newest() -> str:
    """The revision that this code was written for."""
    head = ScriptDirectory(str(Path(__file__).parent / "migrations")).get_current_head()
    assert head is not None
    return head

"""Relays with their encrypted secrets, and which reports were signed with what may be used once."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.relays import Relay, RelayKind
from cadence.store.database import insert
from cadence.store.tables import mailboxes, relay_tokens, relays


@dataclass(frozen=True, slots=True)
class RelayAccess:
    """A relay with its encrypted secrets. secret: to send by it; hook: by which its reports are known."""

    relay: Relay
    secret: str | None = field(repr=False)
    hook: str | None = field(repr=False)


def _access_of(row: Any) -> RelayAccess:
    return RelayAccess(
        Relay(
            row.id,
            row.name,
            RelayKind(row.kind),
            row.smtp,
            row.username,
            row.signs,
            row.created_at,
            is_heard=row.hook is not None,
        ),
        row.secret,
        row.hook,
    )


async def add(tx: AsyncConnection, **values: Any) -> int:
    """Store a relay; values are columns."""
    return await insert(tx, relays, **values)


async def change(tx: AsyncConnection, relay_id: int, **values: Any) -> None:
    """Set some columns of a relay; where mail leaves is said of its mailboxes as well."""
    await tx.execute(relays.update().where(relays.c.id == relay_id).values(**values))
    if "smtp" in values:
        theirs = mailboxes.update().where(mailboxes.c.relay_id == relay_id)
        await tx.execute(theirs.values(smtp=values["smtp"]))


async def remove(tx: AsyncConnection, relay_id: int) -> None:
    """Forget a relay that no mailbox sends through; mailboxes that were removed let go of it."""
    await tx.execute(mailboxes.update().where(mailboxes.c.relay_id == relay_id).values(relay_id=None))
    await tx.execute(relay_tokens.delete().where(relay_tokens.c.relay_id == relay_id))
    await tx.execute(relays.delete().where(relays.c.id == relay_id))


async def all_of(tx: AsyncConnection) -> list[Relay]:
    """Every relay, by name."""
    rows = await tx.execute(sa.select(relays).order_by(relays.c.name))
    return [_access_of(row).relay for row in rows]


async def find(tx: AsyncConnection, name: str) -> Relay | None:
    """The relay of this name."""
    row = (await tx.execute(sa.select(relays).where(relays.c.name == name))).one_or_none()
    return _access_of(row).relay if row else None


async def access(tx: AsyncConnection, relay_id: int) -> RelayAccess | None:
    """A relay with its secrets, None where there is none of this id."""
    row = (await tx.execute(_RELAY, {"of": relay_id})).one_or_none()
    return _access_of(row) if row else None


_RELAY = sa.select(relays).where(relays.c.id == sa.bindparam("of"))


async def mailboxes_through(tx: AsyncConnection) -> dict[int, list[str]]:
    """The addresses of the mailboxes that send through each relay, removed ones left out."""
    query = (
        sa.select(mailboxes.c.relay_id, mailboxes.c.address)
        .where(mailboxes.c.relay_id.is_not(None), mailboxes.c.removed_at.is_(None))
        .order_by(mailboxes.c.address)
    )
    found: dict[int, list[str]] = {}
    for row in await tx.execute(query):
        found.setdefault(row.relay_id, []).append(row.address)
    return found


async def use_token(
    tx: AsyncConnection, relay_id: int, token: str, body: str, *, now: datetime, forget: datetime
) -> bool:
    """Let a token be good for one body only, from now on; False where it was used for another one.

    token, body: digests; forget: tokens from before then are dropped.
    """
    await tx.execute(relay_tokens.delete().where(relay_tokens.c.at < forget))
    mine = (relay_tokens.c.relay_id == relay_id, relay_tokens.c.token == token)
    known = (await tx.execute(sa.select(relay_tokens.c.body).where(*mine))).scalar_one_or_none()
    if known is None:
        await tx.execute(relay_tokens.insert().values(relay_id=relay_id, token=token, body=body, at=now))
    return known in (None, body)

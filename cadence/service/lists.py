"""What other software may see: lists in parts, single things with a tag that says whether they changed."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.address import normalize
from cadence.core.errors import NotFound, Stale
from cadence.service.app import App
from cadence.service.paging import Part, cursor, position
from cadence.store import listing
from cadence.store.listing import Listing


async def part(app: App, of: Listing, *, after: str | None, limit: int) -> Part[Any]:
    """One part of a list, the newest first; raises InvalidInput for a cursor that is none."""
    behind = position(after, int)
    async with app.db.read() as tx:
        found = await listing.page(tx, of, before=behind[0] if behind else None, limit=limit + 1)
    return Part(found[:limit], cursor(found[limit - 1].id) if len(found) > limit else None)


async def one(app: App, of: Listing, id_: int) -> Any:
    """The thing of this id; raises NotFound, also where it is out of reach."""
    async with app.db.read() as tx:
        return await known(tx, of, id_)


async def known(tx: AsyncConnection, of: Listing, id_: int, *, hold: bool = False) -> Any:
    """`one` within a transaction; hold: nobody else changes it until that ends."""
    found = await listing.one(tx, of, id_, hold=hold)
    if found is None:
        raise NotFound(f"There is no {of.what} {id_}, or it belongs to somebody else.")
    return found


def tag_of(record: Sequence[Any]) -> str:
    """An entity tag (RFC 9110 §8.8.3): as long as it is the same, nothing was changed."""
    return f'"{sha256(repr(tuple(record)).encode()).hexdigest()[:32]}"'


def check_unchanged(record: Sequence[Any], wanted: str) -> None:
    """Raises Stale where If-Match (RFC 9110 §13.1.1) names another state than this."""
    tags = {tag.strip() for tag in wanted.split(",")}
    if not tags & {"*", tag_of(record)}:
        raise Stale("It was changed meanwhile: get it anew, with its new ETag.")


def key_of(email: str | None) -> str | None:
    """The key of an address to look for; raises InvalidInput."""
    return normalize(email) if email is not None else None

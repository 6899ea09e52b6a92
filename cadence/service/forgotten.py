"""Who asked to be erased: known again by their address, which is not kept."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.service.app import App
from cadence.store import forgotten

WHY = "asked to be forgotten: nobody writes to this address again"


async def among(app: App, tx: AsyncConnection, email_keys: Iterable[str | None]) -> set[str]:
    """Which of these normalized addresses are of people who were erased."""
    if not await forgotten.anybody(tx):
        return set()
    by_digest = {digest: key for key in set(email_keys) if key for digest in app.vault.digests(key)}
    return {by_digest[digest] for digest in await forgotten.among(tx, by_digest)}

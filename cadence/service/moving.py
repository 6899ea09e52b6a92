"""Moves an embedded installation into PostgreSQL, and takes it back; the two of them never both work.

The old database is sealed, on disk, before the new one holds a row, on disk. A crash between the two leaves
a sealed installation and an empty one: then the move is made again, or taken back.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.errors import Conflict, DatabaseAway, InvalidInput
from cadence.service.app import App
from cadence.store import copying, mailboxes, moving
from cadence.store.copying import Fingerprint
from cadence.store.database import Database


@dataclass(frozen=True, slots=True)
class Both:
    """The old and the new installation, each in a transaction that keeps everybody else from writing."""

    source: AsyncConnection
    target: AsyncConnection


async def move(source_url: str, target_url: str, *, now: datetime) -> dict[str, Fingerprint]:
    """Copy an SQLite database into an empty PostgreSQL one, compare them, seal the old one.

    Gives what each table holds now. Raises Conflict or InvalidInput, and changes nothing, where one of them
    is in use, the target is not empty, a row cannot be kept there or a copy differs.
    """
    place = moving.place_of(target_url)
    await moving.look_at_target(target_url)
    sealed = False
    try:
        async with _opened(target_url) as new, new.write() as target:
            await moving.hold(target)
            async with _opened(source_url) as old, old.write() as source:
                await _check(Both(source, target), place, now)
                moved = await _copy(Both(source, target))
                await moving.seal(source, place, now)
            sealed = True
    except DatabaseAway as fault:
        if sealed:
            raise Conflict(f"it is not known whether {place} has everything; move again: {fault}") from fault
        raise
    return moved


async def _check(both: Both, place: str, now: datetime) -> None:
    for tx, what in ((both.source, "the installation"), (both.target, place)):
        if process := await moving.at_work(tx, now):
            raise Conflict(f"the process {process} works on {what}; stop it, or wait a minute if it died")
    was = await moving.moved_to(both.source)
    if was not in (None, place):
        raise Conflict(f"this installation was moved to {was}")
    if not await moving.is_empty(both.target):
        hint = "; this one was moved there" if was else ""
        raise Conflict(f"{place} holds an installation already{hint}")


async def _copy(both: Both) -> dict[str, Fingerprint]:
    for table in copying.CARRIED:
        await copying.copy(both.source, both.target, table)
    await moving.analyze(both.target)
    return await _compare(both, "nothing was moved, because the copy is not the same")


async def _compare(both: Both, otherwise: str) -> dict[str, Fingerprint]:
    """What each table holds in both; raises Conflict, with these words, where they differ."""
    found = {}
    for table in copying.CARRIED:
        here = await copying.fingerprint(both.source, table)
        there = found[table.name] = await copying.fingerprint(both.target, table)
        if here != there:
            raise Conflict(f"{otherwise}: {table.name} has {here.rows} rows here, {there.rows} there")
    return found


async def take_back(source_url: str, target_url: str, *, now: datetime) -> None:
    """Empty the new installation and open the old one again.

    Raises Conflict, and changes nothing, where the old one was not moved there, or the new one is in use or
    went on since, so that mails may have left from it.
    """
    place = moving.place_of(target_url)
    await moving.look_at_target(target_url)
    async with _opened(source_url) as old, old.write() as source:
        if (was := await moving.moved_to(source)) != place:
            raise Conflict(f"this installation was {f'moved to {was}' if was else 'not moved'}")
        async with _opened(target_url) as new, new.write() as target:
            await moving.hold(target)
            await _check_unused(Both(source, target), place, now)
            await moving.clear(target)
        await moving.unseal(source)


async def _check_unused(both: Both, place: str, now: datetime) -> None:
    if process := await moving.at_work(both.target, now):
        raise Conflict(f"the process {process} works on {place}; stop it first")
    if not await moving.is_empty(both.target):
        await _compare(both, f"{place} went on since, and mails may have left from it")


async def moved_to(db: Database) -> str | None:
    """Where an installation was moved to, None where it is in use."""
    async with db.read() as tx:
        return await moving.moved_to(tx)


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Database]:
    db = await Database.open(url)
    try:
        yield db
    finally:
        await db.close()


async def locked_passwords(app: App) -> list[str]:
    """The mailboxes whose passwords the keys in use do not open."""
    async with app.db.read() as tx:
        known = await mailboxes.accesses(tx)
    locked = []
    for access in known.values():
        try:
            app.vault.open(access.secret)
        except InvalidInput:
            locked.append(access.mailbox.address)
    return locked

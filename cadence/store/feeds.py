"""How far the APIs of providers told what is new in a mailbox, and the mails that are not dealt with yet."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.store.tables import feed_mails, feeds, folders


@dataclass(frozen=True, slots=True)
class Row:
    """How a folder stands. position: None where the API must be asked afresh."""

    validity: int
    position: str | None
    next_uid: int


async def get(tx: AsyncConnection, mailbox_id: int, folder: str) -> Row | None:
    """How a folder stands, None where it was never asked for."""
    query = sa.select(feeds.c.validity, feeds.c.position, feeds.c.next_uid).where(
        feeds.c.mailbox_id == mailbox_id, feeds.c.folder == folder
    )
    row = (await tx.execute(query)).one_or_none()
    return Row(row.validity, row.position, row.next_uid) if row else None


async def put(tx: AsyncConnection, mailbox_id: int, folder: str, row: Row) -> None:
    """Record how a folder stands."""
    values = {"validity": row.validity, "position": row.position, "next_uid": row.next_uid}
    of = feeds.c.mailbox_id == mailbox_id, feeds.c.folder == folder
    if not (await tx.execute(feeds.update().where(*of).values(**values))).rowcount:
        await tx.execute(feeds.insert().values(mailbox_id=mailbox_id, folder=folder, **values))


async def add_mails(tx: AsyncConnection, mailbox_id: int, folder: str, names: Mapping[int, str]) -> None:
    """Remember mails that the API told of, by their numbers."""
    about = {"mailbox_id": mailbox_id, "folder": folder}
    if names:
        await tx.execute(
            feed_mails.insert(), [about | {"uid": uid, "name": name} for uid, name in names.items()]
        )


async def forget_mails(tx: AsyncConnection, mailbox_id: int, folder: str, validity: int | None) -> None:
    """Forget the mails that were dealt with under this validity; None: all of them."""
    known = feed_mails.delete().where(feed_mails.c.mailbox_id == mailbox_id, feed_mails.c.folder == folder)
    if validity is not None:
        read_up_to = (
            sa.select(folders.c.last_uid)
            .where(
                folders.c.mailbox_id == mailbox_id,
                folders.c.name == folder,
                folders.c.uidvalidity == validity,
            )
            .scalar_subquery()
        )
        known = known.where(feed_mails.c.uid <= read_up_to)
    await tx.execute(known)


async def waiting(tx: AsyncConnection, mailbox_id: int, folder: str, after: int) -> dict[int, str]:
    """The mails above a number by their numbers, ascending."""
    query = sa.select(feed_mails.c.uid, feed_mails.c.name).where(
        feed_mails.c.mailbox_id == mailbox_id, feed_mails.c.folder == folder, feed_mails.c.uid > after
    )
    return {row.uid: row.name for row in await tx.execute(query.order_by(feed_mails.c.uid))}

"""Mailboxes, their encrypted secrets, and how far each folder was read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.model import Absence, Mailbox, MailboxState, Pace, Place
from cadence.core.sequence import From
from cadence.store import locks
from cadence.store.database import insert
from cadence.store.tables import folders, mailboxes, messages


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a folder was read: all UIDs up to last_uid, under this UIDVALIDITY (RFC 9051 §2.3.1.1)."""

    uidvalidity: int
    last_uid: int


@dataclass(frozen=True, slots=True)
class Access:
    """A mailbox with its encrypted secret: all that it takes to log in."""

    mailbox: Mailbox
    secret: str = field(repr=False)

    @property
    def key(self) -> tuple[str, ...]:
        """What a connection depends on: where another key stands, it must be opened anew."""
        return (self.mailbox.smtp, self.mailbox.imap, self.mailbox.username, self.secret)


def mailbox_of(row: Any) -> Mailbox:
    """Read a mailbox from a row that holds its columns."""
    return Mailbox(
        id=row.id,
        address=row.address,
        name=row.name,
        role=From(row.role),
        smtp=row.smtp,
        imap=row.imap,
        username=row.username,
        created_at=row.created_at,
        title=row.title,
        phone=row.phone,
        signature=row.signature,
        place=Place(row.zone, row.country, row.region),
        pace=Pace(row.daily_cap, row.ramp_from, row.ramp_step, row.gap, row.jitter),
        state=MailboxState(row.state),
        state_reason=row.state_reason,
        plus_addressing=row.plus_addressing,
        sent_folder=row.sent_folder,
        files_sent=row.files_sent,
        absences=tuple(map(_absence, row.absences or ())),
        rests_on_holidays=row.rests_on_holidays,
        oauth=row.oauth,
        token_until=row.token_until,
        relay_id=row.relay_id,
        return_path=row.return_path,
    )


def _absence(data: dict[str, str]) -> Absence:
    return Absence(date.fromisoformat(data["first"]), date.fromisoformat(data["last"]), data["note"])


async def set_absences(tx: AsyncConnection, mailbox_id: int, absences: Iterable[Absence]) -> None:
    """Store the days off of a mailbox in place of those it had."""
    data = [{"first": f"{one.first}", "last": f"{one.last}", "note": one.note} for one in absences]
    await change(tx, mailbox_id, absences=data)


async def add(tx: AsyncConnection, values: dict[str, Any], *, now: datetime) -> int:
    """Store a mailbox; values are columns, secret among them, encrypted.

    A mailbox that was removed comes back under its old id, so that its threads are known again.
    """
    fresh = {"state": MailboxState.ACTIVE, "state_reason": None, "removed_at": None}
    old = sa.select(mailboxes.c.id).where(mailboxes.c.address_key == values["address_key"])
    mailbox_id = (await tx.execute(old)).scalar_one_or_none()
    if mailbox_id is not None:
        await change(tx, mailbox_id, **values, **fresh)
        return int(mailbox_id)
    return await insert(tx, mailboxes, created_at=now, **values, **fresh)


async def change(tx: AsyncConnection, mailbox_id: int, **values: Any) -> None:
    """Set some columns of a mailbox."""
    await tx.execute(mailboxes.update().where(mailboxes.c.id == mailbox_id).values(**values))


async def all_of(tx: AsyncConnection) -> list[Mailbox]:
    """Every mailbox that was not removed."""
    query = sa.select(mailboxes).where(mailboxes.c.removed_at.is_(None)).order_by(mailboxes.c.id)
    return [mailbox_of(row) for row in await tx.execute(query)]


async def ever(tx: AsyncConnection) -> list[Mailbox]:
    """Every mailbox, removed ones too."""
    return [mailbox_of(row) for row in await tx.execute(sa.select(mailboxes).order_by(mailboxes.c.id))]


async def get(tx: AsyncConnection, mailbox_id: int) -> Mailbox:
    """The mailbox of this id."""
    return mailbox_of((await tx.execute(sa.select(mailboxes).where(mailboxes.c.id == mailbox_id))).one())


async def find(tx: AsyncConnection, address_key: str) -> Mailbox | None:
    """The mailbox of this normalized address, if it was not removed."""
    query = sa.select(mailboxes).where(
        mailboxes.c.address_key == address_key, mailboxes.c.removed_at.is_(None)
    )
    row = (await tx.execute(query)).one_or_none()
    return mailbox_of(row) if row else None


async def access(tx: AsyncConnection, mailbox_id: int) -> Access:
    """How to get into a mailbox; the secret is empty where it was removed."""
    row = (await tx.execute(_MAILBOX, {"of": mailbox_id})).one()
    return Access(mailbox_of(row), row.secret)


_MAILBOX = sa.select(mailboxes).where(mailboxes.c.id == sa.bindparam("of"))


async def accesses(tx: AsyncConnection) -> dict[int, Access]:
    """How to get into every mailbox that was not removed, by id."""
    query = sa.select(mailboxes).where(mailboxes.c.removed_at.is_(None)).order_by(mailboxes.c.id)
    return {row.id: Access(mailbox_of(row), row.secret) for row in await tx.execute(query)}


async def use_of(tx: AsyncConnection, mailbox_id: int) -> tuple[date | None, datetime | None]:
    """The day on which a mailbox first sent, in its zone, and since when it is known to have been read."""
    query = sa.select(mailboxes.c.first_sent_on, mailboxes.c.synced_at).where(mailboxes.c.id == mailbox_id)
    row = (await tx.execute(query)).one()
    return row.first_sent_on, row.synced_at


async def holds_up(tx: AsyncConnection, mailbox_id: int, until: datetime) -> bool:
    """Whether a mail that is due by then waits until this mailbox is read: one that is to leave from it, or
    one to a company that somebody wrote to from it.
    """
    written = messages.alias()
    wrote = sa.exists().where(
        written.c.account_id == messages.c.account_id,
        written.c.sent_at.is_not(None),
        written.c.mailbox_id == mailbox_id,
    )
    waits = sa.select(messages.c.id).where(
        messages.c.wake_at <= until, sa.or_(messages.c.mailbox_id == mailbox_id, wrote)
    )
    return (await tx.execute(waits.limit(1))).first() is not None


async def used(tx: AsyncConnection, mailbox_id: int, at: datetime, day: date) -> None:
    """Record that a mail leaves now; day: in the mailbox's zone."""
    await tx.execute(
        mailboxes.update()
        .where(mailboxes.c.id == mailbox_id)
        .values(last_sent_at=at, first_sent_on=sa.func.coalesce(mailboxes.c.first_sent_on, day))
    )


async def address_keys(tx: AsyncConnection) -> set[str]:
    """The normalized addresses of all our mailboxes, removed ones too."""
    return set((await tx.execute(sa.select(mailboxes.c.address_key))).scalars())


async def cursor(tx: AsyncConnection, mailbox_id: int, folder: str) -> Cursor | None:
    """How far a folder was read, None if never."""
    query = sa.select(folders.c.uidvalidity, folders.c.last_uid).where(
        folders.c.mailbox_id == mailbox_id, folders.c.name == folder
    )
    row = (await tx.execute(query)).one_or_none()
    return Cursor(row.uidvalidity, row.last_uid) if row else None


async def cursors(tx: AsyncConnection, mailbox_id: int) -> dict[str, Cursor]:
    """How far each folder of a mailbox was read, by its name."""
    query = sa.select(folders).where(folders.c.mailbox_id == mailbox_id)
    return {row.name: Cursor(row.uidvalidity, row.last_uid) for row in await tx.execute(query)}


async def move_cursor(tx: AsyncConnection, mailbox_id: int, folder: str, to: Cursor) -> None:
    """Record how far a folder was read; within one UIDVALIDITY a cursor never moves back."""
    await locks.intake_of(tx, mailbox_id)
    known = await cursor(tx, mailbox_id, folder)
    if known is None:
        await tx.execute(
            folders.insert().values(
                mailbox_id=mailbox_id, name=folder, uidvalidity=to.uidvalidity, last_uid=to.last_uid
            )
        )
    elif known.uidvalidity != to.uidvalidity or known.last_uid < to.last_uid:
        await tx.execute(
            folders.update()
            .where(folders.c.mailbox_id == mailbox_id, folders.c.name == folder)
            .values(uidvalidity=to.uidvalidity, last_uid=to.last_uid)
        )

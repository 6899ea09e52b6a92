"""People and companies: finding them by address and by name, and whom nobody may write to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.legal import Basis, Ground
from cadence.core.model import Account, Place, Prospect, ProspectStatus
from cadence.store import moves
from cadence.store.database import insert
from cadence.store.tables import accounts, messages, prospects, suppressions


@dataclass(frozen=True, slots=True)
class LastMail:
    """When the latest mail left to a person and to anybody at their company, over all sequences."""

    to_prospect: datetime | None
    to_account: datetime | None


def account_of(row: Any) -> Account:
    """Read an account from a row that holds its columns."""
    return Account(row.id, row.name, row.domain, row.industry, row.size)


def prospect_of(row: Any) -> Prospect:
    """Read a prospect from a row that holds its columns."""
    return Prospect(
        id=row.id,
        account_id=row.account_id,
        email=row.email,
        first_name=row.first_name,
        last_name=row.last_name,
        title=row.title,
        language=row.language,
        place=Place(row.zone, row.country, row.region),
        status=ProspectStatus(row.status),
        ground=_ground_of(row),
    )


def ground_columns(ground: Ground | None) -> dict[str, Any]:
    """What is kept of a ground; None for what the enrollment tells."""
    return {
        "basis": ground and ground.basis,
        "basis_source": ground and ground.source,
        "basis_since": ground and ground.since,
        "basis_until": ground and ground.until,
    }


def _ground_of(row: Any) -> Ground | None:
    if row.basis is None:
        return None
    return Ground(Basis(row.basis), row.basis_source, row.basis_since, row.basis_until)


async def put_account(
    tx: AsyncConnection,
    *,
    key: str,
    name: str,
    domain: str | None,
    industry: str | None,
    size: int | None,
    now: datetime,
) -> int:
    """The account of this key, made if there is none; what was unknown of it is filled in."""
    row = (await tx.execute(sa.select(accounts).where(accounts.c.key == key))).one_or_none()
    if row is None:
        values = {"key": key, "name": name, "domain": domain, "industry": industry, "size": size}
        return await insert(tx, accounts, **values, created_at=now)
    news = {
        column: value
        for column, value in (("domain", domain), ("industry", industry), ("size", size))
        if value is not None and getattr(row, column) is None
    }
    if news:
        await tx.execute(accounts.update().where(accounts.c.id == row.id).values(**news))
    return int(row.id)


async def get_account(tx: AsyncConnection, account_id: int) -> Account:
    """The account of this id."""
    return account_of((await tx.execute(sa.select(accounts).where(accounts.c.id == account_id))).one())


async def find(tx: AsyncConnection, email_key: str) -> Prospect | None:
    """The prospect of this normalized address."""
    row = (await tx.execute(sa.select(prospects).where(prospects.c.email_key == email_key))).one_or_none()
    return prospect_of(row) if row else None


async def get(tx: AsyncConnection, prospect_id: int) -> Prospect:
    """The prospect of this id."""
    return prospect_of((await tx.execute(sa.select(prospects).where(prospects.c.id == prospect_id))).one())


async def address_of(tx: AsyncConnection, prospect_id: int) -> str | None:
    """The address of a person, None where nobody has this id."""
    query = sa.select(prospects.c.email).where(prospects.c.id == prospect_id)
    return (await tx.execute(query)).scalar_one_or_none()


async def put(
    tx: AsyncConnection, *, account_id: int, email: str, email_key: str, facts: dict[str, Any], now: datetime
) -> int:
    """The prospect of this address, made if there is none; what is newly known replaces what was.

    facts: columns that tell of the person; None leaves a value as it is.
    """
    known = await tx.execute(sa.select(prospects.c.id).where(prospects.c.email_key == email_key))
    prospect_id = known.scalar_one_or_none()
    news = {column: value for column, value in facts.items() if value is not None}
    if prospect_id is not None:
        if news:
            await tx.execute(prospects.update().where(prospects.c.id == prospect_id).values(**news))
        return int(prospect_id)
    values = {"language": "en", "zone": "UTC", "status": ProspectStatus.NEW} | news
    return await insert(
        tx, prospects, account_id=account_id, email=email, email_key=email_key, created_at=now, **values
    )


async def change(tx: AsyncConnection, prospect_id: int, **values: Any) -> None:
    """Set some columns of a person."""
    if values:
        await tx.execute(prospects.update().where(prospects.c.id == prospect_id).values(**values))


async def set_status(tx: AsyncConnection, prospect_id: int, status: ProspectStatus) -> None:
    """Record what is now known of a person's attitude."""
    await tx.execute(prospects.update().where(prospects.c.id == prospect_id).values(status=status))


async def contacted(tx: AsyncConnection, prospect_ids: Iterable[int]) -> None:
    """Record that people were written to, as far as nothing more is known of them."""
    people = prospects.update().where(
        prospects.c.id.in_(list(prospect_ids)), prospects.c.status == ProspectStatus.NEW
    )
    await tx.execute(people.values(status=ProspectStatus.CONTACTED))


async def set_soft_bounces(tx: AsyncConnection, prospect_id: int, count: int) -> None:
    """Record how many soft bounces in a row there were."""
    await tx.execute(prospects.update().where(prospects.c.id == prospect_id).values(soft_bounces=count))


async def soft_bounces(tx: AsyncConnection, prospect_id: int) -> int:
    """How many soft bounces in a row there were."""
    query = sa.select(prospects.c.soft_bounces).where(prospects.c.id == prospect_id)
    return int((await tx.execute(query)).scalar_one())


async def mark_unreachable(tx: AsyncConnection, prospect_id: int) -> None:
    """Record that mail to this address cannot be delivered."""
    await tx.execute(prospects.update().where(prospects.c.id == prospect_id).values(unreachable=True))


async def suppress(tx: AsyncConnection, email_key: str, *, reason: str, source: str, now: datetime) -> None:
    """Make sure that nobody writes to this address again, nor to the person where they have moved to since;
    the first reason is kept.
    """
    values = {"email_key": email_key, "reason": reason, "source": source, "at": now}
    for row in await moves.followed(tx, [values]):
        if await suppression(tx, row["email_key"]) is None:
            await tx.execute(suppressions.insert().values(**row))


async def suppression(tx: AsyncConnection, email_key: str) -> str | None:
    """Why nobody may write to this address, or None."""
    query = sa.select(suppressions.c.reason).where(suppressions.c.email_key == email_key)
    return (await tx.execute(query)).scalar_one_or_none()


async def last_mail(tx: AsyncConnection, prospect_id: int, account_id: int) -> LastMail:
    """Look up the latest mails that left or may have left."""
    latest = sa.select(sa.func.max(messages.c.sent_at))
    query = sa.select(
        latest.where(messages.c.prospect_id == prospect_id).scalar_subquery(),
        latest.where(messages.c.account_id == account_id).scalar_subquery(),
    )
    return LastMail(*(await tx.execute(query)).one())


async def known(tx: AsyncConnection, keys: Iterable[str]) -> set[str]:
    """Which of these normalized addresses are prospects'."""
    query = sa.select(prospects.c.email_key).where(prospects.c.email_key.in_(list(keys)))
    return set((await tx.execute(query)).scalars())


async def counts_by_status(tx: AsyncConnection) -> dict[str, int]:
    """How many people stand where."""
    query = sa.select(prospects.c.status, sa.func.count()).group_by(prospects.c.status)
    return {row[0]: row[1] for row in await tx.execute(query)}

"""People who may log in, what they prove it with, and whose a mailbox is."""

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.people import Owner, Role, User
from cadence.core.rights import REACH, Reach
from cadence.store.tables import mailboxes, recovery_codes, users


@dataclass(frozen=True, slots=True)
class Proof:
    """What a user proves with that it is them.

    password: its hash; totp_secret: encrypted; totp_step: of the last code that was used.
    """

    user: User
    password: str | None = field(repr=False)
    totp_secret: str | None = field(repr=False)
    totp_step: int | None


def user_of(row: Any) -> User:
    """Read a user from a row that holds the columns."""
    return User(
        id=row.id,
        email=row.email,
        name=row.name,
        role=Role(row.role),
        team=row.team,
        zone=row.zone,
        created_at=row.created_at,
        is_invited=row.password is None,
        has_second_factor=row.totp_secret is not None,
        deactivated_at=row.deactivated_at,
        language=row.language,
    )


async def get(tx: AsyncConnection, user_id: int) -> User | None:
    """The user of this id."""
    row = (await tx.execute(sa.select(users).where(users.c.id == user_id))).one_or_none()
    return user_of(row) if row else None


async def find(tx: AsyncConnection, email_key: str) -> User | None:
    """The user of this normalized address."""
    row = (await tx.execute(sa.select(users).where(users.c.email_key == email_key))).one_or_none()
    return user_of(row) if row else None


async def all_of(tx: AsyncConnection) -> list[User]:
    """Everybody, the deactivated last, by name."""
    query = sa.select(users).order_by(users.c.deactivated_at.is_not(None), users.c.name, users.c.id)
    return [user_of(row) for row in await tx.execute(query)]


async def change(tx: AsyncConnection, user_id: int, **values: Any) -> None:
    """Set some columns of a user."""
    await tx.execute(users.update().where(users.c.id == user_id).values(**values))


async def proof(tx: AsyncConnection, user_id: int) -> Proof:
    """What a user proves with that it is them."""
    row = (await tx.execute(sa.select(users).where(users.c.id == user_id))).one()
    return Proof(user_of(row), row.password, row.totp_secret, row.totp_step)


_ADMINISTRATORS = (
    sa.select(users)
    .where(
        users.c.role == Role.ADMINISTRATOR, users.c.deactivated_at.is_(None), users.c.password.is_not(None)
    )
    .order_by(users.c.id)
)


async def has_administrator(tx: AsyncConnection) -> bool:
    """Whether there is an administrator who may log in."""
    return (await tx.execute(_ADMINISTRATORS.limit(1))).first() is not None


async def hold_administrators(tx: AsyncConnection) -> list[User]:
    """Those administrators who may log in; nobody else changes them until the transaction ends."""
    return [user_of(row) for row in await tx.execute(_ADMINISTRATORS.with_for_update())]


async def use_totp_step(tx: AsyncConnection, user_id: int, step: int) -> bool:
    """Record that a code was used; False where it, or a later one, was used before."""
    changed = users.update().where(
        users.c.id == user_id, sa.or_(users.c.totp_step.is_(None), users.c.totp_step < step)
    )
    return bool((await tx.execute(changed.values(totp_step=step))).rowcount)


# --- recovery codes ---


async def set_recovery_codes(tx: AsyncConnection, user_id: int, digests: list[str]) -> None:
    """Replace a user's recovery codes."""
    await tx.execute(recovery_codes.delete().where(recovery_codes.c.user_id == user_id))
    if digests:
        await tx.execute(recovery_codes.insert(), [{"user_id": user_id, "digest": one} for one in digests])


async def use_recovery_code(tx: AsyncConnection, user_id: int, digest: str) -> bool:
    """Use a code up; False where it is none of the user's."""
    used = recovery_codes.delete().where(
        recovery_codes.c.user_id == user_id, recovery_codes.c.digest == digest
    )
    return bool((await tx.execute(used)).rowcount)


async def recovery_codes_left(tx: AsyncConnection, user_id: int) -> int:
    """How many codes a user has left."""
    query = sa.select(sa.func.count()).select_from(recovery_codes).where(recovery_codes.c.user_id == user_id)
    return int((await tx.execute(query)).scalar_one())


# --- whose a mailbox is ---


async def own(tx: AsyncConnection, mailbox_id: int, user_id: int | None) -> None:
    """Make a mailbox somebody's; None: nobody's."""
    await tx.execute(mailboxes.update().where(mailboxes.c.id == mailbox_id).values(owner_id=user_id))


async def adopt(tx: AsyncConnection, address_key: str) -> None:
    """Make the mailbox of a user's own address theirs, unless it is somebody's; either may be the newer."""
    user = sa.select(users.c.id).where(users.c.email_key == address_key).scalar_subquery()
    free = (mailboxes.c.address_key == address_key, mailboxes.c.owner_id.is_(None))
    await tx.execute(mailboxes.update().where(*free).values(owner_id=user))


async def owner_of(tx: AsyncConnection, mailbox_id: int) -> Owner | None:
    """Whose a mailbox is."""
    query = (
        sa.select(users.c.id, users.c.team)
        .join(mailboxes, mailboxes.c.owner_id == users.c.id)
        .where(mailboxes.c.id == mailbox_id)
    )
    row = (await tx.execute(query)).one_or_none()
    return Owner(row.id, row.team) if row else None


async def owners(tx: AsyncConnection) -> dict[int, int | None]:
    """The owner's id of every mailbox that was not removed."""
    query = sa.select(mailboxes.c.id, mailboxes.c.owner_id).where(mailboxes.c.removed_at.is_(None))
    return {row.id: row.owner_id for row in await tx.execute(query)}


def in_reach(mailbox_id: sa.ColumnElement[int], user: User) -> sa.ColumnElement[bool]:
    """The condition, for any query, that a user's rights hold for the mailbox in a column: rights.reaches."""
    match REACH[user.role]:
        case Reach.ALL:
            return sa.true()
        case Reach.TEAM:
            team = sa.select(users.c.id).where(users.c.team == user.team)
            return mailbox_id.in_(sa.select(mailboxes.c.id).where(mailboxes.c.owner_id.in_(team)))
        case Reach.OWN:
            return mailbox_id.in_(sa.select(mailboxes.c.id).where(mailboxes.c.owner_id == user.id))
        case Reach.NONE:
            return sa.false()


async def reached_mailboxes(tx: AsyncConnection, user: User) -> tuple[int, ...]:
    """The ids of the mailboxes for which a user's rights hold, removed ones too."""
    query = sa.select(mailboxes.c.id).where(in_reach(mailboxes.c.id, user)).order_by(mailboxes.c.id)
    return tuple((await tx.execute(query)).scalars())

"""Who is logged in, API tokens, one-time links, and how often a log-in was tried; tokens only as digests."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.people import User
from cadence.store.tables import api_tokens, invitations, sessions, throttles, users
from cadence.store.users import user_of


@dataclass(frozen=True, slots=True)
class Session:
    """One browser in which somebody is logged in. owes_code: the second factor was not given yet."""

    id: int
    user_id: int
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    owes_code: bool
    address: str | None
    agent: str | None


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What other software proves itself with. prefix: its first characters."""

    id: int
    user_id: int
    name: str
    prefix: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


# --- sessions ---


_SESSION = [column.label(f"session_{column.name}") for column in sessions.c]


def _session_of(row: Any) -> Session:
    """Read a session from a row that holds _SESSION, possibly beside the columns of its user."""
    return Session(**{part.name: getattr(row, f"session_{part.name}") for part in fields(Session)})


async def session(tx: AsyncConnection, digest: str) -> tuple[Session, User] | None:
    """The session of a token, whatever its age, and whose it is."""
    query = sa.select(users, *_SESSION).join(sessions, users.c.id == sessions.c.user_id)
    row = (await tx.execute(query.where(sessions.c.digest == digest))).one_or_none()
    return (_session_of(row), user_of(row)) if row else None


async def sessions_of(tx: AsyncConnection, user_id: int) -> list[Session]:
    """Where a user is logged in, the last seen first."""
    query = sa.select(*_SESSION).where(sessions.c.user_id == user_id, sessions.c.owes_code.is_(False))
    return [_session_of(row) for row in await tx.execute(query.order_by(sessions.c.seen_at.desc()))]


async def seen(tx: AsyncConnection, session_id: int, now: datetime) -> None:
    """Somebody used a session."""
    await tx.execute(sessions.update().where(sessions.c.id == session_id).values(seen_at=now))


async def end(tx: AsyncConnection, user_id: int, session_id: int | None = None) -> bool:
    """End a session of a user, or all of them; False where there was none."""
    which = [sessions.c.user_id == user_id]
    if session_id is not None:
        which.append(sessions.c.id == session_id)
    return bool((await tx.execute(sessions.delete().where(*which))).rowcount)


async def end_others(tx: AsyncConnection, user_id: int, but: int | None) -> None:
    """End a user's sessions except one."""
    await tx.execute(sessions.delete().where(sessions.c.user_id == user_id, sessions.c.id != (but or 0)))


async def forget_old(tx: AsyncConnection, now: datetime, idle: timedelta) -> None:
    """Remove the sessions that expired, and those that nobody used for so long."""
    old = sa.or_(sessions.c.expires_at <= now, sessions.c.seen_at <= now - idle)
    await tx.execute(sessions.delete().where(old))


# --- tokens of the API ---


_TOKEN = [column.label(f"token_{column.name}") for column in api_tokens.c]


def _token_of(row: Any) -> ApiToken:
    """Read a token from a row that holds _TOKEN, possibly beside the columns of its user."""
    return ApiToken(**{part.name: getattr(row, f"token_{part.name}") for part in fields(ApiToken)})


async def token(tx: AsyncConnection, digest: str, now: datetime) -> tuple[ApiToken, User] | None:
    """The token that is valid now, and whose it is."""
    query = (
        sa.select(users, *_TOKEN)
        .join(api_tokens, users.c.id == api_tokens.c.user_id)
        .where(
            api_tokens.c.digest == digest, api_tokens.c.revoked_at.is_(None), api_tokens.c.expires_at > now
        )
    )
    row = (await tx.execute(query)).one_or_none()
    return (_token_of(row), user_of(row)) if row else None


async def tokens_of(tx: AsyncConnection, user_id: int) -> list[ApiToken]:
    """The tokens of a user that were not revoked, newest first."""
    query = sa.select(*_TOKEN).where(api_tokens.c.user_id == user_id, api_tokens.c.revoked_at.is_(None))
    return [_token_of(row) for row in await tx.execute(query.order_by(api_tokens.c.id.desc()))]


async def token_used(tx: AsyncConnection, token_id: int, now: datetime) -> None:
    """Somebody used a token."""
    await tx.execute(api_tokens.update().where(api_tokens.c.id == token_id).values(used_at=now))


async def revoke(tx: AsyncConnection, user_id: int, token_id: int, now: datetime) -> str | None:
    """Revoke a token of a user; its name, None where there was none."""
    mine = (
        api_tokens.c.user_id == user_id,
        api_tokens.c.id == token_id,
        api_tokens.c.revoked_at.is_(None),
    )
    revoked = api_tokens.update().where(*mine).values(revoked_at=now).returning(api_tokens.c.name)
    name: str | None = (await tx.execute(revoked)).scalar_one_or_none()
    return name


# --- one-time links ---


async def invitation(tx: AsyncConnection, digest: str, now: datetime) -> tuple[bool, int | None]:
    """Whether a one-time link can be used now, and for which user; None: for the first administrator."""
    query = sa.select(invitations.c.user_id).where(
        invitations.c.digest == digest, invitations.c.used_at.is_(None), invitations.c.expires_at > now
    )
    row = (await tx.execute(query)).one_or_none()
    return (True, row.user_id) if row else (False, None)


async def use_invitations(tx: AsyncConnection, user_id: int | None, now: datetime) -> int:
    """Use up every open link of a user, or of the first administrator; of two that try, one gets them."""
    theirs = invitations.c.user_id.is_(None) if user_id is None else invitations.c.user_id == user_id
    used = invitations.update().where(theirs, invitations.c.used_at.is_(None)).values(used_at=now)
    return int((await tx.execute(used)).rowcount)


# --- how often something was tried ---


async def count_try(tx: AsyncConnection, key: str, now: datetime, window: timedelta) -> tuple[int, datetime]:
    """Count one try, in one statement, so that none of many at once is lost; how many since when."""
    dialect = sqlite if tx.dialect.name == "sqlite" else postgresql
    insert = dialect.insert(throttles).values(key=key, since=now, count=1)
    is_over = throttles.c.since <= now - window
    counted = insert.on_conflict_do_update(
        index_elements=[throttles.c.key],
        set_={
            "count": sa.case((is_over, 1), else_=throttles.c.count + 1),
            "since": sa.case((is_over, insert.excluded.since), else_=throttles.c.since),
        },
    ).returning(throttles.c.count, throttles.c.since)
    count, started = (await tx.execute(counted)).one()
    return count, started


async def forgive(tx: AsyncConnection, key: str) -> None:
    """A try went well: it does not count."""
    await tx.execute(
        throttles.update()
        .where(throttles.c.key == key, throttles.c.count > 0)
        .values(count=throttles.c.count - 1)
    )


async def forget_tries(tx: AsyncConnection, before: datetime, key: str | None = None) -> None:
    """Forget what was tried so long ago, and everything under one key."""
    await tx.execute(throttles.delete().where(sa.or_(throttles.c.since <= before, throttles.c.key == key)))

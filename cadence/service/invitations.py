"""One-time links: by which the first administrator comes in, and everybody else sets a password.

A link is known to whoever got it and to nobody else: the database has its digest only. It opens once.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.errors import InvalidInput, NotFound
from cadence.core.people import Actor, Role, User
from cadence.service import passwords, second_factor, sessions, users
from cadence.service.app import App
from cadence.service.secrets import digest, fresh
from cadence.service.sessions import Begun, Origin
from cadence.store import audit
from cadence.store import sessions as kept
from cadence.store import users as people
from cadence.store.database import insert
from cadence.store.tables import invitations

FIRST_LASTS = timedelta(days=1)
INVITATION_LASTS = timedelta(days=7)
RESET_LASTS = timedelta(days=1)
PATH = "/invite/"
_OVER = "This link was used already, or it has expired. Ask an administrator for a new one."


@dataclass(frozen=True, slots=True)
class Invited:
    """For whom a one-time link is. user: None where it makes the first administrator."""

    user: User | None


async def first_administrator(app: App) -> str | None:
    """The path by which the first administrator comes in, None where there is one."""
    async with app.db.write() as tx:
        if await people.has_administrator(tx):
            return None
        return await _link(app, tx, None, FIRST_LASTS)


async def invite(app: App, actor: Actor, email: str, *, name: str, role: Role, team: str) -> tuple[User, str]:
    """Let somebody in, as soon as they set a password; gives the path of their link.

    Whoever was invited and did not come yet gets a new link, and the role and team said now. Raises
    InvalidInput or Conflict.
    """
    async with app.db.write() as tx:
        user = await users.admit(app, tx, email, name=name, role=role, team=team)
        await audit.record(tx, actor, "user.invited", f"{user.email} as {role}", at=app.clock())
        return user, await _link(app, tx, user.id, INVITATION_LASTS)


async def reset(app: App, actor: Actor, user_id: int) -> tuple[User, str]:
    """Give somebody a way back in: the path of a link that sets a new password and ends the second factor.

    Nothing changes until they follow it. Raises NotFound, or InvalidInput for who was deactivated.
    """
    async with app.db.write() as tx:
        user = await people.get(tx, user_id)
        if user is None:
            raise NotFound("There is no such person.")
        if user.deactivated_at is not None:
            raise InvalidInput(f"{user.email} is deactivated; activate them first.")
        await audit.record(tx, actor, "user.reset", user.email, at=app.clock())
        return user, await _link(app, tx, user.id, INVITATION_LASTS if user.is_invited else RESET_LASTS)


async def look(app: App, token: str) -> Invited:
    """For whom a link is; raises NotFound where it opens nothing (any more)."""
    async with app.db.read() as tx:
        return await _look(app, tx, token)


async def accept(
    app: App, token: str, password: str, origin: Origin, *, name: str, email: str = "", zone: str = ""
) -> Begun:
    """Set the password, use the link up, and begin a session.

    email: of the first administrator. Raises NotFound, or InvalidInput and then changes nothing.
    """
    invited = await look(app, token)
    email = invited.user.email if invited.user else email
    name = name.strip() or (invited.user.name if invited.user else "")
    users.check_name(name)
    passwords.check(password, email=email, name=name)
    hashed = await passwords.hashed(password)
    async with app.db.write() as tx:
        invited = await _look(app, tx, token)
        if not await kept.use_invitations(tx, invited.user.id if invited.user else None, app.clock()):
            raise NotFound(_OVER)  # somebody else was faster
        user = invited.user or await users.admit(
            app, tx, email, name=name, role=Role.ADMINISTRATOR, team="", zone=zone
        )
        await people.change(tx, user.id, name=name, password=hashed)
        await second_factor.forget(tx, user.id)
        await kept.end(tx, user.id)
        actor = Actor(user.id, user.email, origin.address)
        await audit.record(tx, actor, "user.password", "set by a one-time link", at=app.clock())
        return await sessions.begin(app, tx, user, origin, owes_code=False)


async def _look(app: App, tx: AsyncConnection, token: str) -> Invited:
    is_open, user_id = await kept.invitation(tx, digest(token), app.clock())
    if not is_open:
        raise NotFound(_OVER)
    user = await people.get(tx, user_id) if user_id is not None else None
    if (user is None and await people.has_administrator(tx)) or (user and user.deactivated_at):
        raise NotFound(_OVER)
    return Invited(user)


async def _link(app: App, tx: AsyncConnection, user_id: int | None, lasts: timedelta) -> str:
    """A new link. Earlier ones of a user stop working; those of the first administrator do not, because
    each web server prints one when it starts."""
    now, token = app.clock(), fresh()
    if user_id is not None:
        await kept.use_invitations(tx, user_id, now)
    await insert(
        tx, invitations, user_id=user_id, digest=digest(token), created_at=now, expires_at=now + lasts
    )
    return f"{PATH}{token}"
